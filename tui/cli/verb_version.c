/* hotfleet version */
#include <cjson/cJSON.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>

#include "backend/ssh/transport.h"
#include "inventory/ics.h"
#include "tui/cli/verb.h"

static int
print_json(const char *ssh, const char *git)
{
    cJSON *doc = cJSON_CreateObject(), *libraries;
    char *text;

    hf_json_add_str(doc, "schema", "hotfleet.version/1");
    hf_json_add_str(doc, "version", HF_VERSION);
    libraries = hf_json_add_obj(doc, "libraries");
    hf_json_add_str(libraries, "ssh", ssh);
    hf_json_add_str(libraries, "libgit2", git);
    hf_json_add_str(libraries, "cJSON", cJSON_Version());
    hf_json_add_str(libraries, "libical", hf_ics_version());
    text = hf_json_print_pretty(doc);
    (void)fputs(text, stdout);
    free(text);
    cJSON_Delete(doc);
    return HF_EXIT_OK;
}

static int
run_version(struct hf_cli *cli)
{
    char *ssh = hf_ssh_versions(), git[48];
    int major, minor, rev;

    git_libgit2_version(&major, &minor, &rev);
    (void)snprintf(git, sizeof(git), "%d.%d.%d", major, minor, rev);
    if (cli->opt[HF_OPT_JSON])
        (void)print_json(ssh, git);
    else
        (void)printf("hotfleet %s\n%s\nlibgit2 %s\ncJSON %s\nlibical %s\n",
                     HF_VERSION, ssh, git, cJSON_Version(), hf_ics_version());
    free(ssh);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_version = {
    .name = "version",
    .group = "learn",
    .args = "",
    .summary = "versions of the program and of its libraries",
    .examples = "  hotfleet version\n  hotfleet version --json\n",
    .options = HF_OPTS(HF_OPT_JSON),
    .run = run_version,
};
