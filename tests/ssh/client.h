/* What the tests of the transport have in common: one transport, its results,
 * and ways to ask it. */
#ifndef HF_TEST_CLIENT_H
#define HF_TEST_CLIENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/queue.h"
#include "backend/ssh/transport.h"
#include "sshd.h"

/* The sshd of this program: group setup and teardown. */
extern struct sshd server;
int server_start(void **state);
int server_stop(void **state);

struct client {
    struct hf_queue *results;
    struct hf_transport *transport;
};

/* All fail the test when something goes wrong. */
void client_start(struct client *c, const struct hf_transport_options *o);
void client_stop(struct client *c); /* no result may be left over */

/* Starts it and returns the spec of `server`; skips the test without one. */
struct hf_link_spec
client_begin(struct client *c, const struct hf_transport_options *o);

/* The spec of a host that is `s` itself. */
struct hf_link_spec client_spec(const struct sshd *s);
uint32_t client_open(struct client *c, const struct hf_link_spec *spec);

/* Short deadlines, so that a test never waits long. */
struct hf_net_limits client_limits(void);
void client_submit(struct client *c, uint32_t link, const char *command,
                   const void *input, size_t len,
                   const struct hf_net_limits *limits);
/* The next result; at most 30 s. */
struct hf_result *client_wait(struct client *c);
/* No result within ms. */
void client_quiet(struct client *c, int ms);
/* Submits and waits. */
struct hf_result *
client_run(struct client *c, uint32_t link, const char *command);
struct hf_result *
client_run_within(struct client *c, uint32_t link, const char *command,
                  const struct hf_net_limits *limits);
struct hf_result *client_scan(struct client *c, uint32_t link);

/* The outcome is this one, else the test fails and prints the error. */
void assert_outcome(const struct hf_result *r, enum hf_net_outcome outcome);
/* Done, exit status 0, and exactly this on stdout. */
void assert_says(const struct hf_result *r, const char *out);
void assert_mentions(const char *text, const char *part);

#endif
