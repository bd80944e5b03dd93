/* Rows about the live patches that are on the host already. */
#include <string.h>

#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/livepatch/livepatch.h"

static void
run_transition(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no patch in transition";
    const char *moving =
        hf_finding_need(out, in->facts, "transition", expected);
    const char *blockers = hf_facts_get(in->facts, "transition.blockers");

    if (!moving)
        return;
    if (strcmp(moving, "none") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    else
        hf_finding_set(
            out, HF_VERDICT_BLOCK, expected, "%s; held by: %s", moving,
            blockers ? blockers
                     : hf_facts_why(in->facts, "transition.blockers"));
}

const struct hf_check hf_check_transition = {
    .name = "transition",
    .title = "Patch in transition",
    .help = "the kernel takes no other patch while one has not reached every "
            "task",
    .remedy = "wait, or restart the service that holds it; writing the other "
              "value to its 'enabled' file reverses it safely",
    .who = "root on the host",
    .spares = HF_SPARES_RESTART,
    .run = run_transition,
};

/* Walks the facts patch.<name>.forced. */
static void
run_forced(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no patch was forced";
    struct hf_buf forced = {0};
    const struct hf_fact *denied = NULL;

    if (!hf_finding_need(out, in->facts, "patches", expected))
        return;
    for (size_t i = 0; i < in->facts->len; i++) {
        const struct hf_fact *f = &in->facts->v[i];

        if (!hf_has_prefix(f->key, "patch.") ||
            !hf_has_suffix(f->key, ".forced"))
            continue;
        if (!f->value)
            denied = f;
        else if (strcmp(f->value, "yes") == 0)
            hf_buf_printf(&forced, "%s%.*s", forced.len ? ", " : "",
                          (int)(strlen(f->key) - strlen("patch..forced")),
                          f->key + strlen("patch."));
    }
    if (forced.len)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "%s",
                       hf_buf_str(&forced));
    else if (denied)
        (void)hf_finding_need(out, in->facts, denied->key, expected);
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    hf_buf_release(&forced);
}

const struct hf_check hf_check_forced = {
    .name = "forced",
    .title = "Forced patches",
    .help = "a forced transition gives up consistency; nothing more should be "
            "patched on top of it",
    .remedy = "restart the host into a current kernel",
    .who = "root on the host",
    .needs_restart = 1,
    .spares = HF_SPARES_RESTART,
    .run = run_forced,
};

static void
run_leftovers(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no unused live patch module";
    const char *names =
        hf_finding_need(out, in->facts, "modules.leftover", expected);

    if (!names)
        return;
    if (!*names || strcmp(names, "none") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected, "%s", names);
}

const struct hf_check hf_check_leftovers = {
    .name = "leftovers",
    .title = "Unused live patch modules",
    .help = "modules that were replaced or disabled stay in memory until they "
            "are removed",
    .remedy = "rmmod the module; an apply of the same patch does so itself",
    .who = "root on the host",
    .spares = HF_SPARES_ALL,
    .run = run_leftovers,
};

static void
run_foreign(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "only patches of the catalogue";
    struct livepatch_view v;
    struct hf_buf names = {0};

    if (!hf_finding_need(out, in->facts, "patches", expected))
        return;
    livepatch_look(&v, in->facts, in->catalogue);
    livepatch_join(&names, &v.foreign, ", ");
    if (v.foreign.len)
        hf_finding_set(out, HF_VERDICT_WARN, expected, "%s",
                       hf_buf_str(&names));
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%zu in effect",
                       v.active.len);
    hf_buf_release(&names);
    livepatch_view_release(&v);
}

const struct hf_check hf_check_foreign = {
    .name = "foreign",
    .title = "Patches from elsewhere",
    .help = "a patch that the catalogue does not know may replace ours, or be "
            "replaced by ours",
    .remedy = "find out who loaded it; add it to the catalogue or take it out",
    .who = "whoever owns the host",
    .spares = HF_SPARES_ALL,
    .run = run_foreign,
};
