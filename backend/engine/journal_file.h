/*
 * The journal's file, for the writer and for rotation: names, the half line
 * that a crash leaves, and where the numbers stand.
 */
#ifndef HF_ENGINE_JOURNAL_FILE_H
#define HF_ENGINE_JOURNAL_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "backend/base/err.h"

#define HF_JOURNAL_NAME "journal.jsonl"

/* Appends a last line that has no end to `<dir>/journal.torn` and cuts it
 * off. *size: what is left. */
int
hf_journal_cut_torn(off_t *size, int fd, const char *dir, struct hf_err *err);
/* The highest number given so far, in the journal or in the newest that was
 * moved away; 0: none. */
int hf_journal_last_seq(uint64_t *out, int fd, off_t size, const char *dir,
                        struct hf_err *err);

/* First numbers of the journals that were moved away, oldest first; the
 * caller's. */
int hf_journal_done_list(uint64_t **out, size_t *len, const char *dir,
                         struct hf_err *err);
/* The path of one of them, caller's. */
char *hf_journal_done_path(const char *dir, uint64_t first_seq);

#endif
