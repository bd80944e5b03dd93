/*
 * What imports say of the licence, beside what the host itself shows. Neither
 * is believed over the other: where they differ, both are told.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"
#include "backend/model/entitlement.h"

/* The host's own side: what the rows of enrolment and agent found. */
struct own {
    enum hf_verdict enrolment, arc;
    char enrolment_found[HF_WHY_LEN], arc_found[HF_WHY_LEN];
};

static enum hf_verdict
ask_row(char found[HF_WHY_LEN], const struct hf_check *row,
        const struct hf_check_in *in)
{
    const struct hf_check *const one[] = {row, NULL};
    struct hf_findings findings = {0};
    enum hf_verdict verdict;

    hf_checks_run(&findings, one, in);
    verdict = findings.v[0].verdict;
    hf_say(found, HF_WHY_LEN, "%s", findings.v[0].found);
    hf_findings_release(&findings);
    return verdict;
}

/* What of the host contradicts the source, or NULL. */
static const char *
contradiction(const struct own *own, const struct hf_entitlements *e,
              enum hf_entitled state)
{
    if (state == HF_ENTITLED_YES && own->enrolment == HF_VERDICT_BLOCK)
        return own->enrolment_found;
    if (state == HF_ENTITLED_YES && strcmp(e->source, "arc") == 0 &&
        own->arc == HF_VERDICT_BLOCK)
        return own->arc_found;
    if ((state == HF_ENTITLED_NO || state == HF_ENTITLED_PENDING) &&
        own->enrolment == HF_VERDICT_PASS)
        return own->enrolment_found;
    return NULL;
}

static void
say_source(struct hf_buf *out, const struct hf_entitlements *e,
           const char *word, const char *host)
{
    char day[HF_TIME_LEN];

    hf_time_format(day, e->taken);
    hf_buf_printf(out, "%s%s says %s (%.10s)", out->len ? "; " : "", e->source,
                  word, day);
    if (host)
        hf_buf_printf(out, ", the host: %s", host);
}

static void
run_entitlement(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "imports and host say the same";
    const struct hf_fleet *fleet = in->fleet;
    size_t sources = fleet && in->host ? fleet->entitlements_len : 0;
    struct hf_buf found = {0};
    struct own own;
    int doubt = 0;

    if (!hf_finding_need(out, in->facts, "os.type", expected))
        return;
    if (sources) {
        own.enrolment = ask_row(own.enrolment_found, &hf_check_enrolment, in);
        own.arc = ask_row(own.arc_found, &hf_check_arc, in);
    }
    for (size_t i = 0; i < sources; i++) {
        const struct hf_entitlements *e = &fleet->entitlements[i];
        const struct hf_pair *said = hf_entitlement_find(e, in->host->name);
        enum hf_entitled state;
        const char *host;

        if (!said)
            continue;
        state = hf_entitlement_state(said->value);
        host = contradiction(&own, e, state);
        doubt |= host || state != HF_ENTITLED_YES;
        say_source(&found, e, said->value, host);
    }
    if (!found.len)
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       "no import tells of this host");
    else
        hf_finding_set(out, doubt ? HF_VERDICT_WARN : HF_VERDICT_PASS, expected,
                       "%s", hf_buf_str(&found));
    hf_buf_release(&found);
}

const struct hf_check hf_check_entitlement = {
    .name = "entitlement",
    .title = "Entitlement by import",
    .help = "what Azure Arc or Autopatch said of this host on a day, beside "
            "what the host shows",
    .remedy = "repeat the import (hotfleet import arc|autopatch); when they "
              "still differ, see the machine in Azure",
    .who = "whoever administers Intune, Autopatch or Azure Arc",
    .spares = HF_SPARES_ALL,
    .run = run_entitlement,
};
