/*
 * One simulated host: what it is, what it keeps, and what it answers. Knows
 * no SSH. Belongs to the server's thread once that runs.
 */
#ifndef HF_SIM_NODE_H
#define HF_SIM_NODE_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/buf.h"
#include "backend/base/sha256.h"
#include "backend/model/action.h"
#include "backend/model/event.h"
#include "backend/model/facts.h"
#include "backend/sim/kernel.h"
#include "backend/sim/sim.h"

#define HF_SIM_LOADED 8

/* A live patch module in the kernel. One that is neither enabled nor in
 * transition is left over. */
struct hf_sim_patch {
    char name[64];
    int enabled, transition, replace;
};

struct hf_sim_node;
struct hf_sim_platform;
struct hf_sim_windows;

struct hf_sim_file {
    char *name;
    char sha256[HF_SHA256_HEX];
    char *release; /* of a module: the kernel it was built for; or NULL */
};

/* The job folder. */
struct hf_sim_job {
    char *run, *operator_, *action;
    char boot[40];
    int64_t since; /* epoch s */
    struct hf_sim_file *files;
    size_t files_len, files_cap;
    struct hf_params params;
    int started;
    /* mono ms: of the start, of the next step, of the last one */
    int64_t begin, due, end;
    void (*step)(struct hf_sim_node *n, int64_t at);
    struct hf_strs names; /* what it is about, in order */
    size_t next;          /* of the names */
    struct hf_strs done, already, reversed;
    struct hf_buf log;
    int ended, died;        /* with a result; without one */
    struct hf_facts result; /* what it has to say so far */
};

/* What came before its last start. */
enum hf_sim_start {
    HF_SIM_START_OLD, /* nobody remembers */
    HF_SIM_START_SOMEBODY,
    HF_SIM_START_RUN, /* restart_run ordered it */
    HF_SIM_START_CRASH
};

struct hf_sim_node {
    char name[64];
    char address[16];
    const struct hf_sim_platform *platform;
    enum hf_sim_fault fault;
    int64_t arg; /* of the fault */
    int64_t reply_ms, job_ms;
    const struct hf_facts *known; /* a copy: of the host that it copies */
    const struct hf_catalogue *catalogue; /* a copy: what there is; or NULL */
    int waits;                      /* a copy: its host waited for a restart */
    struct hf_sim_windows *windows; /* NULL: a Linux host */
    const struct hf_sim_kernel *kernel; /* NULL: one that the table lacks */
    char release[64];
    char machine_id[33], boot_id[40];
    int64_t booted;     /* mono ms; may lie before the clock began */
    int64_t boot_time;  /* the same as epoch seconds */
    int64_t down_until; /* mono ms: refuses connections, boots */
    int64_t restart_at; /* mono ms: ordered by a job; 0: none is */
    char restart_run[HF_RUN_ID_LEN]; /* of the last one ordered, or "" */
    char off_run[HF_RUN_ID_LEN];     /* of the last one called off, or "" */
    char *off_by;                    /* and by whom */
    int64_t patched; /* mono ms: an apply ended; 0: none since the start */
    unsigned taint;
    struct hf_sim_patch loaded[HF_SIM_LOADED];
    size_t loaded_len;
    struct hf_sim_job *job;   /* the job folder, or NULL */
    struct hf_sim_job **done; /* done/, oldest first */
    size_t done_len, done_cap;
    int dropped; /* HF_SIM_DROP: has cut a connection already */
    enum hf_sim_start start;
    unsigned boots;    /* a connection does not outlive one */
    unsigned jobs;     /* begun so far; read by other threads */
    unsigned requests; /* so far; chooses what HF_SIM_POISON sends */
};

/* A command as sshd would start it. */
struct hf_sim_request {
    const char *user;
    const char *command;
    const char *input; /* everything until end of file; NUL-terminated */
    size_t input_len;
};

struct hf_sim_answer {
    struct hf_buf out, err;
    int status;         /* exit status; -1: none is told */
    const char *signal; /* "KILL": ended by a signal instead */
    int cut;            /* the connection breaks after the output */
    int endless;        /* the output is sent over and over */
};

void hf_sim_node_init(struct hf_sim_node *n, const struct hf_sim_host *host,
                      int64_t reply_ms, int64_t job_ms, int64_t now);
/* Brings a host that was just initialised to where those facts are. */
void hf_sim_node_copy(struct hf_sim_node *n, const struct hf_facts *facts,
                      const struct hf_catalogue *catalogue);
/* A copy says what is known of its host: 1 when this fact, as a probe makes
 * it up, is the simulation's own nevertheless. */
int hf_sim_node_is_own(const struct hf_sim_node *n, const char *key);
void hf_sim_node_release(struct hf_sim_node *n);

/* How a host takes a new connection. */
enum hf_sim_door {
    HF_SIM_DOOR_OPEN,
    HF_SIM_DOOR_LATE, /* opens after hf_sim_node_door_ms */
    HF_SIM_DOOR_MUTE,
    HF_SIM_DOOR_SHUT
};
enum hf_sim_door hf_sim_node_door(struct hf_sim_node *n, int64_t now);
int64_t hf_sim_node_door_ms(const struct hf_sim_node *n);
/* 1 when the command reads its input before it answers. */
int hf_sim_node_reads(const struct hf_sim_node *n, const char *command);
/* What its SSH server calls itself. */
const char *hf_sim_node_banner(const struct hf_sim_node *n);
/* Its own clock at the moment `at` (as hf_pace() counts), epoch ms. */
int64_t hf_sim_node_clock(const struct hf_sim_node *n, int64_t at);
/* ms until it answers; -1: never. */
int64_t hf_sim_node_delay(const struct hf_sim_node *n);
/* `out` is zeroed by the caller, who releases its buffers. */
void hf_sim_node_answer(struct hf_sim_node *n, struct hf_sim_answer *out,
                        const struct hf_sim_request *request, int64_t now);
/* Has that one's fault from now on. */
void hf_sim_node_ail(struct hf_sim_node *n, const struct hf_sim_host *like);
/* Somebody restarts it: new boot id, live patches gone, jobs ended. */
void hf_sim_node_reboot(struct hf_sim_node *n, int64_t now);
/* The same, for that cause, and for the time of a start nobody answers. */
void
hf_sim_node_restart(struct hf_sim_node *n, int64_t now, enum hf_sim_start why);
/* As things are by `now`. */
void
hf_sim_node_look(struct hf_sim_node *n, struct hf_sim_truth *out, int64_t now);
/* 1 when it has this fault and was patched long enough ago for it to show. */
int hf_sim_node_shows(const struct hf_sim_node *n, enum hf_sim_fault fault,
                      int64_t now);

/* The loaded module of that name, or NULL. */
struct hf_sim_patch *hf_sim_node_patch(struct hf_sim_node *n, const char *name);
/* Enabled and not in transition. */
int hf_sim_patch_in_effect(const struct hf_sim_patch *p);
/* Begins to load a patch: it is in transition. */
struct hf_sim_patch *hf_sim_node_load(struct hf_sim_node *n, const char *name);
/* Ends its transition: one that replaces retires the others, one that is
 * being taken out is gone. */
void hf_sim_node_settle(struct hf_sim_node *n, struct hf_sim_patch *p);
void hf_sim_node_unload(struct hf_sim_node *n, const char *name);

#endif
