/* Can the login do what only root may? */
#include <string.h>

#include "backend/checks/check.h"
#include "backend/checks/read.h"

/* A fleet may use one account for reading and another for acting; what the
 * first may not says nothing about the second. */
static int
is_reading_account(const struct hf_host *host, const struct hf_facts *facts)
{
    const char *user = hf_facts_get(facts, "login.user");

    if (!host || !host->act.user)
        return 0;
    if (!user)
        user = host->check.user;
    return user && strcmp(user, host->act.user) != 0;
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "root, or sudo without a password";
    const char *uid = hf_facts_get(in->facts, "login.uid");
    int elevated = hf_facts_bool(in->facts, "login.elevated");

    if (!hf_finding_need(out, in->facts, "login.elevated", expected))
        return;
    if (elevated > 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s",
                       uid && strcmp(uid, "0") == 0 ? "root" : "sudo -n works");
    else if (elevated < 0)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "neither yes nor no: '%s'",
                       hf_facts_get(in->facts, "login.elevated"));
    else if (is_reading_account(in->host, in->facts))
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "this login only reads; whether '%s' may act is seen "
                       "when it does",
                       in->host->act.user);
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "uid %s, and sudo -n is refused", uid ? uid : "unknown");
}

const struct hf_check hf_check_elevation = {
    .name = "elevation",
    .title = "Rights to act on the host",
    .help = "loading and removing live patches is for root alone",
    .remedy = "log in as root, or let the account run sudo without a password",
    .who = "root on the host",
    .spares = HF_SPARES_READING,
    .run = run,
};
