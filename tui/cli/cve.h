/* One CVE and the hosts: for report exposure --cve, and check --cve. */
#ifndef HF_CLI_CVE_H
#define HF_CLI_CVE_H

#include "playbooks/exposure.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

/* The id as the catalogue has it, "CVE-2026-1234", borrowed; NULL and
 * HF_EUSAGE: it is none. */
const char *hf_cli_cve_id(const struct hf_cli *cli, struct hf_err *err);
/* What is known of it, and which hosts of the report have it open. */
void hf_cli_cve_print(struct hf_cli *cli, const struct hf_exposure_report *r,
                      const struct hf_state *const *states, size_t n,
                      const char *id);
/* A row for each host: name, ring, product, answer, level; the caller's. */
struct hf_table *hf_cli_cve_table(const struct hf_exposure_report *r,
                                  const struct hf_state *const *states,
                                  size_t n, const char *id);
/* "cve": {...}, "hosts": [{name, ring, answer, level}]. */
void
hf_cli_cve_add(cJSON *doc, const struct hf_exposure_report *r,
               const struct hf_state *const *states, size_t n, const char *id);
/* {id, severity, score, exploited, disclosed}; the caller's. */
cJSON *hf_cli_cve_json(const struct hf_exposure *x, size_t cve);

/* "this hold leaves 38 CVEs open, 2 exploited": of these hosts, by what is
 * recorded. */
void
hf_cli_print_left_open(struct hf_cli *cli, const struct hf_state *const *states,
                       size_t n, const char *what);
/* "leaves_open": {cves, exploited, unknown_hosts}. */
void hf_cli_add_left_open(cJSON *obj, const struct hf_exposure_group *g);
void hf_cli_add_left_open_by(cJSON *doc, struct hf_cli *cli,
                             const struct hf_state *const *states, size_t n);

#endif
