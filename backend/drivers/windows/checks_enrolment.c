/*
 * Rows about entitlement and track. Licence and enrolment live in Microsoft's
 * cloud: short of an installed hotpatch nothing on the host proves them, and
 * no marker here counts as proof.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"

#define WHO_CLOUD "whoever administers Intune, Autopatch or Azure Arc"

static int
says(const struct hf_facts *facts, const char *key, const char *value)
{
    const char *found = hf_facts_get(facts, key);

    return found && strcmp(found, value) == 0;
}

/* A marker that is there and not zero. */
static int
is_marked(const struct hf_facts *facts, const char *key)
{
    const char *found = hf_facts_get(facts, key);

    return found && strcmp(found, "none") != 0 && strcmp(found, "0") != 0;
}

/* The KB of a hotpatch that the host lists, or runs by its build. */
static const char *
installed_hotpatch(const struct windows_track *t)
{
    return t->row && hf_release_line(t->row) == HF_LINE_HOTPATCH ? t->row->kb
                                                                 : NULL;
}

static void
enrolled_server(const struct windows_track *t, struct hf_finding *out,
                const char *expected)
{
    const struct hf_facts *f = t->facts;

    if (t->product.edition && t->product.edition->grade == WINDOWS_TAKES)
        hf_finding_set(
            out, HF_VERDICT_PASS, expected, "included in this edition%s",
            is_marked(f, "enrol.package") ? "; the enrollment package is there"
                                          : "");
    else if (is_marked(f, "enrol.package") && is_marked(f, "enrol.tablesize"))
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "likely: enrollment package %s and a hotpatch table; "
                       "not proven",
                       hf_facts_get(f, "enrol.package"));
    else if (is_marked(f, "enrol.licence"))
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "the agent keeps a hotpatch licence; a hint only "
                       "(unconfirmed)");
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "no sign of it on the host; only Azure knows");
}

static void
enrolled_client(const struct windows_track *t, struct hf_finding *out,
                const char *expected)
{
    if (says(t->facts, "enrol.policy", "1"))
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "configured: AllowRebootlessUpdates is 1; not proven");
    else if (says(t->facts, "enrol.policy", "0"))
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "the policy AllowRebootlessUpdates is 0");
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "no policy on the host%s; on by default since 2026-05 "
                       "where the tenant allows it",
                       says(t->facts, "join.mdm", "none")
                           ? ", and no device management"
                           : "");
}

static void
run_enrolment(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "a hotpatch that is installed";
    struct windows_track t;
    const char *kb;

    windows_track(&t, in->facts, in->catalogue, in->now);
    (void)hf_finding_need(out, in->facts, "enrol.package", expected);
    if (t.product.grade == WINDOWS_ARC &&
        hf_facts_bool(in->facts, "enrol.mutex") == 1)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "the mark of the licensing fault of 2025-10 is there: "
                       "the licence may lapse, and an update may restart");
    else if ((kb = installed_hotpatch(&t)))
        hf_finding_set(out, HF_VERDICT_PASS, expected, "proven by %s", kb);
    else if (says(in->facts, "os.type", "1"))
        enrolled_client(&t, out, expected);
    else if (hf_facts_get(in->facts, "os.type"))
        enrolled_server(&t, out, expected);
    else
        (void)hf_finding_need(out, in->facts, "os.type", expected);
    windows_track_release(&t);
}

const struct hf_check hf_check_enrolment = {
    .name = "enrolment",
    .title = "Licence and enrolment",
    .help = "they live in Microsoft's cloud; an installed hotpatch is the only "
            "proof on the host",
    .remedy = "enrol the host: Azure Arc with the hotpatch subscription for "
              "servers, a quality update policy of Autopatch for clients",
    .who = WHO_CLOUD,
    .spares = HF_SPARES_UNDO,
    .run = run_enrolment,
};

static void
run_arc(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "connected";
    struct windows_product p;
    const char *service, *status;

    if (!hf_finding_need(out, in->facts, "os.build", expected) ||
        !hf_finding_need(out, in->facts, "os.type", expected) ||
        !hf_finding_need(out, in->facts, "os.sku", expected))
        return;
    windows_product(&p, in->facts);
    if (p.grade != WINDOWS_ARC) {
        hf_finding_set(out, HF_VERDICT_PASS, "no Arc agent", "not needed here");
        return;
    }
    service = hf_finding_need(out, in->facts, "arc.service", expected);
    if (!service)
        return;
    if (strcmp(service, "none") == 0) {
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "no agent (himds)");
        return;
    }
    status = hf_finding_need(out, in->facts, "arc.status", expected);
    if (status)
        hf_finding_set(out,
                       strcmp(status, expected) == 0 ? HF_VERDICT_PASS
                                                     : HF_VERDICT_BLOCK,
                       expected, "%s", status);
}

const struct hf_check hf_check_arc = {
    .name = "arc",
    .title = "Azure Arc agent",
    .help = "Server 2025 Standard and Datacenter get hotpatches through Azure "
            "Arc only",
    .remedy = "connect the host with azcmagent and buy the hotpatch "
              "subscription for it",
    .who = "whoever administers Azure Arc",
    .spares = HF_SPARES_UNDO,
    .run = run_arc,
};

static void
run_track(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "the newest baseline, or a hotpatch on it";
    struct windows_track t;
    char level[HF_WHY_LEN];

    if (!hf_finding_need(out, in->facts, "os.ubr", expected))
        return;
    windows_track(&t, in->facts, in->catalogue, in->now);
    windows_level(level, &t);
    if (!t.product.id && t.build[0])
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "%s: %s", level,
                       t.product.why);
    else if (t.stray)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "%s is installed, which leaves the track", t.stray->kb);
    else if (t.place == WINDOWS_ON_TRACK)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s", level);
    else if (t.place == WINDOWS_BASE_DUE || t.place == WINDOWS_OLD)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "%s; baseline %s is missing: in a hotpatch month it "
                       "would get both, with a restart",
                       level, t.newest->kb);
    else if (t.place == WINDOWS_OFF_TRACK)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "%s is not of the hotpatch line", level);
    else
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "%s: cannot be told",
                       level);
    windows_track_release(&t);
}

const struct hf_check hf_check_track = {
    .name = "track",
    .title = "Hotpatch track",
    .help = "a hotpatch builds on one baseline; any other update leaves the "
            "track until the next one",
    .remedy = "install the newest baseline, with its restart",
    .who = "whoever owns the host's restart window",
    .needs_restart = 1,
    .spares = HF_SPARES_UNDO,
    .run = run_track,
};

static void
run_monitor(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "not disabled";
    const char *task =
        hf_finding_need(out, in->facts, "monitor.task", expected);
    const char *service = hf_facts_get(in->facts, "monitor.service");

    if (service && hf_has_suffix(service, " disabled"))
        hf_finding_set(out, HF_VERDICT_WARN, expected, "service hpatchmon: %s",
                       service);
    else if (!task)
        return;
    else if (strcmp(task, "disabled") == 0)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "its scheduled task is disabled");
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "task %s, service %s",
                       task, service ? service : "unknown");
}

const struct hf_check hf_check_monitor = {
    .name = "monitor",
    .title = "Hotpatch monitor",
    .help = "it watches over installed hotpatches and falls back to the "
            "ordinary update on a grave error",
    .remedy = "enable the task \\Microsoft\\Windows\\Hotpatch\\Monitoring and "
              "the service hpatchmon",
    .who = "an administrator of the host",
    .spares = HF_SPARES_ALL,
    .run = run_monitor,
};
