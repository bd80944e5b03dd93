/*
 * The simulated fleet: hosts that keep state, served over real SSH on
 * loopback by libssh's server. Everything that shows it says "simulated".
 */
#ifndef HF_SIM_SIM_H
#define HF_SIM_SIM_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "backend/model/facts.h"
#include "backend/model/release.h"

/* Ways to be unwell. What each is and does: hf_sim_faults. */
enum hf_sim_fault {
    HF_SIM_WELL,
    HF_SIM_SLOW,         /* answers after some seconds */
    HF_SIM_SILENT,       /* accepts, never sends a banner */
    HF_SIM_DOWN,         /* refuses connections */
    HF_SIM_NO_LOGIN,     /* refuses the key */
    HF_SIM_CHANGED_KEY,  /* shows another host key than the inventory's */
    HF_SIM_DROP,         /* cuts the connection in the middle of the job */
    HF_SIM_STUCK,        /* a transition that never ends; names its blocker */
    HF_SIM_LOAD_REFUSED, /* the kernel refuses the module */
    HF_SIM_LIE,          /* job says ok, patch is not in effect */
    HF_SIM_POISON,       /* broken and hostile replies */
    HF_SIM_CRASH,        /* restarts right after patching */
    HF_SIM_NO_SUDO,      /* login without rights */
    HF_SIM_LOCKDOWN,     /* lockdown: unsigned modules are refused */
    HF_SIM_OLD_KERNEL,   /* kernel that the catalogue does not know */
    HF_SIM_RESTART_DUE,  /* restart pending, newer kernel installed */
    HF_SIM_NO_DISK,      /* no room for the job folder */
    /* Windows: each lacks one thing that hotpatching wants */
    HF_SIM_VBS_OFF,
    HF_SIM_VBS_IDLE, /* configured, but not running */
    HF_SIM_NO_SECUREBOOT,
    HF_SIM_BIOS,
    HF_SIM_NOT_ENROLLED,
    HF_SIM_POLICY_OFF,
    HF_SIM_EDITION,   /* one that takes no hotpatches */
    HF_SIM_OLD_BUILD, /* from before hotpatching */
    HF_SIM_ARC_LOST,  /* the agent is disconnected */
    HF_SIM_NO_ARC,
    HF_SIM_CHPE,        /* Arm64, with CHPE on */
    HF_SIM_CONSTRAINED, /* PowerShell in Constrained Language Mode */
    HF_SIM_MONITOR_OFF,
    HF_SIM_SERVICING,    /* another update is at work */
    HF_SIM_OLD_BASELINE, /* the newest baseline was missed */
    HF_SIM_OFF_TRACK,    /* a stray update is installed */
    /* Windows: the job does not end as wanted */
    HF_SIM_FALLBACK,      /* the ordinary update comes instead */
    HF_SIM_AGENT_DENIES,  /* the update agent refuses */
    HF_SIM_JOB_DIES,      /* without a result */
    HF_SIM_RESULT_LOCKED, /* the result file cannot be written for a while */
    HF_SIM_RESTART_MID,   /* restarts in mid-install */
    HF_SIM_INSTALL_FAILS, /* with a code of its own */
    /* the network, or what answers there */
    HF_SIM_SLOW_CONNECT, /* its banner takes some seconds */
    HF_SIM_BLACK_HOLE,   /* takes every command, answers none */
    HF_SIM_HALF_REPLY,
    HF_SIM_ENDLESS, /* output that never ends */
    /* later on, by the hosts' own time */
    HF_SIM_CRASH_LATER,     /* restarts some time after patching */
    HF_SIM_SICK,            /* a service dies some time after patching */
    HF_SIM_MEMORY,          /* memory use grows after patching */
    HF_SIM_RESTART_APPEARS, /* after patching something asks for a restart */
    HF_SIM_REBOOTS,         /* restarts by itself, over and over */
    HF_SIM_CLOCK,           /* its clock is wrong */
    HF_SIM_FAULT_COUNT
};

enum { HF_SIM_ON_LINUX = 1 << 0, HF_SIM_ON_WINDOWS = 1 << 1 };

/* A fact as a probe says it; "?why" is one that cannot be read. */
struct hf_sim_value {
    const char *key, *value;
};

struct hf_sim_fault_row {
    const char *name;
    const char *note;             /* for people; NULL: nothing to tell */
    unsigned on;                  /* HF_SIM_ON_*: which hosts can have it */
    const char *product;          /* Windows: one that can; NULL: any */
    int64_t arg;                  /* unless the host says otherwise */
    const char *arg_is;           /* what that is, or NULL */
    struct hf_sim_value facts[6]; /* Windows: what the probe says otherwise */
};
extern const struct hf_sim_fault_row hf_sim_faults[HF_SIM_FAULT_COUNT + 1];
/* By name, or -1. */
int hf_sim_fault_find(const char *name);
struct hf_sim_host;
/* 1 when that can ail the host. */
int hf_sim_can_have(const struct hf_sim_host *host, enum hf_sim_fault fault);

