/* Reading playbooks: the text, what it extends, and what must fit together. */
#include "playbooks/playbook.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/model/selector.h"
#include "playbooks/playbook_fields.h"

/* ---- what the tables cannot say ---- */

struct reading {
    struct hf_decoder *d;
    const struct playbook_doc *doc;
    struct hf_playbook *out;
    struct hf_arena *arena;
};

static void complain(struct reading *r, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
complain(struct reading *r, const char *path, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_decoder_problem(r->d, path, "%s", text);
}

static void
check_selector(struct reading *r, const char *path, const char *text)
{
    struct hf_selector *selector = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (text && hf_selector_parse(&selector, text, &err) < 0)
        complain(r, path, "%s", err.text);
    hf_selector_free(selector);
}

static int
gate_index(const struct reading *r, const char *name)
{
    const struct gate_doc *gates = r->doc->gates.v;

    for (size_t i = 0; i < r->doc->gates.len; i++) {
        if (gates[i].gate.name && strcmp(gates[i].gate.name, name) == 0)
            return (int)i;
    }
    return -1;
}

static size_t
count_texts(const char *const *v)
{
    size_t n = 0;

    while (v && v[n])
        n++;
    return n;
}

static void
resolve_ring_gates(struct reading *r, struct hf_playbook_ring *ring,
                   const struct ring_doc *doc, const char *path)
{
    size_t n = count_texts(doc->gates);
    int *gates = hf_arena_alloc(r->arena, (n + 1) * sizeof(*gates));

    for (size_t i = 0; i < n; i++) {
        if ((gates[i] = gate_index(r, doc->gates[i])) < 0) {
            complain(r, path,
                     "ring '%s' names gate '%s', which is not in "
                     "\"gates\"",
                     doc->name, doc->gates[i]);
            return;
        }
    }
    ring->gates = gates;
    ring->gates_len = n;
}

static void
resolve_ring(struct reading *r, struct hf_playbook_ring *ring,
             const struct ring_doc *doc, const char *path)
{
    size_t n = count_texts(doc->batches);
    struct hf_size *batches =
        hf_arena_alloc(r->arena, (n + 1) * sizeof(*batches));

    if (!doc->select == !doc->size)
        complain(r, path, "wants either \"select\" or \"size\"");
    check_selector(r, path, doc->select);
    *ring = (struct hf_playbook_ring){.name = doc->name,
                                      .select = doc->select,
                                      .soak = doc->soak,
                                      .approve = doc->approve,
                                      .intermittent = doc->intermittent,
                                      .catch_up = doc->catch_up,
                                      .has_control = doc->control != NULL};
    if (doc->size)
        (void)hf_size_parse(&ring->size, doc->size);
    if (doc->control)
        (void)hf_size_parse(&ring->control, doc->control);
    for (size_t i = 0; i < n; i++)
        (void)hf_size_parse(&batches[i], doc->batches[i]);
    ring->batches = batches; /* without any: one batch of all */
    ring->batches_len = n ? n : 1;
    resolve_ring_gates(r, ring, doc, path);
}

static void
resolve_rings(struct reading *r)
{
    const struct ring_doc *docs = r->doc->rings.v;
    size_t n = r->doc->rings.len;
    struct hf_playbook_ring *rings =
        hf_arena_alloc(r->arena, (n + 1) * sizeof(*rings));

    for (size_t i = 0; i < n; i++) {
        char path[64];

        (void)snprintf(path, sizeof(path), "$.rings[%zu]", i);
        for (size_t k = 0; docs[i].name && k < i; k++) {
            if (docs[k].name && strcmp(docs[k].name, docs[i].name) == 0)
                complain(r, path, "a second ring '%s'", docs[i].name);
        }
        resolve_ring(r, &rings[i], &docs[i], path);
    }
    r->out->rings = rings;
    r->out->rings_len = n;
}

static void
resolve_gate(struct reading *r, struct hf_gate *gate,
             const struct gate_doc *doc, const char *path)
{
    *gate = doc->gate;
    for (size_t i = 0; doc->checks && doc->checks[i]; i++) {
        int bit = hf_name_index(hf_signal_names, doc->checks[i]);

        if (bit < 0)
            complain(r, path, "no signal '%s'", doc->checks[i]);
        else
            gate->signals |= 1u << bit;
    }
    if (!doc->checks && gate->kind == HF_GATE_SAMPLES)
        gate->signals = gate->command ? HF_SIGNAL_COMMAND : HF_SIGNAL_CRITERIA;
    if (!(gate->signals & HF_SIGNAL_COMMAND) != !gate->command)
        complain(r, path,
                 "the signal \"command\" and the key \"command\" go together");
    if (gate->kind == HF_GATE_SIGNOFF && gate->signals)
        complain(r, path, "a sign-off takes no samples: drop \"checks\"");
    if (gate->kind == HF_GATE_SAMPLES && gate->every < 1000)
        complain(r, path, "\"every\" wants at least 1s");
}

static void
resolve_gates(struct reading *r)
{
    const struct gate_doc *docs = r->doc->gates.v;
    size_t n = r->doc->gates.len;
    struct hf_gate *gates = hf_arena_alloc(r->arena, (n + 1) * sizeof(*gates));

    for (size_t i = 0; i < n; i++) {
        char path[64];

        (void)snprintf(path, sizeof(path), "$.gates[%zu]", i);
        if (docs[i].gate.name && gate_index(r, docs[i].gate.name) != (int)i)
            complain(r, path, "a second gate '%s'", docs[i].gate.name);
        resolve_gate(r, &gates[i], &docs[i], path);
    }
    r->out->gates = gates;
    r->out->gates_len = n;
}

/* Kinds that only read go through one ring at once, unless rings are given. */
static void
default_ring(struct reading *r)
{
    static const struct hf_size all = {0};
    struct hf_playbook_ring *ring = hf_arena_alloc(r->arena, sizeof(*ring));

    *ring = (struct hf_playbook_ring){
        .name = "all", .batches = &all, .batches_len = 1};
    r->out->rings = ring;
    r->out->rings_len = 1;
}

static int
only_reads(int kind)
{
    return kind == HF_PLAYBOOK_CHECK || kind == HF_PLAYBOOK_VERIFY;
}

static void
resolve(struct reading *r)
{
    struct hf_playbook *pb = r->out;

    resolve_gates(r);
    resolve_rings(r);
    check_selector(r, "$.targets.select", pb->targets.select);
    if (!pb->rings_len && only_reads(pb->kind))
        default_ring(r);
    else if (!pb->rings_len)
        complain(r, "$", "a playbook of kind \"%s\" wants \"rings\"",
                 hf_playbook_kind_names[pb->kind]);
    if (pb->patch.month && pb->patch.kbs)
        complain(r, "$.patch", "either \"month\" or \"kbs\"");
    if (pb->targets.max && pb->targets.min > pb->targets.max)
        complain(r, "$.targets.expect_hosts", "\"min\" is above \"max\"");
    if (pb->limits.ramp > pb->limits.parallel)
        complain(r, "$.limits.ramp", "is above \"parallel\"");
    if (pb->undo.when != HF_UNDO_NEVER && pb->kind != HF_PLAYBOOK_ROLLOUT)
        complain(r, "$.rollback.when",
                 "only a rollout can be taken back by itself");
    if (pb->kind == HF_PLAYBOOK_REBOOT && pb->reboot.policy == HF_RESTART_NEVER)
        complain(r, "$.reboot.policy",
                 "a playbook of kind \"reboot\" wants if-needed or always");
}

/* ---- texts ---- */

static int
decode(struct playbook_doc *doc, struct hf_decoder *d, const char *name,
       const char *text, size_t len)
{
    char *file = hf_xasprintf("playbooks/%s.json", name);
    const char *kept = hf_arena_strdup(d->arena, file);

    free(file);
    return hf_decode_over(d, doc, hf_playbook_object, kept, text, len);
}

/* The playbook that the text extends, read into `doc` first. One level: what
 * is extended extends nothing. */
static int
decode_base(struct playbook_doc *doc, struct hf_decoder *d, const char *base,
            hf_playbook_source source, void *ctx, struct hf_err *err)
{
    struct hf_buf text = {0};
    int rc = source(ctx, base, &text, err);

    if (rc == HF_OK)
        rc = decode(doc, d, base, hf_buf_str(&text), text.len);
    if (rc == HF_OK && doc->extends) {
        hf_decoder_problem(d, "$.extends",
                           "'%s' is extended itself: one level is allowed",
                           base);
        rc = HF_EINVALID;
    }
    hf_buf_release(&text);
    return rc;
}

static int
decode_all(struct playbook_doc *doc, struct hf_decoder *d, const char *name,
           const char *text, size_t len, hf_playbook_source source, void *ctx,
           struct hf_err *err)
{
    struct playbook_doc own = *doc;
    const char *base;
    int rc;

    if ((rc = decode(&own, d, name, text, len)) < 0 || !own.extends) {
        *doc = own;
        return rc;
    }
    base = own.extends;
    if (!source || strcmp(base, name) == 0) {
        hf_decoder_problem(d, "$.extends", "cannot extend '%s'", base);
        return HF_EINVALID;
    }
    if ((rc = decode_base(doc, d, base, source, ctx, err)) < 0)
        return rc;
    return decode(doc, d, name, text, len);
}

int
hf_playbook_parse(struct hf_playbook *out, struct hf_arena *arena,
                  const char *name, const char *text, size_t len,
                  hf_playbook_source source, void *ctx,
                  struct hf_problems *problems, struct hf_err *err)
{
    struct playbook_doc doc = {.pb = hf_playbook_defaults};
    struct hf_decoder d = {.arena = arena, .problems = problems};
    size_t errors = problems->errors;
    struct reading r = {&d, &doc, out, arena};
    int rc;

    rc = decode_all(&doc, &d, name, text, len, source, ctx, err);
    if (rc == HF_OK) {
        *out = doc.pb;
        out->name = hf_arena_strdup(arena, name);
        resolve(&r);
    }
    hf_decoder_release(&d);
    if (rc < 0 && problems->errors == errors)
        return rc; /* the text that is extended was not to be had */
    if (problems->errors == errors)
        return HF_OK;
    return hf_fail(err, HF_EINVALID, "playbook '%s' has %zu problem%s", name,
                   problems->errors - errors,
                   problems->errors - errors == 1 ? "" : "s");
}

/* ---- where they are ---- */

#define BLOB_LEN 41

struct shelf {
    struct hf_repo *repo;
    const char *commit;
    char *blob; /* of the one that was asked for, BLOB_LEN; or NULL */
};

static const char *
shipped_text(const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; hf_shipped_playbooks[i].name; i++) {
        const char *file = hf_shipped_playbooks[i].name;

        if (strncmp(file, name, n) == 0 && strcmp(file + n, ".json") == 0)
            return hf_shipped_playbooks[i].text;
    }
    return NULL;
}

