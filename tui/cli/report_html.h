/*
 * A report as one page of HTML that needs nothing else: styles and plots are
 * in it, and it prints well. Every text is escaped.
 */
#ifndef HF_CLI_REPORT_HTML_H
#define HF_CLI_REPORT_HTML_H

#include <stdint.h>

#include "tui/cli/table.h"

struct hf_html;

/* `note` stands below the title: of which fleet, when, simulated or not. */
struct hf_html *hf_html_new(const char *title, const char *note);
/* What follows is set small in print, to stand on one page. */
void hf_html_one_page(struct hf_html *page);
/* The page; the caller's. Frees it. */
char *hf_html_take(struct hf_html *page);

void hf_html_heading(struct hf_html *page, const char *text);
void hf_html_say(struct hf_html *page, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A number that is read first, and what it means. */
void hf_html_figure(struct hf_html *page, const char *number, const char *fmt,
                    ...) __attribute__((format(printf, 3, 4)));
/* Frees the table; without rows "none" is said. */
void hf_html_table(struct hf_html *page, struct hf_table *t);
/* Lines over time with a legend: values of each at n evenly spaced times,
 * HF_PLOT_NONE is a gap; the axis goes from 0 to `high`, which is labelled
 * "100 <unit>" when unit is "%". */
void hf_html_lines(struct hf_html *page, const int64_t *const *values,
                   const char *const *names, size_t lines, size_t n,
                   int64_t from, int64_t until, int64_t high, const char *unit);
/* Bars with their names and values. */
void hf_html_bars(struct hf_html *page, const char *const *names,
                  const int64_t *values, size_t n);

#endif
