/* The simulated fleet over real SSH on loopback, asked by the transport. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/sim/sim.h"
#include "backend/ssh/transport.h"
#include "tests/support/scratch.h"

#define HOSTS 40
#define MANY 1000
#define JOB_MS 200
#define NONCE "0123456789abcdef0123456789abcdef"
#define RUN "20261123T012345Z-4f9a1c"

struct fixture {
    char *dir, *identity;
    struct hf_sim_fleet *fleet;
    struct hf_sim *sim;
    const struct hf_sim_host *hosts;
    size_t n;
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
set_up(void **state)
{
    struct hf_sim_options speed = {.job_ms = JOB_MS};
    struct hf_transport_options options = {.agent_sock = "", .ramp = 256};
    struct fixture *f = HF_NEW(struct fixture);

    *state = f;
    f->dir = scratch_new();
    f->identity = hf_path_join(f->dir, ".keys/id_ed25519");
    f->results = hf_queue_new(free_result);
    if (hf_sim_fleet_new(&f->fleet, f->dir, HOSTS, &speed, &f->err) < 0 ||
        hf_transport_new(&f->transport, &options, f->results, &f->err) < 0) {
        (void)fprintf(stderr, "%s\n", f->err.text);
        return -1;
    }
    f->sim = hf_sim_fleet_sim(f->fleet);
    f->hosts = hf_sim_fleet_hosts(f->fleet, &f->n);
    return 0;
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

static size_t
host_with(const struct fixture *f, enum hf_sim_fault fault)
{
    size_t i;

    for (i = 0; i < f->n; i++) {
        if (f->hosts[i].fault == fault)
            return i;
    }
    fail_msg("no host is '%s'", hf_sim_faults[fault].name);
    return 0;
}

static uint32_t
open_link(struct fixture *f, size_t host, const char *identity)
{
    struct hf_link_spec spec = {
        .name = f->hosts[host].name,
        .address = f->hosts[host].address,
        .port = hf_sim_port(f->sim),
        .user = "ops",
        .identity = identity ? identity : f->identity,
        .hostkey = hf_sim_hostkey(f->sim, host),
    };
    uint32_t link = 0;

    if (hf_transport_open(f->transport, &link, &spec, &f->err) < 0)
        fail_msg("%s", f->err.text);
    return link;
}

static void
submit(struct fixture *f, uint32_t link, enum hf_driver_script script)
{
    const struct hf_driver *d = hf_driver_find("livepatch");
    struct hf_params params = {0};
    struct hf_request request = {.command = d->dialect->command_elevated,
                                 .limits = {.kex = 10000}};

    if (script == HF_SCRIPT_PROBE) /* fast, also for the silent */
        request.limits.kex = f->n > HOSTS ? 30000 : 1000;
    hf_params_set(&params, "RUN", RUN);
    hf_params_set(&params, "OPERATOR", "ann");
    if (d->dialect->encode(&request.input, d->scripts[script], &params, NONCE,
                           &f->err) < 0)
        fail_msg("%s", f->err.text);
    hf_params_release(&params);
    hf_transport_submit(f->transport, link, &request);
}

static struct hf_result *
next_result(struct fixture *f)
{
    struct pollfd p = {.fd = hf_queue_fd(f->results), .events = POLLIN};
    int64_t until = hf_mono() + 60000;
    struct hf_result *r;

    while (!(r = hf_queue_pop(f->results))) {
        if (hf_mono() > until)
            fail_msg("no result within a minute");
        (void)poll(&p, 1, 1000);
    }
    return r;
}

static struct hf_result *
probe(struct fixture *f, enum hf_sim_fault fault)
{
    submit(f, open_link(f, host_with(f, fault), NULL), HF_SCRIPT_PROBE);
    return next_result(f);
}

static void
assert_outcome(const struct hf_result *r, enum hf_net_outcome outcome)
{
    if (r->outcome != outcome)
        fail_msg("outcome is %s, not %s: %s", hf_net_outcome_names[r->outcome],
                 hf_net_outcome_names[outcome], r->error.text);
}

static void
assert_sound(struct fixture *f, const struct hf_result *r)
{
    struct hf_reply reply = {0};

    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->exit_kind, HF_EXIT_STATUS);
    assert_int_equal(r->exit_status, 0);
    if (hf_dialect_sh.decode(&reply, hf_buf_str(&r->out), r->out.len, NONCE, 1,
                             &f->err) < 0)
        fail_msg("%s", f->err.text);
    hf_reply_release(&reply);
}

/* ---- doors ---- */

static void
a_probe_comes_back_whole(void **state)
{
    struct hf_result *r = probe(*state, HF_SIM_WELL);

    assert_sound(*state, r);
    hf_result_free(r);
}

