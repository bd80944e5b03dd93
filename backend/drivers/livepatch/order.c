/*
 * What an action would do on a host, and at what price; and what taking it
 * back would cost. Never an error: a refusal is a price with a reason.
 */
#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/livepatch/livepatch.h"

#define TRANSITION_S 75 /* then the job turns round; kpatch waits as long */
#define USUAL_S 10      /* an unobstructed patch, upload and checks */
#define OVERHEAD_MS 60000

#define SAY(to, ...) livepatch_say((to), sizeof(to), __VA_ARGS__)

static void
add_once(struct hf_strs *to, const char *text)
{
    if (!hf_strs_has(to, text))
        hf_strs_add(to, text);
}

static void
add_cves(struct hf_strs *to, const struct hf_release *row)
{
    for (const char *const *cve = row->cves; cve && *cve; cve++)
        add_once(to, *cve);
}

static void
copy_strs(struct hf_strs *to, const struct hf_strs *from)
{
    for (size_t i = 0; i < from->len; i++)
        add_once(to, from->v[i]);
}

static void
refuse(struct hf_order *out, const char *fmt, const char *what)
{
    out->price.possible = 0;
    livepatch_say(out->price.why, sizeof(out->price.why), fmt, what);
}

/* Never a restart, whichever way. */
static void
set_price(struct hf_price *price, size_t patches)
{
    price->possible = 1;
    price->restart = HF_RESTART_NO;
    price->minutes = (int)(patches * USUAL_S / 60);
    if (price->minutes)
        price->minutes++; /* rounded up, 0 stays "under one" */
}

static void
set_list(struct hf_params *params, const char *name,
         const struct hf_strs *words)
{
    struct hf_buf text = {0};

    livepatch_join(&text, words, " ");
    hf_params_set(params, name, words->len ? hf_buf_str(&text) : "none");
    hf_buf_release(&text);
}

static void
set_common(struct hf_order *out, const struct livepatch_view *v, size_t patches)
{
    char number[24];

    snprintf(number, sizeof(number), "%d", TRANSITION_S);
    hf_params_set(&out->params, "ACTION", hf_action_names[out->action]);
    hf_params_set(&out->params, "KERNEL", v->kernel);
    hf_params_set(&out->params, "TRANSITION_S", number);
    /* in, and out again when it gets stuck */
    out->time_limit =
        OVERHEAD_MS + (int64_t)patches * 2 * (TRANSITION_S + USUAL_S) * 1000;
}

/* Facts without which nothing may be ordered; 1 when one is missing. */
static int
is_blind(struct hf_order *out, const struct livepatch_view *v)
{
    const char *moving = hf_facts_get(v->facts, "transition");

    if (!v->kernel)
        refuse(out, "the running kernel is not known: %s",
               hf_facts_why(v->facts, "kernel.release"));
    else if (!v->known)
        refuse(out, "the patches in effect are not known: %s",
               hf_facts_why(v->facts, "patches"));
    else if (!livepatch_kernel_known(v))
        refuse(out, "the catalogue has no live patch for kernel %s", v->kernel);
    else if (!moving)
        refuse(out, "whether a patch is in transition is not known: %s",
               hf_facts_why(v->facts, "transition"));
    else if (strcmp(moving, "none") != 0)
        refuse(out,
               "%s is in transition: nothing else can be done before it "
               "has ended",
               moving);
    else
        return 0;
    return 1;
}

/* ---- apply ---- */

/* Does `row`, when it is loaded, retire the patch `name`? */
static int
retires(const struct hf_release *row, const char *name)
{
    return row->replaces && strcmp(row->patch, name) != 0 &&
           (strcmp(row->replaces, "*") == 0 ||
            strcmp(row->replaces, name) == 0);
}

