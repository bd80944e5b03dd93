/*
 * "Which one is it": names of enum values in tables, so that every enum is
 * printed and parsed in one way.
 */
#ifndef HF_BASE_NAMES_H
#define HF_BASE_NAMES_H

/* Index of `name` in a NULL-terminated table, or -1. */
int hf_name_index(const char *const *names, const char *name);

#endif
