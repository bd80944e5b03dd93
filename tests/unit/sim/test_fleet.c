/* The ready-made fleet is a sound repository, and believable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "backend/base/child.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/calendar.h"
#include "backend/sim/module.h"
#include "backend/sim/sim.h"
#include "inventory/lint.h"
#include "inventory/patchstore.h"
#include "tests/support/scratch.h"

#define HOSTS 60

struct fixture {
    char *dir;
    struct hf_sim_fleet *sim;
    struct hf_repo *repo;
    struct hf_fleet *fleet;
    struct hf_problems problems;
    struct hf_err err;
};

static int
set_up(void **state)
{
    struct fixture *f = HF_NEW(struct fixture);

    *state = f;
    f->dir = scratch_new();
    if (hf_sim_fleet_new(&f->sim, f->dir, HOSTS, NULL, &f->err) < 0 ||
        hf_repo_open(&f->repo, f->dir, &f->err) < 0 ||
        hf_lint(&f->fleet, f->repo, NULL, &f->problems, &f->err) < 0) {
        (void)fprintf(stderr, "%s\n", f->err.text);
        return -1;
    }
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    hf_fleet_free(f->fleet);
    hf_repo_free(f->repo);
    hf_problems_release(&f->problems);
    hf_sim_fleet_free(f->sim);
    scratch_free(f->dir);
    free(f);
    return 0;
}

static void
lint_finds_nothing_in_it(void **state)
{
    struct fixture *f = *state;
    struct hf_buf text = {0};

    if (f->problems.len) {
        hf_problem_format(&text, &f->problems.v[0]);
        fail_msg("%s", hf_buf_str(&text));
    }
    assert_int_equal(f->fleet->hosts_len, HOSTS);
    assert_true(f->fleet->simulated);
    assert_false(f->fleet->dirty);
    assert_string_equal(f->fleet->branch, "main");
    assert_int_equal(f->fleet->rings_len, 3);
}

static size_t
hosts_in(const struct hf_fleet *fleet, const char *ring)
{
    size_t i, n = 0;

    for (i = 0; i < fleet->hosts_len; i++)
        n += strcmp(fleet->hosts[i].ring, ring) == 0;
    return n;
}

static void
its_rings_grow(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(hosts_in(f->fleet, "canary"), 6);
    assert_int_equal(hosts_in(f->fleet, "pilot"), 12);
    assert_int_equal(hosts_in(f->fleet, "broad"), HOSTS - 18);
}

static void
one_host_is_held(void **state)
{
    struct fixture *f = *state;
    size_t i, held = 0;

    for (i = 0; i < f->fleet->hosts_len; i++) {
        const struct hf_host *h = &f->fleet->hosts[i];

        if (!h->hold)
            continue;
        held++;
        assert_string_equal(h->hold, "year end close");
    }
    assert_int_equal(held, 1);
}

static void
hosts_have_keys_and_addresses_of_their_own(void **state)
{
    struct fixture *f = *state;
    const struct hf_sim_host *sim;
    size_t i, n;

    sim = hf_sim_fleet_hosts(f->sim, &n);
    assert_int_equal(n, HOSTS);
    for (i = 0; i < n; i++) {
        const struct hf_host *h = hf_fleet_find(f->fleet, sim[i].name);

        assert_non_null(h);
        assert_string_equal(h->address, sim[i].address);
        assert_string_equal(h->hostkey,
                            hf_sim_hostkey(hf_sim_fleet_sim(f->sim), i));
        assert_int_equal(h->port, hf_sim_port(hf_sim_fleet_sim(f->sim)));
    }
}

static void
every_fault_is_there_and_the_canaries_are_well(void **state)
{
    struct fixture *f = *state;
    const struct hf_sim_host *sim;
    size_t i, n, seen[HF_SIM_FAULT_COUNT] = {0};

    sim = hf_sim_fleet_hosts(f->sim, &n);
    for (i = 0; i < n; i++) {
        seen[sim[i].fault]++;
        if (i < 6 && sim[i].fault != HF_SIM_SLOW)
            assert_int_equal(sim[i].fault, HF_SIM_WELL);
    }
    for (i = 0; i < HF_SIM_VBS_OFF; i++) {
        if (!seen[i])
            fail_msg("nobody is '%s'", hf_sim_faults[i].name);
    }
}

static void
the_catalogue_is_current_and_its_modules_are_stored(void **state)
{
    struct fixture *f = *state;
    const struct hf_catalogue *c = f->fleet->catalogue;
    const struct hf_product *linux_ = hf_catalogue_product(c, "linux");
    size_t i, rows = 0;

    assert_true(hf_product_overdue_at(linux_) > hf_now());
    for (i = 0; i < c->releases_len; i++) {
        const struct hf_release *r = &c->releases[i];
        struct hf_buf module = {0};

        if (strcmp(r->product, "linux") != 0)
            continue;
        rows++;
        if (hf_patch_read(f->repo, NULL, r->sha256, &module, &f->err) < 0)
            fail_msg("%s", f->err.text);
        assert_true(r->covered_until > hf_now());
        hf_buf_release(&module);
    }
    assert_true(rows >= 5);
    assert_true(hf_catalogue_knows_kernel(c, "6.1.0-56-amd64"));
    assert_false(hf_catalogue_knows_kernel(c, "5.10.0-28-amd64"));
}

/* The newest level of the catalogue is what a host that is current runs. */
static void
the_target_is_the_newest_patch(void **state)
{
    struct fixture *f = *state;
    const struct hf_release *target[4];

    assert_int_equal(hf_catalogue_kernel_target(f->fleet->catalogue,
                                                "6.1.0-56-amd64", target, 4),
                     1);
    assert_string_equal(target[0]->patch, "hotfleet_fix_2");
}

