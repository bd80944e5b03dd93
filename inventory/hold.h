/*
 * Single keys of host files, changed as commits: hold, unhold, ring move.
 * All of these: the hosts are of a fleet that was loaded from `repo`; when
 * one of their files was changed since, nothing is (HF_EMOVED). HF_OK with an
 * empty `commit`: all of them were as wanted. See hf_edit_commit for the
 * other errors.
 */
#ifndef HF_INVENTORY_HOLD_H
#define HF_INVENTORY_HOLD_H

#include "backend/model/host.h"
#include "inventory/repo.h"

/* `reason` is not empty (HF_EUSAGE); who and when are recorded with it. */
int hf_hold(struct hf_repo *repo, const struct hf_host *const *hosts, size_t n,
            const char *reason, char commit[41], struct hf_err *err);
/* `reason` may be NULL. */
int
hf_unhold(struct hf_repo *repo, const struct hf_host *const *hosts, size_t n,
          const char *reason, char commit[41], struct hf_err *err);
/* HF_ENOTFOUND: the fleet has no such ring. */
int hf_ring_move(struct hf_repo *repo, const struct hf_fleet *fleet,
                 const struct hf_host *const *hosts, size_t n, const char *ring,
                 char commit[41], struct hf_err *err);

#endif
