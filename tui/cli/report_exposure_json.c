/* report exposure for programs: sets are told once, hosts name theirs. */
#include <stdlib.h>
#include <string.h>

#include "backend/drivers/driver.h"
#include "tui/cli/cve.h"
#include "tui/cli/report_exposure.h"

const char *
hf_report_exposure_unknown(const struct hf_report *r, size_t i,
                           struct hf_fixes *fixes)
{
    hf_fixes_of(fixes, r->states[i], hf_session_fleet(r->cli->session), r->now);
    return fixes->why;
}

int
hf_report_runs(const struct hf_report *r, const char *product)
{
    const struct hf_exposure_report *d = r->data;

    for (size_t i = 0; i < d->x.sets_len; i++) {
        const struct hf_exposure_set *set = &d->x.sets[i];

        if (set->len && strcmp(set->rows->product, product) == 0)
            return 1;
    }
    return 0;
}

static void
add_count(cJSON *obj, const struct hf_exposure_count *c)
{
    cJSON *worst, *severity;

    hf_json_add_int(obj, "open", (int64_t)c->open);
    hf_json_add_int(obj, "exploited", (int64_t)c->exploited);
    severity = hf_json_add_obj(obj, "severity");
    for (int i = 0; i < HF_SEVERITY_COUNT; i++)
        hf_json_add_int(severity, hf_severity_names[i],
                        (int64_t)c->severity[i]);
    if (!c->worst)
        return;
    worst = hf_json_add_obj(obj, "worst");
    hf_json_add_str(worst, "id", c->worst->id);
    hf_json_add_str(worst, "score", c->worst->score);
}

cJSON *
hf_report_exposed_json(const struct hf_exposed *line)
{
    static const char *const kinds[] = {"all", "ring", "exception", "hold"};
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "of", kinds[line->kind]);
    hf_json_add_str(obj, "name", line->name);
    if (line->exception)
        hf_json_add_time(obj, "until", line->exception->until);
    hf_json_add_int(obj, "hosts", (int64_t)line->group.hosts);
    hf_json_add_int(obj, "unknown", (int64_t)line->group.unknown);
    hf_json_add_int(obj, "exposed", (int64_t)line->group.exposed);
    hf_json_add_int(obj, "attacked", (int64_t)line->group.attacked);
    add_count(obj, &line->group.count);
    return obj;
}

/* Hosts on one level share a set: it is told once. */
static cJSON *
set_json(const struct hf_exposure *x, const struct hf_exposure_set *set)
{
    cJSON *obj = cJSON_CreateObject(), *open;

    hf_json_add_str(obj, "product", set->rows->product);
    hf_json_add_int(obj, "hosts", (int64_t)set->hosts);
    hf_json_add_int(obj, "closed", (int64_t)set->count.closed);
    add_count(obj, &set->count);
    open = hf_json_add_arr(obj, "cves");
    for (size_t i = 0; i < x->ids_len; i++) {
        if (hf_exposure_is_open(set->open, i))
            hf_json_push_str(open, x->ids[i]);
    }
    return obj;
}

static void
add_cves(cJSON *doc, const struct hf_exposure_report *d)
{
    cJSON *list = hf_json_add_arr(doc, "cves");
    size_t n, *worst = hf_exposure_report_worst(d, &d->v[0], &n);

    for (size_t i = 0; i < n; i++) {
        cJSON *obj = hf_cli_cve_json(&d->x, worst[i]);

        hf_json_add_int(obj, "hosts",
                        (int64_t)hf_exposure_report_hosts(d, worst[i]));
        cJSON_AddItemToArray(list, obj);
    }
    free(worst);
}

static void
add_hosts(cJSON *doc, const struct hf_report *r)
{
    const struct hf_exposure_report *d = r->data;
    cJSON *list = hf_json_add_arr(doc, "hosts");
    struct hf_fixes fixes = {0};

    for (size_t i = 0; i < r->n; i++) {
        const struct hf_exposure_set *set = hf_exposure_of(&d->x, i);
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "name", r->states[i]->host->name);
        hf_json_add_str(obj, "ring", r->states[i]->host->ring);
        hf_json_add_str(obj, "level", r->states[i]->status.level);
        if (set)
            hf_json_add_int(obj, "set", set - d->x.sets);
        else
            hf_json_add_str(obj, "unknown",
                            hf_report_exposure_unknown(r, i, &fixes));
        cJSON_AddItemToArray(list, obj);
    }
    hf_fixes_release(&fixes);
}

static void
add_strs(cJSON *obj, const char *key, const struct hf_strs *list)
{
    cJSON *arr = hf_json_add_arr(obj, key);

    for (size_t i = 0; i < list->len; i++)
        hf_json_push_str(arr, list->v[i]);
}

/* Where numbers are no better than their sources. */
static void
add_sources(cJSON *doc, const struct hf_report *r)
{
    const struct hf_exposure_report *d = r->data;
    cJSON *list = hf_json_add_arr(doc, "differences"), *obj;
    size_t n;
    struct hf_month_difference *v = hf_month_differences(d->x.catalogue, &n);

    for (size_t i = 0; i < n; i++) {
        obj = cJSON_CreateObject();
        hf_json_add_str(obj, "product", v[i].product);
        hf_json_add_str(obj, "month", v[i].month);
        hf_json_add_str(obj, "hotpatch", v[i].hotpatch->kb);
        hf_json_add_str(obj, "update", v[i].update->kb);
        add_strs(obj, "left_open", &v[i].left_open);
        add_strs(obj, "see", &v[i].companion);
        cJSON_AddItemToArray(list, obj);
    }
    hf_month_differences_free(v, n);
    list = hf_json_add_arr(doc, "gaps");
    for (size_t i = 0; hf_product_ids[i]; i++) {
        struct hf_buf months = {0};

        hf_exposure_gaps(&months, &d->x, hf_product_ids[i]);
        if (months.len) {
            obj = cJSON_CreateObject();
            hf_json_add_str(obj, "product", hf_product_ids[i]);
            hf_json_add_str(obj, "months", hf_buf_str(&months));
            cJSON_AddItemToArray(list, obj);
        }
        hf_buf_release(&months);
    }
}

void
hf_report_exposure_json(const struct hf_report *r, cJSON *doc)
{
    const struct hf_exposure_report *d = r->data;
    cJSON *list;

    if (r->cli->opt[HF_OPT_ON_CVE]) {
        hf_cli_cve_add(doc, d, r->states, r->n, r->cli->opt[HF_OPT_ON_CVE]);
        return;
    }
    list = hf_json_add_arr(doc, "lines");
    for (size_t i = 0; i < d->len; i++)
        cJSON_AddItemToArray(list, hf_report_exposed_json(&d->v[i]));
    add_cves(doc, d);
    list = hf_json_add_arr(doc, "sets");
    for (size_t i = 0; i < d->x.sets_len; i++)
        cJSON_AddItemToArray(list, set_json(&d->x, &d->x.sets[i]));
    add_hosts(doc, r);
    add_sources(doc, r);
}
