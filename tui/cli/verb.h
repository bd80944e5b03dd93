/*
 * Command-line verbs: one const row each, carrying behaviour and help. The
 * dispatcher parses options from the rows, checks what a verb needs and
 * explains a refusal; --help and the README are made from the rows.
 */
#ifndef HF_CLI_VERB_H
#define HF_CLI_VERB_H

#include <stdio.h>

#include "playbooks/session.h"

/* Exit statuses; their meaning: hf_exit_rows. */
enum hf_exit {
    HF_EXIT_OK = 0,
    HF_EXIT_USAGE = 1,
    HF_EXIT_FAILED = 2,
    HF_EXIT_HALTED = 3,
    HF_EXIT_UNVERIFIED = 4,
    HF_EXIT_APPROVAL = 5,
    HF_EXIT_WINDOW = 6,
    HF_EXIT_STALE = 7,
    HF_EXIT_LOCKED = 8,
    HF_EXIT_AUDIT = 9,
    HF_EXIT_WORK = 10,
    HF_EXIT_INTERRUPTED = 130,
};
struct hf_exit_row {
    int status;
    const char *meaning;
};
extern const struct hf_exit_row hf_exit_rows[]; /* ended by a NULL meaning */

/* Every option of every verb; a verb lists those it takes. */
enum hf_opt {
    HF_OPT_HELP,
    HF_OPT_DIR, /* -C */
    HF_OPT_JSON,
    HF_OPT_JSONL,
    HF_OPT_READ_ONLY,
    HF_OPT_PARALLEL,
    HF_OPT_CHANGE,
    HF_OPT_REASON,
    HF_OPT_YES,
    HF_OPT_EXPECT, /* --expect-hosts */
    HF_OPT_DRY_RUN,
    HF_OPT_CONTINUE,
    HF_OPT_AGAIN,
    HF_OPT_OLD_CATALOGUE,
    HF_OPT_EXIT_CODE,
    HF_OPT_FROM,
    HF_OPT_KERNEL,
    HF_OPT_CVE,
    HF_OPT_UNTIL,
    HF_OPT_COMPLETE, /* --complete-until */
    HF_OPT_REPLACES,
    HF_OPT_SOURCE,
    HF_OPT_HOST,
    HF_OPT_VERIFY,
    HF_OPT_NAME,
    HF_OPT_RING,
    HF_OPT_MAP,
    HF_OPT_HOSTS, /* demo: how many */
    HF_OPT_FAULTS,
    HF_OPT_SEED,
    HF_OPT_KEEP,
    HF_OPT_HEADLESS,
    HF_OPT_ASCII,
    HF_OPT_LIMIT,
    HF_OPT_DIFF,
    HF_OPT_SINCE, /* schedule: --from */
    HF_OPT_TO,
    HF_OPT_ICS,
    HF_OPT_FRESH,
    HF_OPT_TAKEN,
    HF_OPT_TICK,
    HF_OPT_ALL,
    HF_OPT_JUNIT,
    HF_OPT_PROMETHEUS,
    HF_OPT_FAIL, /* rehearse */
    HF_OPT_AIL,  /* rehearse: --faults */
    HF_OPT_PLAN_ONLY,
    HF_OPT_COMPARE, /* plan: --diff */
    HF_OPT_SUPERSEDE,
    HF_OPT_FINISH,
    HF_OPT_TAKEOVER,
    HF_OPT_CSV,
    HF_OPT_ON_CVE, /* report exposure, check: --cve */
    HF_OPT_BREAK_GLASS,
    HF_OPT_OWNER,
    HF_OPT_TICKET,
    HF_OPT_CONTROL,
    HF_OPT_ENDS, /* exception: --until */
    HF_OPT_WHAT_IF,
    HF_OPT_HTML,
    HF_OPT_DAYS,
    HF_OPT_RUN,
    HF_OPT_RELEASE,
    HF_OPT_NO_BLOCK,
    HF_OPT_POTENTIAL,
    HF_OPT_KIND,
    HF_OPT_MONTHLY,
    HF_OPT_WEEKLY,
    HF_OPT_AT,
    HF_OPT_LENGTH,
    HF_OPT_BEGINS, /* window: --from */
    HF_OPT_STOPS,  /* window: --to */
    HF_OPT_COUNT
};

