/* Which CVEs are open on every host of a fleet, with its rings, exceptions and
 * holds, as it grows: time, and memory beyond the facts. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/civil.h"
#include "playbooks/exposure.h"

#define NOW 1795397025000 /* 2026-11-23 */
#define MONTHS 24         /* of documents, with a hotpatch and an update each */
#define PER_MONTH 60      /* CVEs */
#define FACTS 60          /* of a host */
#define LEVELS 60         /* on which hosts stand */

static const char *const rings[] = {"canary", "early", "broad", "slow"};

static double
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- two years of documents ---- */

static void
add_release(struct hf_arena *arena, struct hf_release *r, size_t month,
            enum hf_release_type type, size_t revision)
{
    const char **cves = hf_arena_alloc(arena, (PER_MONTH + 1) * sizeof(*cves));
    char text[32];

    for (size_t i = 0; i < PER_MONTH; i++) {
        (void)snprintf(text, sizeof(text), "CVE-2026-%05zu",
                       month * PER_MONTH + i);
        cves[i] = hf_arena_strdup(arena, text);
    }
    *r = (struct hf_release){.product = "ws2025", .type = type, .cves = cves};
    r->released = NOW - (int64_t)(MONTHS - month) * 30 * HF_DAY_MS;
    (void)snprintf(text, sizeof(text), "%04zu-%02zu",
                   2024 + (month + 11) / 12 % 99, (month + 11) % 12 + 1);
    r->month = hf_arena_strdup(arena, text);
    (void)snprintf(text, sizeof(text), "KB5%06zu", revision);
    r->kb = hf_arena_strdup(arena, text);
    (void)snprintf(text, sizeof(text), "26100.%zu", revision);
    r->build = hf_arena_strdup(arena, text);
}

static void
make_catalogue(struct hf_catalogue *c, struct hf_arena *arena)
{
    struct hf_release *rows =
        hf_arena_alloc(arena, (size_t)MONTHS * 2 * sizeof(*rows));

    *c = (struct hf_catalogue){.releases = rows};
    for (size_t m = 0; m < MONTHS; m++) {
        if (m % 3 == 0) {
            add_release(arena, &rows[c->releases_len++], m, HF_RELEASE_BASELINE,
                        1000 + m * 10 + 5);
            continue;
        }
        add_release(arena, &rows[c->releases_len++], m, HF_RELEASE_HOTPATCH,
                    1000 + m * 10);
        add_release(arena, &rows[c->releases_len++], m, HF_RELEASE_UPDATE,
                    1000 + m * 10 + 5);
    }
}

/* ---- hosts whose facts come from a shelf ---- */

struct shelf {
    struct hf_recall recall;
    struct hf_facts levels[LEVELS];
};

static void
recall_record(const struct hf_recall *r, const struct hf_state *st,
              struct hf_record *out)
{
    const struct hf_facts *from =
        &((const struct shelf *)(const void *)r)->levels[st->place % LEVELS];
    struct hf_fact *to = hf_facts_lend(&out->facts, from->len);

    memcpy(to, from->v, from->len * sizeof(*to));
}

static void
recall_findings(const struct hf_recall *r, const struct hf_state *st,
                struct hf_findings *out)
{
    (void)r;
    (void)st;
    (void)out;
}

static void
make_levels(struct shelf *s, const struct hf_catalogue *c)
{
    char text[64];

    s->recall = (struct hf_recall){recall_record, recall_findings};
    for (size_t i = 0; i < LEVELS; i++) {
        const struct hf_release *r = &c->releases[i % c->releases_len];

        hf_facts_set(&s->levels[i], "os.build", "26100", NULL, 1);
        hf_facts_set(&s->levels[i], "os.family", "Windows", NULL, 1);
        hf_facts_set(&s->levels[i], "os.type", "3", NULL, 1);
        hf_facts_set(&s->levels[i], "os.sku", "8", NULL, 1);
        hf_facts_set(&s->levels[i], "os.ubr", r->build + strlen("26100."), NULL,
                     1);
        hf_facts_set(&s->levels[i], "updates", r->kb, NULL, 1);
        for (size_t k = 0; k < FACTS; k++) {
            (void)snprintf(text, sizeof(text), "fact.%02zu", k);
            hf_facts_set(&s->levels[i], text, "x", NULL, 1);
        }
    }
}

static const struct hf_state **
make_states(struct hf_fleet *fleet, const struct shelf *s)
{
    static const char *const none[] = {NULL};
    size_t n = fleet->hosts_len;
    struct hf_host *hosts = hf_arena_alloc(fleet->arena, n * sizeof(*hosts));
    struct hf_state *states = hf_xcalloc(n, sizeof(*states));
    const struct hf_state **all = hf_xcalloc(n, sizeof(*all));
    char name[32];

    for (size_t i = 0; i < n; i++) {
        (void)snprintf(name, sizeof(name), "host-%06zu", i);
        hosts[i] = (struct hf_host){.name = hf_arena_strdup(fleet->arena, name),
                                    .ring = rings[i % HF_COUNT(rings)],
                                    .platform = "windows",
                                    .hold = i % 50 ? NULL : "year end",
                                    .tags = none};
        hf_state_init(&states[i], &hosts[i]);
        states[i].recall = &s->recall;
        states[i].place = i;
        all[i] = &states[i];
    }
    fleet->hosts = hosts;
    return all;
}

static void
bench(size_t n, int json)
{
    static struct hf_ring list[HF_COUNT(rings)];
    struct hf_catalogue catalogue;
    struct shelf shelf = {.recall = {0}};
    struct hf_fleet fleet = {.arena = hf_arena_new(),
                             .catalogue = &catalogue,
                             .rings = list,
                             .rings_len = HF_COUNT(rings),
                             .hosts_len = n};
    struct hf_exposure_report r;
    const struct hf_state **states;
    size_t before;
    double start, ms, bytes;

    for (size_t i = 0; i < HF_COUNT(rings); i++)
        list[i].name = rings[i];
    make_catalogue(&catalogue, fleet.arena);
    make_levels(&shelf, &catalogue);
    states = make_states(&fleet, &shelf);
    before = mallinfo2().uordblks + mallinfo2().hblkhd;
    start = now_ms();
    hf_exposure_report_make(&r, &fleet, states, n, NOW);
    ms = now_ms() - start;
    bytes = (double)(mallinfo2().uordblks + mallinfo2().hblkhd - before) /
            (double)n;
    if (json)
        (void)printf("{\"bench\":\"exposure\",\"hosts\":%zu,\"months\":%d,"
                     "\"sets\":%zu,\"ms\":%.1f,\"bytes_per_host\":%.1f}\n",
                     n, MONTHS, r.x.sets_len, ms, bytes);
    else
        (void)printf("%8zu %8zu %10.1f %10.1f\n", n, r.x.sets_len, ms, bytes);
    hf_exposure_report_release(&r);
    for (size_t i = 0; i < LEVELS; i++)
        hf_facts_release(&shelf.levels[i]);
    free((void *)states[0]);
    free(states);
    hf_arena_free(fleet.arena);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;

    if (!json)
        (void)printf("exposure over %d months of documents\n%8s %8s %10s "
                     "%10s\n",
                     MONTHS, "hosts", "sets", "ms", "bytes/host");
    bench(1000, json);
    bench(10000, json);
    bench(100000, json);
    return 0;
}
