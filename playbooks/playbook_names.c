/* Which playbooks there are. */
#include <stdlib.h>
#include <string.h>

#include "playbooks/playbook.h"

static char *
bare_name(const char *file)
{
    size_t n = strlen(file);

    return n > 5 && strcmp(file + n - 5, ".json") == 0
               ? hf_xstrndup(file, n - 5)
               : NULL;
}

int
hf_playbook_names(struct hf_repo *repo, const char *commit,
                  struct hf_strs *fleet, struct hf_strs *shipped,
                  struct hf_err *err)
{
    struct hf_strs files = {0};
    int rc = hf_repo_list(repo, commit, "playbooks", &files, err);

    for (size_t i = 0; i < files.len; i++) {
        char *name = bare_name(files.v[i]);

        if (name)
            hf_strs_add(fleet, name);
        free(name);
    }
    for (size_t i = 0; hf_shipped_playbooks[i].name; i++) {
        char *name = bare_name(hf_shipped_playbooks[i].name);

        hf_strs_add(shipped, name);
        free(name);
    }
    hf_strs_release(&files);
    return rc;
}
