/* The state of a simulated Windows host: its level, and how it came there. */
#include "backend/sim/windows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

#define SUCCEEDED 2
#define FAILED 4

/* The newest of a product's levels that are out. */
static void
line_of_catalogue(struct hf_sim_line *out, const struct hf_sim_windows *w)
{
    const struct hf_catalogue *c = w->catalogue;

    *out = (struct hf_sim_line){0};
    for (size_t i = 0; c && w->id && i < c->releases_len; i++) {
        const struct hf_release *r = &c->releases[i];

        if (strcmp(r->product, w->id) == 0 && r->released <= w->made)
            hf_sim_line_add(out, r);
    }
}

void
hf_sim_windows_line(struct hf_sim_line *out, const struct hf_sim_windows *w)
{
    if (w->id)
        line_of_catalogue(out, w);
    else
        hf_sim_line(out, w->product, w->made);
}

/* Up to `level` with the updates that led there. */
static void
install(struct hf_sim_windows *w, const struct hf_sim_line *line, size_t level)
{
    for (size_t i = 0; i <= level; i++) {
        const struct hf_sim_level *l = &line->v[i];
        int on_the_way = l->type == HF_RELEASE_BASELINE;

        if (!on_the_way && i != level)
            continue;
        hf_strs_add(&w->kbs, l->kb);
        hf_sim_windows_record(w, l->kb, 1, 0, l->released + 36000000);
    }
    w->ubr = line->v[level].ubr;
}

static size_t
first_level(const struct hf_sim_line *line, const struct hf_sim_host *host)
{
    switch (host->fault) {
    case HF_SIM_OLD_BASELINE:
        return line->old;
    case HF_SIM_OFF_TRACK:
        return line->stray;
    default:
        return host->behind ? line->base : line->newest;
    }
}

struct hf_sim_windows *
hf_sim_windows_new(const struct hf_sim_host *host, int64_t now)
{
    struct hf_sim_windows *w = HF_NEW(struct hf_sim_windows);
    struct hf_sim_line line;

    w->product = hf_sim_product_find(host->product);
    if (!w->product)
        w->product = &hf_sim_products[0];
    (void)snprintf(w->build, sizeof(w->build), "%s", w->product->build);
    w->made = now;
    if (w->product->kbs[0])
        hf_strs_add(&w->kbs, w->product->kbs);
    hf_sim_windows_line(&line, w);
    if (host->fault == HF_SIM_OLD_BUILD && w->product->ancient)
        w->ubr = w->product->ancient;
    else
        install(w, &line, first_level(&line, host));
    if (host->fault == HF_SIM_RESTART_DUE)
        w->next_ubr = w->ubr;
    return w;
}

void
hf_sim_windows_free(struct hf_sim_windows *w)
{
    if (!w)
        return;
    hf_strs_release(&w->kbs);
    hf_strs_release(&w->history);
    hf_strs_release(&w->staged);
    free(w);
}

/* Takes a word out of the list. */
static void
forget(struct hf_strs *list, const char *word)
{
    struct hf_strs rest = {0};

    for (size_t i = 0; i < list->len; i++) {
        if (strcmp(list->v[i], word) != 0)
            hf_strs_add(&rest, list->v[i]);
    }
    hf_strs_release(list);
    *list = rest;
}

void
hf_sim_windows_boot(struct hf_sim_windows *w)
{
    if (w->next_ubr)
        w->ubr = w->next_ubr;
    if (w->next_ubr && !w->leaving[0])
        w->base = w->ubr;
    w->next_ubr = 0;
    forget(&w->kbs, w->leaving);
    w->leaving[0] = '\0';
}

int
hf_sim_windows_below(const struct hf_sim_windows *w)
{
    struct hf_sim_line line;
    int ubr = 0;

    if (w->base && w->base < w->ubr)
        return w->base;
    hf_sim_windows_line(&line, w);
    for (size_t i = 0; i < line.len; i++) {
        if (line.v[i].type == HF_RELEASE_BASELINE && line.v[i].ubr < w->ubr)
            ubr = line.v[i].ubr;
    }
    return ubr;
}

static void
add_unless_there(struct hf_strs *out, const struct hf_sim_windows *w,
                 const char *kb)
{
    if (!hf_strs_has(&w->kbs, kb))
        hf_strs_add(out, kb);
}

void
hf_sim_windows_offers(struct hf_strs *out, const struct hf_sim_windows *w)
{
    struct hf_sim_line line;

    hf_sim_windows_line(&line, w);
    if (!line.len || line.base == line.newest || w->ubr > line.v[line.base].ubr)
        return;
    if (w->ubr < line.v[line.base].ubr) {
        add_unless_there(out, w, line.v[line.base].kb);
        add_unless_there(out, w, HF_SIM_FRAMEWORK);
        add_unless_there(out, w, HF_SIM_TOOL);
    }
    hf_strs_add(out, line.v[line.newest].kb);
}

void
hf_sim_windows_record(struct hf_sim_windows *w, const char *kb, int operation,
                      uint32_t hresult, int64_t now)
{
    hf_strs_addf(&w->history, "%s:%d:%d:0x%08X@%lld", kb, operation,
                 hresult ? FAILED : SUCCEEDED, hresult,
                 (long long)(now / 1000));
}