/* Those that a verb takes: HF_OPTS(HF_OPTS_FLEET, HF_OPT_YES). */
#define HF_OPTS(...) ((const enum hf_opt[]){__VA_ARGS__, HF_OPT_COUNT})
/* Options of every verb that opens a fleet. */
#define HF_OPTS_FLEET HF_OPT_DIR, HF_OPT_JSON, HF_OPT_READ_ONLY
/* Of those that act on hosts; of those that change many of them. */
#define HF_OPTS_ACT                                                        \
    HF_OPTS_FLEET, HF_OPT_JSONL, HF_OPT_CHANGE, HF_OPT_REASON, HF_OPT_YES, \
        HF_OPT_EXPECT, HF_OPT_DRY_RUN, HF_OPT_PARALLEL
#define HF_OPTS_CHANGE HF_OPTS_ACT, HF_OPT_CONTINUE

struct hf_opt_row {
    const char *name; /* long name */
    char letter;      /* or 0 */
    const char *arg;  /* "N", "FILE", or NULL: a switch */
    const char *help;
};
extern const struct hf_opt_row hf_opt_rows[HF_OPT_COUNT];

struct hf_cli;

enum hf_verb_flag {
    HF_VERB_NEEDS_FLEET = 1 << 0, /* a session is opened first */
    HF_VERB_WRITES = 1 << 1,      /* refused by --read-only */
    HF_VERB_CHANGES = 1 << 2,     /* changes hosts: asks, needs --yes
                                     without a terminal */
    HF_VERB_HIDDEN = 1 << 3,
    HF_VERB_NAMES_HOSTS = 1 << 4, /* a blank selector is not every host */
};

struct hf_verb {
    const char *name;     /* "hosts", or two words: "catalogue add" */
    const char *group;    /* "look", "act", "keep", "learn" */
    const char *args;     /* "[SELECTOR]" */
    const char *summary;  /* one line, lower case */
    const char *help;     /* a few sentences, filled when shown; or NULL */
    const char *examples; /* lines, each a command */
    const enum hf_opt *options; /* HF_OPTS(...), or NULL: none */
    unsigned flags;
    const char *again;              /* what --again means to it, or NULL */
    int min_args, max_args;         /* -1: any number */
    int (*run)(struct hf_cli *cli); /* returns an enum hf_exit */
};
extern const struct hf_verb *const hf_verbs[]; /* NULL-terminated */
#define HF_VERBS_MAX 64                        /* more than there are */
/* The verb that the first words of argv name ("hosts", "catalogue add"), and
 * how many words those are; or NULL. */
const struct hf_verb *hf_verb_find(int argc, char **argv, int *words);

/* Every verb takes HF_OPT_HELP; no verb (NULL, "hotfleet -C DIR") what opens a
 * fleet. */
int hf_verb_takes(const struct hf_verb *verb, enum hf_opt opt);

/* What a verb works with. */
struct hf_cli {
    const struct hf_verb *verb;
    int argc; /* positional arguments after the verb */
    char **argv;
    const char *opt[HF_OPT_COUNT];    /* value, "" for a switch, or NULL */
    struct hf_strs all[HF_OPT_COUNT]; /* every value, when given often */
    struct hf_session *session;       /* with HF_VERB_NEEDS_FLEET */
    struct hf_problems problems;      /* of the inventory */
    int tty_in, tty_out, tty_err;
    uint64_t told; /* events on the stream of --jsonl */
    int color;     /* colours allowed on stdout */
    int ascii;
    size_t columns; /* of the terminal, else 0: no limit */
    const struct hf_cli_console *console;
};

/* What the command line has from the console above it. */
struct hf_cli_console {
    /* Opens it on a session; an exit status. */
    int (*run)(struct hf_cli *cli, struct hf_session *s);
    /* Prints its keys; an exit status. */
    int (*keys)(FILE *to);
};

/* The program without its console: parses, dispatches, returns the exit
 * status. A bare "hotfleet" opens the console. */
int hf_cli_main(int argc, char **argv, const struct hf_cli_console *console);

/* ---- for verbs ---- */

/* "hotfleet: <text>" and "  hint: ..." on stderr. */
void hf_cli_complain(const struct hf_err *err);
/* The same; the exit status that goes with the code. */
int hf_cli_fail(struct hf_cli *cli, const struct hf_err *err);
/* The first problems on stderr, one a line, errors before warnings; how many
 * more there are. */