/* The patch store itself would take such a module. */
static void
its_modules_pass_the_checks_of_the_store(void **state)
{
    struct fixture *f = *state;
    struct hf_buf module = {0};
    struct hf_patch_added added;
    struct hf_patch_spec spec = {.kernel = "6.1.0-57-amd64"};

    hf_sim_module(&module, "hotfleet_fix_9", "3", spec.kernel);
    spec.module = module.data;
    spec.len = module.len;
    if (hf_patch_add(&added, f->repo, &spec, &f->err) < 0)
        fail_msg("%s", f->err.text);
    assert_string_equal(added.name, "hotfleet_fix_9");
    assert_string_equal(added.version, "3");
    hf_buf_release(&module);
}

static char *
git_says(const struct fixture *f, const char *const *argv)
{
    struct hf_child c = {
        .argv = argv, .cwd = f->dir, .timeout_ms = 20000, .max_output = 65536};
    struct hf_err err = HF_ERR_INIT;

    if (hf_child_run(&c, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(c.status, 0);
    hf_buf_release(&c.err);
    return hf_buf_take(&c.out);
}

static void
the_keys_stay_out_of_the_history(void **state)
{
    static const char *const list[] = {"git", "ls-files", NULL};
    static const char *const status[] = {"git", "status", "--porcelain", NULL};
    struct fixture *f = *state;
    char *files = git_says(f, list), *dirty = git_says(f, status);
    char *keys = hf_path_join(f->dir, ".keys");
    char *key = hf_path_join(keys, "id_ed25519");
    struct stat st;

    assert_null(strstr(files, ".keys"));
    assert_string_equal(dirty, "");
    assert_int_equal(stat(keys, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    free(files);
    free(dirty);
    free(keys);
    free(key);
}

static void
it_commits_in_nobodys_name(void **state)
{
    static const char *const log[] = {"git", "log", "--format=%an %s", NULL};
    static const char *const own[] = {"git", "config", "--local", "user.name",
                                      NULL};
    struct fixture *f = *state;
    char *subject = git_says(f, log), *name = git_says(f, own);

    assert_string_equal(subject,
                        "hotfleet demo inventory: a simulated fleet\n");
    assert_string_equal(name, "hotfleet demo\n");
    free(subject);
    free(name);
}

static void
it_does_not_write_over_a_repository(void **state)
{
    struct fixture *f = *state;
    struct hf_sim_fleet *again = NULL;
    struct hf_err err = HF_ERR_INIT;

    assert_int_equal(hf_sim_fleet_new(&again, f->dir, HOSTS, NULL, &err),
                     HF_EEXISTS);
    assert_null(again);
    assert_int_equal(hf_sim_fleet_new(&again, f->dir, 3, NULL, &err),
                     HF_EINVALID);
}

/* As `hotfleet demo` starts: something to see on each screen. */
static void
a_furnished_one_has_windows_an_exception_and_a_known_issue(void **state)
{
    const struct hf_sim_options o = {.windows = 40, .furnished = 1};
    struct fixture f = {.dir = scratch_new()};
    size_t free_to_restart = 0;

    (void)state;
    assert_int_equal(hf_sim_fleet_new(&f.sim, f.dir, HOSTS, &o, &f.err), HF_OK);
    assert_int_equal(hf_repo_open(&f.repo, f.dir, &f.err), HF_OK);
    assert_int_equal(hf_lint(&f.fleet, f.repo, NULL, &f.problems, &f.err),
                     HF_OK);
    assert_int_equal(f.problems.len, 1);
    assert_non_null(strstr(f.problems.v[0].text, "the exception ends with"));
    assert_int_equal(f.fleet->exceptions_len, 1);
    assert_int_equal(f.fleet->issues_len, 1);
    for (size_t i = 0; i < f.fleet->hosts_len; i++) {
        const struct hf_host *h = &f.fleet->hosts[i];
        int named =
            hf_calendar_rule(f.fleet->calendar, h, HF_RULE_RESTART, 0) != NULL;

        free_to_restart += (size_t)named;
        if (!named && strncmp(h->name, "file-", 5) != 0)
            fail_msg("%s is in no restart window", h->name);
    }
    assert_in_range(free_to_restart, HOSTS / 2, HOSTS - 1);
    hf_fleet_free(f.fleet);
    hf_repo_free(f.repo);
    hf_problems_release(&f.problems);
    hf_sim_fleet_free(f.sim);
    scratch_free(f.dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lint_finds_nothing_in_it),
        cmocka_unit_test(its_rings_grow),
        cmocka_unit_test(one_host_is_held),
        cmocka_unit_test(hosts_have_keys_and_addresses_of_their_own),
        cmocka_unit_test(every_fault_is_there_and_the_canaries_are_well),
        cmocka_unit_test(the_catalogue_is_current_and_its_modules_are_stored),
        cmocka_unit_test(the_target_is_the_newest_patch),
        cmocka_unit_test(the_keys_stay_out_of_the_history),
        cmocka_unit_test(it_commits_in_nobodys_name),
        cmocka_unit_test(it_does_not_write_over_a_repository),
        cmocka_unit_test(its_modules_pass_the_checks_of_the_store),
        cmocka_unit_test(
            a_furnished_one_has_windows_an_exception_and_a_known_issue),
    };

    return cmocka_run_group_tests_name("sim_fleet", tests, set_up, tear_down);
}
