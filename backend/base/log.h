/*
 * The program's own log: JSON lines in a file, sanitised, never to the
 * terminal. Safe from every thread. Without hf_log_open nothing is written.
 */
#ifndef HF_BASE_LOG_H
#define HF_BASE_LOG_H

#include "backend/base/err.h"

enum hf_log_level { HF_LOG_ERROR, HF_LOG_WARN, HF_LOG_INFO, HF_LOG_DEBUG };

int hf_log_open(const char *path, enum hf_log_level level, struct hf_err *err);
void hf_log_close(void);
void hf_log(enum hf_log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