#define HF_CLI_PROBLEMS_SHOWN 3
void hf_cli_problems(struct hf_cli *cli);
/* Joins the positional arguments from `first` with spaces and parses them as
 * a selector. NULL text when there are none. */
int hf_cli_selector(struct hf_cli *cli, int first, char **text,
                    struct hf_selector **out, struct hf_err *err);
/* Indices of the matching states; "none matched" is HF_ENOTFOUND when
 * something was asked for. */
int hf_cli_select(struct hf_cli *cli, int first, const struct hf_state ***out,
                  size_t *n, char **text, struct hf_err *err);
/* The host of that name; NULL after an error was printed (exit status
 * HF_EXIT_USAGE). */
const struct hf_state *hf_cli_host(struct hf_cli *cli, const char *name);
/* Names of states, a borrowed list whose array is the caller's. */
const char **hf_cli_names(const struct hf_state *const *states, size_t n);
/* All values of an option, NULL-terminated: a borrowed list whose array is
 * the caller's. */
const char **hf_cli_values(const struct hf_cli *cli, enum hf_opt opt);
/* --reason without blanks around it, the caller's; HF_EUSAGE "<what> wants a
 * reason" when there is none. */
int hf_cli_reason(const struct hf_cli *cli, const char *what, char **out,
                  struct hf_err *err);
/* A number option; *out stays when it was not given. */
int hf_cli_number(const struct hf_cli *cli, enum hf_opt opt, int64_t min,
                  int64_t max, int64_t *out, struct hf_err *err);
/* {schema, fleet, commit, dirty, simulated, catalogue, at, exit}; caller's.
 * `exit` is added by hf_cli_print_doc. */
cJSON *hf_cli_doc(struct hf_cli *cli, const char *verb);
/* The same without a session; `fleet` NULL: what it would say is empty. */
cJSON *hf_cli_doc_of(const struct hf_fleet *fleet, const char *verb);
int hf_cli_print_doc(cJSON *doc, int status); /* takes doc; returns status */
cJSON *hf_cli_state_json(const struct hf_state *st, int with_facts);
/* {severity, file, line, column, path, text, hint}; caller's. */
cJSON *hf_cli_problem_json(const struct hf_problem *p);
/* {release, kernel, reason, by, run, since, until}; caller's. */
cJSON *hf_cli_block_json(const struct hf_block *b);
/* One line above tables: fleet, commit, dirty, simulated, catalogue's age. */
void hf_cli_header(struct hf_cli *cli);
char *hf_cli_header_line(struct hf_cli *cli); /* the caller's */
void hf_cli_header_to(struct hf_cli *cli, FILE *to);
/* A new folder "hotfleet-<what>-..." in $TMPDIR or /tmp; its path is the
 * caller's. */
int hf_cli_temporary(char **dir, const char *what, struct hf_err *err);
/* Where the fleet is: -C, $HOTFLEET_FLEET, or here. Borrowed. */
const char *hf_cli_dir(const struct hf_cli *cli);

/* Asks "text [y/N]" on the terminal; 1 = yes. */
int hf_cli_ask(struct hf_cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A line typed on the terminal, in `out`; NULL: there is none, or it is
 * blank. */
const char *
hf_cli_type(struct hf_cli *cli, char *out, size_t size, const char *question);
/* May `what` ("apply") happen to `n` hosts? Asks, or takes --yes and
 * --expect-hosts for the answer. HF_EUSAGE; HF_EREFUSED: it was no. */
int hf_cli_consent(struct hf_cli *cli, const char *what, size_t n,
                   struct hf_err *err);
/* --expect-hosts alone: HF_EUSAGE unless it was given as `n` or not at all. */
int hf_cli_expect(struct hf_cli *cli, size_t n, struct hf_err *err);

/* "commit 1a2b3c4d5e; undo: git revert 1a2b3c4d5e" after `done` ("held 2
 * hosts"); an empty `commit`: nothing was to be written. */
void
hf_cli_say_written(struct hf_cli *cli, const char *commit, const char *done);
/* "written": {"commit","undo"}, or nothing when `commit` is empty. */
void hf_cli_add_written(struct hf_cli *cli, cJSON *doc, const char *commit);
/* The host as one word that selects it and no other; caller's. */
char *hf_cli_word(struct hf_cli *cli, const char *host);

#endif
