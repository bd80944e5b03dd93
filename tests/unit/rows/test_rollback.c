/* The Rollback screen: groups of what can be taken back, and their sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/block.h"
#include "backend/model/release.h"
#include "tui/rows/rollback_view.h"

#define HOSTS 5
#define DAY INT64_C(86400000)

/* Two hosts with the new release, of which one is held; one with a former one
 * and a restart; one that cannot be taken back; one with nothing. */
enum { WEB, HELD, IIS, OFF, BARE };

struct bed {
    struct hf_undoables u;
    struct hf_undo_past past;
    struct hf_rollback_view v;
};

static const char *const new_cves[] = {"CVE-2026-1", "CVE-2026-2", NULL};
static const char *const old_cves[] = {"CVE-2026-2", "CVE-2026-3", NULL};
static const struct hf_release rows_of_catalogue[] = {
    {.kb = "KB1", .product = "ws2025", .released = DAY, .cves = old_cves},
    {.kb = "KB2", .product = "ws2025", .released = 2 * DAY, .cves = new_cves},
};
static struct hf_catalogue catalogue = {.releases = rows_of_catalogue,
                                        .releases_len = 2};
static const struct hf_ring rings[] = {{.name = "canary"}, {.name = "broad"}};
static const struct hf_host hosts[HOSTS] = {
    [WEB] = {.name = "web", .ring = "canary"},
    [HELD] = {.name = "held", .ring = "broad"},
    [IIS] = {.name = "iis", .ring = "broad"},
    [OFF] = {.name = "off", .ring = "broad"},
    [BARE] = {.name = "bare"},
};
static struct hf_state states[HOSTS];
static const struct hf_state *listed[HOSTS];
static const struct hf_look look = {.cols = 80, .ascii = 1};

static void
add_text(struct hf_undo_texts *t, const char *text)
{
    hf_strs_add(&t->all, text);
}

static void
add_cost(struct hf_undoables *u, uint32_t release, enum hf_restart restart,
         const char *const *cves)
{
    struct hf_undo_cost *c = HF_PUSH(&u->costs, &u->costs_len, &u->costs_cap);

    *c = (struct hf_undo_cost){.release = release,
                               .from = hf_xstrdup("from"),
                               .to = hf_xstrdup("to"),
                               .note = hf_xstrdup(""),
                               .restart = restart,
                               .minutes = restart ? 20 : 3,
                               .learned = !restart,
                               .off_track = restart == HF_RESTART_YES,
                               .off_until = restart ? 50 * DAY : 0};
    c->lost.open = hf_xcalloc(u->x.words + 1, sizeof(*c->lost.open));
    for (; *cves; cves++)
        c->lost.open[0] |= UINT64_C(1) << hf_exposure_cve(&u->x, *cves);
    hf_exposure_group_count(&c->lost, &u->x);
}

static void
set_host(struct bed *b, size_t host, enum hf_undoable state, uint32_t cost,
         uint32_t why)
{
    b->u.v[host] = (struct hf_undo_host){
        .cost = cost, .why = why, .state = (unsigned char)state};
    b->u.len = HOSTS;
}