static int
no_playbook(const struct shelf *s, const char *name, struct hf_err *err)
{
    struct hf_strs known = {0};
    struct hf_err unread = HF_ERR_INIT;
    const char **names, *near;

    if (s->repo)
        (void)hf_playbook_names(s->repo, s->commit, &known, &known, &unread);
    names = hf_xcalloc(known.len + 1, sizeof(*names));
    for (size_t i = 0; i < known.len; i++)
        names[i] = known.v[i];
    near = hf_text_nearest(name, names);
    (void)hf_fail(err, HF_ENOTFOUND, "no playbook '%s'", name);
    (void)hf_hint(err,
                  near ? "did you mean '%s'?"
                       : "'hotfleet playbook list' names those there are",
                  near);
    free(names);
    hf_strs_release(&known);
    return err->code;
}

static int
read_shelf(void *ctx, const char *name, struct hf_buf *out, struct hf_err *err)
{
    const struct shelf *s = ctx;
    char *path = hf_xasprintf("playbooks/%s.json", name);
    struct hf_err missing = HF_ERR_INIT;
    int rc = HF_ENOTFOUND;

    if (hf_host_name_problem(name))
        rc = hf_fail(err, HF_EINVALID, "'%s' is no name of a playbook", name);
    else if (s->repo)
        rc = hf_repo_read(s->repo, s->commit, path, out, &missing);
    if (rc == HF_OK && s->blob)
        rc = hf_repo_blob(s->repo, s->commit, path, s->blob, err);
    if (rc == HF_ENOTFOUND && shipped_text(name)) {
        hf_buf_puts(out, shipped_text(name));
        if (s->blob)
            hf_say(s->blob, BLOB_LEN, "shipped");
        rc = HF_OK;
    } else if (rc == HF_ENOTFOUND) {
        rc = no_playbook(s, name, err);
    } else if (rc < 0 && !err->code) {
        *err = missing;
    }
    free(path);
    return rc;
}

int
hf_playbook_load(struct hf_playbook *out, struct hf_arena *arena,
                 struct hf_repo *repo, const char *commit, const char *name,
                 char blob[41], struct hf_problems *problems,
                 struct hf_err *err)
{
    struct shelf own = {repo, commit, blob}, others = {repo, commit, NULL};
    struct hf_buf text = {0};
    int rc = read_shelf(&own, name, &text, err);

    if (rc == HF_OK)
        rc = hf_playbook_parse(out, arena, name, hf_buf_str(&text), text.len,
                               read_shelf, &others, problems, err);
    hf_buf_release(&text);
    return rc;
}
