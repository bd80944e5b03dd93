/* Today: what needs a person, from states alone. */
#include "tests/unit/rows/golden.h"

#include "backend/model/calendar.h"
#include "backend/model/selector.h"
#include "tui/rows/today_rows.h"

/* The line of that text, or NULL. */
static const struct hf_today_line *
find(const struct hf_today *t, const char *text)
{
    for (size_t i = 0; i < t->len; i++) {
        if (strstr(t->v[i].text, text))
            return &t->v[i];
    }
    return NULL;
}

static void
a_fleet_that_nobody_asked_needs_somebody(void **state)
{
    char web[] = "web-01", name[] = "small", key[] = "ssh-ed25519 AAAA";
    struct hf_host host = {.name = web, .hostkey = key};
    struct hf_state st = {.host = &host};
    struct hf_fleet of = {.name = name, .hosts = &host, .hosts_len = 1};
    struct hf_today_in in = {
        .fleet = &of, .states = &st, .states_len = 1, .now = NOW};
    const struct hf_today_line *line;
    struct hf_today today;

    (void)state;
    hf_today_make(&today, &in);
    line = find(&today, "1 host never asked");
    assert_non_null(line);
    assert_int_equal(line->section, HF_TODAY_NEEDS);
    assert_string_equal(line->next, "hotfleet check");
    assert_int_equal(today.needs, 1);
    assert_null(find(&today, "1 hosts"));
    hf_today_release(&today);
}

/* ---- a fleet whose hosts stand everywhere ---- */

static const char *const two_cves[] = {"CVE-2026-1", "CVE-2026-2", NULL};
static const char *const no_cves[] = {NULL};
static const struct hf_cve cves[] = {{.id = "CVE-2026-2", .exploited = 1}};
static const struct hf_release releases[] = {
    {.product = "linux",
     .kernel = "6.1.0-56",
     .patch = "fix_1",
     .released = NOW - 40 * DAY,
     .cves = no_cves},
    {.product = "linux",
     .kernel = "6.1.0-56",
     .patch = "fix_2",
     .released = NOW - 12 * DAY,
     .cves = no_cves},
    {.product = "ws2025",
     .type = HF_RELEASE_BASELINE,
     .kb = "KB1",
     .month = "2026-10",
     .released = NOW - 41 * DAY,
     .cves = no_cves},
    {.product = "ws2025",
     .type = HF_RELEASE_HOTPATCH,
     .kb = "KB2",
     .month = "2026-11",
     .released = NOW - 13 * DAY,
     .cves = two_cves,
     .certainty = "unconfirmed"},
    {.product = "ws2025",
     .type = HF_RELEASE_OOB,
     .kb = "KB3",
     .line = HF_LINE_RESTART,
     .released = NOW - 2 * DAY,
     .cves = no_cves},
    {.product = "ws2025",
     .type = HF_RELEASE_HOTPATCH,
     .kb = "KB4",
     .month = "2026-12",
     .released = NOW + 15 * DAY,
     .cves = no_cves},
};
static const struct hf_product products[] = {
    {.id = "linux", .title = "Linux"},
    {.id = "ws2025", .title = "Windows Server 2025"},
    {.id = "w11-24h2", .title = "nobody runs it"},
};
static const struct hf_catalogue catalogue = {
    .releases = releases,
    .releases_len = HF_COUNT(releases),
    .products = products,
    .products_len = HF_COUNT(products),
    .cves = cves,
    .cves_len = HF_COUNT(cves),
};

struct bench {
    struct hf_fleet fleet;
    struct hf_state states[HOSTS];
    struct hf_today today;
};