static int
set_up(void **state)
{
    static struct hf_fleet fleet;
    struct bed *b = HF_NEW(struct bed);

    fleet = (struct hf_fleet){.name = "f",
                              .rings = rings,
                              .rings_len = 2,
                              .hosts = hosts,
                              .hosts_len = HOSTS,
                              .catalogue = &catalogue};
    for (size_t i = 0; i < HOSTS; i++) {
        hf_state_init(&states[i], &hosts[i]);
        listed[i] = &states[i];
    }
    b->past.of = hf_xcalloc(HOSTS, sizeof(*b->past.of));
    b->past.hosts = HOSTS;
    for (size_t i = 0; i < HOSTS; i++)
        b->past.of[i] = HF_UNDO_NONE;
    *HF_PUSH(&b->past.runs, &b->past.runs_len, &b->past.runs_cap) =
        (struct hf_undo_run){.id = "20260101T000000Z-000001",
                             .what = hf_xstrdup("apply")};
    *HF_PUSH(&b->past.runs, &b->past.runs_len, &b->past.runs_cap) =
        (struct hf_undo_run){.id = "20260102T000000Z-000002",
                             .what = hf_xstrdup("monthly"),
                             .of_plan = 1};
    b->past.of[WEB] = b->past.of[HELD] = 1;
    b->past.of[IIS] = 0;
    hf_undoables_init(&b->u, &fleet, listed, HOSTS, &b->past, DAY);
    add_text(&b->u.releases, "KB1");
    add_text(&b->u.releases, "KB2");
    add_text(&b->u.whys, "held: month end");
    add_text(&b->u.whys, "is no hotpatch");
    add_cost(&b->u, 0, HF_RESTART_YES, old_cves);
    add_cost(&b->u, 1, HF_RESTART_NO, new_cves);
    set_host(b, WEB, HF_UNDOABLE_YES, 1, HF_UNDO_NONE);
    set_host(b, HELD, HF_UNDOABLE_BLOCKED, 1, 0);
    set_host(b, IIS, HF_UNDOABLE_YES, 0, HF_UNDO_NONE);
    set_host(b, OFF, HF_UNDOABLE_NEVER, HF_UNDO_NONE, 1);
    set_host(b, BARE, HF_UNDOABLE_NOTHING, HF_UNDO_NONE, HF_UNDO_NONE);
    hf_rollback_view_make(&b->v, &b->u);
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    struct bed *b = *state;

    hf_rollback_view_release(&b->v);
    hf_undoables_release(&b->u);
    hf_undo_past_release(&b->past);
    for (size_t i = 0; i < HOSTS; i++)
        hf_state_release(&states[i]);
    free(b);
    return 0;
}

static void
expect_rows(const struct bed *b, const char *wanted)
{
    struct hf_buf text = {0};

    for (size_t i = 0; i < b->v.len; i++) {
        const struct hf_rollback_item *item = &b->v.items[i];

        hf_buf_printf(&text, "%s%s ", item->host == HF_UNDO_NONE ? "" : ".",
                      item->host == HF_UNDO_NONE
                          ? hf_rollback_group_title(&b->v.groups,
                                                    &b->v.groups.v[item->group])
                          : hosts[item->host].name);
    }
    assert_string_equal(hf_buf_str(&text), wanted);
    hf_buf_release(&text);
}

/* ---- groups ---- */

static void
the_newest_release_comes_first_and_the_rest_last(void **state)
{
    struct bed *b = *state;

    expect_rows(b, "KB2 KB1 cannot be taken back ");
    assert_int_equal(b->v.groups.left, 1);
}

static void
runs_come_newest_first_and_rings_as_in_the_fleet(void **state)
{
    struct bed *b = *state;

    hf_rollback_view_by(&b->v, HF_ROLLBACK_RUN);
    expect_rows(b, "20260102T000000Z-000002 20260101T000000Z-000001 by no "
                   "known run ");
    hf_rollback_view_by(&b->v, HF_ROLLBACK_RING);
    expect_rows(b, "canary broad ");
    hf_rollback_view_by(&b->v, HF_ROLLBACK_HOST);
    expect_rows(b, ".web .held .iis .off ");
}

static void
a_group_unfolds_and_stays_so(void **state)
{
    struct bed *b = *state;

    hf_rollback_view_fold(&b->v, 0);
    expect_rows(b, "KB2 .web .held KB1 cannot be taken back ");
    assert_int_equal(hf_rollback_view_find(&b->v, HELD, NULL), 2);
    assert_int_equal(hf_rollback_view_find(&b->v, HF_UNDO_NONE, "KB1"), 3);
    hf_rollback_view_make(&b->v, &b->u);
    expect_rows(b, "KB2 .web .held KB1 cannot be taken back ");
    hf_rollback_view_fold(&b->v, 1);
    expect_rows(b, "KB2 KB1 cannot be taken back ");
}

static void
a_blocked_release_is_listed_although_nobody_runs_it(void **state)
{
    struct bed *b = *state;
    const struct hf_block blocks[] = {{.release = "KB9", .reason = "oops"},
                                      {.release = "KB8", .until = 1}};
    struct hf_fleet fleet = *b->u.fleet;

    fleet.blocks = blocks;
    fleet.blocks_len = 2;
    b->u.fleet = &fleet;
    hf_rollback_view_make(&b->v, &b->u);
    expect_rows(b, "KB2 KB1 KB9 cannot be taken back ");
    assert_string_equal(hf_rollback_view_release_of(&b->v, 2), "KB9");
    assert_ptr_equal(hf_rollback_block(&fleet, "KB1 KB9", DAY), &blocks[0]);
    assert_null(hf_rollback_block(&fleet, "KB8", DAY));
    assert_null(hf_rollback_block(&fleet, "KB", DAY));
}

