/*
 * Files that only spare work. One that is damaged, of another version, or not
 * ours reads as none; whoever needs it makes it anew.
 */
#ifndef HF_BASE_SEALED_H
#define HF_BASE_SEALED_H

#include "backend/base/file.h"

#define HF_SEALED_KEY 72 /* bytes with NUL */
#define HF_SEALED_HEAD 128

/* 1: `out` holds the whole file, its content from HF_SEALED_HEAD on, and `key`
 * what it was sealed with. 0: there is none that could be believed; `out` is
 * empty. `format`: its kind, at most 30 bytes; it counts for this version of
 * the program alone. */
int hf_sealed_read(struct hf_buf *out, char key[HF_SEALED_KEY],
                   const char *path, const char *format);
/* The same without a copy of it: `data` is its content, in memory that other
 * processes share. Who replaces the file does no harm: it is never written
 * into. */
struct hf_sealed {
    const char *data;
    size_t len;
};
int hf_sealed_map(struct hf_sealed *out, char key[HF_SEALED_KEY],
                  const char *path, const char *format);
/* {0} is fine. */
void hf_sealed_unmap(struct hf_sealed *m);

/* Failing is no error: there is no such file then. Nothing waits for the disk:
 * what a crash leaves torn is not believed. */
void hf_sealed_write(const char *path, const char *format, const char *key,
                     const void *data, size_t len);
/* The content in pieces, one behind the other. */
void
hf_sealed_write_pieces(const char *path, const char *format, const char *key,
                       const struct hf_piece *pieces, size_t n);

#endif
