/* hotfleet report coverage: what imported sources and the fleet know of each
 * other. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/entitlement.h"
#include "tui/cli/report.h"

/* How a name stands between a source and the fleet. */
enum known { KNOWN_BOTH, KNOWN_SOURCE, KNOWN_FLEET, KNOWN_COUNT };
static const char *const known_names[] = {"both", "source-only", "fleet-only"};
static const char *const known_titles[] = {"in both", "the source alone knows",
                                           "the fleet alone knows"};

struct name {
    const char *name;
    enum known known;
    const char *word; /* the source's, or NULL */
    const struct hf_state *state;
};

struct source {
    const struct hf_entitlements *of;
    struct name *v;
    size_t len, cap;
    size_t counts[KNOWN_COUNT];
    size_t disagree; /* in both, and told otherwise by the host */
};

struct coverage {
    struct source *v;
    size_t len;
};

/* ---- counting ---- */

/* Both sources are about Windows; a host of which nothing is known may be. */
static int
is_meant(const struct hf_state *st)
{
    return !st->status.product || strcmp(st->status.product, "linux") != 0;
}

static int
disagrees(const struct name *n)
{
    enum hf_entitled said = hf_entitlement_state(n->word);
    enum hf_coverage is = n->state->status.coverage;

    return (said == HF_ENTITLED_YES && is == HF_COVERAGE_INELIGIBLE) ||
           (said == HF_ENTITLED_NO && is == HF_COVERAGE_COVERED);
}

static void
add(struct source *s, const struct name *n)
{
    *HF_PUSH(&s->v, &s->len, &s->cap) = *n;
    s->counts[n->known]++;
    s->disagree += n->known == KNOWN_BOTH && disagrees(n);
}

static void
add_hosts(struct source *s, const struct hf_report *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct hf_state *st = r->states[i];
        const struct hf_pair *p = hf_entitlement_find(s->of, st->host->name);
        struct name n = {.name = st->host->name, .state = st};

        if (!p && !is_meant(st))
            continue;
        n.known = p ? KNOWN_BOTH : KNOWN_FLEET;
        n.word = p ? p->value : NULL;
        add(s, &n);
    }
}

static int
by_place(const void *a, const void *b)
{
    const struct hf_pair *const *x = a, *const *y = b;

    return (*x > *y) - (*x < *y);
}

/* Names of the source that are no host, chosen or not. */
static void
add_rest(struct source *s, const struct hf_fleet *fleet)
{
    const struct hf_pairs *all = &s->of->hosts;
    const struct hf_pair **found =
        hf_xcalloc(fleet->hosts_len + 1, sizeof(*found));
    size_t len = 0;

    for (size_t i = 0; i < fleet->hosts_len; i++) {
        const struct hf_pair *p =
            hf_entitlement_find(s->of, fleet->hosts[i].name);

        if (p)
            found[len++] = p;
    }
    if (len)
        qsort(found, len, sizeof(*found), by_place);
    for (size_t i = 0, k = 0; i < all->len; i++) {
        const struct name n = {.name = all->v[i].key,
                               .known = KNOWN_SOURCE,
                               .word = all->v[i].value};

        while (k < len && found[k] < &all->v[i])
            k++;
        if (k == len || found[k] != &all->v[i])
            add(s, &n);
    }
    free(found);
}

static int
make(struct hf_report *r, struct hf_err *err)
{
    const struct hf_fleet *fleet = hf_session_fleet(r->cli->session);
    struct coverage *c;

    if (!fleet->entitlements_len) {
        (void)hf_fail(err, HF_ENOTFOUND,
                      "no source was imported to compare the fleet with");
        return hf_hint(err, "hotfleet import arc FILE, hotfleet import "
                            "autopatch FILE");
    }
    r->data = c = HF_NEW(struct coverage);
    c->v = hf_xcalloc(fleet->entitlements_len, sizeof(*c->v));
    c->len = fleet->entitlements_len;
    for (size_t i = 0; i < c->len; i++) {
        c->v[i].of = &fleet->entitlements[i];
        add_hosts(&c->v[i], r);
        if (!r->selector)
            add_rest(&c->v[i], fleet);
    }
    return HF_OK;
}

