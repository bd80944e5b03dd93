/* CVEs and hosts; see cve.h. */
#include "tui/cli/cve.h"

#include <stdio.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/formats.h"
#include "tui/rows/others.h"

const char *
hf_cli_cve_id(const struct hf_cli *cli, struct hf_err *err)
{
    const char *id = cli->opt[HF_OPT_ON_CVE];
    const char *problem = hf_cve_problem(id);

    if (!problem)
        return id;
    (void)hf_fail(err, HF_EUSAGE, "'%.80s' %s", id, problem);
    return NULL;
}

/* Hosts with one of these answers (bits). */
static struct hf_table *
table_of(const struct hf_exposure_report *r,
         const struct hf_state *const *states, size_t n, const char *id,
         unsigned answers)
{
    static const char *const heads[] = {"HOST",   "RING",  "PRODUCT",
                                        "ANSWER", "LEVEL", NULL};
    struct hf_table *t = hf_table_new(heads);
    size_t cve = hf_exposure_cve(&r->x, id);

    for (size_t i = 0; i < n; i++) {
        enum hf_cve_answer answer = hf_exposure_report_asks(r, i, cve);

        if (!(answers & 1u << answer))
            continue;
        hf_table_cell(t, states[i]->host->name);
        hf_table_cell(t, states[i]->host->ring);
        hf_table_cell(t, states[i]->status.product);
        hf_table_cell(t, hf_cve_answer_names[answer]);
        hf_table_cell(t, states[i]->status.level);
    }
    return t;
}

struct hf_table *
hf_cli_cve_table(const struct hf_exposure_report *r,
                 const struct hf_state *const *states, size_t n, const char *id)
{
    return table_of(r, states, n, id, ~0u);
}

static void
print_about(const struct hf_exposure_report *r, const char *id, size_t cve)
{
    const struct hf_cve *about =
        cve == SIZE_MAX ? NULL : hf_exposure_about(&r->x, cve);

    if (cve == SIZE_MAX)
        (void)printf("%s: no release of the catalogue closes it\n", id);
    else if (!about)
        (void)printf("%s: only its number is known\n", id);
    else
        (void)printf("%s: severity %s, score %s%s%s\n", id,
                     hf_severity_names[about->severity],
                     about->score ? about->score : "unknown",
                     about->exploited ? ", EXPLOITED" : "",
                     about->disclosed ? ", publicly disclosed" : "");
}

void
hf_cli_cve_print(struct hf_cli *cli, const struct hf_exposure_report *r,
                 const struct hf_state *const *states, size_t n, const char *id)
{
    const unsigned wanted = 1u << HF_CVE_OPEN | 1u << HF_CVE_UNKNOWN;
    size_t cve = hf_exposure_cve(&r->x, id);
    size_t counts[HF_CVE_ANSWER_COUNT] = {0};
    struct hf_table *t = table_of(r, states, n, id, wanted);

    for (size_t i = 0; i < n; i++)
        counts[hf_exposure_report_asks(r, i, cve)]++;
    print_about(r, id, cve);
    for (int i = 0; i < HF_CVE_ANSWER_COUNT; i++)
        (void)printf("%s%zu %s", i ? ", " : "", counts[i],
                     hf_cve_answer_names[i]);
    (void)puts("");
    if (counts[HF_CVE_OPEN] + counts[HF_CVE_UNKNOWN]) {
        (void)puts("");
        hf_table_print(t, stdout, cli->columns, cli->ascii);
    }
    hf_table_free(t);
}

cJSON *
hf_cli_cve_json(const struct hf_exposure *x, size_t cve)
{
    const struct hf_cve *about = hf_exposure_about(x, cve);
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "id", x->ids[cve]);
    hf_json_add_str(
        obj, "severity",
        hf_severity_names[about ? about->severity : HF_SEVERITY_UNKNOWN]);
    hf_json_add_str(obj, "score", about ? about->score : NULL);
    hf_json_add_bool(obj, "exploited", about && about->exploited);
    hf_json_add_bool(obj, "disclosed", about && about->disclosed);
    return obj;
}

void
hf_cli_cve_add(cJSON *doc, const struct hf_exposure_report *r,
               const struct hf_state *const *states, size_t n, const char *id)
{
    size_t cve = hf_exposure_cve(&r->x, id);
    cJSON *list, *obj;

    hf_json_add_str(doc, "asked", id);
    if (cve != SIZE_MAX)
        cJSON_AddItemToObject(doc, "cve", hf_cli_cve_json(&r->x, cve));
    list = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < n; i++) {
        obj = cJSON_CreateObject();
        hf_json_add_str(obj, "name", states[i]->host->name);
        hf_json_add_str(obj, "ring", states[i]->host->ring);
        hf_json_add_str(
            obj, "answer",
            hf_cve_answer_names[hf_exposure_report_asks(r, i, cve)]);
        hf_json_add_str(obj, "level", states[i]->status.level);
        cJSON_AddItemToArray(list, obj);
    }
}

/* ---- what a hold or an exception leaves open ---- */

void
hf_cli_print_left_open(struct hf_cli *cli, const struct hf_state *const *states,
                       size_t n, const char *what)
{
    struct hf_buf text = {0};

    hf_left_open(&text, hf_session_fleet(cli->session), states, n, hf_now());
    (void)printf("%s leaves %s\n", what, hf_buf_str(&text));
    hf_buf_release(&text);
}

void
hf_cli_add_left_open(cJSON *obj, const struct hf_exposure_group *g)
{
    cJSON *left = hf_json_add_obj(obj, "leaves_open");

    hf_json_add_int(left, "cves", (int64_t)g->count.open);
    hf_json_add_int(left, "exploited", (int64_t)g->count.exploited);
    hf_json_add_int(left, "unknown_hosts", (int64_t)g->unknown);
}

void
hf_cli_add_left_open_by(cJSON *doc, struct hf_cli *cli,
                        const struct hf_state *const *states, size_t n)
{
    struct hf_exposure_report r;

    hf_exposure_report_make(&r, hf_session_fleet(cli->session), states, n,
                            hf_now());
    hf_cli_add_left_open(doc, &r.v[0].group);
    hf_exposure_report_release(&r);
}
