/* Ctrl-C and its like as something to poll. */
#ifndef HF_CLI_SIGNALS_H
#define HF_CLI_SIGNALS_H

struct hf_signals;

/* From now on INT, TERM and HUP arrive here; until freed. */
struct hf_signals *hf_signals_new(void);
void hf_signals_free(struct hf_signals *s);
int hf_signals_fd(const struct hf_signals *s);
/* 1 for each that came. Never blocks. */
int hf_signals_take(struct hf_signals *s);

#endif
