/* What people say to a rollout: into its inbox, and through the ledger. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "playbooks/rollout_log_priv.h"

/* The first name in the inbox: names begin with their time. */
static char *
first_in_inbox(const struct rollout_log *l)
{
    char *path = rollout_log_file(l->s, l->run, "inbox"), *first = NULL;
    DIR *dir = opendir(path);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)) != NULL) {
        if (!hf_run_id_valid(entry->d_name))
            continue;
        if (!first || strcmp(entry->d_name, first) < 0) {
            free(first);
            first = hf_xstrdup(entry->d_name);
        }
    }
    if (dir)
        (void)closedir(dir);
    free(path);
    return first;
}

static char *
name_of(const struct rollout_log *l, const char *folder, const char *id)
{
    return hf_xasprintf("%s/%s/%s", l->dir, folder, id);
}

/* Words that cannot be understood are put away like the others. */
static int
hear(struct rollout_log *l, const struct hf_plan *plan, const char *id,
     struct hf_rollout_event *out)
{
    char *from = name_of(l, "inbox", id), *to = name_of(l, "heard", id);
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};
    int rc = hf_file_read(&text, from, 1 << 16, &err);

    if (rc == HF_OK)
        rc = rollout_log_line(out, hf_buf_str(&text), text.len, plan, &err);
    (void)rename(from, to);
    hf_buf_release(&text);
    free(from);
    free(to);
    return rc == HF_OK;
}

/* What was said elsewhere comes through the ledger into the inbox. */
static void
fetch_said(struct rollout_log *l)
{
    char *folder = hf_ledger_run_path(l->run, "said"), tip[41] = "";
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_strs files = {0};

    if (states_ledger_tip(l->s, tip, &ignored) < 0 || !tip[0] ||
        hf_repo_list(l->s->repo, tip, folder, &files, &ignored) < 0)
        goto out;
    hf_strs_sort(&files);
    for (size_t i = 0; i < files.len; i++) {
        char *id = hf_xstrndup(files.v[i], strcspn(files.v[i], "."));
        char *heard = name_of(l, "heard", id), *inbox = name_of(l, "inbox", id);
        char *path = hf_path_join(folder, files.v[i]);
        struct hf_buf text = {0};

        if (hf_run_id_valid(id) && !hf_path_exists(heard) &&
            !hf_path_exists(inbox) &&
            hf_repo_read(l->s->repo, tip, path, &text, &ignored) == HF_OK)
            (void)hf_file_write(inbox, text.data, text.len, 0600, &ignored);
        hf_buf_release(&text);
        free(path);
        free(heard);
        free(inbox);
        free(id);
    }
out:
    hf_strs_release(&files);
    free(folder);
}

int
rollout_log_heard(struct rollout_log *l, const struct hf_plan *plan, int far,
                  struct hf_rollout_event *out)
{
    char *id;
    int rc = 0;

    if (far)
        fetch_said(l);
    while (!rc && (id = first_in_inbox(l)) != NULL) {
        rc = hear(l, plan, id, out);
        free(id);
    }
    return rc;
}
