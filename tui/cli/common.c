/* What verbs share: errors, selections, documents. Questions: consent.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/model/block.h"
#include "tui/cli/verb.h"
#include "tui/rows/header.h"

/* Exit statuses of errors that stop a verb before it began. */
static const struct {
    int code;
    enum hf_exit status;
} error_exits[] = {
    {HF_ELOCKED, HF_EXIT_LOCKED},          {HF_ESTALE, HF_EXIT_STALE},
    {HF_EREFUSED, HF_EXIT_APPROVAL},       {HF_ECANCELLED, HF_EXIT_INTERRUPTED},
    {HF_EUNREACHABLE, HF_EXIT_UNVERIFIED},
};

void
hf_cli_complain(const struct hf_err *err)
{
    (void)fprintf(stderr, "hotfleet: %s\n", err->text);
    if (err->hint[0])
        (void)fprintf(stderr, "  hint: %s\n", err->hint);
}

int
hf_cli_fail(struct hf_cli *cli, const struct hf_err *err)
{
    (void)cli;
    hf_cli_complain(err);
    for (size_t i = 0; i < HF_COUNT(error_exits); i++) {
        if (error_exits[i].code == err->code)
            return error_exits[i].status;
    }
    return HF_EXIT_USAGE;
}

/* Of one kind, as many as may still be shown: how many may be shown then. */
static size_t
print_kind(const struct hf_problems *all, int warnings, size_t left)
{
    struct hf_buf line = {0};

    for (size_t i = 0; i < all->len && left; i++) {
        if (!all->v[i].warning != !warnings)
            continue;
        hf_buf_clear(&line);
        hf_problem_format(&line, &all->v[i]);
        (void)fprintf(stderr, "%s\n", hf_buf_str(&line));
        left--;
    }
    hf_buf_release(&line);
    return left;
}

void
hf_cli_problems(struct hf_cli *cli)
{
    const struct hf_problems *all = &cli->problems;
    size_t left = print_kind(all, 0, HF_CLI_PROBLEMS_SHOWN);

    (void)print_kind(all, 1, left);
    if (all->len > HF_CLI_PROBLEMS_SHOWN)
        (void)fprintf(stderr, "and %zu more\n",
                      all->len - HF_CLI_PROBLEMS_SHOWN);
}

int
hf_cli_temporary(char **dir, const char *what, struct hf_err *err)
{
    const char *tmp = getenv("TMPDIR");

    tmp = tmp && *tmp ? tmp : "/tmp";
    *dir = hf_xasprintf("%s/hotfleet-%s-XXXXXX", tmp, what);
    if (mkdtemp(*dir))
        return HF_OK;
    free(*dir);
    *dir = NULL;
    return hf_fail(err, HF_EIO, "cannot make a temporary folder in '%s'", tmp);
}

const char *
hf_cli_dir(const struct hf_cli *cli)
{
    const char *env = getenv("HOTFLEET_FLEET");

    if (cli->opt[HF_OPT_DIR])
        return cli->opt[HF_OPT_DIR];
    return env && *env ? env : ".";
}

/* ---- selections ---- */

/* A variable of a script that is empty must not mean the whole fleet. */
static int
refuse_blank(const struct hf_cli *cli, int first, struct hf_err *err)
{
    if (!(cli->verb->flags & HF_VERB_NAMES_HOSTS))
        return HF_OK;
    for (int i = first; i < cli->argc; i++) {
        const char *arg = cli->argv[i];

        if (arg[strspn(arg, " \t\r\n")])
            continue;
        (void)hf_fail(err, HF_EUSAGE, "'%s': the selector is blank",
                      cli->verb->name);
        return hf_hint(err, "name the hosts; every host is: '*'");
    }
    return HF_OK;
}

int
hf_cli_selector(struct hf_cli *cli, int first, char **text,
                struct hf_selector **out, struct hf_err *err)
{
    struct hf_buf b = {0};
    int rc;

    *text = NULL;
    *out = NULL;
    if ((rc = refuse_blank(cli, first, err)) < 0)
        return rc;
    for (int i = first; i < cli->argc; i++)
        hf_buf_printf(&b, "%s%s", i > first ? " " : "", cli->argv[i]);
    rc = hf_selector_parse(out, hf_buf_str(&b), err);
    if (rc < 0)
        (void)hf_hint(err, "see: hotfleet help selectors");
    else if (b.len)
        *text = hf_xstrdup(hf_buf_str(&b));
    hf_buf_release(&b);
    return rc;
}

/* The host whose name is nearest to `word`, else where to look. */
static int
hint_near(const struct hf_cli *cli, const char *word, const char *elsewhere,
          struct hf_err *err)
{
    const struct hf_fleet *f = hf_session_fleet(cli->session);
    const char **names = hf_xcalloc(f->hosts_len + 1, sizeof(*names)), *near;

    for (size_t i = 0; i < f->hosts_len; i++)
        names[i] = f->hosts[i].name;
    near = hf_text_nearest(word, names);
    free(names);
    return near ? hf_hint(err, "did you mean '%s'?", near)
                : hf_hint(err, "%s", elsewhere);
}

