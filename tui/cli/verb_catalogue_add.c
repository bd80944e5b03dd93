/* hotfleet catalogue add: a live patch module and its row, in one commit. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/file.h"
#include "inventory/patchstore.h"
#include "tui/cli/verb.h"

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
    hf_json_add_str(doc, "vermagic", added.vermagic);
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
            "exactly the kernel that is named. Module and row go into the "
            "fleet repository in one commit.",
    .examples =
        "  hotfleet catalogue add klp_fix.ko --kernel \"$(uname -r)\" --cve "
        "CVE-2026-1234\n"
        "  hotfleet catalogue add fix_2.ko --kernel 6.1.0-56-amd64 "
        "--replaces '*' \\\n"
        "      --until 2027-03-31 --source \"built from linux 6.1.170-1\"\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_KERNEL, HF_OPT_CVE, HF_OPT_UNTIL,
                       HF_OPT_COMPLETE, HF_OPT_REPLACES, HF_OPT_SOURCE),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = 1,
    .run = run_add,
};
