/*
 * hotfleet enroll: fetches host keys, shows or compares them, and pins them
 * in the inventory. Nobody is logged in to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/cli/enroll.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

#define SETTLE_MS 30000
#define UNSEEN_MAX 10 /* keys that one answer may cover without a reason */

struct enrolment {
    struct hf_cli *cli;
    const struct hf_state **states;
    const char **names;
    size_t n;
    char *selector;
    struct hf_enroll_source *source;
    struct hf_scanned *shown;
    enum hf_enroll_status *status;
    size_t by[HF_ENROLL_STATUS_COUNT];
    char commit[41];
};

static void
enrolment_release(struct enrolment *e)
{
    hf_enroll_source_free(e->source);
    hf_scanned_free(e->shown, e->n);
    free(e->status);
    free(e->names);
    free(e->states);
    free(e->selector);
}

/* ---- which hosts ---- */

static int
choose(struct enrolment *e, struct hf_err *err)
{
    struct hf_cli *cli = e->cli;
    size_t all, kept = 0;
    int rc;

    if (cli->opt[HF_OPT_AGAIN] && !cli->argc) {
        (void)hf_fail(err, HF_EUSAGE, "--again wants the hosts to be named");
        return hf_hint(err, "for example: hotfleet enroll --again web-03");
    }
    if ((rc = hf_cli_select(cli, 0, &e->states, &all, &e->selector, err)) < 0)
        return rc;
    for (size_t i = 0; i < all; i++) {
        if (cli->opt[HF_OPT_AGAIN] || !e->states[i]->host->hostkey)
            e->states[kept++] = e->states[i];
    }
    e->n = kept;
    e->names = hf_cli_names(e->states, e->n);
    return HF_OK;
}

/* ---- what they showed ---- */

static void
on_tick(void *ctx, size_t done)
{
    const struct enrolment *e = ctx;

    if (e->cli->tty_err)
        (void)fprintf(stderr, "\r\033[Kasked %zu of %zu", done, e->n);
}

static int
scan(struct enrolment *e, struct hf_err *err)
{
    const char *from = e->cli->opt[HF_OPT_FROM];
    int rc;

    if (from && (rc = hf_enroll_source_load(&e->source, from, err)) < 0)
        return rc;
    rc = hf_session_scan(e->cli->session, e->names, e->n, &e->shown, on_tick, e,
                         err);
    if (e->cli->tty_err)
        (void)fputs("\r\033[K", stderr);
    if (rc < 0)
        return rc;
    e->status = hf_xcalloc(e->n + 1, sizeof(*e->status));
    for (size_t i = 0; i < e->n; i++) {
        e->status[i] = hf_enroll_judge(&e->shown[i], e->source);
        e->by[e->status[i]]++;
    }
    return HF_OK;
}

/* It shows the pinned key, and yet it is another machine than the one that
 * was recorded under the name: rebuilt with its keys, or a clone. */
static int
is_another(const struct enrolment *e, size_t i)
{
    return e->status[i] == HF_ENROLL_PINNED &&
           (e->states[i]->status.flags & HF_FLAG_IDENTITY_CHANGED);
}

static size_t
count_others(const struct enrolment *e)
{
    size_t n = 0;

    for (size_t i = 0; i < e->n; i++)
        n += is_another(e, i) != 0;
    return n;
}

static const char *
detail(const struct enrolment *e, size_t i, char was[HF_FINGERPRINT_LEN + 8])
{
    const char *pinned = e->shown[i].host->hostkey;
    struct hf_err err = HF_ERR_INIT;
    char fingerprint[HF_FINGERPRINT_LEN];

    if (e->status[i] == HF_ENROLL_UNREACHED)
        return e->shown[i].why;
    if (is_another(e, i))
        return "another machine id than the one recorded";
    if (e->status[i] == HF_ENROLL_PINNED || !pinned ||
        hf_hostkeys_fingerprint(fingerprint, pinned, &err) < 0)
        return "";
    (void)snprintf(was, HF_FINGERPRINT_LEN + 8, "pinned %s", fingerprint);
    return was;
}

