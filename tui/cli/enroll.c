/* Judging host keys; see enroll.h. */
#include "tui/cli/enroll.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "inventory/fingerprints.h"

#define SOURCE_MAX (16u << 20)

/* clang-format off */
const struct hf_enroll_row hf_enroll_rows[HF_ENROLL_STATUS_COUNT] = {
    [HF_ENROLL_NEW] = {"new", 1, 0},
    [HF_ENROLL_CHANGED] = {"CHANGED", 1, 0},
    [HF_ENROLL_CONFIRMED] = {"confirmed", 1, 0},
    [HF_ENROLL_PINNED] = {"pinned", 0, 0},
    [HF_ENROLL_UNLISTED] = {"not-listed", 0, 1},
    [HF_ENROLL_MISMATCH] = {"MISMATCH", 0, 1},
    [HF_ENROLL_REVOKED] = {"REVOKED", 0, 1},
    [HF_ENROLL_UNREACHED] = {"unreachable", 0, 1},
};
/* clang-format on */

struct hf_enroll_source {
    struct hf_buf text;
    struct hf_known_hosts *known;
};

int
hf_enroll_source_load(struct hf_enroll_source **out, const char *from,
                      struct hf_err *err)
{
    struct hf_enroll_source *s = HF_NEW(struct hf_enroll_source);
    int own = strcmp(from, "known_hosts") == 0 && !hf_path_exists(from);
    char *path = hf_path_expand(own ? "~/.ssh/known_hosts" : from);
    int rc = hf_file_read(&s->text, path, SOURCE_MAX, err);

    *out = NULL;
    free(path);
    if (rc < 0) {
        hf_enroll_source_free(s);
        return rc;
    }
    s->known = hf_known_hosts_parse(hf_buf_str(&s->text), s->text.len);
    *out = s;
    return HF_OK;
}

void
hf_enroll_source_free(struct hf_enroll_source *source)
{
    if (!source)
        return;
    hf_known_hosts_free(source->known);
    hf_buf_release(&source->text);
    free(source);
}

/* What the file says of the key under one name of the host. */
static enum hf_known
ask_source(const struct hf_enroll_source *source, const char *name, int port,
           const struct hf_scanned *shown)
{
    enum hf_known known =
        hf_known_hosts_check(source->known, name, port, shown->key);

    if (known != HF_KNOWN_NO)
        return known;
    return hf_fingerprints_check(hf_buf_str(&source->text), source->text.len,
                                 name, port, shown->fingerprint);
}

/* The names of the host must not contradict each other. Its name in the
 * inventory is one host, whatever the port; an address is one with its port
 * only. */
static enum hf_enroll_status
compare(const struct hf_scanned *shown, const struct hf_enroll_source *source)
{
    const struct hf_host *h = shown->host;
    enum hf_known by_name = ask_source(source, h->name, 22, shown);
    enum hf_known by_address = ask_source(source, h->address, h->port, shown);

    if (by_name == HF_KNOWN_REVOKED || by_address == HF_KNOWN_REVOKED)
        return HF_ENROLL_REVOKED;
    if (by_name == HF_KNOWN_OTHER || by_address == HF_KNOWN_OTHER)
        return HF_ENROLL_MISMATCH;
    if (by_name == HF_KNOWN_SAME || by_address == HF_KNOWN_SAME)
        return HF_ENROLL_CONFIRMED;
    return HF_ENROLL_UNLISTED;
}

enum hf_enroll_status
hf_enroll_judge(const struct hf_scanned *shown,
                const struct hf_enroll_source *source)
{
    const char *pinned = shown->host->hostkey;
    enum hf_enroll_status found;

    if (!shown->key || !shown->fingerprint)
        return HF_ENROLL_UNREACHED;
    found = source ? compare(shown, source) : HF_ENROLL_NEW;
    if (found != HF_ENROLL_CONFIRMED && found != HF_ENROLL_NEW)
        return found;
    if (pinned && strcmp(pinned, shown->key) == 0)
        return HF_ENROLL_PINNED;
    if (found == HF_ENROLL_NEW && pinned)
        return HF_ENROLL_CHANGED;
    return found;
}
