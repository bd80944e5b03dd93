/*
 * What the tests of this driver share: a host with one kernel, a small
 * catalogue for it, and its facts.
 *
 *   fix_1 (CVE 1) and fix_2 (CVE 2) stack; fix_3 (CVE 3) replaces all.
 */
#ifndef HF_TEST_LIVEPATCH_BENCH_H
#define HF_TEST_LIVEPATCH_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/drivers/livepatch/livepatch.h"

#define KERNEL "6.1.0-56-cloud-amd64"
#define BOOT "11111111-2222-4333-8444-555555555555"
#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct bench {
    struct hf_host host;
    struct hf_release rows[4];
    struct hf_product product;
    struct hf_catalogue catalogue;
    struct hf_fleet fleet;
    struct hf_state state;
    struct hf_facts before;
    struct hf_order order;
    struct hf_findings findings;
    int64_t now;
};

static const char *const cves_1[] = {"CVE-2026-0001", NULL};
static const char *const cves_2[] = {"CVE-2026-0002", NULL};
static const char *const cves_3[] = {"CVE-2026-0003", NULL};

static inline int64_t
day(const char *text)
{
    int64_t at;

    assert_int_equal(hf_time_parse(&at, text), 0);
    return at;
}

static inline struct hf_release
patch_row(const char *name, const char *released, const char *const *cves)
{
    return (struct hf_release){.product = "linux",
                               .type = HF_RELEASE_HOTPATCH,
                               .kernel = KERNEL,
                               .patch = name,
                               .sha256 = SUM,
                               .cves = cves,
                               .released = day(released)};
}

static inline void
fact(struct bench *b, const char *key, const char *value)
{
    hf_facts_set(&hf_state_change(&b->state)->facts, key, value, "probe",
                 b->now);
}

static inline void
no_fact(struct bench *b, const char *key, const char *why)
{
    hf_facts_set_unknown(&hf_state_change(&b->state)->facts, key, why, "probe",
                         b->now);
}

/* A healthy host without patches; the catalogue knows `rows` of the three. */
static inline void
bench_init(struct bench *b, size_t rows)
{
    *b = (struct bench){.now = day("2026-11-10")};
    b->rows[0] = patch_row("fix_1", "2026-09-01", cves_1);
    b->rows[1] = patch_row("fix_2", "2026-10-01", cves_2);
    b->rows[2] = patch_row("fix_3", "2026-11-01", cves_3);
    b->rows[2].replaces = "*";
    b->product = (struct hf_product){
        .id = "linux", .title = "Linux", .complete_until = "2026-11"};
    b->catalogue = (struct hf_catalogue){.releases = b->rows,
                                         .releases_len = rows,
                                         .products = &b->product,
                                         .products_len = 1};
    b->host = (struct hf_host){.name = "web-1", .platform = "livepatch"};
    b->fleet =
        (struct hf_fleet){.catalogue = &b->catalogue, .stale_after = 86400000};
    hf_state_init(&b->state, &b->host);
    fact(b, "kernel.release", KERNEL);
    fact(b, "arch", "x86_64");
    fact(b, "boot.id", BOOT);
    fact(b, "machine.id", "m");
    fact(b, "clock", "1794268800");
    fact(b, "taint", "0");
    fact(b, "klog.errors", "0");
    fact(b, "login.elevated", "yes");
    fact(b, "login.uid", "0");
    fact(b, "livepatch.supported", "yes");
    fact(b, "lockdown", "none");
    fact(b, "module.sig_enforce", "no");
    fact(b, "patches", "none");
    fact(b, "transition", "none");
    fact(b, "transition.blockers", "none");
    fact(b, "modules.leftover", "none");
    fact(b, "restart.pending", "no");
    fact(b, "boot.next", KERNEL);
    fact(b, "survive", "none");
    fact(b, "others", "none");
    fact(b, "space.bytes", "11264000000");
    fact(b, "units.failed", "none");
    fact(b, "job.state", "none");
}

static inline void
bench_clear(struct bench *b)
{
    hf_state_release(&b->state);
    hf_facts_release(&b->before);
    hf_order_release(&b->order);
    hf_findings_release(&b->findings);
}

/* What the last run left behind, one hour ago. */
static inline void
recent(struct bench *b, const char *action, const char *outcome,
       const char *level)
{
    struct hf_recent *r = &hf_state_change(&b->state)->recent;

    strcpy(r->run, "20261110T000000Z-4f9a1c");
    strcpy(r->action, action);
    strcpy(r->outcome, outcome);
    strcpy(r->level, level);
    strcpy(r->boot_id, BOOT);
    strcpy(r->why, "because");
    r->at = b->now - 3600000;
}

static inline const struct hf_standing *
judge(struct bench *b)
{
    hf_judge(&b->state, &b->fleet, b->now);
    return &b->state.status;
}

static inline const struct hf_order *
order(struct bench *b, enum hf_action action)
{
    struct hf_judge_in in = {.host = &b->host,
                             .facts = &hf_state_change(&b->state)->facts,
                             .findings = &b->state.findings,
                             .catalogue = &b->catalogue,
                             .recent = &hf_state_change(&b->state)->recent,
                             .baseline = &hf_state_change(&b->state)->baseline,
                             .now = b->now};

    hf_order_release(&b->order);
    hf_driver_livepatch.order(&b->order, action, &in);
    return &b->order;
}

/* The finding of one row; borrowed until the next. */
static inline const struct hf_finding *
finding(struct bench *b, const struct hf_check *row)
{
    const struct hf_check *const rows[] = {row, NULL};
    struct hf_check_in in = {.host = &b->host,
                             .facts = &hf_state_change(&b->state)->facts,
                             .catalogue = &b->catalogue,
                             .before = b->before.len ? &b->before : NULL,
                             .order = b->order.params.len ? &b->order : NULL,
                             .now = b->now};

    hf_findings_release(&b->findings);
    hf_checks_run(&b->findings, rows, &in);
    return &b->findings.v[0];
}

#endif
