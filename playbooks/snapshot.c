/*
 * What the ledger said of all hosts at one of its commits, kept in the state
 * folder, so that opening a large fleet need not read thousands of documents
 * again.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/sealed.h"
#include "playbooks/session_priv.h"

#define SNAPSHOT_FILE "snapshot"
#define FORMAT "hotfleet-snapshot-3"
#define WORTH_IT 200 /* hosts: fewer documents are read as fast */

void
snapshot_save(const struct hf_session *s, const struct shelf *shelf)
{
    char *path = hf_path_join(s->state_dir, SNAPSHOT_FILE);
    size_t len;
    const void *image = shelf_image(shelf, &len);

    if (!s->o.read_only && s->ledger_tip[0] && s->fleet->hosts_len >= WORTH_IT)
        hf_sealed_write(path, FORMAT, s->ledger_tip, image, len);
    free(path);
}

struct shelf *
snapshot_load(const struct hf_session *s, char since[41])
{
    char *path = hf_path_join(s->state_dir, SNAPSHOT_FILE);
    char key[HF_SEALED_KEY];
    struct shelf *shelf = NULL;
    struct hf_buf file = {0};

    if (s->ledger_tip[0] && hf_sealed_read(&file, key, path, FORMAT) &&
        strlen(key) == 40) {
        memcpy(since, key, 41);
        shelf = shelf_open(&file, HF_SEALED_HEAD);
    }
    hf_buf_release(&file);
    free(path);
    return shelf;
}
