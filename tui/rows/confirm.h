/*
 * What a person reads before hosts are changed: restarts first, what it
 * costs, what taking it back would cost, each host, the same as a command.
 */
#ifndef HF_ROWS_CONFIRM_H
#define HF_ROWS_CONFIRM_H

#include "playbooks/session.h"
#include "tui/rows/line.h"

void hf_confirm_summary(struct hf_doc *d, const struct hf_forecasts *f,
                        enum hf_action action, const struct hf_look *look);
void hf_confirm_host(struct hf_line *out, const struct hf_forecast *f,
                     const struct hf_look *look);
/* " --name 'value'", nothing without a value. */
void hf_confirm_option(struct hf_buf *out, const char *name, const char *value);
/* What they were chosen by, respelled; else their names as one. Caller's. */
char *
hf_confirm_selector(const char *selector, const char *const *hosts, size_t n);
/* The equivalent command line in shell-safe spelling. */
void hf_confirm_command(struct hf_buf *out, const struct hf_ask *ask,
                        const struct hf_forecasts *f);

#endif