static void
several_commands_share_a_connection(void **state)
{
    struct fixture *f = *state;
    uint32_t link = open_link(f, host_with(f, HF_SIM_WELL), NULL);
    struct hf_result *r;
    int i;

    for (i = 0; i < 5; i++)
        submit(f, link, HF_SCRIPT_PROBE);
    for (i = 0; i < 5; i++) {
        r = next_result(f);
        assert_sound(f, r);
        assert_int_equal(r->connect_ms > 0, i == 0);
        hf_result_free(r);
    }
}

static void
another_key_may_not_log_in(void **state)
{
    struct fixture *f = *state;
    char *other = hf_path_join(f->dir, ".keys/other");
    struct hf_result *r;
    ssh_key key = NULL;

    assert_int_equal(ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key), SSH_OK);
    assert_int_equal(ssh_pki_export_privkey_file(key, NULL, NULL, NULL, other),
                     SSH_OK);
    assert_int_equal(chmod(other, 0600), 0);
    submit(f, open_link(f, host_with(f, HF_SIM_WELL), other), HF_SCRIPT_PROBE);
    r = next_result(f);
    assert_outcome(r, HF_NET_DENIED);
    hf_result_free(r);
    ssh_key_free(key);
    free(other);
}

/* What the transport must make of hosts that are unwell at the door. */
static void
faults_end_as_they_should(void **state)
{
    /* clang-format off */
    static const struct { enum hf_sim_fault fault; enum hf_net_outcome end; }
    rows[] = {
        {HF_SIM_SLOW, HF_NET_DONE},
        {HF_SIM_SILENT, HF_NET_UNREACHABLE},
        {HF_SIM_DOWN, HF_NET_UNREACHABLE},
        {HF_SIM_NO_LOGIN, HF_NET_DENIED},
        {HF_SIM_CHANGED_KEY, HF_NET_HOSTKEY},
        {HF_SIM_NO_SUDO, HF_NET_DONE},
    };
    /* clang-format on */
    struct hf_result *r;
    size_t i;

    for (i = 0; i < HF_COUNT(rows); i++) {
        r = probe(*state, rows[i].fault);
        if (r->outcome != rows[i].end)
            fail_msg("%s ends as %s: %s", hf_sim_faults[rows[i].fault].name,
                     hf_net_outcome_names[r->outcome], r->error.text);
        hf_result_free(r);
    }
}

/* Larger than any window; the transport's limit ends it. */
static void
endless_output_is_cut_off(void **state)
{
    struct fixture *f = *state;
    uint32_t link = open_link(f, host_with(f, HF_SIM_POISON), NULL);
    enum hf_net_outcome worst = HF_NET_DONE;
    struct hf_result *r;
    int i;

    for (i = 0; i < 13 && worst != HF_NET_OVERFLOW; i++) {
        submit(f, link, HF_SCRIPT_PROBE);
        r = next_result(f);
        worst = r->outcome;
        hf_result_free(r);
    }
    assert_int_equal(worst, HF_NET_OVERFLOW);
}

/* ---- jobs ---- */

static void
a_connection_that_drops_can_be_made_again(void **state)
{
    struct fixture *f = *state;
    size_t host = host_with(f, HF_SIM_DROP);
    uint32_t link = open_link(f, host, NULL);
    struct hf_result *r;

    submit(f, link, HF_SCRIPT_BEGIN);
    r = next_result(f);
    assert_sound(f, r);
    hf_result_free(r);
    submit(f, link, HF_SCRIPT_POLL);
    r = next_result(f);
    assert_outcome(r, HF_NET_LOST);
    hf_result_free(r);
    submit(f, open_link(f, host, NULL), HF_SCRIPT_POLL);
    r = next_result(f);
    assert_sound(f, r);
    assert_non_null(strstr(hf_buf_str(&r->out), "job.state=begun"));
    hf_result_free(r);
}

static void
a_restart_cuts_the_connections(void **state)
{
    struct fixture *f = *state;
    size_t host = host_with(f, HF_SIM_SLOW);
    uint32_t link = open_link(f, host, NULL);
    struct hf_result *r;

    submit(f, link, HF_SCRIPT_PROBE); /* connects, so that the next one is */
    r = next_result(f);               /* under way at once */
    hf_result_free(r);
    submit(f, link, HF_SCRIPT_PROBE);
    assert_null(hf_queue_pop(f->results));
    hf_sim_reboot(f->sim, host);
    r = next_result(f);
    /* cut in the middle, or just before: then it was made anew */
    assert_true(r->outcome == HF_NET_LOST || r->outcome == HF_NET_FAILED ||
                r->connect_ms > 0);
    hf_result_free(r);
}

