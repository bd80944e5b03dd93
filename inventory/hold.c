/* Hold, unhold and ring move: one key of some host files each. */
#include "inventory/hold.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/hostedit.h"
#include "inventory/retext.h"

/* Sets `key` in all files, says so, commits. */
static int
change(struct hf_repo *repo, const struct hf_host *const *hosts, size_t n,
       const char *key, const char *value, const char *verb, const char *rest,
       char commit[41], struct hf_err *err)
{
    const struct hf_host **changed = hf_xcalloc(n + 1, sizeof(*changed));
    struct hf_edit e = {0};
    size_t len = 0;
    int rc = HF_OK;

    commit[0] = '\0';
    for (size_t i = 0; i < n && rc == HF_OK; i++) {
        rc = hf_hostedit_set(&e, repo, hosts[i], key, value, err);
        if (e.len > len)
            changed[len++] = hosts[i];
    }
    if (rc == HF_OK) {
        hf_hostedit_say(&e, verb, changed, len, rest);
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
    int rc;

    commit[0] = '\0';
    if (!*safe) {
        rc = hf_fail(err, HF_EUSAGE, "a hold needs a reason");
        goto out;
    }
    if ((rc = hf_repo_identity(repo, &name, &email, err)) < 0)
        goto out;
    value = hold_value(safe, name);
    rest = hf_xasprintf(": %s", safe);
    rc = change(repo, todo, not_held(todo, hosts, n, safe), "hold", value,
                "hold", rest, commit, err);
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
    int rc = change(repo, hosts, n, "hold", NULL, "unhold", rest, commit, err);

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
    char *value, *rest;
    int rc;

    commit[0] = '\0';
    if (!found) {
        hf_fail(err, HF_ENOTFOUND, "the fleet has no ring '%s'", ring);
        return hf_hint(err, "its rings stand in hotfleet.json; the ring is "
                            "named first, then the hosts");
    }
    value = hf_retext_quote(found->name);
    rest = hf_xasprintf(" to ring %s", found->name);
    rc = change(repo, hosts, n, "ring", value, "move", rest, commit, err);
    free(value);
    free(rest);
    return rc;
}
