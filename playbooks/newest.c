/* The fleet as its newest commit has it, beside the one that a session was
 * opened with. */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/load.h"
#include "playbooks/session_priv.h"

#define LOOK_EVERY 1000 /* ms: whether somebody committed */

static const struct hf_fleet *
known(const struct hf_session *s)
{
    return s->newest.fleet ? s->newest.fleet : s->fleet;
}

/* As committed: what lies about in the work tree binds nobody. */
static void
load(struct hf_session *s)
{
    const struct hf_load_cache cache = {
        .path = session_cache_path, .read_only = 1, .committed = 1, .ctx = s};
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_fleet *fleet = NULL;

    if (hf_fleet_load_cached(&fleet, s->repo, &cache, &problems, &err) ==
        HF_OK) {
        session_pretend(s, fleet);
        hf_fleet_free(s->newest.fleet);
        s->newest.fleet = fleet;
        s->newest.trouble[0] = '\0';
    } else {
        hf_say(s->newest.trouble, sizeof(s->newest.trouble),
               "the newest commit of the fleet is broken: %s", err.text);
    }
    hf_problems_release(&problems);
}

void
newest_forget(struct hf_session *s)
{
    hf_fleet_free(s->newest.fleet);
    s->newest.fleet = NULL;
    s->newest.at = 0;
}

const struct hf_fleet *
session_newest(struct hf_session *s)
{
    struct hf_err ignored = HF_ERR_INIT;
    int64_t now = hf_mono();
    char head[41];

    if (s->newest.at && now - s->newest.at < LOOK_EVERY)
        return known(s);
    s->newest.at = now;
    if (hf_repo_head(s->repo, head, &ignored) == HF_OK &&
        strcmp(head, known(s)->commit) != 0)
        load(s);
    return known(s);
}

const struct hf_fleet *
session_newest_seen(const struct hf_session *s)
{
    return known(s);
}
