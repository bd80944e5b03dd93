/*
 * Text tables for standard output: columns as wide as they must be, cut to
 * the terminal, in columns of the terminal and not in bytes.
 */
#ifndef HF_CLI_TABLE_H
#define HF_CLI_TABLE_H

#include <stdio.h>

#include "backend/base/buf.h"

struct hf_table;

/* `heads` is NULL-terminated and borrowed for ever. */
struct hf_table *hf_table_new(const char *const *heads);
void hf_table_free(struct hf_table *t);
/* Adds a cell to the current row; a full row starts the next. Text must be
 * sanitised already. NULL is "-". */
void hf_table_cell(struct hf_table *t, const char *text);
/* The row now being filled must be seen: red where colours are allowed. What
 * is wrong stands in its text. */
void hf_table_alarm(struct hf_table *t, int color);
void hf_table_cellf(struct hf_table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What it holds; borrowed. */
size_t hf_table_columns(const struct hf_table *t);
size_t hf_table_rows(const struct hf_table *t);
const char *hf_table_head(const struct hf_table *t, size_t column);
const char *hf_table_at(const struct hf_table *t, size_t row, size_t column);

/* The last column is cut when `columns` (0: no limit) is exceeded. */
void
hf_table_print(const struct hf_table *t, FILE *to, size_t columns, int ascii);
/* The same as comma-separated values (RFC 4180, lines ending as elsewhere
 * here): heads in lower case with "_" for blanks, and nothing where there is
 * nothing; what a spreadsheet would take for a formula is text. */
void hf_table_print_csv(const struct hf_table *t, FILE *to);

#endif
