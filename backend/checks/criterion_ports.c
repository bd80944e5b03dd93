/* Does somebody listen on every port on which somebody listened before? */
#include "backend/base/buf.h"
#include "backend/base/text.h"
#include "backend/checks/check.h"
#include "backend/checks/read.h"

/* From here on systems hand out ports by themselves (Linux: ip_local_port_range
 * begins at 32768, Windows at 49152): they come and go. */
#define FIRST_FLEETING 32768

static int
is_lasting(const char *port)
{
    int64_t n;

    return hf_parse_int(&n, port, 1, FIRST_FLEETING - 1) == 0;
}

static void
lost_ports(struct hf_buf *out, const struct hf_strs *before,
           const struct hf_strs *now)
{
    for (size_t i = 0; i < before->len; i++) {
        if (is_lasting(before->v[i]) && !hf_strs_has(now, before->v[i]))
            hf_buf_printf(out, "%s%s", out->len ? ", " : "", before->v[i]);
    }
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "every port that was open before";
    const char *text = hf_finding_need(out, in->facts, "ports", expected);
    const char *was = in->before ? hf_facts_get(in->before, "ports") : NULL;
    struct hf_strs now = {0}, before = {0};
    struct hf_buf lost = {0};

    if (!text)
        return;
    if (!was) {
        hf_finding_no_baseline(out, in, expected, "ports are open");
        return;
    }
    hf_fact_words(&now, text);
    hf_fact_words(&before, was);
    lost_ports(&lost, &before, &now);
    if (lost.len)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "closed: %s",
                       hf_buf_str(&lost));
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none was closed");
    hf_buf_release(&lost);
    hf_strs_release(&now);
    hf_strs_release(&before);
}

const struct hf_check hf_criterion_ports = {
    .name = "ports",
    .signals = HF_SIGNAL_PORTS,
    .title = "Open ports",
    .help = "a service that no longer listens serves nobody",
    .remedy = "see which program listened there, then start it or roll back",
    .who = "whoever owns the service",
    .run = run,
};
