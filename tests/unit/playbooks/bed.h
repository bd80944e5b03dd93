/*
 * A session on a simulated fleet: everything real but the hosts, which are
 * served over loopback by this very process. Failing to make one fails the
 * test.
 */
#ifndef HF_TEST_PLAYBOOKS_BED_H
#define HF_TEST_PLAYBOOKS_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/sim/sim.h"
#include "playbooks/session.h"

#define BED_HOSTS 48

struct bed {
    char *dir, *fleet;
    struct hf_sim_fleet *sim;
    struct hf_session *s;
    struct hf_event *events; /* of the last run; data are copies */
    size_t events_len, events_cap;
    struct hf_net_limits limits; /* of sessions that are opened from now on */
    struct hf_err err;
};

/* A fleet, all hosts of it well or not; no session yet. The second: all
 * well, every answer takes a moment, and jobs so long. */
void bed_new(struct bed *b, int all_well);
void bed_new_slow(struct bed *b, int64_t job_ms);
/* More hosts, all well. */
void bed_new_large(struct bed *b, size_t hosts);
/* As the options say. */
void bed_new_of(struct bed *b, size_t hosts, const struct hf_sim_options *o);
void bed_free(struct bed *b);
/* Of a test: *state is a bed of well hosts that nobody has opened. */
int bed_set_up(void **state);
int bed_tear_down(void **state);
/* A process begins, ends. */
void bed_open(struct bed *b);
void bed_open_read_only(struct bed *b);
void bed_close(struct bed *b);
/* Another session on the same fleet, by the same account. */
struct hf_session *bed_another(struct bed *b);

/* The name of the first host with the fault that is in a ring of its kind and
 * not held; well ones: the n-th that lacks the newest patch. */
const char *bed_host(const struct bed *b, enum hf_sim_fault fault);
const char *bed_well(const struct bed *b, size_t n);

/* An ask for hosts, ended by NULL; valid until the next one. Change and
 * reason are given. */
struct hf_ask bed_ask(enum hf_action action, ...);
/* Starts it; a negative code when it is refused. */
int bed_start(struct bed *b, const struct hf_ask *ask);
/* Pumps to the end, at most a minute; the exit status. */
int bed_finish(struct bed *b);
/* Both, for asks that are not refused. */
int bed_run(struct bed *b, const struct hf_ask *ask);
/* A check of every host of the fleet, so many at once. */
void bed_check(struct bed *b, int parallel);
/* Pumps until the host's step has that name, or an event of that kind. */
void bed_until_step(struct bed *b, enum hf_phase phase);
void bed_until(struct bed *b, enum hf_event_kind kind);
/* The ledger gets what it lacks, the lock is let go. */
void bed_settle(struct bed *b);

enum hf_outcome bed_outcome(const struct bed *b, const char *host);
const char *bed_why(const struct bed *b, const char *host);
const struct hf_event *bed_event(const struct bed *b, enum hf_event_kind kind);
size_t bed_count(const struct bed *b, enum hf_event_kind kind);
const struct hf_state *bed_state(const struct bed *b, const char *host);
const struct hf_record *bed_record(const struct bed *b, const char *host);

/* What git says of the fleet: `words` are its arguments, separated by blanks.
 * Valid until the next call. */
const char *bed_git(const struct bed *b, const char *words);
/* A file of the ledger, parsed; NULL when there is none. */
cJSON *bed_ledger_file(const struct bed *b, const char *path);
/* Writes one, whoever wrote it before; the document is freed. */
void bed_ledger_write(const struct bed *b, const char *path, cJSON *doc);
/* How many files of the ledger have paths that end like this. */
size_t bed_ledger_count(const struct bed *b, const char *suffix);
/* Adds members to hotfleet.json ("\"adhoc\": {...}") and commits. */
void bed_configure(const struct bed *b, const char *members);
/* Gives a member of a host file another text, and commits. */
void bed_edit(const struct bed *b, const char *host, const char *key,
              const char *value);
/* The state folder, and a hash over everything in it and all refs. */
char *bed_state_dir(const struct bed *b);
void bed_print(const struct bed *b, char hex[65]);

#endif
