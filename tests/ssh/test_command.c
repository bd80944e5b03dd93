/* Commands on a real sshd: data both ways, exits, one connection for many. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "client.h"

#include "backend/base/mem.h"
#include "backend/base/text.h"

static uint32_t
begin(struct client *c)
{
    struct hf_link_spec spec = client_begin(c, NULL);

    return client_open(c, &spec);
}

static void
runs_a_command_and_returns_its_output(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r = client_run(&c, link, "echo hello");

    (void)state;
    assert_says(r, "hello\n");
    assert_int_equal(r->out_total, 6);
    assert_false(r->out_truncated);
    assert_true(hf_has_prefix(r->banner, "SSH-2.0-OpenSSH"));
    assert_true(hf_has_prefix(r->login_key, "SHA256:"));
    assert_null(r->hostkey);
    hf_result_free(r);
    client_stop(&c);
}

static void
feeds_standard_input_and_ends_it(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;

    (void)state;
    client_submit(&c, link, "cat; echo end", "one\ntwo\n", 8, NULL);
    r = client_wait(&c);
    assert_says(r, "one\ntwo\nend\n");
    hf_result_free(r);
    /* without input the command sees the end of it at once */
    r = client_run(&c, link, "cat; echo end");
    assert_says(r, "end\n");
    hf_result_free(r);
    client_stop(&c);
}

static void
carries_megabytes_of_input(void **state)
{
    const size_t len = 6u << 20;
    struct client c;
    uint32_t link = begin(&c);
    char *input = hf_xcalloc(1, len);
    struct hf_result *r;

    (void)state;
    client_submit(&c, link, "wc -c", input, len, NULL);
    r = client_wait(&c);
    assert_says(r, "6291456\n");
    hf_result_free(r);
    free(input);
    client_stop(&c);
}

static void
tells_exit_status_from_signal(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r = client_run(&c, link, "exit 3");

    (void)state;
    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->exit_kind, HF_EXIT_STATUS);
    assert_int_equal(r->exit_status, 3);
    hf_result_free(r);

    r = client_run(&c, link, "kill -9 $$");
    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->exit_kind, HF_EXIT_SIGNAL);
    assert_string_equal(r->exit_signal, "KILL");
    hf_result_free(r);
    client_stop(&c);
}

static void
keeps_stderr_apart(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r = client_run(&c, link, "echo out; echo err >&2");

    (void)state;
    assert_says(r, "out\n");
    assert_string_equal(hf_buf_str(&r->err), "err\n");
    hf_result_free(r);
    client_stop(&c);
}

static void
uses_one_connection_for_many_requests(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    int before = sshd_logged(&server, "Accepted publickey");
    struct hf_result *r;
    char command[32], out[32];

    (void)state;
    for (int i = 0; i < 30; i++) { /* more than sshd's MaxSessions */
        snprintf(command, sizeof(command), "echo %d", i);
        client_submit(&c, link, command, NULL, 0, NULL);
    }
    for (int i = 0; i < 30; i++) {
        snprintf(out, sizeof(out), "%d\n", i);
        r = client_wait(&c);
        assert_says(r, out); /* in order */
        hf_result_free(r);
    }
    r = client_run(&c, link, "echo again");
    assert_says(r, "again\n");
    assert_int_equal(r->connect_ms, 0);
    hf_result_free(r);
    client_stop(&c);
    assert_int_equal(sshd_logged(&server, "Accepted publickey"), before + 1);
}

#if defined(__SANITIZE_ADDRESS__)
static const long spare_kib = LONG_MAX; /* it keeps freed memory */
#else
static const long spare_kib = 20 * 1024;
#endif

static long
peak_kib(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}

static void
keeps_head_and_tail_of_100_megabytes(void **state)
{
    struct hf_net_limits limits = client_limits();
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;
    long before = peak_kib();

    (void)state;
    limits.hard_out = 200u << 20;
    limits.keep_out = 64u << 10;
    r = client_run_within(&c, link,
                          "echo first; head -c 104857600 /dev/zero; echo last",
                          &limits);
    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->out_total, 104857600 + 11);
    assert_true(r->out_truncated);
    assert_true(r->out.len < (65u << 10));
    assert_memory_equal(r->out.data, "first\n", 6);
    assert_memory_equal(r->out.data + r->out.len - 5, "last\n", 5);
    hf_result_free(r);
    client_stop(&c);
    assert_true(peak_kib() - before < spare_kib);
}