/* ---- sums ---- */

static void
sums_are_over_those_that_can_be_taken_back(void **state)
{
    struct bed *b = *state;
    const struct hf_rollback_group *g = &b->v.groups.v[0];

    assert_int_equal(g->hosts, 2);
    assert_int_equal(g->by[HF_UNDOABLE_YES], 1);
    assert_int_equal(g->restarts, 0);
    assert_int_equal(g->minutes, 3);
    assert_int_equal(g->lost.count.open, 2);
    hf_rollback_view_by(&b->v, HF_ROLLBACK_HOST);
    g = &b->v.groups.v[0];
    assert_int_equal(g->restarts, 1);
    assert_int_equal(g->minutes, 20);
    assert_int_equal(g->off_track, 1);
    assert_true(g->off_until == 50 * DAY);
    /* CVE-2026-2 counts once. */
    assert_int_equal(g->lost.count.open, 3);
    assert_int_equal(g->release, HF_UNDO_NONE);
}

static void
where_none_can_the_price_is_of_the_blocked(void **state)
{
    struct bed *b = *state;
    const struct hf_rollback_group *g;

    set_host(b, WEB, HF_UNDOABLE_BLOCKED, 1, 0);
    hf_rollback_view_make(&b->v, &b->u);
    g = &b->v.groups.v[0];
    assert_int_equal(g->by[HF_UNDOABLE_YES], 0);
    assert_non_null(g->cost);
    assert_int_equal(g->lost.count.open, 2);
    /* The held one comes first, and is forgotten when one is there that can. */
    set_host(b, WEB, HF_UNDOABLE_BLOCKED, 0, 0);
    set_host(b, HELD, HF_UNDOABLE_YES, 1, HF_UNDO_NONE);
    set_host(b, IIS, HF_UNDOABLE_NOTHING, HF_UNDO_NONE, HF_UNDO_NONE);
    hf_rollback_view_by(&b->v, HF_ROLLBACK_HOST);
    g = &b->v.groups.v[0];
    assert_int_equal(g->restarts, 0);
    assert_int_equal(g->lost.count.open, 2);
    assert_int_equal(g->hosts, 3);
}

static void
a_group_stands_for_those_that_can(void **state)
{
    struct bed *b = *state;
    struct hf_strs names = {0};

    hf_rollback_view_hosts(&names, &b->v, 0);
    assert_int_equal(names.len, 1);
    assert_string_equal(names.v[0], "web");
    hf_strs_release(&names);
    hf_rollback_view_hosts(&names, &b->v, 2);
    assert_int_equal(names.len, 1);
    assert_string_equal(names.v[0], "off");
    hf_strs_release(&names);
}

static void
reasons_come_with_how_many_they_concern(void **state)
{
    struct bed *b = *state;
    size_t n;
    struct hf_rollback_reason *v =
        hf_rollback_reasons(&n, &b->u, &b->v.groups, 0);

    assert_int_equal(n, 1);
    assert_int_equal(v[0].why, 0);
    free(v);
    free(hf_rollback_reasons(&n, &b->u, NULL, 0));
    assert_int_equal(n, 2);
}

/* ---- words ---- */

static void
expect_command(const struct bed *b, size_t group, const char *wanted)
{
    struct hf_buf text = {0};

    hf_rollback_command(&text, b->v.by, &b->v.groups.v[group]);
    assert_string_equal(hf_buf_str(&text), wanted);
    hf_buf_release(&text);
}

static void
commands_are_those_of_the_verb(void **state)
{
    struct bed *b = *state;

    expect_command(b, 0, "hotfleet rollback --release 'KB2'");
    expect_command(b, 2, "");
    hf_rollback_view_by(&b->v, HF_ROLLBACK_RUN);
    expect_command(b, 0, "hotfleet rollback --run '20260102T000000Z-000002'");
    expect_command(b, 1, ""); /* a single verb's */
    hf_rollback_view_by(&b->v, HF_ROLLBACK_RING);
    expect_command(b, 0, "hotfleet rollback 'ring:canary'");
}

