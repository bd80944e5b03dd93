/* Simulated hosts that are odd on the wire, and their time, over real SSH. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/sim/sim.h"
#include "backend/ssh/transport.h"
#include "tests/support/scratch.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define RATE 1000

enum { LATE, HOLE, HALF, ENDLESS, REBOOTS, WINDOWS, HOSTS };

/* clang-format off */
static const struct hf_sim_host hosts[HOSTS] = {
    [LATE] = {.name = "late", .fault = HF_SIM_SLOW_CONNECT, .fault_arg = 1},
    [HOLE] = {.name = "hole", .fault = HF_SIM_BLACK_HOLE},
    [HALF] = {.name = "half", .fault = HF_SIM_HALF_REPLY},
    [ENDLESS] = {.name = "endless", .fault = HF_SIM_ENDLESS},
    [REBOOTS] = {.name = "reboots", .fault = HF_SIM_REBOOTS},
    [WINDOWS] = {.name = "windows", .product = "ws2025"},
};
/* clang-format on */

struct fixture {
    char *dir, *identity;
    struct hf_sim_fleet *fleet;
    struct hf_sim *sim;
    struct hf_queue *results;
    struct hf_transport *transport;
    struct hf_err err;
};

static void
free_result(void *result)
{
    hf_result_free(result);
}

static int
start(void **state, const struct hf_sim_options *o)
{
    struct hf_transport_options options = {.agent_sock = ""};
    struct fixture *f = HF_NEW(struct fixture);

    *state = f;
    f->dir = scratch_new();
    f->identity = hf_path_join(f->dir, ".keys/id_ed25519");
    f->results = hf_queue_new(free_result);
    if (hf_sim_fleet_new(&f->fleet, f->dir, 0, o, &f->err) < 0 ||
        hf_transport_new(&f->transport, &options, f->results, &f->err) < 0) {
        (void)fprintf(stderr, "%s\n", f->err.text);
        return -1;
    }
    f->sim = hf_sim_fleet_sim(f->fleet);
    return 0;
}

static int
set_up(void **state)
{
    return start(state, &(struct hf_sim_options){
                            .hosts = hosts, .hosts_len = HOSTS, .job_ms = 200});
}

static int
set_up_fast(void **state)
{
    return start(state, &(struct hf_sim_options){
                            .hosts = hosts, .hosts_len = HOSTS, .rate = RATE});
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    hf_transport_free(f->transport);
    hf_sim_fleet_free(f->fleet);
    hf_queue_free(f->results);
    scratch_free(f->dir);
    free(f->identity);
    free(f);
    return 0;
}

static const struct hf_driver *
driver_of(size_t host)
{
    return hf_driver_find(hosts[host].product[0] ? "windows" : "livepatch");
}

static uint32_t
open_link(struct fixture *f, size_t host)
{
    size_t n;
    struct hf_link_spec spec = {
        .name = hosts[host].name,
        .address = hf_sim_fleet_hosts(f->fleet, &n)[host].address,
        .port = hf_sim_port(f->sim),
        .user = "ops",
        .identity = f->identity,
        .hostkey = hf_sim_hostkey(f->sim, host),
    };
    uint32_t link = 0;

    if (hf_transport_open(f->transport, &link, &spec, &f->err) < 0)
        fail_msg("%s", f->err.text);
    return link;
}

/* Probes a host; `total` ms at most, 0: as usual. */
static struct hf_result *
probe(struct fixture *f, size_t host, int64_t total)
{
    const struct hf_driver *d = driver_of(host);
    struct hf_params none = {0};
    struct hf_request request = {.command = d->dialect->command_elevated,
                                 .limits = {.kex = 10000, .total = total}};
    struct pollfd p = {.fd = hf_queue_fd(f->results), .events = POLLIN};
    int64_t until = hf_mono() + 60000;
    struct hf_result *r;

    if (d->dialect->encode(&request.input, d->scripts[HF_SCRIPT_PROBE], &none,
                           NONCE, &f->err) < 0)
        fail_msg("%s", f->err.text);
    hf_transport_submit(f->transport, open_link(f, host), &request);
    while (!(r = hf_queue_pop(f->results))) {
        if (hf_mono() > until)
            fail_msg("no result within a minute");
        (void)poll(&p, 1, 1000);
    }
    return r;
}

static void
assert_outcome(const struct hf_result *r, enum hf_net_outcome outcome)
{
    if (r->outcome != outcome)
        fail_msg("outcome is %s, not %s: %s", hf_net_outcome_names[r->outcome],
                 hf_net_outcome_names[outcome], r->error.text);
}

