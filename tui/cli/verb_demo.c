/*
 * hotfleet demo: a simulated fleet inside the program, real SSH on loopback.
 * With a terminal the console opens on it; without one every step of a
 * rollout runs and reports.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/sim/sim.h"
#include "tui/cli/verb.h"

#define DEMO_HOSTS 120
#define DEMO_MOST 5000
#define WINDOWS_PERCENT 60

/* What a headless demo does, in order. */
static const struct {
    const char *title, *verb, *selector;
    int act; /* changes hosts: --yes --continue */
} steps[] = {
    {"ask every host", "check", NULL, 0},
    {"the newest patch on the canary ring", "apply",
     "ring:canary and patch:behind", 1},
    {"prove it once more", "verify", "ring:canary and patch:current", 0},
    {"take one back", "rollback", "ring:canary and patch:current and web-01",
     1},
    {"where that leaves us", "today", NULL, 0},
};

struct demo {
    char dir[64];
    char *fleet_dir;
    struct hf_sim_fleet *fleet;
};

static void
demo_close(struct demo *d)
{
    struct hf_err err = HF_ERR_INIT;

    hf_sim_fleet_free(d->fleet);
    free(d->fleet_dir);
    if (d->dir[0] && hf_rmtree(d->dir, &err) < 0)
        (void)fprintf(stderr, "hotfleet: %s\n", err.text);
}

/* Everything lives in one folder that goes away again, also the state. */
static int
demo_open(struct demo *d, size_t hosts, struct hf_err *err)
{
    const char *tmp = getenv("TMPDIR");
    struct hf_sim_options o = {.windows = hosts * WINDOWS_PERCENT / 100};
    char *state;

    (void)snprintf(d->dir, sizeof(d->dir), "%.40s/hotfleet-demo-XXXXXX",
                   tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(d->dir)) {
        d->dir[0] = '\0';
        return hf_fail(err, HF_EIO, "cannot make a temporary folder in '%s'",
                       tmp && *tmp ? tmp : "/tmp");
    }
    state = hf_path_join(d->dir, "state");
    (void)setenv("XDG_STATE_HOME", state, 1);
    free(state);
    d->fleet_dir = hf_path_join(d->dir, "fleet");
    (void)fprintf(stderr, "making a SIMULATED fleet of %zu host%s\n", hosts,
                  hf_plural(hosts));
    return hf_sim_fleet_new(&d->fleet, d->fleet_dir, hosts, &o, err);
}

static int
demo_session(struct hf_cli *cli, const struct demo *d, struct hf_err *err)
{
    struct hf_session_options o = {.dir = d->fleet_dir};

    return hf_session_open(&cli->session, &o, &cli->problems, err);
}

/* Runs one verb as if it had been typed. */
static int
demo_step(struct hf_cli *cli, const char *verb, const char *selector, int act)
{
    struct hf_cli sub = *cli;
    char *args[2] = {(char *)verb, (char *)selector};
    int words;

    memset(sub.opt, 0, sizeof(sub.opt));
    sub.verb = hf_verb_find(1, args, &words);
    sub.argc = selector ? 1 : 0;
    sub.argv = args + 1;
    sub.tty_in = act; /* nobody is asked: --yes */
    sub.opt[HF_OPT_YES] = act ? "" : NULL;
    sub.opt[HF_OPT_CONTINUE] = act ? "" : NULL;
    sub.opt[HF_OPT_CHANGE] = act ? "DEMO-1" : NULL;
    sub.opt[HF_OPT_REASON] = act ? "demonstration" : NULL;
    return sub.verb->run(&sub);
}

static int
demo_headless(struct hf_cli *cli)
{
    int status = HF_EXIT_OK;

    for (size_t i = 0; i < HF_COUNT(steps); i++) {
        int got;

        (void)printf("\n===== SIMULATED: %s =====\n$ hotfleet %s%s%s%s\n\n",
                     steps[i].title, steps[i].verb,
                     steps[i].selector ? " '" : "",
                     steps[i].selector ? steps[i].selector : "",
                     steps[i].selector ? "'" : "");
        (void)fflush(stdout);
        got = demo_step(cli, steps[i].verb, steps[i].selector, steps[i].act);
        /* Unwell hosts are part of the show; an action must work. */
        if (steps[i].act && got != HF_EXIT_OK)
            status = got;
    }
    return status;
}

static int
run_demo(struct hf_cli *cli)
{
    struct demo d = {0};
    struct hf_err err = HF_ERR_INIT;
    int64_t hosts = DEMO_HOSTS;
    int status;

    if (hf_cli_number(cli, HF_OPT_HOSTS, 40, DEMO_MOST, &hosts, &err) < 0 ||
        demo_open(&d, (size_t)hosts, &err) < 0 ||
        demo_session(cli, &d, &err) < 0) {
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, &err);
    } else if (cli->tty_in && cli->tty_out) {
        status = cli->console->run(cli, cli->session);
    } else {
        status = demo_headless(cli);
    }
    hf_session_free(cli->session);
    cli->session = NULL;
    demo_close(&d);
    return status;
}

const struct hf_verb hf_verb_demo = {
    .name = "demo",
    .group = "learn",
    .args = "",
    .summary = "try everything on a simulated fleet",
    .help = "Starts simulated hosts inside the program, spoken to over real "
            "SSH on loopback.\nWith a terminal the console opens; without one "
            "check, apply, verify and rollback\nrun and report. Everything is "
            "gone afterwards.",
    .examples = "  hotfleet demo\n  hotfleet demo --hosts 500\n"
                "  hotfleet demo </dev/null | less\n",
    .options = HF_OPT_BIT(HF_OPT_HOSTS) | HF_OPT_BIT(HF_OPT_ASCII),
    .run = run_demo,
};