/* NULL, or what the row lacks. */
static const char *
row_problem(const struct hf_release *row)
{
    static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789_-";

    if (!row->patch || !*row->patch ||
        strspn(row->patch, word) != strlen(row->patch))
        return "the catalogue's row has no usable patch name";
    if (!row->sha256 || !hf_sha256_is_hex(row->sha256))
        return "the catalogue's row of %s names no module file";
    return NULL;
}

/* Brings one row along; `after` becomes what is in effect then. */
static void
add_row(struct hf_order *out, const struct hf_release *row,
        struct hf_strs *after, struct hf_strs *retired, struct hf_buf *modules)
{
    struct hf_upload *up =
        HF_PUSH(&out->uploads, &out->uploads_len, &out->uploads_cap);
    struct hf_strs kept = {0};

    up->sha256 = hf_xstrdup(row->sha256);
    up->name = hf_xasprintf("%s.ko", row->patch);
    add_once(&out->releases, row->patch);
    hf_buf_printf(modules, "%s%s=%s", modules->len ? " " : "", row->patch,
                  row->sha256);
    add_cves(&out->price.cves, row);
    for (size_t i = 0; i < after->len; i++)
        add_once(retires(row, after->v[i]) ? retired : &kept, after->v[i]);
    add_once(&kept, row->patch);
    hf_strs_release(after);
    *after = kept;
}

/* Taking an atomic replacement back opens what the replaced one had closed. */
static void
price_undo_of_apply(struct hf_order *out, const struct livepatch_view *v,
                    const struct hf_strs *retired)
{
    struct hf_buf names = {0};

    set_price(&out->undo, v->missing_len);
    copy_strs(&out->undo.cves, &out->price.cves);
    for (size_t i = 0; i < retired->len; i++) {
        const struct hf_release *row =
            hf_catalogue_kernel_row(v->catalogue, v->kernel, retired->v[i]);

        if (row)
            add_cves(&out->undo.cves, row);
    }
    livepatch_join(&names, retired, ", ");
    if (retired->len)
        SAY(out->undo.note,
            "goes back to the kernel's own code, not to %s, which is replaced",
            hf_buf_str(&names));
    hf_buf_release(&names);
}

static void
order_apply(struct hf_order *out, const struct livepatch_view *v)
{
    struct hf_strs after = {0}, retired = {0}, wanted = {0};
    struct hf_buf modules = {0};

    if (is_blind(out, v))
        return;
    set_price(&out->price, v->missing_len);
    if (!v->missing_len) {
        out->nothing = 1;
        SAY(out->price.why, "%s is in effect already", out->level_from);
        return;
    }
    copy_strs(&after, &v->active);
    for (size_t i = 0; i < v->missing_len && out->price.possible; i++) {
        const char *problem = row_problem(v->missing[i]);

        if (problem)
            refuse(out, problem, v->missing[i]->patch);
        else
            add_row(out, v->missing[i], &after, &retired, &modules);
    }
    for (size_t i = 0; i < v->target_len; i++)
        hf_strs_add(&wanted, v->target[i]->patch ? v->target[i]->patch : "?");
    livepatch_level(out->level_to, v->kernel, &after);
    set_common(out, v, v->missing_len);
    hf_params_set(&out->params, "MODULES", hf_buf_str(&modules));
    set_list(&out->params, "EXPECT", &wanted);
    set_list(&out->params, "ABSENT", &retired);
    price_undo_of_apply(out, v, &retired);
    hf_buf_release(&modules);
    hf_strs_release(&wanted);
    hf_strs_release(&retired);
    hf_strs_release(&after);
}

/* ---- rollback ---- */

/* The newest release that is in effect: rows of the catalogue that came out
 * together; without dates only the one that was loaded last. */