static void
make(struct bench *b)
{
    static const char *const runs[HOSTS] = {
        "linux", "linux", "ws2025", "ws2025", NULL, "ws2025", "ws2025"};

    *b = (struct bench){.fleet = fleet};
    b->fleet.catalogue = &catalogue;
    fill_states(b->states);
    for (size_t i = 0; i < HOSTS; i++)
        b->states[i].status.product = runs[i];
    b->states[0].status.covered_until = NOW + 50 * DAY;
    b->states[2].status.covered_until = NOW - 41 * DAY; /* restart-due */
    b->states[5].status.coverage = HF_COVERAGE_OFF_TRACK;
    b->states[5].status.flags |= HF_FLAG_RESTARTED;
    hf_today_make(&b->today, &(struct hf_today_in){.fleet = &b->fleet,
                                                   .states = b->states,
                                                   .states_len = HOSTS,
                                                   .now = NOW});
}

static void
drop(struct bench *b)
{
    hf_today_release(&b->today);
    for (size_t i = 0; i < HOSTS; i++)
        hf_state_release(&b->states[i]);
}

static void
the_month_is_told_for_each_product_in_use(void **state)
{
    const struct hf_today_line *line;
    struct bench b;

    (void)state;
    make(&b);
    line = find(&b.today, "ws2025 ");
    assert_non_null(line);
    assert_string_equal(line->text, "ws2025       0 of 4: KB2, hotpatch "
                                    "2026-11, 2 CVEs, 1 exploited, "
                                    "unconfirmed");
    assert_int_equal(line->hosts.len, 4);
    assert_true(line->urgent);
    line = find(&b.today, "linux ");
    assert_non_null(line);
    assert_string_equal(line->text, "linux        1 of 2: fix_2 of 2026-11-11");
    assert_false(line->urgent);
    assert_null(find(&b.today, "w11-24h2"));
    drop(&b);
}

static void
restarts_are_told_by_date(void **state)
{
    const struct hf_today_line *due, *later;
    struct bench b;

    (void)state;
    make(&b);
    due = find(&b.today, "2026-10-13  1 host due since then");
    later = find(&b.today, "2027-01-12  cover of 1 host ends");
    assert_non_null(due);
    assert_non_null(later);
    assert_true(due < later);
    assert_string_equal(due->hosts.v[0], "db-1");
    drop(&b);
}

static void
who_left_the_track_or_restarted_by_itself_needs_somebody(void **state)
{
    const struct hf_today_line *line;
    struct bench b;

    (void)state;
    make(&b);
    line = find(&b.today, "off the hotpatch track");
    assert_non_null(line);
    assert_string_equal(line->hosts.v[0], "web-1");
    line = find(&b.today, "restarted outside a window");
    assert_non_null(line);
    assert_string_equal(line->hosts.v[0], "web-1");
    drop(&b);
}

/* What an action on a line is recorded as means the hosts of the line. */
static void
a_lines_selector_chooses_its_hosts(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s;
    size_t checked = 0;
    struct bench b;

    (void)state;
    make(&b);
    for (size_t i = 0; i < b.today.len; i++) {
        const struct hf_today_line *line = &b.today.v[i];

        if (!line->selector)
            continue;
        assert_int_equal(hf_selector_parse(&s, line->selector, &err), 0);
        for (size_t k = 0; k < HOSTS; k++)
            assert_int_equal(hf_selector_match(s, &b.states[k], NOW),
                             hf_strs_has(&line->hosts, hosts[k].name));
        hf_selector_free(s);
        checked++;
    }
    assert_true(checked > 8);
    drop(&b);
}

static void
the_page_begins_with_what_needs_somebody(void **state)
{
    struct hf_buf out = {0};
    struct hf_doc doc = {0};
    struct bench b;

    (void)state;
    make(&b);
    hf_today_rows(&doc, &b.today, &narrow);
    add_doc(&out, &doc);
    hf_doc_release(&doc);
    hf_today_rows(&doc, &b.today, &ascii);
    add_doc(&out, &doc);
    hf_doc_release(&doc);
    hf_today_rows(&doc, &b.today, &wide);
    add_doc(&out, &doc);
    hf_doc_release(&doc);
    drop(&b);
    compare("today", &out);
}

/* ---- the next 24 hours ---- */

static void
make_again(struct bench *b)
{
    hf_today_release(&b->today);
    hf_today_make(&b->today, &(struct hf_today_in){.fleet = &b->fleet,
                                                   .states = b->states,
                                                   .states_len = HOSTS,
                                                   .now = NOW});
}

