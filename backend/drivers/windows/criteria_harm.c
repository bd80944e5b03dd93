/*
 * What a patch or a restart may have cost: errors in the logs, services, and
 * a servicing that has not come to rest.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"

/* ---- errors ---- */

/* Programs that die while a host goes down are no news. */
static const struct {
    const char *key, *what;
    enum hf_verdict new, at_restart;
} kinds[] = {
    {"events.hotpatch", "hotpatch error", HF_VERDICT_BLOCK, HF_VERDICT_BLOCK},
    {"events.bugcheck", "blue screen", HF_VERDICT_BLOCK, HF_VERDICT_BLOCK},
    {"events.power", "unclean restart", HF_VERDICT_BLOCK, HF_VERDICT_BLOCK},
    {"events.update", "failed update", HF_VERDICT_BLOCK, HF_VERDICT_WARN},
    {"events.servicing", "package that failed or wants a restart",
     HF_VERDICT_BLOCK, HF_VERDICT_WARN},
    {"events.crash", "crash", HF_VERDICT_BLOCK, HF_VERDICT_WARN},
    {"events.service", "service that died", HF_VERDICT_BLOCK, HF_VERDICT_WARN},
    {"events.hang", "hang", HF_VERDICT_WARN, HF_VERDICT_WARN},
};

enum news { NEWS_NONE, NEWS_SOME, NEWS_UNKNOWN };

/* By the time of the newest one, where both probes told it: a count alone
 * hides that an old one left the span when a new one came. */
static enum news
news_of(const struct hf_check_in *in, const char *key)
{
    char last[64];
    const char *is, *was;
    int64_t now, before;

    hf_say(last, sizeof(last), "%s.last", key);
    is = hf_facts_get(in->facts, last);
    was = in->before ? hf_facts_get(in->before, last) : NULL;
    if (is && was)
        return strcmp(is, "none") == 0 || strcmp(is, was) == 0 ? NEWS_NONE
                                                               : NEWS_SOME;
    if (hf_facts_int(in->facts, key, &now) < 0)
        return NEWS_UNKNOWN;
    if (now == 0)
        return NEWS_NONE;
    if (!in->before || hf_facts_int(in->before, key, &before) < 0)
        return NEWS_UNKNOWN;
    return now > before ? NEWS_SOME : NEWS_NONE;
}

static void
add(struct hf_buf *out, const char *text)
{
    hf_buf_printf(out, "%s%s", out->len ? ", " : "", text);
}

static void
run_errors(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no new error, crash or failed package";
    int restarts = in->order && in->order->restart_in;
    struct hf_buf found = {0}, blind = {0};
    enum hf_verdict worst = HF_VERDICT_PASS;

    (void)hf_finding_need(out, in->facts, "events.hotpatch", expected);
    for (size_t i = 0; i < HF_COUNT(kinds); i++) {
        enum hf_verdict v = restarts ? kinds[i].at_restart : kinds[i].new;
        enum news news = news_of(in, kinds[i].key);

        if (news == NEWS_UNKNOWN)
            add(&blind, kinds[i].what);
        if (news != NEWS_SOME)
            continue;
        add(&found, kinds[i].what);
        worst = worst == HF_VERDICT_BLOCK ? worst : v;
    }
    if (worst == HF_VERDICT_BLOCK || (found.len && !blind.len))
        hf_finding_set(out, worst, expected, "new: %s", hf_buf_str(&found));
    else if (blind.len && in->before && in->before->len)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "not known: %s",
                       hf_buf_str(&blind));
    else if (blind.len)
        hf_finding_no_baseline(out, in, expected, "some: %s",
                               hf_buf_str(&blind));
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    hf_buf_release(&found);
    hf_buf_release(&blind);
}

const struct hf_check hf_criterion_errors = {
    .name = "errors",
    .signals = HF_SIGNAL_ERRORS,
    .title = "No new errors and crashes",
    .help = "a hotpatch that does harm shows in the logs first",
    .remedy = "read the logs Application, System and Setup of the host",
    .who = "an administrator of the host",
    .run = run_errors,
};

/* ---- services ---- */

/* By general knowledge: they start with the system, and end when they have
 * nothing to do. */
static const char *const come_and_go[] = {
    "BITS",           "edgeupdate",       "gupdate",  "MapsBroker",
    "RemoteRegistry", "ShellHWDetection", "sppsvc",   "TrustedInstaller",
    "UsoSvc",         "WbioSrvc",         "wuauserv", NULL,
};

/* "CDPUserSvc_4f3a2" belongs to a session that may have ended. */
static int
is_of_a_session(const char *name)
{
    const char *tail = strrchr(name, '_');

    return tail && strlen(tail) >= 5 &&
           tail[1 + strspn(tail + 1, "0123456789abcdef")] == '\0';
}

static int
may_end(const char *name)
{
    for (const char *const *s = come_and_go; *s; s++) {
        if (strcmp(*s, name) == 0)
            return 1;
    }
    return is_of_a_session(name);
}

static void
run_services(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "what ran before runs";
    const char *text = hf_finding_need(out, in->facts, "services", expected);
    const char *was =
        in->before ? hf_facts_get(in->before, "services.auto") : NULL;
    struct hf_strs now = {0}, before = {0};
    struct hf_buf gone = {0};

    if (!text)
        return;
    if (!was) {
        hf_finding_no_baseline(out, in, expected, "services run");
        return;
    }
    hf_fact_words(&now, text);
    hf_fact_words(&before, was);
    for (size_t i = 0; i < before.len; i++) {
        if (!hf_strs_has(&now, before.v[i]) && !may_end(before.v[i]))
            add(&gone, before.v[i]);
    }
    if (gone.len)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "no longer: %s",
                       hf_buf_str(&gone));
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       "%zu that start with the system", before.len);
    hf_buf_release(&gone);
    hf_strs_release(&now);
    hf_strs_release(&before);
}

const struct hf_check hf_criterion_services = {
    .name = "services",
    .signals = HF_SIGNAL_SERVICES,
    .title = "Services still running",
    .help = "of the services that start with the system none may be lost",
    .remedy = "start the service, and see why it ended",
    .who = "whoever owns the service",
    .settles = 1,
    .run = run_services,
};

/* ---- servicing ---- */

/* Still at work is no failure yet, but nothing is settled. */
static void
run_quiet(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "servicing has come to rest";
    const char *busy = hf_finding_need(out, in->facts, "servicing", expected);

    if (!busy)
        return;
    if (strcmp(busy, "0") == 0 || strcmp(busy, "1") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s",
                       *busy == '0' ? "idle" : "waits for a restart");
    else
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "still at work (%s)",
                       busy);
}

const struct hf_check hf_criterion_quiet = {
    .name = "servicing",
    .title = "Servicing settled",
    .help = "after a start Windows may go on with installing or removing; the "
            "value is not documented by Microsoft",
    .remedy = "wait, then verify the host",
    .who = "nobody: it passes by itself",
    .settles = 1,
    .run = run_quiet,
};