int
hf_cli_select(struct hf_cli *cli, int first, const struct hf_state ***out,
              size_t *n, char **text, struct hf_err *err)
{
    struct hf_selector *sel = NULL;
    size_t len;
    const struct hf_state *states = hf_session_states(cli->session, &len);
    int64_t now = hf_now();
    int rc;

    *out = NULL;
    *n = 0;
    if ((rc = hf_cli_selector(cli, first, text, &sel, err)) < 0)
        return rc;
    *out = hf_xcalloc(len + 1, sizeof(**out));
    for (size_t i = 0; i < len; i++) {
        if (hf_selector_match(sel, &states[i], now))
            (*out)[(*n)++] = &states[i];
    }
    hf_selector_free(sel);
    if (*n)
        return HF_OK;
    free(*out);
    *out = NULL;
    if (!len) {
        (void)hf_fail(err, HF_ENOTFOUND, "the fleet has no hosts yet");
        return hf_hint(err, "see: hotfleet import --help");
    }
    (void)hf_fail(err, HF_ENOTFOUND, "no host matches '%s'",
                  *text ? *text : "");
    return hint_near(cli, *text ? *text : "",
                     "see: hotfleet hosts, hotfleet help selectors", err);
}

const struct hf_state *
hf_cli_host(struct hf_cli *cli, const char *name)
{
    const struct hf_state *st = hf_session_state(cli->session, name);
    struct hf_err err = HF_ERR_INIT;

    if (st)
        return st;
    (void)hf_fail(&err, HF_ENOTFOUND, "no host '%s'", name);
    (void)hint_near(cli, name, "see: hotfleet hosts", &err);
    (void)hf_cli_fail(cli, &err);
    return NULL;
}

const char **
hf_cli_names(const struct hf_state *const *states, size_t n)
{
    const char **names = hf_xcalloc(n + 1, sizeof(*names));

    for (size_t i = 0; i < n; i++)
        names[i] = states[i]->host->name;
    return names;
}

const char **
hf_cli_values(const struct hf_cli *cli, enum hf_opt opt)
{
    const struct hf_strs *all = &cli->all[opt];
    const char **values = hf_xcalloc(all->len + 1, sizeof(*values));

    for (size_t i = 0; i < all->len; i++)
        values[i] = all->v[i];
    return values;
}

int
hf_cli_reason(const struct hf_cli *cli, const char *what, char **out,
              struct hf_err *err)
{
    static const char blank[] = " \t\r\n";
    const char *text = cli->opt[HF_OPT_REASON];
    size_t len;

    text = text ? text + strspn(text, blank) : "";
    for (len = strlen(text); len && strchr(blank, text[len - 1]);)
        len--;
    *out = hf_xstrndup(text, len);
    if (len)
        return HF_OK;
    (void)hf_fail(err, HF_EUSAGE, "%s wants a reason", what);
    return hf_hint(err, "add --reason TEXT: everybody reads it who asks why");
}

int
hf_cli_number(const struct hf_cli *cli, enum hf_opt opt, int64_t min,
              int64_t max, int64_t *out, struct hf_err *err)
{
    if (!cli->opt[opt] || hf_parse_int(out, cli->opt[opt], min, max) == 0)
        return HF_OK;
    return hf_fail(
        err, HF_EUSAGE, "--%s wants a whole number from %lld to %lld, not '%s'",
        hf_opt_rows[opt].name, (long long)min, (long long)max, cli->opt[opt]);
}

/* ---- documents ---- */

cJSON *
hf_cli_doc_of(const struct hf_fleet *f, const char *verb)
{
    cJSON *doc = cJSON_CreateObject();
    char *schema = hf_xasprintf("hotfleet.%s/1", verb);

    hf_json_add_str(doc, "schema", schema);
    hf_json_add_str(doc, "fleet", f ? f->name : "");
    hf_json_add_str(doc, "commit", f ? f->commit : "");
    hf_json_add_bool(doc, "dirty", f && f->dirty);
    hf_json_add_bool(doc, "simulated", f && f->simulated);
    hf_json_add_str(doc, "catalogue",
                    f && f->catalogue ? f->catalogue->hash : "");
    hf_json_add_time(doc, "at", hf_now());
    free(schema);
    return doc;
}

cJSON *
hf_cli_doc(struct hf_cli *cli, const char *verb)
{
    return hf_cli_doc_of(hf_session_fleet(cli->session), verb);
}

int
hf_cli_print_doc(cJSON *doc, int status)
{
    char *text;

    hf_json_add_int(doc, "exit", status);
    text = hf_json_print_pretty(doc);
    (void)fputs(text, stdout);
    free(text);
    cJSON_Delete(doc);
    return status;
}

cJSON *
hf_cli_problem_json(const struct hf_problem *p)
{
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "severity", p->warning ? "warning" : "error");
    hf_json_add_str(obj, "file", p->file);
    hf_json_add_int(obj, "line", (int64_t)p->line);
    hf_json_add_int(obj, "column", (int64_t)p->column);
    hf_json_add_str(obj, "path", p->path);
    hf_json_add_str(obj, "text", p->text);
    hf_json_add_str(obj, "hint", p->hint);
    return obj;
}

