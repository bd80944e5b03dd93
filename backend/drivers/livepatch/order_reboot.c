/*
 * A restart: what it costs on a host with live patches. Those that nobody
 * loads again are gone afterwards, and so are all of them under another
 * kernel.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/drivers/livepatch/livepatch.h"

#define SAY(to, ...) livepatch_say((to), sizeof(to), __VA_ARGS__)

#define DELAY_S "60" /* the users of the host are warned */
#define DELAY_MS 60000
#define MINUTES 5 /* a guess; firmware of large machines takes longer */
#define JOB_LIMIT_MS 60000

static void
add_cves(struct hf_strs *to, const struct livepatch_view *v, const char *name)
{
    const struct hf_release *row =
        hf_catalogue_kernel_row(v->catalogue, v->kernel, name);

    for (const char *const *cve = row ? row->cves : NULL; cve && *cve; cve++) {
        if (!hf_strs_has(to, *cve))
            hf_strs_add(to, *cve);
    }
}

/* What becomes of the patches in effect: hotfleet itself loads none again. */
struct fate {
    struct hf_strs kept;    /* loaded again */
    struct hf_strs by;      /* by these */
    struct hf_strs lost;    /* gone until they are applied again */
    struct hf_strs unknown; /* who loads them again is not known */
};

static void
fate_release(struct fate *fate)
{
    hf_strs_release(&fate->kept);
    hf_strs_release(&fate->by);
    hf_strs_release(&fate->lost);
    hf_strs_release(&fate->unknown);
}

/* A module fits one kernel; what is loaded for another one is not this. */
static void
add_fate(struct fate *fate, const struct livepatch_view *v, const char *name,
         const char *next)
{
    const char *by = livepatch_patch_fact(v->facts, name, "survives");
    int other = next && strcmp(next, v->kernel) != 0;

    if (other || (by && strcmp(by, "none") == 0)) {
        hf_strs_add(&fate->lost, name);
    } else if (!by) {
        hf_strs_add(&fate->unknown, name);
    } else {
        hf_strs_add(&fate->kept, name);
        if (!hf_strs_has(&fate->by, by))
            hf_strs_add(&fate->by, by);
    }
}

static void
say_some(struct hf_buf *out, const char *what, const struct hf_strs *names)
{
    if (!names->len)
        return;
    hf_buf_printf(out, "; %s: ", what);
    livepatch_join(out, names, ", ");
}

static void
note_fate(struct hf_price *price, const struct fate *fate, const char *next)
{
    struct hf_buf text = {0}, by = {0};

    livepatch_join(&by, &fate->by, ", ");
    hf_buf_puts(&by, next ? " loads again" : " loads again if it is the same");
    hf_buf_printf(&text, "boots %s",
                  next ? next : "a kernel that is not known");
    say_some(&text, hf_buf_str(&by), &fate->kept);
    say_some(&text, "who loads it again is not known", &fate->unknown);
    say_some(&text, "gone until applied again", &fate->lost);
    SAY(price->note, "%s", hf_buf_str(&text));
    hf_buf_release(&text);
    hf_buf_release(&by);
}

static void
price_fate(struct hf_price *price, const struct livepatch_view *v,
           const struct fate *fate)
{
    for (size_t i = 0; i < fate->lost.len; i++)
        add_cves(&price->cves, v, fate->lost.v[i]);
    for (size_t i = 0; i < fate->unknown.len; i++)
        add_cves(&price->cves, v, fate->unknown.v[i]);
}

static void
set_params(struct hf_order *out, const struct livepatch_view *v,
           const struct hf_strs *kept, const char *next)
{
    struct hf_buf names = {0};

    livepatch_join(&names, kept, " ");
    hf_params_set(&out->params, "ACTION", hf_action_names[out->action]);
    hf_params_set(&out->params, "KERNEL", v->kernel);
    hf_params_set(&out->params, "DELAY_S", DELAY_S);
    if (next)
        hf_params_set(&out->params, "NEXT", next);
    hf_params_set(&out->params, "EXPECT",
                  kept->len ? hf_buf_str(&names) : "none");
    hf_params_set(&out->params, "ABSENT", "none");
    hf_buf_release(&names);
}

void
livepatch_order_reboot(struct hf_order *out, const struct livepatch_view *v,
                       int64_t now)
{
    const char *next = hf_facts_get(v->facts, "boot.next");
    struct fate fate = {0};

    out->price.restart = HF_RESTART_YES;
    if (!v->kernel) {
        SAY(out->price.why, "the running kernel is not known: %s",
            hf_facts_why(v->facts, "kernel.release"));
        return;
    }
    for (size_t i = 0; i < v->active.len; i++)
        add_fate(&fate, v, v->active.v[i], next);
    out->price.possible = 1;
    out->covers = next && livepatch_covers(v->catalogue, next, now);
    out->price.minutes = MINUTES;
    price_fate(&out->price, v, &fate);
    note_fate(&out->price, &fate, next);
    livepatch_level(out->level_to, next ? next : v->kernel, &fate.kept);
    set_params(out, v, &fate.kept, next);
    SAY(out->undo.why, "a restart cannot be taken back");
    out->time_limit = JOB_LIMIT_MS;
    out->restart_in = DELAY_MS;
    fate_release(&fate);
}
