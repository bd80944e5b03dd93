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
#define DEMO_MOST 20000
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
    char *dir;
    int kept; /* `dir` is the user's */
    char *fleet_dir;
    struct hf_sim_options o;
    int64_t hosts;
    struct hf_sim_fleet *fleet;
};

static void
demo_close(struct demo *d)
{
    struct hf_err err = HF_ERR_INIT;

    hf_sim_fleet_free(d->fleet);
    if (d->kept && d->fleet)
        (void)fprintf(stderr,
                      "kept, without its hosts: XDG_STATE_HOME='%s/state' "
                      "hotfleet -C '%s'\n",
                      d->dir, d->fleet_dir);
    else if (d->dir && !d->kept && hf_rmtree(d->dir, &err) < 0)
        (void)fprintf(stderr, "hotfleet: %s\n", err.text);
    free(d->fleet_dir);
    free(d->dir);
}

static int
use_kept(struct demo *d, const char *dir, struct hf_err *err)
{
    int rc = hf_mkdirs(dir, 0755, err);

    if (rc < 0)
        return rc;
    d->dir = realpath(dir, NULL);
    d->kept = 1;
    return d->dir ? HF_OK : hf_fail(err, HF_EIO, "cannot use '%s'", dir);
}

/* "5%", "0.5%": to per mille. */
static int
read_faults(int *out, const char *text, struct hf_err *err)
{
    char *rest = NULL;
    double percent = text ? strtod(text, &rest) : 0;

    if (text && (rest == text || strcmp(rest + (*rest == '%'), "") != 0 ||
                 !(percent >= 0 && percent <= 100)))
        return hf_fail(err, HF_EUSAGE,
                       "--faults wants a percentage such as 5%%, not '%s'",
                       text);
    *out = (int)(percent * 10 + 0.5);
    return HF_OK;
}

static int
read_options(struct demo *d, const struct hf_cli *cli, struct hf_err *err)
{
    int64_t seed = 1;
    int rc;

    d->hosts = DEMO_HOSTS;
    if ((rc = hf_cli_number(cli, HF_OPT_HOSTS, 40, DEMO_MOST, &d->hosts, err)) <
            0 ||
        (rc = hf_cli_number(cli, HF_OPT_SEED, 0, INT32_MAX, &seed, err)) < 0 ||
        (rc = read_faults(&d->o.faults_per_mille, cli->opt[HF_OPT_FAULTS],
                          err)) < 0)
        return rc;
    d->o.seed = (uint64_t)seed;
    d->o.all_well = cli->opt[HF_OPT_FAULTS] != NULL;
    d->o.windows = (size_t)d->hosts * WINDOWS_PERCENT / 100;
    d->o.furnished = 1;
    return HF_OK;
}

/* Everything lives in one folder that goes away again, also the state. */
static int
demo_open(struct demo *d, const struct hf_cli *cli, struct hf_err *err)
{
    const char *keep = cli->opt[HF_OPT_KEEP];
    char *state;
    int rc;

    if ((rc = read_options(d, cli, err)) < 0 ||
        (rc = keep ? use_kept(d, keep, err)
                   : hf_cli_temporary(&d->dir, "demo", err)) < 0)
        return rc;
    state = hf_path_join(d->dir, "state");
    (void)setenv("XDG_STATE_HOME", state, 1);
    free(state);
    d->fleet_dir = hf_path_join(d->dir, "fleet");
    (void)fprintf(stderr, "making a SIMULATED fleet of %lld hosts\n",
                  (long long)d->hosts);
    return hf_sim_fleet_new(&d->fleet, d->fleet_dir, (size_t)d->hosts, &d->o,
                            err);
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
demo_headless(struct hf_cli *cli, const struct demo *d)
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
        /* Unwell hosts are part of the show; an action must work, unless
         * chance decided who is unwell. */
        if (steps[i].act && got != HF_EXIT_OK && !d->o.faults_per_mille)
            status = got;
    }
    return status;
}

static int
run_demo(struct hf_cli *cli)
{
    struct demo d = {0};
    struct hf_err err = HF_ERR_INIT;
    int status;

    if (demo_open(&d, cli, &err) < 0 || demo_session(cli, &d, &err) < 0) {
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, &err);
    } else if (cli->tty_in && cli->tty_out && !cli->opt[HF_OPT_HEADLESS]) {
        status = cli->console->run(cli, cli->session);
    } else {
        status = demo_headless(cli, &d);
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
            "SSH on loopback. With a terminal the console opens; without one "
            "check, apply, verify and rollback run and report. Everything is "
            "gone afterwards, unless --keep says where to keep it.",
    .examples = "  hotfleet demo\n"
                "  hotfleet demo --hosts 5000 --faults 5% --seed 7\n"
                "  hotfleet demo --headless | less\n"
                "  hotfleet demo --keep ~/demo\n",
    .options = HF_OPTS(HF_OPT_HOSTS, HF_OPT_FAULTS, HF_OPT_SEED, HF_OPT_KEEP,
                       HF_OPT_HEADLESS, HF_OPT_ASCII),
    .run = run_demo,
};
