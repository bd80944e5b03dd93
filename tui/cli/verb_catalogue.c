/* hotfleet catalogue: the known releases, and adding a live patch module. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/patchstore.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

#define DATE_LEN 10 /* "2027-03-31" of a time */

/* ---- list ---- */

static size_t
count_cves(const struct hf_release *r)
{
    size_t n = 0;

    while (r->cves[n])
        n++;
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

static void
add_release(struct hf_table *t, const struct hf_release *r)
{
    char date[HF_TIME_LEN];

    hf_table_cell(t, r->product);
    hf_table_cell(t, hf_release_type_names[r->type]);
    hf_table_cell(t, r->kernel ? r->kernel : r->month);
    hf_table_cell(t, r->patch ? r->patch : r->kb);
    hf_table_cell(t, r->version ? r->version : r->build);
    hf_table_cellf(t, "%zu", count_cves(r));
    hf_table_cell(t, date_text(date, r->covered_until));
    hf_table_cell(t, r->certainty);
}

static void
print_products(const struct hf_catalogue *c, int64_t now)
{
    (void)puts("\nproducts");
    for (size_t i = 0; i < c->products_len; i++) {
        const struct hf_product *p = &c->products[i];
        int64_t due = hf_product_overdue_at(p);
        char date[HF_TIME_LEN];

        (void)printf("  %-12s ", p->id);
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
        "PRODUCT", "TYPE",          "KERNEL/MONTH", "PATCH/KB", "VERSION/BUILD",
        "CVES",    "COVERED UNTIL", "CERTAINTY",    NULL};
    struct hf_table *t = hf_table_new(heads);

    hf_cli_header(cli);
    for (size_t i = 0; i < c->releases_len; i++)
        add_release(t, &c->releases[i]);
    if (c->releases_len)
        hf_table_print(t, stdout, cli->columns, cli->ascii);
    else
        (void)puts("no releases yet: hotfleet catalogue add FILE.ko");
    hf_table_free(t);
    print_products(c, hf_now());
}

static cJSON *
release_json(const struct hf_release *r)
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
    hf_json_add_time(obj, "released", r->released);
    hf_json_add_time(obj, "covered_until", r->covered_until);
    hf_json_add_str(obj, "note", r->note);
    hf_json_add_str(obj, "source", r->source);
    hf_json_add_str(obj, "certainty", r->certainty);
    return obj;
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
    arr = hf_json_add_arr(doc, "releases");
    for (size_t i = 0; i < c->releases_len; i++)
        cJSON_AddItemToArray(arr, release_json(&c->releases[i]));
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

static int
run_list(struct hf_cli *cli)
{
    const struct hf_catalogue *c = hf_session_fleet(cli->session)->catalogue;

    if (cli->opt[HF_OPT_JSON])
        return print_json(cli, c);
    print_catalogue(cli, c);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_catalogue_list = {
    .name = "catalogue list",
    .group = "keep",
    .args = "",
    .summary = "known releases, and until when each product is complete",
    .help = "A product is overdue when its next release day has passed and no "
            "release of then\nis known: hosts are then not called current.",
    .examples = "  hotfleet catalogue list\n"
                "  hotfleet catalogue list --json | jq '.releases[].patch'\n",
    .options = HF_OPTS_FLEET,
    .flags = HF_VERB_NEEDS_FLEET,
    .run = run_list,
};

/* ---- add ---- */

static int
need_kernel(const struct hf_cli *cli, struct hf_err *err)
{
    if (cli->opt[HF_OPT_KERNEL])
        return HF_OK;
    (void)hf_fail(err, HF_EUSAGE, "say which kernel the module is for");
    return hf_hint(err, "add --kernel RELEASE, as uname -r prints it there");
}

static int
store(struct hf_cli *cli, struct hf_patch_added *added, struct hf_err *err)
{
    struct hf_buf module = {0};
    const char **cves = NULL;
    struct hf_patch_spec spec = {
        .kernel = cli->opt[HF_OPT_KERNEL],
        .covered_until = cli->opt[HF_OPT_UNTIL],
        .replaces = cli->opt[HF_OPT_REPLACES],
        .complete_until = cli->opt[HF_OPT_COMPLETE],
        .source = cli->opt[HF_OPT_SOURCE],
    };
    int rc;

    if ((rc = need_kernel(cli, err)) < 0 ||
        (rc = hf_file_read(&module, cli->argv[0], HF_PATCH_MAX, err)) < 0)
        goto out;
    cves = hf_cli_values(cli, HF_OPT_CVE);
    spec.module = hf_buf_str(&module);
    spec.len = module.len;
    spec.cves = cves;
    rc = hf_patch_add(added, hf_session_repo(cli->session), &spec, err);
out:
    free(cves);
    hf_buf_release(&module);
    return rc;
}

static void
print_added(struct hf_cli *cli, const struct hf_patch_added *a)
{
    (void)printf("module     %s%s%s\nvermagic   %s\nsha256     %s\n"
                 "stored as  %s\n",
                 a->name, a->version[0] ? " " : "", a->version, a->vermagic,
                 a->sha256, a->path);
    if (a->complete_until[0])
        (void)printf("catalogue  complete until %s\n", a->complete_until);
    hf_cli_say_written(cli, a->commit, "added");
}

static int
run_add(struct hf_cli *cli)
{
    struct hf_patch_added added = {{0}};
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc;

    if (store(cli, &added, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (!cli->opt[HF_OPT_JSON]) {
        print_added(cli, &added);
        return HF_EXIT_OK;
    }
    doc = hf_cli_doc(cli, "catalogue-add");
    hf_json_add_str(doc, "patch", added.name);
    hf_json_add_str(doc, "version", added.version);
    hf_json_add_str(doc, "kernel", cli->opt[HF_OPT_KERNEL]);
    hf_json_add_str(doc, "sha256", added.sha256);
    hf_json_add_str(doc, "file", added.path);
    hf_cli_add_written(cli, doc, added.commit);
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

const struct hf_verb hf_verb_catalogue_add = {
    .name = "catalogue add",
    .group = "keep",
    .args = "FILE.ko",
    .summary = "store a live patch module with its row",
    .help = "The module is read, not loaded: it must be a livepatch built for "
            "exactly the kernel\nthat is named. Module and row go into the "
            "fleet repository in one commit.",
    .examples =
        "  hotfleet catalogue add klp_fix.ko --kernel \"$(uname -r)\" --cve "
        "CVE-2026-1234\n"
        "  hotfleet catalogue add fix_2.ko --kernel 6.1.0-56-amd64 "
        "--replaces '*' \\\n"
        "      --until 2027-03-31 --source \"built from linux 6.1.170-1\"\n",
    .options = HF_OPTS_FLEET | HF_OPT_BIT(HF_OPT_KERNEL) |
               HF_OPT_BIT(HF_OPT_CVE) | HF_OPT_BIT(HF_OPT_UNTIL) |
               HF_OPT_BIT(HF_OPT_COMPLETE) | HF_OPT_BIT(HF_OPT_REPLACES) |
               HF_OPT_BIT(HF_OPT_SOURCE),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = 1,
    .run = run_add,
};
