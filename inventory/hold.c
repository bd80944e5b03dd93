/* Hold, unhold and ring move: one key of some host files each. */
#include "inventory/hold.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/hostedit.h"
#include "inventory/retext.h"

struct change {
    const char *key, *value;          /* JSON text; NULL: the key goes */
    const char *verb, *rest, *action; /* of the commit's message */
    const char *ring;                 /* that hosts go into, or NULL */
};

/* Sets the key in all files, says so, commits. */
static int
change(struct hf_repo *repo, const struct hf_host *const *hosts, size_t n,
       const struct change *to, char commit[41], struct hf_err *err)
{
    const struct hf_host **changed = hf_xcalloc(n + 1, sizeof(*changed));
    struct hf_edit e = {0};
    size_t len = 0;
    int rc = HF_OK;

    commit[0] = '\0';
    for (size_t i = 0; i < n && rc == HF_OK; i++) {
        rc = hf_hostedit_set(&e, repo, hosts[i], to->key, to->value, err);
        if (e.len > len)
            changed[len++] = hosts[i];
    }
    if (rc == HF_OK) {
        hf_hostedit_say(&e, to->verb, changed, len, to->rest);
        hf_edit_trailer(&e, "Action", to->action);
        hf_edit_trailer(&e, "Ring", to->ring);
        rc = hf_hostedit_commit(repo, &e, commit, err);
    }
    hf_edit_release(&e);
    free(changed);
    return rc;
}

/* Those whose hold is not the wanted one yet. */
static size_t
not_held(const struct hf_host **out, const struct hf_host *const *hosts,
         size_t n, const char *reason)
{
    size_t len = 0;

    for (size_t i = 0; i < n; i++)
        if (!hosts[i]->hold || strcmp(hosts[i]->hold, reason) != 0)
            out[len++] = hosts[i];
    return len;
}

/* {"reason": ..., "by": ..., "since": ...} */
static char *
hold_value(const char *reason, const char *by)
{
    char since[HF_TIME_LEN];
    char *safe_by = hf_sanitised(by);
    char *quoted_reason = hf_retext_quote(reason);
    char *quoted_by = hf_retext_quote(safe_by);
    char *value;

    hf_time_format(since, hf_now() / 1000 * 1000);
    value = hf_xasprintf("{\"reason\": %s, \"by\": %s, \"since\": \"%s\"}",
                         quoted_reason, quoted_by, since);
    free(quoted_by);
    free(quoted_reason);
    free(safe_by);
    return value;
}

int
hf_hold(struct hf_repo *repo, const struct hf_host *const *hosts, size_t n,
        const char *reason, char commit[41], struct hf_err *err)
{
    const struct hf_host **todo = hf_xcalloc(n + 1, sizeof(*todo));
    char *safe = hf_sanitised(reason);
    char *name = NULL, *email = NULL, *value = NULL, *rest = NULL;
    struct change to = {.key = "hold", .verb = "hold", .action = "hold"};
    int rc;

    commit[0] = '\0';
    if (!*safe) {
        rc = hf_fail(err, HF_EUSAGE, "a hold needs a reason");
        goto out;
    }
    if ((rc = hf_repo_identity(repo, &name, &email, err)) < 0)
        goto out;
    to.value = value = hold_value(safe, name);
    to.rest = rest = hf_xasprintf(": %s", safe);
    rc = change(repo, todo, not_held(todo, hosts, n, safe), &to, commit, err);
out:
    free(todo);
    free(safe);
    free(name);
    free(email);
    free(value);
    free(rest);
    return rc;
}

int
hf_unhold(struct hf_repo *repo, const struct hf_host *const *hosts, size_t n,
          const char *reason, char commit[41], struct hf_err *err)
{
    char *safe = reason ? hf_sanitised(reason) : hf_xstrdup("");
    char *rest = hf_xasprintf("%s%s", *safe ? ": " : "", safe);
    const struct change to = {
        .key = "hold", .verb = "unhold", .rest = rest, .action = "unhold"};
    int rc = change(repo, hosts, n, &to, commit, err);

    free(rest);
    free(safe);
    return rc;
}

int
hf_ring_move(struct hf_repo *repo, const struct hf_fleet *fleet,
             const struct hf_host *const *hosts, size_t n, const char *ring,
             char commit[41], struct hf_err *err)
{
    const struct hf_ring *found = hf_fleet_ring(fleet, ring);
    struct change to = {.key = "ring", .verb = "move", .action = "ring-move"};
    char *value, *rest;
    int rc;

    commit[0] = '\0';
    if (!found) {
        hf_fail(err, HF_ENOTFOUND, "the fleet has no ring '%s'", ring);
        return hf_hint(err, "its rings stand in hotfleet.json; the ring is "
                            "named first, then the hosts");
    }
    to.ring = found->name;
    to.value = value = hf_retext_quote(found->name);
    to.rest = rest = hf_xasprintf(" to ring %s", found->name);
    rc = change(repo, hosts, n, &to, commit, err);
    free(value);
    free(rest);
    return rc;
}
