/* hotfleet version */
#include <cjson/cJSON.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>

#include "backend/ssh/transport.h"
#include "tui/cli/verb.h"

static int
run_version(struct hf_cli *cli)
{
    char *ssh = hf_ssh_versions();
    int major, minor, rev;

    (void)cli;
    git_libgit2_version(&major, &minor, &rev);
    (void)printf("hotfleet %s\n%s\nlibgit2 %d.%d.%d\ncJSON %s\n", HF_VERSION,
                 ssh, major, minor, rev, cJSON_Version());
    free(ssh);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_version = {
    .name = "version",
    .group = "learn",
    .args = "",
    .summary = "versions of the program and of its libraries",
    .examples = "  hotfleet version\n",
    .run = run_version,
};
