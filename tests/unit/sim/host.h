/* One simulated host without a network: asked through the real dialect, on a
 * clock that the test moves. */
#ifndef HF_TEST_SIM_HOST_H
#define HF_TEST_SIM_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/drivers/driver.h"
#include "backend/sim/node.h"
#include "backend/sim/windows.h"

#define JOB_MS 1000
#define RUN_A "20261123T012345Z-4f9a1c"
#define RUN_B "20261123T012346Z-000001"

struct host {
    struct hf_sim_node node;
    int64_t now;
    struct hf_sim_answer answer; /* the last one */
    struct hf_reply reply;       /* the same, decoded */
    struct hf_err err;
};

void host_start(struct host *h, enum hf_sim_fault fault, int behind);
/* `product` is of hf_sim_products. */
void host_start_windows(struct host *h, const char *product,
                        enum hf_sim_fault fault, int behind);
/* A copy of a host by what is known of it; both are borrowed. */
void
host_start_copy(struct host *h, const struct hf_facts *facts,
                const struct hf_catalogue *catalogue, enum hf_sim_fault fault);
void host_stop(struct host *h);

/* Runs a script with "NAME", "value", ..., NULL. Returns what decoding gave:
 * 0 or a negative code. With rights unless the function says otherwise. */
int host_ask(struct host *h, enum hf_driver_script script, ...);
int host_ask_as(struct host *h, const char *user, const char *command,
                enum hf_driver_script script);
/* Asks for its facts, and fails the test where there is no answer. */
void host_probe(struct host *h);
int host_upload(struct host *h, const char *name, const void *data, size_t len);

/* The probe, run on this machine by /bin/sh. */
void host_probe_for_real(struct hf_reply *out);

/* The value of the last reply, "?<why>" when unknown, "" when absent. */
const char *host_says(const struct host *h, const char *key);
void assert_says(const struct host *h, const char *key, const char *value);

/* A stand-in module as MODULES wants it ("name=sha256"), uploaded. */
void host_upload_module(struct host *h, const char *name, const char *kernel,
                        char word[160]);
/* begin, uploads, start: an apply of the kernel's newest patch, or a rollback
 * of what is in effect. */
void host_begin_apply(struct host *h, const char *run);
void host_begin_rollback(struct host *h, const char *run, const char *patches);
/* The same on a Windows host; `kb` is what it is about. */
void host_windows_job(struct host *h, const char *run, const char *action,
                      const char *kb);
/* The levels of a Windows host's product. */
struct hf_sim_line host_line(const struct host *h);
/* Time passes, then poll. */
void host_poll_after(struct host *h, const char *run, int64_t ms);

#endif