/* What a host says now under a key that holds a number or an id. */
static void
ask(struct fixture *f, size_t host, const char *key, char out[64])
{
    struct hf_result *r = probe(f, host, 0);
    struct hf_reply reply;

    assert_outcome(r, HF_NET_DONE);
    if (driver_of(host)->dialect->decode(&reply, hf_buf_str(&r->out),
                                         r->out.len, NONCE, 1, &f->err) < 0)
        fail_msg("%s", f->err.text);
    (void)snprintf(out, 64, "%s", hf_facts_get(&reply.values, key));
    hf_reply_release(&reply);
    hf_result_free(r);
}

/* ---- odd on the wire ---- */

static void
a_windows_host_is_told_by_its_banner(void **state)
{
    struct hf_result *r = probe(*state, WINDOWS, 0);

    assert_outcome(r, HF_NET_DONE);
    assert_non_null(strstr(r->banner, "OpenSSH_for_Windows"));
    assert_non_null(strstr(r->banner, "simulated"));
    assert_ptr_equal(hf_driver_by_banner(r->banner), driver_of(WINDOWS));
    hf_result_free(r);
}

static void
each_host_has_a_key_of_its_own(void **state)
{
    const struct fixture *f = *state;

    for (size_t i = 0; i < HOSTS; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(hf_sim_hostkey(f->sim, i),
                                    hf_sim_hostkey(f->sim, k));
    }
}

static void
a_late_hello_comes(void **state)
{
    int64_t begin = hf_mono();
    struct hf_result *r = probe(*state, LATE, 0);

    assert_outcome(r, HF_NET_DONE);
    assert_true(hf_mono() - begin >= 1000);
    hf_result_free(r);
}

static void
a_black_hole_answers_nothing(void **state)
{
    struct hf_result *r = probe(*state, HOLE, 700);

    assert_outcome(r, HF_NET_TIMEOUT);
    assert_int_equal(r->out.len, 0);
    hf_result_free(r);
}

static void
half_a_reply_is_none(void **state)
{
    struct fixture *f = *state;
    struct hf_result *r = probe(f, HALF, 0);
    struct hf_reply reply;

    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(hf_dialect_sh.decode(&reply, hf_buf_str(&r->out),
                                          r->out.len, NONCE, 1, &f->err),
                     HF_EREPLY);
    hf_result_free(r);
}

static void
output_without_an_end_is_cut_off(void **state)
{
    struct hf_result *r = probe(*state, ENDLESS, 0);

    assert_outcome(r, HF_NET_OVERFLOW);
    hf_result_free(r);
}

/* ---- their time ---- */

static void
time_can_be_moved_on(void **state)
{
    struct fixture *f = *state;
    char boot[64], later[64], clock[64];
    int64_t seconds = 0;

    ask(f, REBOOTS, "boot.id", boot);
    ask(f, REBOOTS, "boot.id", later);
    assert_string_equal(boot, later);
    hf_sim_advance(f->sim, INT64_C(121) * 60000);
    assert_in_range(hf_sim_ahead(f->sim), 121 * 60000, 122 * 60000);
    ask(f, REBOOTS, "boot.id", later);
    assert_string_not_equal(boot, later);
    ask(f, WINDOWS, "clock", clock);
    assert_int_equal(hf_parse_int(&seconds, clock, 0, INT64_MAX), 0);
    assert_in_range(seconds - hf_now() / 1000, 120 * 60, 122 * 60);
}

static void
time_can_run_faster(void **state)
{
    struct fixture *f = *state;
    int64_t begin = hf_mono(), ahead = hf_sim_ahead(f->sim), first, second;
    char clock[64];

    ask(f, WINDOWS, "clock", clock);
    assert_int_equal(hf_parse_int(&first, clock, 0, INT64_MAX), 0);
    while (hf_sim_ahead(f->sim) - ahead < 60000)
        (void)poll(NULL, 0, 5);
    assert_true(hf_mono() - begin < 30000);
    ask(f, WINDOWS, "clock", clock);
    assert_int_equal(hf_parse_int(&second, clock, 0, INT64_MAX), 0);
    assert_true(second - first >= 30);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_windows_host_is_told_by_its_banner),
        cmocka_unit_test(each_host_has_a_key_of_its_own),
        cmocka_unit_test(a_late_hello_comes),
        cmocka_unit_test(a_black_hole_answers_nothing),
        cmocka_unit_test(half_a_reply_is_none),
        cmocka_unit_test(output_without_an_end_is_cut_off),
        cmocka_unit_test(time_can_be_moved_on),
    };
    const struct CMUnitTest fast[] = {
        cmocka_unit_test(time_can_run_faster),
    };
    int failed =
        cmocka_run_group_tests_name("sim_network", tests, set_up, tear_down);

    return failed + cmocka_run_group_tests_name("sim_network_fast", fast,
                                                set_up_fast, tear_down);
}
