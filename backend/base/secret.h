/*
 * A passphrase: memory that is locked, kept out of cores, wiped on release,
 * and never printed by anything.
 */
#ifndef HF_BASE_SECRET_H
#define HF_BASE_SECRET_H

#include <stddef.h>

#include "backend/base/err.h"

#define HF_SECRET_MAX 1024

struct hf_secret;

struct hf_secret *hf_secret_new(void);
void hf_secret_free(struct hf_secret *s); /* wipes */
/* Appends a byte; HF_ELIMIT past HF_SECRET_MAX. */
int hf_secret_putc(struct hf_secret *s, char c, struct hf_err *err);
void hf_secret_backspace(struct hf_secret *s); /* one UTF-8 character */
/* NUL-terminated; borrowed until the next change. Do not copy. */
const char *hf_secret_text(const struct hf_secret *s);
/* From the terminal (echo off, /dev/tty). HF_EUNSUPPORTED without one. */
int hf_secret_ask(struct hf_secret *s, const char *prompt, struct hf_err *err);

#endif
