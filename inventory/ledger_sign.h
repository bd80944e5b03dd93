/*
 * Signatures of commits, made as git itself does. The ledger is signed by
 * ssh-keygen whenever gpg.format is ssh and there is a user.signingkey, by its
 * file or through the agent; the inventory, like every commit that git makes
 * itself, when commit.gpgsign says so, also by gpg.
 */
#ifndef HF_INVENTORY_LEDGER_SIGN_H
#define HF_INVENTORY_LEDGER_SIGN_H

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "inventory/git.h"
#include "inventory/repo.h"

struct hf_signer;

/* *out is NULL when git is not set up to sign with SSH keys and that is not
 * `demanded`. */
int hf_signer_new(struct hf_signer **out, struct hf_repo *repo, int demanded,
                  struct hf_err *err);
/* For commits of the inventory, by the settings of its repository or, before
 * there is one, of the user. *out is NULL when commit.gpgsign is not set;
 * HF_EDENIED when it is and git is not set up to sign with SSH or OpenPGP
 * keys. */
int hf_signer_for_edits(struct hf_signer **out, git_config *config,
                        struct hf_err *err);
void hf_signer_free(struct hf_signer *s);
/* Makes a first signature, so that a missing key or agent is known before
 * anything needs to be recorded. NULL needs no proof. */
int hf_signer_prove(struct hf_signer *s, struct hf_err *err);
/* The armoured signature over text. */
int hf_signer_sign(struct hf_signer *s, const char *text, size_t len,
                   struct hf_buf *signature, struct hf_err *err);
/* What git_commit_create_buffer made of a commit, signed and stored; nothing
 * points at it yet. `s` NULL: unsigned. `place` is for messages. */
int hf_signer_store(struct hf_signer *s, git_oid *out, git_repository *git,
                    const git_buf *text, const char *place, struct hf_err *err);

#endif
