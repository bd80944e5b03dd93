/* The forecast against a plain second one: over hosts and catalogues at random
 * it is never later than a force that is known. */
#include "tests/unit/model/outlook_bed.h"

static uint64_t seed = 20261123;

static unsigned
roll(unsigned sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % sides;
}

/* The first release day behind `t`. */
static int64_t
release_day_after(int64_t t)
{
    int64_t day = 0;

    for (int i = 0; day <= t; i++)
        day = hf_release_day("2026-07", i);
    return day;
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* By where the host stands: a baseline that is out, planned or not; off the
 * track any month's update; the end of the programme. */
static int64_t
known_by_cover(int64_t now)
{
    int64_t found = INT64_MAX, ends;

    switch (host.coverage) {
    case HF_COVERAGE_RESTART_DUE:
        for (size_t i = 0; i < HF_COUNT(rows); i++) {
            if ((rows[i].type == HF_RELEASE_BASELINE ||
                 rows[i].type == HF_RELEASE_UNPLANNED_BASELINE) &&
                rows[i].released <= now)
                found = rows[i].released; /* the newest of them */
        }
        return found;
    case HF_COVERAGE_COVERED:
        if (!products[0].ends)
            return found;
        ends = hf_release_day(products[0].ends, 1);
        return ends > now ? ends : release_day_after(now);
    case HF_COVERAGE_UNKNOWN:
        return found;
    default:
        return release_day_after(now);
    }
}

/* What is known to force a restart of the host, told without the outlook: the
 * earliest day, or INT64_MAX. */
static int64_t
known_force(const struct hf_calendar *cal, int64_t now)
{
    int64_t found = INT64_MAX, day;

    if ((host.reboot == HF_REBOOT_PENDING ||
         host.reboot == HF_REBOOT_SCHEDULED) &&
        host.reboot_at)
        found = host.reboot_at > now && host.reboot == HF_REBOOT_PENDING
                    ? now
                    : host.reboot_at;
    if (strcmp(host.product, "linux") == 0) {
        if (host.covered_until && host.covered_until < found &&
            (host.coverage == HF_COVERAGE_COVERED ||
             host.coverage == HF_COVERAGE_RESTART_DUE))
            found = host.covered_until;
        return found;
    }
    if (host.coverage == HF_COVERAGE_UNKNOWN)
        return found;
    found = earlier(found, known_by_cover(now));
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        if ((rows[i].type == HF_RELEASE_BASELINE ||
             rows[i].type == HF_RELEASE_UNPLANNED_BASELINE) &&
            rows[i].released > now)
            found = earlier(found, rows[i].released);
    }
    for (size_t i = 0; cal->baselines->unplanned[i]; i++) {
        day = hf_release_day(cal->baselines->unplanned[i], 0);
        if (day > now && day < found)
            found = day;
    }
    return found;
}

static void
roll_host(int64_t now)
{
    host.product = roll(4) ? "ws2025" : "linux";
    host.coverage = (enum hf_coverage)roll(HF_COVERAGE_COUNT);
    host.patch = (enum hf_patch)roll(HF_PATCH_COUNT);
    host.reboot = (enum hf_reboot)roll(HF_REBOOT_COUNT);
    host.reboot_at = roll(3) ? now + ((int)roll(60) - 30) * DAY : 0;
    host.covered_until = roll(3) ? now + ((int)roll(400) - 50) * DAY : 0;
    host.restart_within = roll(2) ? (1 + (int)roll(30)) * DAY : 0;
}

static void
never_later_than_a_known_force(void **state)
{
    const char *months[3] = {NULL};
    const struct hf_baselines said = {.product = "ws2025", .unplanned = months};
    const struct hf_calendar cal = {.baselines = &said, .baselines_len = 1};

    (void)state;
    for (int i = 0; i < 20000; i++) {
        int64_t now = at("2026-08-01") + (int)roll(500) * DAY, known;
        static const char *const all[] = {"2026-09", "2026-12", "2027-02"};
        struct hf_forced f, next;
        struct hf_outlook o;

        rows[OCTOBER].type =
            roll(3) ? HF_RELEASE_BASELINE : HF_RELEASE_UNPLANNED_BASELINE;
        products[0].ends = roll(3) ? NULL : all[roll(3)];
        months[0] = all[roll(3)];
        months[1] = roll(2) ? all[roll(3)] : NULL;
        roll_host(now);
        hf_outlook_init(&o, &catalogue, &cal, NULL, now);
        hf_outlook_first(&f, &o, &host);
        known = known_force(&cal, now);
        if (known != INT64_MAX && (!f.at || f.at > known))
            fail_msg("round %d: %s at %lld, known %lld", i,
                     hf_force_names[f.force], (long long)f.at,
                     (long long)known);
        assert_true((f.force == HF_FORCE_UNKNOWN) == (f.at == 0));
        assert_true(!f.by || f.by >= f.at);
        if (host.restart_within && f.at && f.force != HF_FORCE_SUPPORT)
            assert_true(f.by && f.by <= f.at + host.restart_within);
        for (int n = 0; n < 6 && hf_outlook_next(&next, &o, &host, &f); n++) {
            assert_true(next.at > f.at && next.at > now);
            f = next;
        }
    }
    rows[OCTOBER].type = HF_RELEASE_BASELINE;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(never_later_than_a_known_force, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