static void
print_table(const struct enrolment *e, FILE *to)
{
    static const char *const heads[] = {
        "HOST", "ADDRESS", "TYPE", "FINGERPRINT", "STATUS", "DETAIL", NULL};
    struct hf_table *t = hf_table_new(heads);
    char was[HF_FINGERPRINT_LEN + 8];

    for (size_t i = 0; i < e->n; i++) {
        const struct hf_scanned *s = &e->shown[i];

        hf_table_cell(t, s->host->name);
        hf_table_cellf(t, "%s:%d", s->host->address, s->host->port);
        hf_table_cellf(t, "%.*s", s->key ? (int)strcspn(s->key, " ") : 0,
                       s->key ? s->key : "");
        hf_table_cell(t, s->fingerprint);
        hf_table_cell(t, hf_enroll_rows[e->status[i]].name);
        hf_table_cell(t, detail(e, i, was));
    }
    hf_table_print(t, to, 0, e->cli->ascii); /* fingerprints are never cut */
    hf_table_free(t);
    (void)fflush(to);
}

static int
print_json(const struct enrolment *e, int status)
{
    cJSON *doc = hf_cli_doc(e->cli, "enroll");
    cJSON *arr = hf_json_add_arr(doc, "hosts");
    char was[HF_FINGERPRINT_LEN + 8];

    for (size_t i = 0; i < e->n; i++) {
        const struct hf_scanned *s = &e->shown[i];
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "name", s->host->name);
        hf_json_add_str(obj, "address", s->host->address);
        hf_json_add_int(obj, "port", s->host->port);
        hf_json_add_str(obj, "key", s->key);
        hf_json_add_str(obj, "fingerprint", s->fingerprint);
        hf_json_add_str(obj, "status", hf_enroll_rows[e->status[i]].name);
        hf_json_add_str(obj, "detail", detail(e, i, was));
        cJSON_AddItemToArray(arr, obj);
    }
    hf_cli_add_written(e->cli, doc, e->commit);
    return hf_cli_print_doc(doc, status);
}

/* ---- whether and how to believe them ---- */

static size_t
count_pins(const struct enrolment *e)
{
    size_t n = 0;

    for (size_t i = 0; i < HF_ENROLL_STATUS_COUNT; i++) {
        if (hf_enroll_rows[i].pin)
            n += e->by[i];
    }
    return n;
}

static int
want_reason(const struct enrolment *e, size_t unseen, struct hf_err *err)
{
    size_t changed = e->by[HF_ENROLL_CHANGED], others = count_others(e);
    const char *reason = e->cli->opt[HF_OPT_REASON];

    if ((unseen <= UNSEEN_MAX && !changed && !others) || (reason && *reason))
        return HF_OK;
    if (others)
        (void)hf_fail(err, HF_EUSAGE,
                      "%zu host%s another machine than the one recorded: "
                      "rebuilt, or a clone",
                      others, others == 1 ? " is" : "s are");
    else if (changed)
        (void)hf_fail(err, HF_EUSAGE,
                      "%zu host%s another key than the pinned one: rebuilt, "
                      "or not the same machine",
                      changed, changed == 1 ? " shows" : "s show");
    else
        (void)hf_fail(err, HF_EUSAGE,
                      "%zu keys that nobody has compared: more than %d want "
                      "a reason",
                      unseen, UNSEEN_MAX);
    return hf_hint(err, "compare them: --from known_hosts|FILE; or say "
                        "--reason TEXT, which is recorded");
}

/* Trust on first use is a decision: a small one is asked for, a large one or
 * a changed key wants a reason that is recorded. */
static int
consent(const struct enrolment *e, struct hf_err *err)
{
    size_t n = count_pins(e) + count_others(e);
    int rc;

    if (e->source)
        return hf_cli_expect(e->cli, n, err);
    if ((rc = want_reason(e, n, err)) < 0)
        return rc;
    return hf_cli_consent(e->cli, "believe the keys of", n, err);
}

/* How the keys came to be believed, for the commit. */
static char *
describe_trust(const struct enrolment *e)
{
    const struct hf_cli *cli = e->cli;

    if (e->source)
        return hf_xasprintf("compared with %s", cli->opt[HF_OPT_FROM]);
    return hf_xasprintf("trust on first use%s%s%s",
                        cli->opt[HF_OPT_YES] ? ", not looked at (--yes)"
                                             : ", fingerprints were shown",
                        cli->opt[HF_OPT_REASON] ? ": " : "",
                        cli->opt[HF_OPT_REASON] ? cli->opt[HF_OPT_REASON] : "");
}

