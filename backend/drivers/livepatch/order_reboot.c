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

/* Who loads it again, and for which kernel? */
static int
survives(const struct livepatch_view *v, const char *name, const char *next)
{
    const char *by = livepatch_patch_fact(v->facts, name, "survives");

    return by && strcmp(by, "none") != 0 &&
           (!next || strcmp(next, v->kernel) == 0);
}

static void
note_lost(struct hf_price *price, const struct hf_strs *lost,
          const char *kernel)
{
    struct hf_buf names = {0};

    livepatch_join(&names, lost, ", ");
    if (lost->len)
        SAY(price->note, "boots %s; gone until applied again: %s", kernel,
            hf_buf_str(&names));
    else
        SAY(price->note, "boots %s", kernel);
    hf_buf_release(&names);
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
livepatch_order_reboot(struct hf_order *out, const struct livepatch_view *v)
{
    const char *next = hf_facts_get(v->facts, "boot.next");
    struct hf_strs kept = {0}, lost = {0};

    out->price.restart = HF_RESTART_YES;
    if (!v->kernel) {
        SAY(out->price.why, "the running kernel is not known: %s",
            hf_facts_why(v->facts, "kernel.release"));
        return;
    }
    for (size_t i = 0; i < v->active.len; i++) {
        const char *name = v->active.v[i];
        int stays = survives(v, name, next);

        hf_strs_add(stays ? &kept : &lost, name);
        if (!stays)
            add_cves(&out->price.cves, v, name);
    }
    out->price.possible = 1;
    out->price.minutes = MINUTES;
    note_lost(&out->price, &lost, next ? next : "a kernel that is not known");
    livepatch_level(out->level_to, next ? next : v->kernel, &kept);
    set_params(out, v, &kept, next);
    SAY(out->undo.why, "a restart cannot be taken back");
    out->time_limit = JOB_LIMIT_MS;
    out->restart_in = DELAY_MS;
    hf_strs_release(&kept);
    hf_strs_release(&lost);
}