/* Two hosts may be restarted in an hour; the others never. */
static void
what_comes_within_a_day_is_told_and_who_has_no_window(void **state)
{
    static const char *const named[] = {"db-1", "web-2", NULL};
    static const char *const free_one[] = {"web-1", NULL};
    const struct hf_rule rules[] = {{.name = "tonight",
                                     .kind = HF_RULE_RESTART,
                                     .scope.hosts = named,
                                     .from = NOW + HOUR,
                                     .to = NOW + 4 * HOUR},
                                    {.name = "always",
                                     .kind = HF_RULE_RESTART,
                                     .scope.hosts = free_one,
                                     .from = NOW - DAY,
                                     .to = NOW + 9 * DAY}};
    struct hf_calendar cal = {.rules = rules, .rules_len = 2};
    const struct hf_today_line *line;
    struct hf_err err = HF_ERR_INIT;
    struct bench b;

    (void)state;
    make(&b);
    b.states[0].status.covered_until = NOW + 20 * DAY;
    b.fleet.arena = hf_arena_new();
    assert_int_equal(hf_zone_load(&cal.utc, b.fleet.arena, "UTC", &err), 0);
    hf_calendar_prepare(&cal, &b.fleet, NOW);
    b.fleet.calendar = &cal;
    make_again(&b);
    line = find(&b.today, "restart window 'tonight': ");
    assert_non_null(line);
    assert_int_equal(line->section, HF_TODAY_NEXT);
    assert_non_null(strstr(line->text, "UTC, 2 hosts, 1 restart"));
    assert_null(find(&b.today, "restart window 'always'")); /* no news */
    line = find(&b.today, "no restart window serves in time");
    assert_non_null(line);
    assert_int_equal(line->section, HF_TODAY_NEEDS);
    assert_true(hf_strs_has(&line->hosts, "app-2"));
    assert_false(hf_strs_has(&line->hosts, "db-1"));
    line = find(&b.today, "2026-11: 1 restarts");
    assert_non_null(line);
    assert_int_equal(line->section, HF_TODAY_RESTART);
    assert_string_equal(line->hosts.v[0], "db-1");
    line = find(&b.today, "1 host overdue for a restart");
    assert_non_null(line);
    assert_string_equal(line->hosts.v[0], "db-1");
    hf_arena_free(b.fleet.arena);
    drop(&b);
}

static void
who_was_taken_off_the_track_by_others_is_news(void **state)
{
    struct bench b;

    (void)state;
    make(&b);
    assert_null(find(&b.today, "newly off the hotpatch track"));
    b.states[5].status.flags |= HF_FLAG_PATCHED_ELSEWHERE;
    make_again(&b);
    assert_non_null(find(&b.today, "1 host newly off the hotpatch track"));
    drop(&b);
}

static void
the_age_of_facts_is_told(void **state)
{
    struct bench b;

    (void)state;
    make(&b);
    assert_non_null(find(&b.today, "facts of no host are known"));
    b.states[1].asked = 1;
    b.states[1].newest = NOW - 3 * DAY;
    make_again(&b);
    assert_non_null(find(&b.today, "facts of 1 of 7 hosts are fresh, the "
                                   "oldest are 3d old (app-10)"));
    drop(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fleet_that_nobody_asked_needs_somebody),
        cmocka_unit_test(the_month_is_told_for_each_product_in_use),
        cmocka_unit_test(restarts_are_told_by_date),
        cmocka_unit_test(
            who_left_the_track_or_restarted_by_itself_needs_somebody),
        cmocka_unit_test(a_lines_selector_chooses_its_hosts),
        cmocka_unit_test(what_comes_within_a_day_is_told_and_who_has_no_window),
        cmocka_unit_test(who_was_taken_off_the_track_by_others_is_news),
        cmocka_unit_test(the_age_of_facts_is_told),
        cmocka_unit_test(the_page_begins_with_what_needs_somebody),
    };

    return cmocka_run_group_tests_name("today", tests, NULL, NULL);
}