static int
pin(struct enrolment *e, struct hf_err *err)
{
    struct hf_pin *pins = hf_xcalloc(e->n + 1, sizeof(*pins));
    char *how = describe_trust(e);
    size_t n = 0;
    int rc;

    for (size_t i = 0; i < e->n; i++) {
        if (hf_enroll_rows[e->status[i]].pin)
            pins[n++] = (struct hf_pin){e->shown[i].host, e->shown[i].key};
    }
    rc = hf_hostkeys_pin(hf_session_repo(e->cli->session), pins, n, how,
                         e->commit, err);
    free(how);
    free(pins);
    return rc;
}

/* From now on these are the machines that are meant. */
static int
adopt(struct enrolment *e, struct hf_err *err)
{
    const char **names = hf_xcalloc(e->n + 1, sizeof(*names));
    size_t n = 0;
    int rc = HF_OK;

    for (size_t i = 0; i < e->n; i++) {
        if (is_another(e, i) || hf_enroll_rows[e->status[i]].pin)
            names[n++] = e->names[i];
    }
    if (n && e->cli->opt[HF_OPT_AGAIN])
        rc = hf_session_adopt(e->cli->session, names, n, err);
    free(names);
    if (rc == HF_OK && count_others(e))
        rc = hf_session_settle(e->cli->session, SETTLE_MS, err);
    return rc;
}

/* ---- the verb ---- */

static int
exit_status(const struct enrolment *e)
{
    for (size_t i = 0; i < HF_ENROLL_STATUS_COUNT; i++) {
        if (hf_enroll_rows[i].bad && e->by[i])
            return HF_EXIT_UNVERIFIED;
    }
    return HF_EXIT_OK;
}

static int
report(const struct enrolment *e)
{
    int status = exit_status(e);
    char done[64];

    if (e->cli->opt[HF_OPT_JSON])
        return print_json(e, status);
    if (!e->n)
        (void)puts("every host has a pinned key; to look anew: hotfleet enroll "
                   "--again HOST");
    if (e->commit[0]) {
        (void)snprintf(done, sizeof(done), "\npinned %zu host key%s",
                       count_pins(e), hf_plural(count_pins(e)));
        hf_cli_say_written(e->cli, e->commit, done);
    }
    return status;
}

static int
run_enroll(struct hf_cli *cli)
{
    struct enrolment e = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int status, rc;

    if ((rc = choose(&e, &err)) < 0 || (rc = scan(&e, &err)) < 0)
        goto out;
    if (e.n)
        print_table(&e, cli->opt[HF_OPT_JSON] ? stderr : stdout);
    if (!cli->opt[HF_OPT_DRY_RUN] && count_pins(&e) + count_others(&e) > 0 &&
        (rc = consent(&e, &err)) == HF_OK && (rc = pin(&e, &err)) == HF_OK)
        rc = adopt(&e, &err);
out:
    status = rc < 0 ? hf_cli_fail(cli, &err) : report(&e);
    enrolment_release(&e);
    return status;
}

const struct hf_verb hf_verb_enroll = {
    .name = "enroll",
    .group = "keep",
    .args = "[SELECTOR]",
    .summary = "fetch host keys, show or compare them, pin them",
    .help = "Asks hosts without a pinned key (with --again the named ones that "
            "have one, too); nobody is logged in to. With --from, keys that "
            "the file confirms are pinned and others are refused; without it "
            "the fingerprints are shown and you are asked. One commit. Exits "
            "with 4 when a host was not reached or is refused.",
    .examples = "  hotfleet enroll 'ring:canary'\n"
                "  hotfleet enroll --from known_hosts\n"
                "  hotfleet enroll --from fingerprints.txt   lines: HOST "
                "SHA256:...\n"
                "  hotfleet enroll --again web-03 --reason \"reinstalled\"\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_FROM, HF_OPT_AGAIN, HF_OPT_REASON,
                       HF_OPT_YES, HF_OPT_EXPECT, HF_OPT_DRY_RUN),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_NAMES_HOSTS,
    .max_args = -1,
    .again = "also hosts that have a pinned key",
    .run = run_enroll,
};