static void
stops_at_the_hard_limit(void **state)
{
    struct hf_net_limits limits = client_limits();
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;

    (void)state;
    limits.hard_out = 100000;
    r = client_run_within(&c, link, "cat /dev/zero", &limits);
    assert_outcome(r, HF_NET_OVERFLOW);
    assert_true(r->out_total > 100000 && r->out_total < 1000000);
    hf_result_free(r);
    r = client_run(&c, link, "echo fresh"); /* on a new connection */
    assert_says(r, "fresh\n");
    hf_result_free(r);
    client_stop(&c);
}

static void
ends_a_command_that_takes_too_long(void **state)
{
    struct hf_net_limits limits = client_limits();
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;

    (void)state;
    limits.total = 300;
    r = client_run_within(&c, link, "while :; do echo x; sleep 0.1; done",
                          &limits);
    assert_outcome(r, HF_NET_TIMEOUT);
    assert_int_equal(r->exit_kind, HF_EXIT_UNKNOWN);
    assert_true(r->exec_ms >= 300);
    hf_result_free(r);

    limits = client_limits();
    limits.idle = 200;
    r = client_run_within(&c, link, "sleep 20", &limits);
    assert_outcome(r, HF_NET_TIMEOUT);
    assert_mentions(r->error.text, "nothing moved");
    hf_result_free(r);
    client_stop(&c);
}

static void
is_not_blocked_by_a_host_that_reads_no_input(void **state)
{
    struct hf_net_limits limits = client_limits();
    const struct hf_transport_options options = {.workers = 1,
                                                 .agent_sock = ""};
    struct hf_link_spec spec = client_spec(&server);
    const size_t len = 8u << 20;
    char *input = hf_xcalloc(1, len);
    struct client c;
    uint32_t deaf, other;
    struct hf_result *r;

    (void)state;
    spec = client_begin(&c, &options);
    deaf = client_open(&c, &spec);
    other = client_open(&c, &spec);
    limits.idle = 1500;
    /* the whole session stops: not even the socket is read */
    client_submit(&c, deaf,
                  "(sleep 3; kill -9 $PPID) >/dev/null 2>&1 & "
                  "kill -STOP $PPID; sleep 3",
                  input, len, &limits);
    r = client_run(&c, other, "echo alive");
    assert_says(r, "alive\n");
    hf_result_free(r);
    r = client_wait(&c);
    assert_int_equal(r->link, deaf);
    assert_outcome(r, HF_NET_TIMEOUT);
    hf_result_free(r);
    client_submit(&c, deaf, "sleep 20", input, len, &limits);
    r = client_wait(&c);
    assert_outcome(r, HF_NET_TIMEOUT);
    hf_result_free(r);
    free(input);
    client_stop(&c);
}

static void
ignores_a_command_that_leaves_input_unread(void **state)
{
    const size_t len = 3u << 20;
    char *input = hf_xcalloc(1, len);
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;

    (void)state;
    client_submit(&c, link, "head -c 4 >/dev/null; echo enough", input, len,
                  NULL);
    r = client_wait(&c);
    assert_says(r, "enough\n");
    hf_result_free(r);
    r = client_run(&c, link, "echo next");
    assert_says(r, "next\n");
    hf_result_free(r);
    free(input);
    client_stop(&c);
}

static void
reports_a_cut_during_a_command_as_lost(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r =
        client_run(&c, link, "echo begun; kill -9 $PPID; sleep 5");

    (void)state;
    assert_outcome(r, HF_NET_LOST);
    assert_int_equal(r->exit_kind, HF_EXIT_UNKNOWN);
    hf_result_free(r);
    client_stop(&c);
}

static void
does_not_start_what_waits_behind_a_lost_command(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;

    (void)state;
    client_submit(&c, link, "kill -9 $PPID; sleep 5", NULL, 0, NULL);
    client_submit(&c, link, "echo no", NULL, 0, NULL);
    r = client_wait(&c);
    assert_outcome(r, HF_NET_LOST);
    hf_result_free(r);
    r = client_wait(&c);
    assert_outcome(r, HF_NET_CANCELLED);
    hf_result_free(r);
    client_stop(&c);
}

static void
connects_anew_when_the_idle_connection_has_died(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r = client_run(&c, link, "echo $PPID");
    char command[64];

    (void)state;
    assert_outcome(r, HF_NET_DONE);
    snprintf(command, sizeof(command), "kill -9 %d", atoi(hf_buf_str(&r->out)));
    hf_result_free(r);
    /* from a second connection, so that the first one is idle */
    struct hf_link_spec spec = client_spec(&server);
    uint32_t other = client_open(&c, &spec);
    r = client_run(&c, other, command);
    assert_says(r, "");
    hf_result_free(r);
    r = client_run(&c, link, "echo back");
    assert_says(r, "back\n");
    hf_result_free(r);
    client_stop(&c);
}

