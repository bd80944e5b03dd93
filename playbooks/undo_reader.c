/* Reading the past of rollbacks beside the console; see undo_reader.h. */
#include "playbooks/undo_reader.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "playbooks/session_priv.h"

/* Two have it, thread and owner; the second to let go frees it. */
struct hf_undo_reader {
    struct hf_session aside;
    struct hf_undo_past past;
    struct hf_err err;
    int rc;
    atomic_int over; /* the thread has let go: the rest is the owner's */
    atomic_int let_go;
};

static void
let_go(struct hf_undo_reader *r)
{
    if (!atomic_exchange(&r->let_go, 1))
        return;
    hf_undo_past_release(&r->past);
    session_aside_release(&r->aside);
    free(r);
}

static void *
read_past(void *ctx)
{
    struct hf_undo_reader *r = ctx;

    r->rc = hf_undo_past_load(&r->past, &r->aside, &r->err);
    atomic_store(&r->over, 1);
    let_go(r);
    return NULL;
}

int
hf_undo_reader_start(struct hf_undo_reader **out, const struct hf_session *s,
                     struct hf_err *err)
{
    struct hf_undo_reader *r = HF_NEW(struct hf_undo_reader);
    pthread_t thread;
    int rc;

    *out = NULL;
    if ((rc = session_aside(&r->aside, s, err)) < 0 ||
        (rc = hf_thread_spawn(&thread, "rollbacks", read_past, r, err)) < 0) {
        session_aside_release(&r->aside);
        free(r);
        return rc;
    }
    (void)pthread_detach(thread);
    *out = r;
    return HF_OK;
}

int
hf_undo_reader_is_over(const struct hf_undo_reader *r)
{
    return atomic_load(&r->over);
}

int
hf_undo_reader_take(struct hf_undo_reader *r, struct hf_undo_past *out,
                    struct hf_err *err)
{
    assert(hf_undo_reader_is_over(r));
    *out = r->past;
    r->past = (struct hf_undo_past){0};
    if (r->rc < 0)
        *err = r->err;
    return r->rc;
}

void
hf_undo_reader_free(struct hf_undo_reader *r)
{
    if (r)
        let_go(r);
}
