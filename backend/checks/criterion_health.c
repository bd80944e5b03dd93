/* Do the health checks pass that the host's owner asked for? */
#include "backend/base/buf.h"
#include "backend/checks/check.h"

struct tally {
    struct hf_buf failed, unclear;
};

static void
add_name(struct hf_buf *out, const char *name, const char *why)
{
    hf_buf_printf(out, "%s%s", out->len ? ", " : "", name);
    if (why)
        hf_buf_printf(out, " (%s)", why);
}

/* One check of the owner; `out` takes the source of each. */
static void
look(struct tally *t, const struct hf_check_in *in, struct hf_finding *out,
     const char *name)
{
    struct hf_buf key = {0};
    const char *value;

    hf_buf_printf(&key, "health.%s", name);
    value = hf_finding_need(out, in->facts, hf_buf_str(&key), "");
    switch (hf_facts_bool(in->facts, hf_buf_str(&key))) {
    case 1:
        break;
    case 0:
        add_name(&t->failed, name,
                 in->before && hf_facts_bool(in->before, hf_buf_str(&key)) == 0
                     ? "before as well"
                     : NULL);
        break;
    default:
        add_name(&t->unclear, name,
                 value ? value : hf_facts_why(in->facts, hf_buf_str(&key)));
    }
    hf_buf_release(&key);
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "every health check of the host passes";
    size_t n = in->host->health_len;
    struct tally t = {0};

    for (size_t i = 0; i < n; i++)
        look(&t, in, out, in->host->health[i].name);
    if (t.failed.len)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "failed: %s",
                       hf_buf_str(&t.failed));
    else if (t.unclear.len)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "not known: %s",
                       hf_buf_str(&t.unclear));
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       n ? "all %zu pass" : "none are asked for", n);
    hf_buf_release(&t.failed);
    hf_buf_release(&t.unclear);
}

const struct hf_check hf_criterion_health = {
    .name = "health",
    .signals = HF_SIGNAL_HEALTH,
    .title = "Health checks of the host",
    .help = "the owner's own units and ports say whether the host works",
    .remedy = "see why the unit or port is down, then roll back or mend it",
    .who = "whoever owns the service",
    .settles = 1,
    .run = run,
};