static void
cancels_what_runs_and_what_waits(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;

    (void)state;
    client_submit(&c, link, "sleep 20", NULL, 0, NULL);
    client_submit(&c, link, "echo never", NULL, 0, NULL);
    hf_transport_cancel(c.transport, link);
    for (int i = 0; i < 2; i++) {
        r = client_wait(&c);
        assert_outcome(r, HF_NET_CANCELLED);
        hf_result_free(r);
    }
    r = client_run(&c, link, "echo usable");
    assert_says(r, "usable\n");
    hf_result_free(r);
    client_stop(&c);
}

static void
finishes_its_requests_before_it_closes(void **state)
{
    struct client c;
    uint32_t link = begin(&c);
    struct hf_result *r;

    (void)state;
    client_submit(&c, link, "echo last", NULL, 0, NULL);
    hf_transport_close(c.transport, link);
    client_submit(&c, link, "echo too late", NULL, 0, NULL);
    r = client_wait(&c);
    assert_outcome(r, HF_NET_CANCELLED);
    hf_result_free(r);
    r = client_wait(&c);
    assert_says(r, "last\n");
    hf_result_free(r);
    client_stop(&c);
}

static void
shuts_down_with_requests_in_every_stage(void **state)
{
    struct hf_link_spec spec;
    struct client c;
    struct hf_result *r;
    int cancelled = 0;

    (void)state;
    spec = client_begin(&c, NULL);
    for (int i = 0; i < 40; i++)
        client_submit(&c, client_open(&c, &spec), "sleep 20", NULL, 0, NULL);
    hf_transport_free(c.transport);
    while ((r = hf_queue_pop(c.results))) {
        cancelled += r->outcome == HF_NET_CANCELLED;
        hf_result_free(r);
    }
    assert_int_equal(cancelled, 40);
    hf_queue_free(c.results);
}

static void
carries_200_links_at_once(void **state)
{
    struct hf_link_spec spec;
    struct client c;

    (void)state;
    spec = client_begin(&c, NULL);
    for (int i = 0; i < 200; i++)
        client_submit(&c, client_open(&c, &spec), "echo x", NULL, 0, NULL);
    for (int i = 0; i < 200; i++) {
        struct hf_result *r = client_wait(&c);

        assert_says(r, "x\n");
        hf_transport_close(c.transport, r->link);
        hf_result_free(r);
    }
    client_stop(&c);
}

static void
makes_do_with_few_places(void **state)
{
    const struct hf_transport_options options = {
        .workers = 1, .max_open = 3, .ramp = 2, .agent_sock = ""};
    struct hf_link_spec spec;
    struct client c;

    (void)state;
    spec = client_begin(&c, &options);
    /* none is closed: idle connections make room for those that wait */
    for (int i = 0; i < 12; i++)
        client_submit(&c, client_open(&c, &spec), "echo x", NULL, 0, NULL);
    for (int i = 0; i < 12; i++) {
        struct hf_result *r = client_wait(&c);

        assert_says(r, "x\n");
        hf_result_free(r);
    }
    client_stop(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_a_command_and_returns_its_output),
        cmocka_unit_test(feeds_standard_input_and_ends_it),
        cmocka_unit_test(carries_megabytes_of_input),
        cmocka_unit_test(tells_exit_status_from_signal),
        cmocka_unit_test(keeps_stderr_apart),
        cmocka_unit_test(uses_one_connection_for_many_requests),
        cmocka_unit_test(keeps_head_and_tail_of_100_megabytes),
        cmocka_unit_test(stops_at_the_hard_limit),
        cmocka_unit_test(ends_a_command_that_takes_too_long),
        cmocka_unit_test(is_not_blocked_by_a_host_that_reads_no_input),
        cmocka_unit_test(ignores_a_command_that_leaves_input_unread),
        cmocka_unit_test(reports_a_cut_during_a_command_as_lost),
        cmocka_unit_test(does_not_start_what_waits_behind_a_lost_command),
        cmocka_unit_test(connects_anew_when_the_idle_connection_has_died),
        cmocka_unit_test(cancels_what_runs_and_what_waits),
        cmocka_unit_test(finishes_its_requests_before_it_closes),
        cmocka_unit_test(shuts_down_with_requests_in_every_stage),
        cmocka_unit_test(carries_200_links_at_once),
        cmocka_unit_test(makes_do_with_few_places),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
