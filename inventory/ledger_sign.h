/*
 * SSH signatures of ledger commits, made by ssh-keygen as git itself does:
 * with gpg.format=ssh and user.signingkey, by a key file or through the agent.
 */
#ifndef HF_INVENTORY_LEDGER_SIGN_H
#define HF_INVENTORY_LEDGER_SIGN_H

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "inventory/repo.h"

struct hf_signer;

/* *out is NULL when git is not set up to sign with SSH keys and that is not
 * `demanded`. */
int hf_signer_new(struct hf_signer **out, struct hf_repo *repo, int demanded,
                  struct hf_err *err);
void hf_signer_free(struct hf_signer *s);
/* Makes a first signature, so that a missing key or agent is known before
 * anything needs to be recorded. NULL needs no proof. */
int hf_signer_prove(struct hf_signer *s, struct hf_err *err);
/* The armoured signature over text. */
int hf_signer_sign(struct hf_signer *s, const char *text, size_t len,
                   struct hf_buf *signature, struct hf_err *err);

#endif
