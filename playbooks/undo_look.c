/* Finding out in pieces what can be taken back; see undo_look.h. */
#include "playbooks/undo_look.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/session_priv.h"
#include "playbooks/undo_reader.h"

#define PIECE_HOSTS 32   /* looked at; a fraction of a millisecond */
#define PIECE_PLACED 512 /* found in the fleet; the same */

/* Hosts as they stood at a moment. */
struct finding {
    const struct hf_state **states;
    struct hf_undoables u;
};

struct hf_undo_look {
    const struct hf_fleet *fleet;  /* NULL: forgotten, or none yet */
    struct finding *found;         /* complete, or NULL */
    struct finding *next;          /* being looked at, or NULL */
    struct hf_undo_past *past;     /* what both are priced by; NULL: none yet */
    struct hf_undo_past *news;     /* being placed in the fleet, or NULL */
    struct hf_undo_reader *reader; /* or NULL */
    char trouble[HF_WHY_LEN];
};

struct hf_undo_look *
hf_undo_look_new(void)
{
    return HF_NEW(struct hf_undo_look);
}

static void
drop_finding(struct finding **f)
{
    if (*f) {
        hf_undoables_release(&(*f)->u);
        free((*f)->states);
    }
    free(*f);
    *f = NULL;
}

static void
drop_past(struct hf_undo_past **p)
{
    if (*p)
        hf_undo_past_release(*p);
    free(*p);
    *p = NULL;
}

void
hf_undo_look_free(struct hf_undo_look *l)
{
    if (!l)
        return;
    drop_finding(&l->found);
    drop_finding(&l->next);
    drop_past(&l->past);
    drop_past(&l->news);
    hf_undo_reader_free(l->reader);
    free(l);
}

void
hf_undo_look_forget(struct hf_undo_look *l)
{
    drop_finding(&l->found);
    drop_finding(&l->next);
    l->fleet = NULL;
    if (l->news)
        drop_past(&l->past);
    else
        l->news = l->past; /* to be placed in the next fleet */
    l->past = NULL;
    if (l->news)
        hf_undo_past_meet(l->news, NULL);
}

/* ---- the past ---- */

static void
say_trouble(struct hf_undo_look *l, const struct hf_err *err)
{
    hf_say(l->trouble, sizeof(l->trouble), "%s", err->text);
}

/* What is known already goes up to the ledger's newest commit? */
static int
is_up_to_date(const struct hf_undo_look *l, struct hf_session *s)
{
    const struct hf_undo_past *p = l->news ? l->news : l->past;
    struct hf_err ignored = HF_ERR_INIT;
    char tip[41];

    return p && states_ledger_tip(s, tip, &ignored) == HF_OK &&
           strcmp(p->commit, tip) == 0;
}

static void
start_reading(struct hf_undo_look *l, struct hf_session *s)
{
    struct hf_err err = HF_ERR_INIT;

    if (l->reader || is_up_to_date(l, s))
        return;
    l->trouble[0] = '\0';
    if (hf_undo_reader_start(&l->reader, s, &err) < 0)
        say_trouble(l, &err);
}

static void
take_news(struct hf_undo_look *l)
{
    struct hf_err err = HF_ERR_INIT;

    if (!l->reader || !hf_undo_reader_is_over(l->reader))
        return;
    drop_past(&l->news);
    l->news = HF_NEW(struct hf_undo_past);
    if (hf_undo_reader_take(l->reader, l->news, &err) < 0) {
        say_trouble(l, &err);
        drop_past(&l->news);
    }
    hf_undo_reader_free(l->reader);
    l->reader = NULL;
}

/* 1: both findings are priced by the news now. */
static int
learn(struct hf_undo_look *l)
{
    if (!l->news->of)
        hf_undo_past_meet(l->news, l->fleet);
    if (hf_undo_past_place(l->news, l->fleet, PIECE_PLACED))
        return 0;
    if (l->found)
        hf_undoables_learn(&l->found->u, l->news);
    if (l->next)
        hf_undoables_learn(&l->next->u, l->news);
    drop_past(&l->past);
    l->past = l->news;
    l->news = NULL;
    return 1;
}

/* ---- looking ---- */

void
hf_undo_look_begin(struct hf_undo_look *l, struct hf_session *s, int64_t now)
{
    const struct hf_state *states;
    size_t n;

    if (l->next)
        return;
    l->fleet = hf_session_fleet(s);
    l->next = HF_NEW(struct finding);
    states = hf_session_states(s, &n);
    l->next->states = hf_xcalloc(n + 1, sizeof(*l->next->states));
    for (size_t i = 0; i < n; i++)
        l->next->states[i] = &states[i];
    hf_undoables_init(&l->next->u, l->fleet, l->next->states, n, l->past, now);
    start_reading(l, s);
}

/* A piece; 1: something new is to be shown. Who was looked at first is shown
 * until all are. */
static int
go_on(struct hf_undo_look *l)
{
    if (l->news)
        return learn(l) && (l->found || l->next);
    return !hf_undoables_look(&l->next->u, PIECE_HOSTS) || !l->found;
}

static int
is_complete(const struct finding *f)
{
    return f && f->u.len == f->u.n;
}

int
hf_undo_look_has_more(const struct hf_undo_look *l)
{
    return l->fleet && (l->news || (l->next && !is_complete(l->next)));
}

int
hf_undo_look_on(struct hf_undo_look *l, int64_t ms)
{
    int64_t since = hf_mono();
    int moved = 0;

    take_news(l);
    while (hf_undo_look_has_more(l) && hf_mono() - since < ms)
        moved |= go_on(l);
    return moved || is_complete(l->next);
}

const struct hf_undoables *
hf_undo_look_take(struct hf_undo_look *l)
{
    if (is_complete(l->next)) {
        drop_finding(&l->found);
        l->found = l->next;
        l->next = NULL;
    }
    if (l->found)
        return &l->found->u;
    return l->next ? &l->next->u : NULL;
}

int
hf_undo_look_is_looking(const struct hf_undo_look *l)
{
    return l->next != NULL;
}

int
hf_undo_look_is_reading(const struct hf_undo_look *l)
{
    return l->reader || l->news;
}

int64_t
hf_undo_look_at(const struct hf_undo_look *l)
{
    return l->found ? l->found->u.now : 0;
}

const char *
hf_undo_look_trouble(const struct hf_undo_look *l)
{
    return l->trouble;
}