static void
release(struct hf_report *r)
{
    struct coverage *c = r->data;

    for (size_t i = 0; c && i < c->len; i++)
        free(c->v[i].v);
    if (c)
        free(c->v);
    free(c);
}

/* ---- forms ---- */

static void
add_row(struct hf_table *t, const struct source *s, const struct name *n)
{
    hf_table_cell(t, s->of->source);
    hf_table_cell(t, n->name);
    hf_table_cell(t, known_names[n->known]);
    hf_table_cell(t, n->word);
    hf_table_cell(t, n->state ? hf_coverage_names[n->state->status.coverage]
                              : NULL);
}

static struct hf_table *
name_table(const struct coverage *c, int all)
{
    static const char *const heads[] = {"SOURCE", "NAME",     "KNOWN IN",
                                        "SAYS",   "COVERAGE", NULL};
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < c->len; i++) {
        const struct source *s = &c->v[i];

        for (size_t k = 0; k < s->len; k++) {
            const struct name *n = &s->v[k];

            if (all || n->known != KNOWN_BOTH || disagrees(n))
                add_row(t, s, n);
        }
    }
    return t;
}

static struct hf_table *
csv(const struct hf_report *r)
{
    return name_table(r->data, 1);
}

static void
say(const struct hf_report *r)
{
    const struct coverage *c = r->data;
    char at[HF_TIME_LEN];

    for (size_t i = 0; i < c->len; i++) {
        const struct source *s = &c->v[i];

        (void)printf("%s, taken %.10s, %zu names\n", s->of->source,
                     hf_time_format(at, s->of->taken), s->of->hosts.len);
        for (int k = 0; k < KNOWN_COUNT; k++) {
            if (k != KNOWN_SOURCE || !r->selector)
                (void)printf("  %5zu %s\n", s->counts[k], known_titles[k]);
        }
        (void)printf("  %5zu told otherwise by the host itself\n\n",
                     s->disagree);
    }
    (void)printf("What is not in both, or told otherwise\n");
    hf_report_rows(r, name_table(c, 0));
}

static void
add_json(const struct hf_report *r, cJSON *doc)
{
    const struct coverage *c = r->data;
    cJSON *sources = hf_json_add_arr(doc, "sources");

    for (size_t i = 0; i < c->len; i++) {
        const struct source *s = &c->v[i];
        cJSON *obj = cJSON_CreateObject(), *names;

        hf_json_add_str(obj, "source", s->of->source);
        hf_json_add_time(obj, "taken", s->of->taken);
        hf_json_add_int(obj, "names", (int64_t)s->of->hosts.len);
        for (int k = 0; k < KNOWN_COUNT; k++)
            hf_json_add_int(obj, known_names[k], (int64_t)s->counts[k]);
        hf_json_add_int(obj, "disagree", (int64_t)s->disagree);
        names = hf_json_add_arr(obj, "hosts");
        for (size_t k = 0; k < s->len; k++) {
            const struct name *n = &s->v[k];
            cJSON *one = cJSON_CreateObject();

            hf_json_add_str(one, "name", n->name);
            hf_json_add_str(one, "known", known_names[n->known]);
            hf_json_add_str(one, "says", n->word);
            if (n->state)
                hf_json_add_str(one, "coverage",
                                hf_coverage_names[n->state->status.coverage]);
            cJSON_AddItemToArray(names, one);
        }
        cJSON_AddItemToArray(sources, obj);
    }
}

static const struct hf_report_kind kind = {
    .name = "coverage",
    .make = make,
    .release = release,
    .text = say,
    .csv = csv,
    .json = add_json,
};

static int
run(struct hf_cli *cli)
{
    return hf_report_run(cli, &kind);
}

const struct hf_verb hf_verb_report_coverage = {
    .name = "report coverage",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "what imported sources and the fleet know of each other",
    .help = "Machines that an import (arc, autopatch) names and the fleet does "
            "not, hosts that it does not name, and hosts that tell otherwise "
            "than it says.",
    .examples = "  hotfleet report coverage\n"
                "  hotfleet report coverage site:fra --csv\n",
    .options = HF_OPTS(HF_OPTS_REPORT),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run,
};
