/* What is new this month for each product of the fleet, and on how many hosts
 * it is in effect. */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "tui/rows/today_priv.h"

/* Releases that lead off the track are none to wait for. */
static const struct hf_release *
newest(const struct hf_catalogue *c, const char *product, int64_t now)
{
    const struct hf_release *found = NULL;

    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (strcmp(row->product, product) == 0 && row->released <= now &&
            (row->kernel || hf_release_line(row) != HF_LINE_RESTART) &&
            (!found || row->released >= found->released))
            found = row;
    }
    return found;
}

/* "KB5120228, hotpatch 2026-08", "fix_2 of 2026-11-10". */
static void
add_name(struct hf_buf *out, const struct hf_release *row)
{
    char day[HF_TIME_LEN];

    if (row->kb)
        hf_buf_printf(out, "%s, %s%s%s", row->kb,
                      hf_release_type_names[row->type], row->month ? " " : "",
                      row->month ? row->month : "");
    else
        hf_buf_printf(out, "%s", row->patch ? row->patch : "?");
    if (!row->kb && row->released)
        hf_buf_printf(out, " of %.10s", hf_time_format(day, row->released));
}

/* ", 14 CVEs, 2 exploited": what is not known is not said. */
static size_t
add_cves(struct hf_buf *out, const struct hf_catalogue *c,
         const struct hf_release *row)
{
    size_t n = 0, exploited = hf_release_exploited(c, row);

    while (row->cves && row->cves[n])
        n++;
    if (n)
        hf_buf_printf(out, ", %zu CVE%s", n, hf_plural(n));
    if (exploited)
        hf_buf_printf(out, ", %zu exploited", exploited);
    return exploited;
}

static void
add_product(struct hf_today *t, const struct hf_today_in *in,
            const struct hf_product *product)
{
    const struct hf_catalogue *c = in->fleet->catalogue;
    const struct hf_release *row = newest(c, product->id, in->now);
    struct hf_strs hosts = {0};
    struct hf_buf text = {0};
    struct hf_today_line *line;
    size_t current = 0, exploited;

    if (!row || !hf_product_used(in->states, in->states_len, product->id))
        return;
    for (size_t i = 0; i < in->states_len; i++) {
        const struct hf_state *st = &in->states[i];

        if (!st->status.product || strcmp(st->status.product, product->id) != 0)
            continue;
        hf_strs_add(&hosts, st->host->name);
        current += st->status.patch == HF_PATCH_CURRENT;
    }
    add_name(&text, row);
    exploited = add_cves(&text, c, row);
    if (row->certainty)
        hf_buf_puts(&text, ", unconfirmed");
    line = hf_today_add(t, HF_TODAY_MONTH, NULL, "%-12s %zu of %zu: %s",
                        product->id, current, hosts.len, hf_buf_str(&text));
    line->hosts = hosts;
    line->part = current;
    line->whole = hosts.len;
    line->release = row;
    line->exploited = exploited;
    line->urgent = exploited && current < hosts.len;
    line->selector = hf_xasprintf("product:%s", product->id);
    hf_buf_release(&text);
}

void
hf_today_month(struct hf_today *t, const struct hf_today_in *in)
{
    const struct hf_catalogue *c = in->fleet->catalogue;

    for (size_t i = 0; c && i < c->products_len; i++)
        add_product(t, in, &c->products[i]);
}
