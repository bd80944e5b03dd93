/* The console's keys in plain text, for `hotfleet help keys`. */
#ifndef HF_TUI_KEYS_H
#define HF_TUI_KEYS_H

#include <stdio.h>

/* From the tables that the console itself reads. Returns HF_EXIT_OK. */
int hf_keys_print(FILE *to);

#endif
