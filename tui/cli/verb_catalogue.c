/* hotfleet catalogue list: the known releases. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/model/block.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

#define DATE_LEN 10 /* "2027-03-31" of a time */

static size_t
count_cves(const struct hf_release *r)
{
    size_t n = 0;

    while (r->cves[n])
        n++;
    return n;
}

static size_t
count_releases(const struct hf_catalogue *c, const char *product)
{
    size_t n = 0;

    for (size_t i = 0; i < c->releases_len; i++)
        n += strcmp(c->releases[i].product, product) == 0;
    return n;
}

static const char *
date_text(char out[HF_TIME_LEN], int64_t at)
{
    if (!at)
        return NULL;
    (void)hf_time_format(out, at);
    out[DATE_LEN] = '\0';
    return out;
}

/* "3 d", "14 mo" since its release. */
static void
add_age(struct hf_table *t, const struct hf_release *r, int64_t now)
{
    const int64_t day = (int64_t)24 * 60 * 60 * 1000;
    int64_t days = (now - r->released) / day;

    if (!r->released || days < 0)
        hf_table_cell(t, NULL);
    else if (days < 62)
        hf_table_cellf(t, "%" PRId64 " d", days);
    else
        hf_table_cellf(t, "%" PRId64 " mo", days / 30);
}

static void
add_exploited(struct hf_table *t, const struct hf_catalogue *c,
              const struct hf_release *r)
{
    if (c->cves_len && r->cves[0])
        hf_table_cellf(t, "%zu", hf_release_exploited(c, r));
    else
        hf_table_cell(t, NULL);
}

static void
add_release(struct hf_table *t, const struct hf_catalogue *c,
            const struct hf_release *r, int64_t now)
{
    char date[HF_TIME_LEN];

    hf_table_cell(t, r->product);
    hf_table_cell(t, hf_release_type_names[r->type]);
    hf_table_cell(t, r->kernel ? r->kernel : r->month);
    hf_table_cell(t, r->patch ? r->patch : r->kb);
    hf_table_cell(t, r->version ? r->version : r->build);
    hf_table_cellf(t, "%zu", count_cves(r));
    add_exploited(t, c, r);
    add_age(t, r, now);
    hf_table_cell(t, date_text(date, r->covered_until));
    hf_table_cellf(t, "%s%s%s", r->certainty ? r->certainty : "",
                   r->certainty && r->known_issues ? "; " : "",
                   r->known_issues ? "known issues are published" : "");
    hf_table_cell(t, r->source);
}

/* A product that was asked for, else one that the fleet is known to run. */
static int
is_shown(const struct hf_cli *cli, const char *product)
{
    size_t n;
    const struct hf_state *states = hf_session_states(cli->session, &n);

    return cli->argc ? strcmp(product, cli->argv[0]) == 0
                     : hf_product_used(states, n, product);
}

static int
check_product(const struct hf_cli *cli, const struct hf_catalogue *c,
              struct hf_err *err)
{
    struct hf_buf all = {0};

    if (!cli->argc || hf_catalogue_product(c, cli->argv[0]))
        return HF_OK;
    for (size_t i = 0; i < c->products_len; i++)
        hf_buf_printf(&all, "%s%s", i ? ", " : "", c->products[i].id);
    (void)hf_fail(err, HF_ENOTFOUND, "no product '%s'", cli->argv[0]);
    (void)hf_hint(err, "one of: %s", hf_buf_str(&all));
    hf_buf_release(&all);
    return err->code;
}

/* Shown for every product: a block holds wherever the release would go. */
static void
print_blocks(const struct hf_fleet *fleet, int64_t now)
{
    size_t shown = 0;

    for (size_t i = 0; i < fleet->blocks_len; i++) {
        const struct hf_block *b = &fleet->blocks[i];
        char date[HF_TIME_LEN];

        if (!hf_block_holds(b, now))
            continue;
        if (!shown++)
            (void)puts("\nblocked");
        (void)printf("  %-12s %s%s%s", b->release, b->kernel ? "for " : "",
                     b->kernel ? b->kernel : "", b->kernel ? ": " : "");
        (void)printf("%s (%s, since %s", b->reason, b->by ? b->by : "?",
                     b->since ? date_text(date, b->since) : "?");
        if (b->until)
            (void)printf(", until %s", date_text(date, b->until));
        (void)puts(")");
    }
}

static void
print_products(const struct hf_catalogue *c, int64_t now)
{
    (void)puts("\nproducts");
    for (size_t i = 0; i < c->products_len; i++) {
        const struct hf_product *p = &c->products[i];
        int64_t due = hf_product_overdue_at(p);
        char date[HF_TIME_LEN];

        (void)printf("  %-12s %3zu releases, ", p->id,
                     count_releases(c, p->id));
        if (!p->complete_until)
            (void)puts("not said until when it is complete");
        else if (due && due < now)
            (void)printf("complete until %s, OVERDUE since %s\n",
                         p->complete_until, date_text(date, due));
        else
            (void)printf("complete until %s\n", p->complete_until);
    }
}