/* A connection that has said hello. */
static int
greeted(const struct fixture *f, size_t host)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)hf_sim_port(f->sim))};
    char hello[4];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(inet_pton(AF_INET, f->hosts[host].address, &to.sin_addr),
                     1);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(recv(fd, hello, sizeof(hello), MSG_WAITALL), 4);
    assert_memory_equal(hello, "SSH-", 4);
    return fd;
}

/* A child that is not yet another program holds every descriptor of ours. Ends
 * when `hold` is closed. */
static pid_t
hold_descriptors(int *hold)
{
    int ends[2];
    pid_t child;
    char c;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    if ((child = fork()) == 0) {
        (void)close(ends[1]);
        _exit(read(ends[0], &c, 1) == 0 ? 0 : 1);
    }
    assert_true(child > 0);
    (void)close(ends[0]);
    *hold = ends[1];
    return child;
}

/* A socket that a child holds as well stays in an epoll set when it is closed:
 * what is told of it then is of a connection that is no more. Seen only where
 * freed memory is watched over. */
static void
connections_end_while_a_child_holds_their_sockets(void **state)
{
    struct fixture *f = *state;
    size_t host = host_with(f, HF_SIM_WELL);
    int hung_up = greeted(f, host), cut = greeted(f, host), hold, status;
    pid_t child = hold_descriptors(&hold);
    struct hf_result *r;
    char c;

    (void)shutdown(hung_up, SHUT_RDWR);
    hf_sim_reboot(f->sim, host);
    while (recv(cut, &c, 1, 0) > 0)
        ;
    for (int i = 0; i < 3; i++) {
        submit(f, open_link(f, host_with(f, HF_SIM_SLOW), NULL),
               HF_SCRIPT_PROBE);
        r = next_result(f);
        assert_sound(f, r);
        hf_result_free(r);
    }
    (void)close(hold);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    (void)close(hung_up);
    (void)close(cut);
}

/* ---- many ---- */

/* The public half of the key that the fleet was made with. */
static char *
login_line(const struct fixture *f)
{
    ssh_key key = NULL;
    char *base64 = NULL, *line;

    assert_int_equal(
        ssh_pki_import_privkey_file(f->identity, NULL, NULL, NULL, &key),
        SSH_OK);
    assert_int_equal(ssh_pki_export_pubkey_base64(key, &base64), SSH_OK);
    line = hf_xasprintf("ssh-ed25519 %s", base64);
    ssh_string_free_char(base64);
    ssh_key_free(key);
    return line;
}

/* All wait for their answer together: 1000 of them take not much longer than
 * one. */
static void
a_thousand_hosts_answer_at_once(void **state)
{
    struct fixture *f = *state, many = *f;
    struct hf_sim_host *hosts = hf_xcalloc(MANY, sizeof(*hosts));
    char *login = login_line(f);
    struct hf_sim_options o = {.hosts = hosts,
                               .hosts_len = MANY,
                               .login_key = login,
                               .reply_ms = 2000};
    int64_t begin;
    size_t i;

    for (i = 0; i < MANY; i++) {
        (void)snprintf(hosts[i].name, sizeof(hosts[i].name), "h%zu", i);
        (void)snprintf(hosts[i].address, sizeof(hosts[i].address),
                       "127.1.%u.%u", (unsigned)(i / 250) % 250,
                       1 + (unsigned)(i % 250));
    }
    many.hosts = hosts;
    many.n = MANY;
    if (hf_sim_new(&many.sim, &o, &f->err) < 0)
        fail_msg("%s", f->err.text);
    begin = hf_mono();
    for (i = 0; i < MANY; i++)
        submit(&many, open_link(&many, i, NULL), HF_SCRIPT_PROBE);
    for (i = 0; i < MANY; i++) {
        struct hf_result *r = next_result(&many);

        assert_sound(&many, r);
        hf_result_free(r);
    }
    assert_true(hf_mono() - begin < MANY * o.reply_ms / 50);
    hf_sim_free(many.sim);
    free(login);
    free(hosts);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_comes_back_whole),
        cmocka_unit_test(several_commands_share_a_connection),
        cmocka_unit_test(another_key_may_not_log_in),
        cmocka_unit_test(faults_end_as_they_should),
        cmocka_unit_test(endless_output_is_cut_off),
        cmocka_unit_test(a_connection_that_drops_can_be_made_again),
        cmocka_unit_test(a_restart_cuts_the_connections),
        cmocka_unit_test(connections_end_while_a_child_holds_their_sockets),
        cmocka_unit_test(a_thousand_hosts_answer_at_once),
    };

    return cmocka_run_group_tests_name("sim_serve", tests, set_up, tear_down);
}