static size_t
newest_in_effect(const struct livepatch_view *v,
                 const struct hf_release *out[LIVEPATCH_MAX_ROWS])
{
    const struct hf_catalogue *c = v->catalogue;
    const struct hf_release *last = NULL;
    size_t n = 0;

    for (size_t i = c->releases_len; i-- > 0 && n < LIVEPATCH_MAX_ROWS;) {
        const struct hf_release *row = &c->releases[i];

        if (!row->kernel || strcmp(row->kernel, v->kernel) != 0 ||
            !row->patch || !hf_strs_has(&v->active, row->patch) ||
            hf_catalogue_kernel_row(c, v->kernel, row->patch) != row)
            continue;
        if (last && (!last->released || row->released != last->released))
            break;
        out[n++] = last = row;
    }
    return n;
}

static int64_t
stack_order(const struct hf_facts *facts, const char *name)
{
    const char *text = livepatch_patch_fact(facts, name, "stack_order");
    int64_t order;

    return text && hf_parse_int(&order, text, 0, INT64_MAX) == 0 ? order : -1;
}

/* 1 when `name` stays and lies above one of those that go. */
static int
lies_above(const struct livepatch_view *v, const char *name,
           const struct hf_strs *going)
{
    int64_t mine = stack_order(v->facts, name);

    for (size_t i = 0; i < going->len; i++) {
        int64_t theirs = stack_order(v->facts, going->v[i]);

        if (mine >= 0 && theirs >= 0 && mine > theirs)
            return 1;
    }
    return 0;
}

/* What makes a rollback impossible; staying patches go to `staying`. */
static void
refuse_rollback(struct hf_order *out, const struct livepatch_view *v,
                const struct hf_strs *going, struct hf_strs *staying)
{
    for (size_t i = 0; i < going->len; i++) {
        if (livepatch_patch_bool(v->facts, going->v[i], "forced") == 1) {
            refuse(out, "%s was forced into effect: only a restart removes it",
                   going->v[i]);
            return;
        }
    }
    for (size_t i = 0; i < v->active.len; i++) {
        const char *name = v->active.v[i];

        if (hf_strs_has(going, name))
            continue;
        hf_strs_add(staying, name);
        if (lies_above(v, name, going))
            refuse(out, "%s lies above it: take that out first", name);
    }
}

/* CVEs of the row, and of every row that it had retired. */
static void
add_reopened(struct hf_strs *to, const struct livepatch_view *v,
             const struct hf_release *row)
{
    const struct hf_catalogue *c = v->catalogue;

    add_cves(to, row);
    for (size_t i = 0; row->replaces && i < c->releases_len; i++) {
        const struct hf_release *old = &c->releases[i];

        if (old == row)
            break; /* rows are in order of release */
        if (old->kernel && strcmp(old->kernel, v->kernel) == 0 && old->patch &&
            retires(row, old->patch))
            add_cves(to, old);
    }
}

static void
note_rollback(struct hf_order *out, const struct hf_release *const *rows,
              size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i]->replaces)
            SAY(out->price.note,
                "%s had replaced older patches: this goes back to the "
                "kernel's own code, not to them",
                rows[i]->patch);
    }
}

static void
order_rollback(struct hf_order *out, const struct livepatch_view *v)
{
    const struct hf_release *rows[LIVEPATCH_MAX_ROWS];
    struct hf_strs going = {0}, staying = {0};
    size_t n;

    if (is_blind(out, v))
        return;
    n = newest_in_effect(v, rows);
    set_price(&out->price, n);
    if (!n) {
        out->nothing = 1;
        SAY(out->price.why, "no live patch of the catalogue is in effect");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        hf_strs_add(&going, rows[i]->patch); /* newest first: top first */
        hf_strs_add(&out->releases, rows[i]->patch);
        add_reopened(&out->price.cves, v, rows[i]);
        add_cves(&out->undo.cves, rows[i]);
    }
    refuse_rollback(out, v, &going, &staying);
    note_rollback(out, rows, n);
    livepatch_level(out->level_to, v->kernel, &staying);
    set_common(out, v, n);
    set_list(&out->params, "PATCHES", &going);
    set_list(&out->params, "EXPECT", &staying);
    set_list(&out->params, "ABSENT", &going);
    set_price(&out->undo, n);
    SAY(out->undo.note, "the modules are loaded anew");
    hf_strs_release(&going);
    hf_strs_release(&staying);
}

