/* What runs need: the fleet's lock, the journal, the transport. */
#include <stdlib.h>
#include <unistd.h>

#include "playbooks/session_priv.h"

#define KEEP_JOURNALS 20

static void
drop_acks(struct hf_session *s)
{
    void *ack;

    while ((ack = hf_queue_pop(s->acks)))
        free(ack);
}

void
close_journal(struct hf_session *s, int rotate)
{
    struct hf_err ignored = HF_ERR_INIT;

    hf_journal_close(s->journal);
    if (s->journal && rotate)
        (void)hf_journal_rotate(s->state_dir, KEEP_JOURNALS, &ignored);
    s->journal = NULL;
    s->journalled = 0;
    drop_acks(s);
    if (s->lock_fd >= 0)
        (void)close(s->lock_fd);
    s->lock_fd = -1;
}

int
open_journal(struct hf_session *s, struct hf_err *err)
{
    int rc;

    if (s->journal)
        return HF_OK;
    if ((rc = hf_state_lock(&s->lock_fd, s->state_dir, s->operator_, err)) < 0)
        return rc;
    /* With the lock held nobody else writes: what is read now is the truth. */
    if ((rc = intents_load(s, err)) < 0)
        goto out;
    /* Old ones are moved away when everything in them is settled. */
    if (!s->intents_len && !s->unrecorded_len)
        (void)hf_journal_rotate(s->state_dir, KEEP_JOURNALS, err);
    rc = hf_journal_open(&s->journal, s->state_dir, s->acks, err);
out:
    if (rc < 0)
        close_journal(s, 0);
    else
        relay_unrecorded(s);
    return rc;
}

int
open_transport(struct hf_session *s, struct hf_err *err)
{
    struct hf_transport_options o = {.passphrase = s->o.passphrase,
                                     .ctx = s->o.ctx};

    if (s->transport)
        return HF_OK;
    return hf_transport_new(&s->transport, &o, s->results, err);
}