struct hf_sim_host {
    char name[64];
    char address[16]; /* 127.x.y.z, its own */
    enum hf_sim_fault fault;
    int64_t fault_arg; /* see hf_sim_fault_row.arg_is; 0: as usual */
    char product[16];  /* "ws2025", ...: a Windows host; empty: Linux */
    char kernel[64];   /* Linux; empty: the simulation's newest */
    int behind; /* starts without the newest patch: 1 with an older one if its
                   kernel has any, 2 with none; Windows: at the baseline */
    /* Instead of product, kernel and behind: a copy of a host of which these
     * facts are known. Borrowed as long as it is simulated. */
    const struct hf_facts *facts;
};

/* Gives `per_mille` of a thousand hosts a fault, each host and each fault by
 * chance, the same ones for the same seed and names whatever else is in the
 * fleet. Hosts that have one keep it. */
void hf_sim_afflict(struct hf_sim_host *hosts, size_t n, int per_mille,
                    uint64_t seed);

struct hf_sim;

struct hf_sim_options {
    const struct hf_sim_host *hosts;
    size_t hosts_len;
    const char *login_key; /* public key line that may log in */
    int port;              /* 0: any free one */
    /* What copies can install. Borrowed as long as they are simulated. */
    const struct hf_catalogue *catalogue;
    int64_t reply_ms; /* every answer takes this long, 0: at once */
    int64_t job_ms;   /* how long a job takes, 0: 1500 */
    int rate;         /* so many times faster the hosts' time runs, 0: 1 */
    int wire;         /* so many times shorter are waits on the wire, 0: as
                         the hosts' time runs */
    /* Instead: by how many ms the hosts' clocks are ahead of this process's;
     * called on the server's thread, must never go back. */
    int64_t (*ahead)(void *ctx);
    void *ctx;
    int all_well;         /* the ready-made fleet: nobody has a fault */
    int furnished;        /* the ready-made fleet: with restart windows (file
                             servers of the last ring have none), a freeze that
                             comes, an exception that ends soon and a known
                             issue; for Windows and Linux hosts */
    size_t windows;       /* the ready-made fleet: so many run Windows */
    int faults_per_mille; /* the ready-made fleet: hf_sim_afflict instead of */
    uint64_t seed;        /* the usual faults */
};

/* Starts the server thread. */
int hf_sim_new(struct hf_sim **out, const struct hf_sim_options *options,
               struct hf_err *err);
void hf_sim_free(struct hf_sim *sim);
int hf_sim_port(const struct hf_sim *sim);
/* "ssh-ed25519 AAAA..." that the inventory should pin for the host (for
 * CHANGED_KEY: not the one it will show). Borrowed. */
const char *hf_sim_hostkey(const struct hf_sim *sim, size_t host);
/* The hosts' time goes on by `ms` at once: jobs end, soaking hosts crash.
 * Any thread; seen by every request that comes later. */
void hf_sim_advance(struct hf_sim *sim, int64_t ms);
/* By how many ms the hosts' clocks are ahead of this process's. */
int64_t hf_sim_ahead(const struct hf_sim *sim);
/* Restarts a host: new boot id, live patches gone. */
void hf_sim_reboot(struct hf_sim *sim, size_t host);
/* From now on the host has this fault (HF_SIM_WELL: none) in place of the one
 * that it had; its connections are cut. `arg` as in hf_sim_fault_row. */
void hf_sim_ail(struct hf_sim *sim, size_t host, enum hf_sim_fault fault,
                int64_t arg);
/* How many jobs the host has begun so far. */
unsigned hf_sim_jobs(const struct hf_sim *sim, size_t host);

/* What became of a host, whatever it says of itself. */
struct hf_sim_truth {
    unsigned jobs, restarts; /* so far */
    int waits;               /* something waits for a restart */
    char level[96]; /* in effect: "26100.33222", "6.1.0-53-amd64 + fix_2" */
};
void hf_sim_look(struct hf_sim *sim, size_t host, struct hf_sim_truth *out);

/* A throwaway key for logins: writes the private half to `path`, which nobody
 * else may read, and gives the public line, the caller's. */
int hf_sim_login_new(char **line, const char *path, struct hf_err *err);

/* ---- a ready-made fleet for `hotfleet demo` and tests ---- */

struct hf_sim_fleet;
/*
 * Writes a fleet repository of `n` hosts (at least 40: three rings, sites,
 * tags, a hold, named faults as in the enum) into `dir`, with catalogue and a
 * small stand-in module, throwaway keys beside it under `dir`/.keys (mode
 * 0700, ignored by git), and starts the simulator for it. hotfleet.json says
 * "simulated": true. `speed` may be NULL; its login_key does not count, and
 * with `hosts` (no copies) these are the fleet, whatever `n` is; an empty
 * address is filled in.
 */
int hf_sim_fleet_new(struct hf_sim_fleet **out, const char *dir, size_t n,
                     const struct hf_sim_options *speed, struct hf_err *err);
struct hf_sim *hf_sim_fleet_sim(struct hf_sim_fleet *f);
/* The hosts in the simulator's order. Borrowed. */
const struct hf_sim_host *
hf_sim_fleet_hosts(const struct hf_sim_fleet *f, size_t *n);
/* Stops the simulator; the files stay. */
void hf_sim_fleet_free(struct hf_sim_fleet *f);

#endif
