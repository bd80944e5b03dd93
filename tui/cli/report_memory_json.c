/* report memory for programs. */
#include "backend/base/time.h"
#include "tui/cli/report_memory.h"

/* What is not known is left out. */
static void
add_known(cJSON *obj, const char *key, int64_t bytes)
{
    if (bytes != HF_MEMORY_UNKNOWN)
        hf_json_add_int(obj, key, bytes);
}

static void
add_memory(cJSON *obj, const struct hf_memory *m)
{
    for (int k = 0; k < HF_MEMORY_KINDS; k++)
        add_known(obj, hf_memory_rows[k].name, m->v[k]);
}

static void
add_spread(cJSON *obj, const char *key, const struct hf_memory_spread *s)
{
    cJSON *spread = hf_json_add_obj(obj, key);

    hf_json_add_int(spread, "known", (int64_t)s->known);
    add_known(spread, "median", s->median);
    add_known(spread, "most", s->most);
    add_known(spread, "limit", s->limit);
    hf_json_add_int(spread, "outliers", (int64_t)s->outliers);
}

static void
add_days(cJSON *obj, const struct hf_memory_report *m,
         const struct hf_memory_line *line)
{
    cJSON *arr = hf_json_add_arr(obj, "days");

    for (size_t d = 0; d < m->days; d++) {
        cJSON *day = cJSON_CreateObject();

        hf_json_add_time(day, "at", hf_memory_day(m, d));
        add_memory(day, &line->days[d]);
        cJSON_AddItemToArray(arr, day);
    }
}

static cJSON *
line_json(const struct hf_memory_report *m, const struct hf_memory_line *line)
{
    cJSON *obj = cJSON_CreateObject(), *kinds;

    hf_json_add_str(obj, "product", line->product);
    hf_json_add_int(obj, "hosts", (int64_t)line->hosts);
    hf_json_add_int(obj, "patches", (int64_t)line->patches);
    hf_json_add_int(obj, "not_compared", (int64_t)line->restarted);
    kinds = hf_json_add_obj(obj, "kinds");
    for (int k = 0; k < HF_MEMORY_KINDS; k++) {
        cJSON *kind = hf_json_add_obj(kinds, hf_memory_rows[k].name);

        hf_json_add_int(kind, "told", (int64_t)line->told[k]);
        add_known(kind, "median", line->median[k]);
        add_spread(kind, "over_patch", &line->over_patch[k]);
        add_spread(kind, "over_time", &line->over_time[k]);
    }
    add_days(obj, m, line);
    return obj;
}

static void
add_changes(cJSON *doc, const char *key, const struct hf_memory_changes *all)
{
    cJSON *arr = hf_json_add_arr(doc, key), *odd;

    for (size_t i = 0; i < all->len; i++) {
        const struct hf_memory_change *c = &all->v[i];
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "host", c->host->name);
        hf_json_add_str(obj, "product", c->product);
        hf_json_add_str(obj, "run", c->run[0] ? c->run : NULL);
        hf_json_add_time(obj, "from", c->from);
        hf_json_add_time(obj, "at", c->at);
        hf_json_add_bool(obj, "compared", hf_memory_compares(c));
        add_memory(hf_json_add_obj(obj, "before"), &c->before);
        add_memory(hf_json_add_obj(obj, "after"), &c->after);
        odd = hf_json_add_arr(obj, "outlier");
        for (int k = 0; k < HF_MEMORY_KINDS; k++) {
            if (c->outlier & 1u << k)
                cJSON_AddItemToArray(
                    odd, cJSON_CreateString(hf_memory_rows[k].name));
        }
        cJSON_AddItemToArray(arr, obj);
    }
}

void
hf_report_memory_json(const struct hf_report *r, cJSON *doc)
{
    const struct hf_memory_report *m = r->data;
    cJSON *arr;

    hf_json_add_time(doc, "from", m->from);
    hf_json_add_time(doc, "until", m->until);
    hf_json_add_str(doc, "ledger", m->commit);
    hf_json_add_int(doc, "damaged", (int64_t)m->damaged);
    arr = hf_json_add_arr(doc, "products");
    for (size_t i = 0; i < m->len; i++)
        cJSON_AddItemToArray(arr, line_json(m, &m->lines[i]));
    add_changes(doc, "patches", &m->patches);
    add_changes(doc, "hosts", &m->hosts);
}
