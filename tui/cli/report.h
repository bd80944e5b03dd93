/*
 * Reports: verbs of two words, "report KIND [SELECTOR]". A kind is one file
 * verb_report_KIND.c with a row of struct hf_verb and one of struct
 * hf_report_kind, a name in verbs.c, and docs/schemas/report-KIND.schema.json.
 * They read what is recorded and contact nobody.
 */
#ifndef HF_CLI_REPORT_H
#define HF_CLI_REPORT_H

#include "tui/cli/table.h"
#include "tui/cli/verb.h"

struct hf_html; /* see tui/cli/report_html.h */

/* What is being reported. */
struct hf_report {
    struct hf_cli *cli;
    const struct hf_state **states; /* the hosts asked for */
    size_t n;
    char *selector; /* NULL: every host */
    int64_t now;
    void *data; /* of the kind: what `make` counted */
};

struct hf_report_kind {
    const char *name; /* "exposure": schema "hotfleet.report-exposure/1" */
    /* Reads the kind's own options and counts, into r->data. */
    int (*make)(struct hf_report *r, struct hf_err *err);
    void (*release)(struct hf_report *r); /* of r->data, which may be NULL */
    /* For people, below the header line. */
    void (*text)(const struct hf_report *r);
    /* For spreadsheets: one table, its rows for all that was counted; the
     * caller's. Numbers stand without their unit, times as RFC 3339, and what
     * is not known as NULL: see docs/reports.md. */
    struct hf_table *(*csv)(const struct hf_report *r);
    void (*json)(const struct hf_report *r, cJSON *doc);
    /* As a page, or NULL: there is none. */
    void (*page)(const struct hf_report *r, struct hf_html *page);
};

#define HF_OPTS_REPORT HF_OPTS_FLEET, HF_OPT_CSV
/* Of kinds that have a page. */
#define HF_OPTS_REPORT_PAGE HF_OPTS_REPORT, HF_OPT_HTML

/* Chooses the hosts, makes the report and prints it in the form asked for; an
 * exit status. For `run` of the verb. */
int hf_report_run(struct hf_cli *cli, const struct hf_report_kind *kind);
/* A table of `text`, cut to the terminal; frees it. The second says "nothing
 * yet" when it has no rows. */
void hf_report_table(const struct hf_report *r, struct hf_table *t);
void hf_report_rows(const struct hf_report *r, struct hf_table *t);

#endif
