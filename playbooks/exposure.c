/* What is open on a fleet; see exposure.h. */
#include "playbooks/exposure.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/drivers/driver.h"

/* clang-format off */
const char *const hf_cve_answer_names[HF_CVE_ANSWER_COUNT + 1] = {
    [HF_CVE_OPEN] = "open",
    [HF_CVE_CLOSED] = "closed",
    [HF_CVE_NOT_LISTED] = "not-listed",
    [HF_CVE_UNKNOWN] = "unknown",
    [HF_CVE_ANSWER_COUNT] = NULL,
};
/* clang-format on */

struct making {
    struct hf_exposure_report *out;
    const struct hf_fleet *fleet;
    const struct hf_state *const *states;
    size_t n;
    int64_t now;
};

static struct hf_exposed *
add_line(struct making *m, enum hf_exposed_kind kind, const char *name)
{
    struct hf_exposed *line = HF_PUSH(&m->out->v, &m->out->len, &m->out->cap);

    line->kind = kind;
    line->name = name;
    return line;
}

/* A line without hosts says nothing. */
static void
end_line(struct making *m, struct hf_exposed *line)
{
    if (line->group.hosts)
        hf_exposure_group_count(&line->group, &m->out->x);
    else
        m->out->len--;
}

static void
add_all(struct making *m)
{
    struct hf_exposed *line = add_line(m, HF_EXPOSED_ALL, NULL);

    for (size_t i = 0; i < m->n; i++)
        hf_exposure_group_add(&line->group, &m->out->x, i);
    hf_exposure_group_count(&line->group, &m->out->x);
}

static int
is_in(const struct hf_host *host, const char *ring)
{
    return host->ring == ring ||
           (host->ring && ring && strcmp(host->ring, ring) == 0);
}

static void
add_ring(struct making *m, const char *ring)
{
    struct hf_exposed *line = add_line(m, HF_EXPOSED_RING, ring);

    for (size_t i = 0; i < m->n; i++) {
        if (is_in(m->states[i]->host, ring))
            hf_exposure_group_add(&line->group, &m->out->x, i);
    }
    end_line(m, line);
}

static void
add_exception(struct making *m, const struct hf_exception *e)
{
    struct hf_exposed *line = add_line(m, HF_EXPOSED_EXCEPTION, e->id);

    line->exception = e;
    for (size_t i = 0; i < m->n; i++) {
        if (hf_exception_of(m->fleet, m->states[i]->host, m->now) == e)
            hf_exposure_group_add(&line->group, &m->out->x, i);
    }
    end_line(m, line);
}

/* ---- holds: hosts of one reason ---- */

struct held {
    const char *reason;
    size_t host;
};

static int
compare_held(const void *a, const void *b)
{
    const struct held *x = a, *y = b;
    int order = strcmp(x->reason, y->reason);

    return order ? order : (x->host > y->host) - (x->host < y->host);
}

static void
add_holds(struct making *m)
{
    struct hf_exposed *line = NULL;
    struct held *v = NULL;
    size_t len = 0, cap = 0;

    for (size_t i = 0; i < m->n; i++) {
        if (m->states[i]->host->hold)
            *HF_PUSH(&v, &len, &cap) =
                (struct held){m->states[i]->host->hold, i};
    }
    if (len)
        qsort(v, len, sizeof(*v), compare_held);
    for (size_t i = 0; i < len; i++) {
        if (!i || strcmp(v[i - 1].reason, v[i].reason) != 0)
            line = add_line(m, HF_EXPOSED_HOLD, v[i].reason);
        hf_exposure_group_add(&line->group, &m->out->x, v[i].host);
        if (i + 1 == len || strcmp(v[i + 1].reason, v[i].reason) != 0)
            end_line(m, line);
    }
    free(v);
}

/* ---- the whole ---- */

static void
look(struct making *m)
{
    struct hf_fixes fixes = {0};

    hf_exposure_init(&m->out->x, m->fleet->catalogue);
    for (size_t i = 0; i < m->n; i++) {
        hf_fixes_of(&fixes, m->states[i], m->fleet, m->now);
        hf_exposure_add(&m->out->x, &fixes);
        hf_state_fold(m->states[i]);
    }
    hf_fixes_release(&fixes);
}

void
hf_exposure_report_make(struct hf_exposure_report *out,
                        const struct hf_fleet *fleet,
                        const struct hf_state *const *states, size_t n,
                        int64_t now)
{
    struct making m = {out, fleet, states, n, now};

    *out = (struct hf_exposure_report){0};
    look(&m);
    add_all(&m);
    for (size_t i = 0; i < fleet->rings_len; i++)
        add_ring(&m, fleet->rings[i].name);
    add_ring(&m, NULL);
    for (size_t i = 0; i < fleet->exceptions_len; i++)
        add_exception(&m, &fleet->exceptions[i]);
    add_holds(&m);
}

void
hf_exposure_report_release(struct hf_exposure_report *r)
{
    for (size_t i = 0; i < r->len; i++)
        hf_exposure_group_release(&r->v[i].group);
    free(r->v);
    hf_exposure_release(&r->x);
    *r = (struct hf_exposure_report){0};
}

const struct hf_exposed *
hf_exposure_report_exception(const struct hf_exposure_report *r,
                             const struct hf_exception *e)
{
    for (size_t i = 0; i < r->len; i++) {
        if (r->v[i].exception == e)
            return &r->v[i];
    }
    return NULL;
}

/* ---- single CVEs ---- */

size_t
hf_exposure_report_hosts(const struct hf_exposure_report *r, size_t cve)
{
    size_t n = 0;

    for (size_t i = 0; i < r->x.sets_len; i++) {
        if (hf_exposure_is_open(r->x.sets[i].open, cve))
            n += r->x.sets[i].hosts;
    }
    return n;
}

struct ranked {
    const struct hf_cve *about;
    size_t cve;
};

/* "9.8" and "10.0": by their numbers. */
static int
compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order =
        (y->about && y->about->exploited) - (x->about && x->about->exploited);

    if (!order)
        order =
            hf_text_natcmp(y->about && y->about->score ? y->about->score : "",
                           x->about && x->about->score ? x->about->score : "");
    return order ? order : (x->cve > y->cve) - (x->cve < y->cve);
}

size_t *
hf_exposure_report_worst(const struct hf_exposure_report *r,
                         const struct hf_exposed *line, size_t *n)
{
    struct ranked *v = hf_xcalloc(r->x.ids_len + 1, sizeof(*v));
    size_t *out;

    *n = 0;
    for (size_t i = 0; line->group.open && i < r->x.ids_len; i++) {
        if (hf_exposure_is_open(line->group.open, i))
            v[(*n)++] = (struct ranked){hf_exposure_about(&r->x, i), i};
    }
    if (*n)
        qsort(v, *n, sizeof(*v), compare_ranked);
    out = hf_xcalloc(*n + 1, sizeof(*out));
    for (size_t i = 0; i < *n; i++)
        out[i] = v[i].cve;
    free(v);
    return out;
}

enum hf_cve_answer
hf_exposure_report_asks(const struct hf_exposure_report *r, size_t host,
                        size_t cve)
{
    const struct hf_exposure_set *set = hf_exposure_of(&r->x, host);

    if (!set)
        return HF_CVE_UNKNOWN;
    if (cve == SIZE_MAX)
        return HF_CVE_NOT_LISTED;
    if (hf_exposure_is_open(set->open, cve))
        return HF_CVE_OPEN;
    return hf_exposure_closes(&r->x, set, cve) ? HF_CVE_CLOSED
                                               : HF_CVE_NOT_LISTED;
}
