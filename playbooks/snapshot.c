/*
 * What the ledger said of all hosts at one of its commits, kept in the state
 * folder, so that opening a large fleet need not read thousands of documents
 * again. A cache: one that does not fit is passed over and made anew.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "playbooks/session_priv.h"

#define SNAPSHOT_FILE "snapshot"
#define SNAPSHOT_MAX (1u << 30)
#define WORTH_IT 200 /* hosts: fewer documents are read as fast */
#define FORMAT "hotfleet-snapshot-1"
#define NO_TEXT UINT32_MAX

/* Tells a damaged file; it is no protection against somebody who writes into
 * our own folder. FNV-1a over words of eight bytes. */
static int64_t
checksum(const char *data, size_t len)
{
    uint64_t sum = 14695981039346656037u, word;

    for (; len >= sizeof(word); data += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, data, sizeof(word));
        sum = (sum ^ word) * 1099511628211u;
        sum ^= sum >> 32;
    }
    for (; len > 0; data++, len--)
        sum = (sum ^ (unsigned char)*data) * 1099511628211u;
    return (int64_t)sum;
}

/* ---- writing ---- */

static void
put_number(struct hf_buf *out, int64_t n)
{
    hf_buf_add(out, &n, sizeof(n));
}

/* With its NUL, so that readers can point at it. */
static void
put_text(struct hf_buf *out, const char *text)
{
    uint32_t len = text ? (uint32_t)strlen(text) : NO_TEXT;

    hf_buf_add(out, &len, sizeof(len));
    if (text)
        hf_buf_add(out, text, (size_t)len + 1);
}

static void
put_head(struct hf_buf *out, const struct hf_session *s)
{
    put_text(out, FORMAT);
    put_text(out, s->ledger_tip);
    put_text(out, s->fleet->commit);
    put_number(out, (int64_t)s->states_len);
}

static void
put_state(struct hf_buf *out, const struct hf_state *st)
{
    const struct hf_record *record = hf_state_record(st);
    const struct hf_facts *facts = &record->facts;
    const struct hf_recent *r = &record->recent;
    const char *const texts[] = {r->run,        r->action,  r->outcome,
                                 r->level,      r->boot_id, r->why,
                                 r->machine_id, st->net,    record->net_why};

    for (size_t i = 0; i < HF_COUNT(texts); i++)
        put_text(out, texts[i]);
    put_number(out, r->at);
    put_number(out, record->net_at);
    put_number(out, (int64_t)facts->len);
    for (size_t i = 0; i < facts->len; i++) {
        const struct hf_fact *f = &facts->v[i];

        put_number(out, f->at);
        put_text(out, f->key);
        put_text(out, f->value);
        put_text(out, f->why);
        put_text(out, f->source);
    }
}

void
snapshot_save(const struct hf_session *s)
{
    char *path;
    struct hf_buf out = {0};
    struct hf_err ignored = HF_ERR_INIT;

    if (s->o.read_only || s->states_len < WORTH_IT)
        return;
    put_head(&out, s);
    for (size_t i = 0; i < s->states_len; i++)
        put_state(&out, &s->states[i]);
    put_number(&out, checksum(hf_buf_str(&out), out.len));
    path = hf_path_join(s->state_dir, SNAPSHOT_FILE);
    (void)hf_file_write(path, hf_buf_str(&out), out.len, 0600, &ignored);
    hf_buf_release(&out);
    free(path);
}

/* ---- reading ---- */

struct cursor {
    char *at, *end;
    int bad;
};

static const void *
take(struct cursor *c, size_t size)
{
    char *at = c->at;

    if ((size_t)(c->end - c->at) < size) {
        c->bad = 1;
        return NULL;
    }
    c->at += size;
    return at;
}

static int64_t
take_number(struct cursor *c)
{
    const void *from = take(c, sizeof(int64_t));
    int64_t n = 0;

    if (from)
        memcpy(&n, from, sizeof(n));
    return n;
}