/* ---- verify ---- */

/* Did a run leave a level behind that can be looked for again? */
static int
left_a_level(const struct hf_recent *recent, const char *action)
{
    return recent && recent->level[0] &&
           strcmp(recent->outcome, "failed") != 0 &&
           strcmp(recent->action, action) == 0;
}

/* What was in effect before the run, and is not in what it left. */
static void
taken_out(struct hf_strs *out, const struct hf_facts *baseline,
          const struct hf_strs *left)
{
    const char *text = baseline ? hf_facts_get(baseline, "patches") : NULL;
    struct hf_strs before = {0};

    if (text)
        hf_fact_words(&before, text);
    for (size_t i = 0; i < before.len; i++) {
        if (!hf_strs_has(left, before.v[i]))
            hf_strs_add(out, before.v[i]);
    }
    hf_strs_release(&before);
}

/* What the last run left behind; a host that no run has changed, or on which
 * the last one failed, is measured by the catalogue. Where neither names a
 * patch there is nothing to prove. */
static void
order_verify(struct hf_order *out, const struct livepatch_view *v,
             const struct hf_judge_in *in)
{
    const struct hf_recent *recent = in->recent;
    int took_out =
        left_a_level(recent, "rollback") || left_a_level(recent, "reboot");
    int by_catalogue;
    struct hf_strs wanted = {0}, gone = {0};

    out->price.possible = out->undo.possible = 1;
    if (took_out || left_a_level(recent, "apply"))
        livepatch_level_patches(&wanted, recent->level);
    by_catalogue = !took_out && !wanted.len;
    for (size_t i = 0; by_catalogue && i < v->target_len; i++)
        hf_strs_add(&wanted, v->target[i]->patch);
    if (!v->kernel)
        refuse(out, "nothing to prove: the running kernel is not known: %s",
               hf_facts_why(v->facts, "kernel.release"));
    else if (by_catalogue && !wanted.len)
        refuse(out,
               "nothing to prove: no run has changed this host, and the "
               "catalogue has no live patch for kernel %s",
               v->kernel);
    else
        livepatch_level(out->level_to, v->kernel, &wanted);
    if (!by_catalogue)
        taken_out(&gone, in->baseline, &wanted);
    set_list(&out->params, "EXPECT", &wanted);
    set_list(&out->params, "ABSENT", &gone);
    hf_strs_release(&wanted);
    hf_strs_release(&gone);
}

void
livepatch_order(struct hf_order *out, enum hf_action action,
                const struct hf_judge_in *in)
{
    struct livepatch_view v;

    *out = (struct hf_order){.action = action};
    livepatch_look(&v, in->facts, in->catalogue);
    if (v.kernel && v.known)
        livepatch_level(out->level_from, v.kernel, &v.active);
    livepatch_say(out->level_to, sizeof(out->level_to), "%s", out->level_from);
    switch (action) {
    case HF_ACTION_APPLY:
        order_apply(out, &v);
        break;
    case HF_ACTION_ROLLBACK:
        order_rollback(out, &v);
        break;
    case HF_ACTION_REBOOT:
        livepatch_order_reboot(out, &v, in->now);
        break;
    case HF_ACTION_STAGE:
        out->nothing = out->price.possible = 1;
        livepatch_say(out->price.why, sizeof(out->price.why),
                      "nothing to stage: modules are small and come with "
                      "apply; kernels are the package manager's");
        break;
    case HF_ACTION_VERIFY:
        order_verify(out, &v, in);
        break;
    default:
        out->nothing = 1;
        out->price.possible = 1;
    }
    livepatch_view_release(&v);
}