cJSON *
hf_cli_block_json(const struct hf_block *b)
{
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "release", b->release);
    hf_json_add_str(obj, "kernel", b->kernel);
    hf_json_add_str(obj, "reason", b->reason);
    hf_json_add_str(obj, "by", b->by);
    hf_json_add_str(obj, "run", b->run);
    hf_json_add_time(obj, "since", b->since);
    hf_json_add_time(obj, "until", b->until);
    return obj;
}

static void
add_axis(cJSON *obj, const char *key, const char *state, const char *why)
{
    cJSON *axis = hf_json_add_obj(obj, key);

    hf_json_add_str(axis, "state", state);
    if (why[0])
        hf_json_add_str(axis, "why", why);
}

cJSON *
hf_cli_state_json(const struct hf_state *st, int with_facts)
{
    static const char *const survives[] = {"unknown", "yes", "no"};
    const struct hf_standing *s = &st->status;
    const struct hf_record *r = hf_state_record(st);
    cJSON *obj = cJSON_CreateObject(), *flags, *axis;

    hf_json_add_str(obj, "name", st->host->name);
    hf_json_add_str(obj, "address", st->host->address);
    hf_json_add_str(obj, "ring", st->host->ring);
    add_axis(obj, "coverage", hf_coverage_names[s->coverage], s->coverage_why);
    hf_json_add_time(cJSON_GetObjectItemCaseSensitive(obj, "coverage"), "until",
                     s->covered_until);
    add_axis(obj, "patch", hf_patch_names[s->patch], s->patch_why);
    add_axis(obj, "reboot", hf_reboot_names[s->reboot], s->reboot_why);
    flags = hf_json_add_arr(obj, "flags");
    for (int i = 0; i < HF_FLAG_COUNT; i++) {
        if (s->flags & (1u << i))
            hf_json_push_str(flags, hf_flag_names[i]);
    }
    if (s->restarted_why[0])
        hf_json_add_str(obj, "restarted", s->restarted_why);
    hf_json_add_str(obj, "level", s->level);
    hf_json_add_str(obj, "target", s->target);
    axis = hf_json_add_obj(obj, "survives_restart");
    hf_json_add_str(axis, "answer", survives[s->survives]);
    hf_json_add_str(axis, "by", s->survives_by);
    hf_json_add_time(obj, "seen", s->seen);
    if (st->net[0]) {
        axis = hf_json_add_obj(obj, "contact");
        hf_json_add_str(axis, "outcome", st->net);
        hf_json_add_str(axis, "why", r->net_why);
        hf_json_add_time(axis, "at", r->net_at);
    }
    if (!with_facts)
        return obj;
    cJSON_AddItemToObject(obj, "facts", hf_facts_to_json(&r->facts));
    cJSON_AddItemToObject(obj, "checks",
                          hf_findings_to_json(hf_state_findings(st)));
    return obj;
}

/* ---- for people ---- */

/* Every product whose rows are too old; without one the oldest in use. */
static void
add_catalogue_age(struct hf_buf *line, const struct hf_cli *cli)
{
    const struct hf_fleet *f = hf_session_fleet(cli->session);
    size_t n, overdue = 0;
    const struct hf_state *states = hf_session_states(cli->session, &n);
    const struct hf_product *oldest = hf_oldest_product(f, states, n);
    int64_t now = hf_now();

    for (size_t i = 0; f->catalogue && i < f->catalogue->products_len; i++) {
        const struct hf_product *p = &f->catalogue->products[i];
        int64_t at = hf_product_overdue_at(p);

        if (!at || at >= now || !hf_product_used(states, n, p->id))
            continue;
        hf_buf_printf(line, ", catalogue %s until %s (OVERDUE)", p->id,
                      p->complete_until);
        overdue++;
    }
    if (!overdue && oldest)
        hf_buf_printf(line, ", catalogue %s until %s", oldest->id,
                      oldest->complete_until);
}

void
hf_cli_header(struct hf_cli *cli)
{
    hf_cli_header_to(cli, stdout);
}

char *
hf_cli_header_line(struct hf_cli *cli)
{
    const struct hf_fleet *f = hf_session_fleet(cli->session);
    struct hf_buf line = {0};

    hf_buf_printf(&line, "fleet %s, %s@%.10s%s%s", f->name,
                  f->branch ? f->branch : "detached", f->commit,
                  f->dirty ? ", work tree dirty (not used)" : "",
                  f->simulated ? ", SIMULATED" : "");
    if (!f->ledger_remote)
        hf_buf_puts(&line, ", ledger local only");
    add_catalogue_age(&line, cli);
    return hf_buf_take(&line);
}

void
hf_cli_header_to(struct hf_cli *cli, FILE *to)
{
    char *line = hf_cli_header_line(cli);

    (void)fprintf(to, "%s\n\n", line);
    free(line);
}