static void
print_catalogue(struct hf_cli *cli, const struct hf_catalogue *c)
{
    static const char *const heads[] = {
        "PRODUCT", "TYPE", "KERNEL/MONTH", "PATCH/KB",  "VERSION/BUILD", "CVES",
        "EXPL",    "AGE",  "COVERED",      "CERTAINTY", "SOURCE",        NULL};
    struct hf_table *t = hf_table_new(heads);
    size_t shown = 0;

    hf_cli_header(cli);
    for (size_t i = 0; i < c->releases_len; i++) {
        if (is_shown(cli, c->releases[i].product)) {
            add_release(t, c, &c->releases[i], hf_now());
            shown++;
        }
    }
    if (shown)
        hf_table_print(t, stdout, cli->columns, cli->ascii);
    else if (cli->argc)
        (void)puts("no releases yet; see: hotfleet catalogue add --help");
    else
        (void)puts("no host is known to run any of these; to see one: "
                   "hotfleet catalogue list PRODUCT");
    hf_table_free(t);
    print_blocks(hf_session_fleet(cli->session), hf_now());
    print_products(c, hf_now());
}

static cJSON *
release_json(const struct hf_catalogue *c, const struct hf_release *r)
{
    cJSON *obj = cJSON_CreateObject(), *cves;

    hf_json_add_str(obj, "product", r->product);
    hf_json_add_str(obj, "type", hf_release_type_names[r->type]);
    hf_json_add_str(obj, "month", r->month);
    hf_json_add_str(obj, "kb", r->kb);
    hf_json_add_str(obj, "build", r->build);
    hf_json_add_str(obj, "kernel", r->kernel);
    hf_json_add_str(obj, "patch", r->patch);
    hf_json_add_str(obj, "version", r->version);
    hf_json_add_str(obj, "sha256", r->sha256);
    hf_json_add_str(obj, "file", r->file);
    hf_json_add_str(obj, "replaces", r->replaces);
    cves = hf_json_add_arr(obj, "cves");
    for (size_t i = 0; r->cves[i]; i++)
        hf_json_push_str(cves, r->cves[i]);
    if (c->cves_len)
        hf_json_add_int(obj, "exploited", (int64_t)hf_release_exploited(c, r));
    if (r->known_issues)
        hf_json_add_bool(obj, "known_issues", 1);
    hf_json_add_time(obj, "released", r->released);
    hf_json_add_time(obj, "covered_until", r->covered_until);
    hf_json_add_str(obj, "incident", r->incident);
    hf_json_add_str(obj, "note", r->note);
    hf_json_add_str(obj, "source", r->source);
    hf_json_add_str(obj, "certainty", r->certainty);
    return obj;
}

static void
add_cves(cJSON *doc, const struct hf_catalogue *c)
{
    cJSON *arr = hf_json_add_arr(doc, "cves");

    for (size_t i = 0; i < c->cves_len; i++) {
        const struct hf_cve *cve = &c->cves[i];
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "id", cve->id);
        hf_json_add_str(obj, "severity", hf_severity_names[cve->severity]);
        hf_json_add_str(obj, "score", cve->score);
        hf_json_add_bool(obj, "exploited", cve->exploited);
        hf_json_add_bool(obj, "disclosed", cve->disclosed);
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
add_blocks(cJSON *doc, const struct hf_fleet *fleet)
{
    cJSON *arr = hf_json_add_arr(doc, "blocks");

    for (size_t i = 0; i < fleet->blocks_len; i++) {
        const struct hf_block *b = &fleet->blocks[i];
        cJSON *obj = hf_cli_block_json(b);

        hf_json_add_bool(obj, "holds", hf_block_holds(b, hf_now()));
        cJSON_AddItemToArray(arr, obj);
    }
}

static int
print_json(struct hf_cli *cli, const struct hf_catalogue *c)
{
    cJSON *doc = hf_cli_doc(cli, "catalogue"), *arr;
    int64_t now = hf_now();

    arr = hf_json_add_arr(doc, "products");
    for (size_t i = 0; i < c->products_len; i++) {
        const struct hf_product *p = &c->products[i];
        int64_t due = hf_product_overdue_at(p);
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "id", p->id);
        hf_json_add_str(obj, "title", p->title);
        hf_json_add_str(obj, "complete_until", p->complete_until);
        hf_json_add_time(obj, "overdue_at", due);
        hf_json_add_bool(obj, "overdue", due && due < now);
        cJSON_AddItemToArray(arr, obj);
    }
    add_cves(doc, c);
    add_blocks(doc, hf_session_fleet(cli->session));
    arr = hf_json_add_arr(doc, "releases");
    for (size_t i = 0; i < c->releases_len; i++) {
        if (!cli->argc || is_shown(cli, c->releases[i].product))
            cJSON_AddItemToArray(arr, release_json(c, &c->releases[i]));
    }
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

static int
run_list(struct hf_cli *cli)
{
    const struct hf_catalogue *c = hf_session_fleet(cli->session)->catalogue;
    struct hf_err err = HF_ERR_INIT;

    if (check_product(cli, c, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->opt[HF_OPT_JSON])
        return print_json(cli, c);
    print_catalogue(cli, c);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_catalogue_list = {
    .name = "catalogue list",
    .group = "keep",
    .args = "[PRODUCT]",
    .summary = "known releases, and until when each product is complete",
    .help = "Releases of what the fleet runs, or of PRODUCT. A product is "
            "overdue when its next release day has passed and no release of "
            "then is known: its hosts are then not called current.",
    .examples = "  hotfleet catalogue list\n"
                "  hotfleet catalogue list linux\n"
                "  hotfleet catalogue list --json | jq '.releases[].patch'\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = 1,
    .run = run_list,
};
