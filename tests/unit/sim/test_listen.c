/* The listeners, also where one socket for all addresses is not allowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/sim/listen.h"

#define LOOPBACK(last) htonl(0x7f320000u + (last))

/* 0, or why nobody could be reached. */
static int
reach(uint32_t address, int port)
{
    struct sockaddr_in sa = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr = {.s_addr = address}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int why = connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ? errno : 0;

    close(fd);
    return why;
}

static void
all_addresses_are_reached_on_one_port(void **state)
{
    const uint32_t addresses[] = {LOOPBACK(1), LOOPBACK(2), LOOPBACK(3)};
    struct hf_sim_listeners l;
    struct hf_err err = HF_ERR_INIT;
    size_t i;

    (void)state;
    assert_int_equal(hf_sim_listen(&l, addresses, HF_COUNT(addresses), 0, &err),
                     0);
    assert_true(l.port > 0);
    for (i = 0; i < HF_COUNT(addresses); i++)
        assert_int_equal(reach(addresses[i], l.port), 0);
    hf_sim_listeners_release(&l);
}

static void
one_socket_for_each_address_does_as_well(void **state)
{
    const uint32_t addresses[] = {LOOPBACK(1), LOOPBACK(2), LOOPBACK(3)};
    struct hf_sim_listeners l;
    struct hf_err err = HF_ERR_INIT;
    size_t i;

    (void)state;
    assert_int_equal(
        hf_sim_listen_each(&l, addresses, HF_COUNT(addresses), 0, &err), 0);
    assert_int_equal(l.len, HF_COUNT(addresses));
    for (i = 0; i < HF_COUNT(addresses); i++)
        assert_int_equal(reach(addresses[i], l.port), 0);
    assert_int_equal(reach(LOOPBACK(9), l.port), ECONNREFUSED);
    hf_sim_listeners_release(&l);
}

static void
a_port_that_is_taken_is_an_error_that_names_it(void **state)
{
    const uint32_t address = LOOPBACK(1);
    struct hf_sim_listeners one, two;
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(hf_sim_listen(&one, &address, 1, 0, &err), 0);
    assert_true(hf_sim_listen(&two, &address, 1, one.port, &err) < 0);
    assert_int_equal(two.len, 0);
    hf_sim_listeners_release(&one);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_addresses_are_reached_on_one_port),
        cmocka_unit_test(one_socket_for_each_address_does_as_well),
        cmocka_unit_test(a_port_that_is_taken_is_an_error_that_names_it),
    };

    return cmocka_run_group_tests_name("sim_listen", tests, NULL, NULL);
}
