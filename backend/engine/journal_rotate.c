/* Moving a journal away once nothing in it is open any more. */
#include "backend/engine/journal_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/engine/journal.h"

/* An intent without an outcome. */
struct intent {
    char run[sizeof(((struct hf_event *)0)->run)];
    char host[sizeof(((struct hf_event *)0)->host)];
};

struct survey {
    uint64_t first;    /* number of the first event; 0: no event */
    uint64_t unkept;   /* the last event that the ledger must hold */
    uint64_t recorded; /* the ledger holds all up to here */
    struct intent *open;
    size_t len, cap;
};

/* What an event means for the question "is anything still open?" */
enum {
    OPENS = 1 << 0,     /* an intent */
    SETTLES = 1 << 1,   /* the intent of its run and host */
    TO_RECORD = 1 << 2, /* the ledger must come to hold it */
    RECORDED = 1 << 3,  /* the ledger holds all up to data.seq */
};

/* clang-format off */
static const unsigned meanings[HF_EVENT_KIND_COUNT] = {
    [HF_EVENT_RUN_STARTED] = TO_RECORD,
    [HF_EVENT_HOST_FACTS] = TO_RECORD,
    [HF_EVENT_HOST_INTENT] = OPENS,
    [HF_EVENT_HOST_OUTCOME] = SETTLES | TO_RECORD,
    [HF_EVENT_RUN_ENDED] = TO_RECORD,
    [HF_EVENT_RECORDED] = RECORDED,
    [HF_EVENT_RECOVERED] = SETTLES,
};
/* clang-format on */

static void
open_intent(struct survey *s, const struct hf_event *e)
{
    struct intent *intent = HF_PUSH(&s->open, &s->len, &s->cap);

    memcpy(intent->run, e->run, sizeof(e->run));
    memcpy(intent->host, e->host, sizeof(e->host));
}

static void
settle(struct survey *s, const struct hf_event *e)
{
    for (size_t i = s->len; i-- > 0;)
        if (strcmp(s->open[i].host, e->host) == 0 &&
            strcmp(s->open[i].run, e->run) == 0)
            s->open[i] = s->open[--s->len];
}

static int
look_at(void *ctx, struct hf_event *e)
{
    struct survey *s = ctx;
    unsigned meaning = meanings[e->kind];

    if (!s->first)
        s->first = e->seq;
    if (meaning & OPENS)
        open_intent(s, e);
    if (meaning & SETTLES)
        settle(s, e);
    if (meaning & TO_RECORD && !hf_event_is_of_part(e))
        s->unkept = e->seq;
    if (meaning & RECORDED)
        s->recorded = (uint64_t)hf_json_int(e->data, "seq", 0);
    return 0;
}

static int
prune(const char *dir, int keep, struct hf_err *err)
{
    uint64_t *done;
    size_t len;
    int rc = hf_journal_done_list(&done, &len, dir, err);

    /* the newest says where the numbers stand */
    for (size_t i = 0; i + (size_t)(keep > 1 ? keep : 1) < len; i++) {
        char *path = hf_journal_done_path(dir, done[i]);

        if (unlink(path) < 0)
            hf_log(HF_LOG_WARN, "cannot remove '%s'", path);
        free(path);
    }
    free(done);
    return rc;
}

static int
move_away(const char *dir, uint64_t first, struct hf_err *err)
{
    char *from = hf_path_join(dir, HF_JOURNAL_NAME);
    char *to = hf_journal_done_path(dir, first);
    int rc = HF_OK;

    if (hf_path_exists(to))
        rc = hf_fail(err, HF_EEXISTS, "'%s' is already there", to);
    else if (rename(from, to) < 0)
        rc = hf_fail_errno(err, errno, "cannot move '%s'", from);
    else
        rc = hf_fsync_dir(dir, err);
    free(from);
    free(to);
    return rc;
}

int
hf_journal_rotate(const char *dir, int keep, struct hf_err *err)
{
    struct survey s = {0};
    size_t bad;
    int rc = hf_journal_read(dir, look_at, &s, &bad, err);

    /* a line that cannot be read may be an open intent */
    if (rc == HF_OK && bad == 0 && s.first && s.len == 0 &&
        s.recorded >= s.unkept && (rc = move_away(dir, s.first, err)) == HF_OK)
        rc = prune(dir, keep, err);
    free(s.open);
    return rc;
}