/* Borrowed from the snapshot; NULL when there is none. */
static char *
take_text(struct cursor *c)
{
    const void *from = take(c, sizeof(uint32_t));
    uint32_t len = NO_TEXT;
    char *text;

    if (from)
        memcpy(&len, from, sizeof(len));
    if (len == NO_TEXT)
        return NULL;
    text = (char *)take(c, (size_t)len + 1);
    if (text && text[len] == '\0')
        return text;
    c->bad = 1;
    return NULL;
}

/* Its checksum is right and cut off then. */
static int
is_whole(struct cursor *c)
{
    size_t len = (size_t)(c->end - c->at);
    int64_t sum;

    if (len < sizeof(sum))
        return 0;
    c->end -= sizeof(sum);
    memcpy(&sum, c->end, sizeof(sum));
    return sum == checksum(c->at, len - sizeof(sum));
}

static int
is_text(struct cursor *c, const char *wanted)
{
    const char *text = take_text(c);

    return text && strcmp(text, wanted) == 0;
}

static int
head_fits(struct cursor *c, const struct hf_session *s)
{
    return is_text(c, FORMAT) && is_text(c, s->ledger_tip) &&
           is_text(c, s->fleet->commit) &&
           take_number(c) == (int64_t)s->states_len;
}

static void
copy_text(struct cursor *c, char *to, size_t size)
{
    const char *text = take_text(c);

    hf_say(to, size, "%s", text ? text : "");
}

static void
take_facts(struct cursor *c, struct hf_facts *facts)
{
    int64_t n = take_number(c);

    for (int64_t i = 0; i < n && !c->bad; i++) {
        struct hf_fact f = {.at = take_number(c)};

        f.key = take_text(c);
        f.value = take_text(c);
        f.why = take_text(c);
        f.source = take_text(c);
        if (!f.key || !f.value == !f.why)
            c->bad = 1;
        else
            hf_facts_lend(facts, &f);
    }
}

static void
take_state(struct cursor *c, struct hf_state *st)
{
    struct hf_record *record = hf_state_change(st);
    struct hf_recent *r = &record->recent;

    copy_text(c, r->run, sizeof(r->run));
    copy_text(c, r->action, sizeof(r->action));
    copy_text(c, r->outcome, sizeof(r->outcome));
    copy_text(c, r->level, sizeof(r->level));
    copy_text(c, r->boot_id, sizeof(r->boot_id));
    copy_text(c, r->why, sizeof(r->why));
    copy_text(c, r->machine_id, sizeof(r->machine_id));
    copy_text(c, st->net, sizeof(st->net));
    copy_text(c, record->net_why, sizeof(record->net_why));
    r->at = take_number(c);
    record->net_at = take_number(c);
    take_facts(c, &record->facts);
}

static void
forget(struct hf_session *s)
{
    for (size_t i = 0; i < s->states_len; i++) {
        struct hf_state *st = &s->states[i];
        const struct hf_host *host = st->host;

        hf_state_release(st);
        hf_state_init(st, host);
    }
    hf_buf_release(&s->snapshot);
}

int
snapshot_load(struct hf_session *s)
{
    char *path = hf_path_join(s->state_dir, SNAPSHOT_FILE);
    struct hf_err ignored = HF_ERR_INIT;
    struct cursor c = {0};
    int fits;

    fits = s->states_len >= WORTH_IT && s->ledger_tip[0] &&
           hf_file_read(&s->snapshot, path, SNAPSHOT_MAX, &ignored) == HF_OK;
    free(path);
    if (fits) {
        c.at = s->snapshot.data;
        c.end = c.at + s->snapshot.len;
        fits = is_whole(&c) && head_fits(&c, s);
    }
    for (size_t i = 0; fits && !c.bad && i < s->states_len; i++)
        take_state(&c, &s->states[i]);
    if (fits && !c.bad && c.at == c.end)
        return 1;
    forget(s);
    return 0;
}