static void
expect_line(const struct bed *b, size_t row, const char *wanted)
{
    struct hf_line line = {0};

    hf_rollback_line(&line, &b->v, row, &look);
    if (!strstr(hf_buf_str(&line.text), wanted))
        fail_msg("'%s' lacks '%s'", hf_buf_str(&line.text), wanted);
    hf_line_release(&line);
}

static void
rows_say_the_price_or_why_not(void **state)
{
    struct bed *b = *state;

    expect_line(b, 0, "+ KB2                          2    1        0    3  2");
    expect_line(b, 1, "1    1        1  20?  2               1970-02-20");
    hf_rollback_view_by(&b->v, HF_ROLLBACK_HOST);
    expect_line(b, 1, "no  held: month end");
    expect_line(b, 2, "yes      yes  20?");
}

static void
the_detail_says_it_in_sentences(void **state)
{
    static const char *const wanted[] = {
        "off the hotpatch track until the next baseline, planned 1970-02-20",
        "at once", "KB1 is not blocked", "hotfleet rollback --release 'KB1'"};
    const struct hf_look wide = {.cols = 200};
    struct bed *b = *state;
    struct hf_doc doc = {0};
    struct hf_buf all = {0};

    hf_rollback_detail(&doc, &b->v, 1, &wide);
    for (size_t i = 0; i < doc.len; i++)
        hf_buf_printf(&all, "%s\n", hf_buf_str(&doc.v[i].line.text));
    for (size_t i = 0; i < HF_COUNT(wanted); i++) {
        if (!strstr(hf_buf_str(&all), wanted[i]))
            fail_msg("'%s' lacks '%s'", hf_buf_str(&all), wanted[i]);
    }
    hf_doc_release(&doc);
    hf_buf_release(&all);
}

static void
expect_sum(const struct bed *b, size_t row, const char *wanted)
{
    struct hf_line sum[HF_ROLLBACK_SUM] = {0};
    struct hf_buf all = {0};

    hf_rollback_sum(sum, &b->v, row);
    for (size_t i = 0; i < HF_ROLLBACK_SUM; i++) {
        hf_buf_printf(&all, "%s\n", hf_buf_str(&sum[i].text));
        hf_line_release(&sum[i]);
    }
    assert_string_equal(hf_buf_str(&all), wanted);
    hf_buf_release(&all);
}

static void
the_price_is_said_at_a_glance(void **state)
{
    struct bed *b = *state;

    expect_sum(b, 0,
               " Taking back KB2: 1 of 2 hosts\n"
               "   1 without a restart; about 3 minutes a host (measured)\n"
               "   2 CVEs open again\n");
    expect_sum(b, 1,
               " Taking back KB1: 1 of 1 host\n"
               "   1 restarts; about 20 minutes a host (a guess)\n"
               "   2 CVEs open again; off the track until 1970-02-20\n");
    expect_sum(b, 2, " cannot be taken back: 0 of 1 host now\n\n\n");
    hf_rollback_view_by(&b->v, HF_ROLLBACK_RUN);
    expect_sum(b, 0,
               " Taking back 20260102T000000Z-000002: 1 of 2 hosts\n"
               "   1 without a restart; about 3 minutes a host (measured)\n"
               "   2 CVEs open again\n");
    hf_rollback_view_by(&b->v, HF_ROLLBACK_HOST);
    expect_sum(b, 1,
               " Taking back held: 0 of 1 host now; without what stands in the "
               "way:\n"
               "   1 without a restart; about 3 minutes a host (measured)\n"
               "   2 CVEs open again\n");
    expect_sum(b, 99, "\n\n\n");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(the_newest_release_comes_first_and_the_rest_last),
        T(runs_come_newest_first_and_rings_as_in_the_fleet),
        T(a_group_unfolds_and_stays_so),
        T(a_blocked_release_is_listed_although_nobody_runs_it),
        T(sums_are_over_those_that_can_be_taken_back),
        T(where_none_can_the_price_is_of_the_blocked),
        T(a_group_stands_for_those_that_can),
        T(reasons_come_with_how_many_they_concern),
        T(commands_are_those_of_the_verb),
        T(rows_say_the_price_or_why_not),
        T(the_detail_says_it_in_sentences),
        T(the_price_is_said_at_a_glance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
