/* Plans in the ledger: plans/<yyyy-mm>/<id>.json. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/plan_priv.h"
#include "playbooks/session_priv.h"

#define MONTHS_BACK 12 /* a plan named by its hash is looked for */

/* "plans/2026-11" of an id "20261123T...". */
static char *
folder_of(const char *id)
{
    return hf_xasprintf("plans/%.4s-%.2s", id, id + 4);
}

static char *
subject_of(const struct hf_plan *plan)
{
    const struct hf_plan_origin *o = &plan->origin;
    size_t n = plan->hosts_len;
    struct hf_buf out = {0};
    char *text;

    hf_buf_printf(&out, "plan %s: %s on %zu host%s", plan->id,
                  plan->playbook.name, n, hf_plural(n));
    if (o->how != HF_PLAN_ALONE) {
        hf_buf_puts(&out, ", ");
        hf_plan_origin_say(&out, o);
    }
    text = hf_xstrdup(hf_buf_str(&out));
    hf_buf_release(&out);
    return text;
}

int
hf_plan_record(struct hf_session *s, const struct hf_plan *plan,
               struct hf_err *err)
{
    struct hf_ledger_record *r;
    char *folder;
    cJSON *doc;
    int rc;

    if (s->o.read_only)
        return hf_fail(err, HF_EDENIED, "read-only: a plan is recorded");
    if ((rc = ledger_ensure(s, err)) < 0)
        return rc;
    folder = folder_of(plan->id);
    doc = hf_plan_to_json(plan);
    r = HF_NEW(struct hf_ledger_record);
    r->seq = s->recorded;
    r->path = hf_xasprintf("%s/%s.json", folder, plan->id);
    r->content = hf_json_print_pretty(doc);
    r->subject = subject_of(plan);
    r->action = hf_xstrdup("plan");
    r->change = hf_xstrdup(plan->change);
    r->operator_ = hf_xstrdup(plan->operator_);
    r->inventory = hf_xstrdup(plan->inventory);
    r->plan = hf_xstrdup(plan->hash);
    hf_ledger_add(s->ledger, r);
    cJSON_Delete(doc);
    free(folder);
    return HF_OK;
}

static int
read_plan(struct hf_plan **out, struct hf_session *s, const char *tip,
          const char *path, struct hf_err *err)
{
    struct hf_buf text = {0};
    cJSON *doc = NULL;
    int rc = hf_repo_read(s->repo, tip, path, &text, err);

    if (rc == HF_OK &&
        (rc = hf_json_parse(&doc, hf_buf_str(&text), text.len, err)) == HF_OK)
        rc = hf_plan_from_json(out, doc, err);
    if (rc < 0 && rc != HF_ENOTFOUND)
        (void)hf_wrap(err, "ledger, '%s'", path);
    cJSON_Delete(doc);
    hf_buf_release(&text);
    return rc;
}

/* The newest plan of that folder whose hash begins so. */
static int
find_in(struct hf_plan **out, struct hf_session *s, const char *tip,
        const char *folder, const char *hash, struct hf_err *err)
{
    struct hf_strs files = {0};
    int rc = hf_repo_list(s->repo, tip, folder, &files, err);

    for (size_t i = files.len; rc == HF_OK && i-- > 0 && !*out;) {
        char *path = hf_xasprintf("%s/%s", folder, files.v[i]);

        rc = read_plan(out, s, tip, path, err);
        if (rc == HF_OK && strncmp((*out)->hash, hash, strlen(hash)) != 0) {
            hf_plan_free(*out);
            *out = NULL;
        }
        free(path);
    }
    hf_strs_release(&files);
    return rc;
}

static int
find_by_hash(struct hf_plan **out, struct hf_session *s, const char *tip,
             const char *hash, struct hf_err *err)
{
    time_t now = (time_t)(hf_now() / 1000);
    struct tm tm;
    int rc = HF_OK;

    gmtime_r(&now, &tm);
    for (int back = 0; back < MONTHS_BACK && rc == HF_OK && !*out; back++) {
        int month = (tm.tm_year + 1900) * 12 + tm.tm_mon - back;
        char *folder =
            hf_xasprintf("plans/%04d-%02d", month / 12, month % 12 + 1);

        rc = find_in(out, s, tip, folder, hash, err);
        free(folder);
    }
    return rc;
}

static int
no_plan(const char *id, struct hf_err *err)
{
    (void)hf_fail(err, HF_ENOTFOUND, "no plan '%s' in the ledger", id);
    return hf_hint(err, "'hotfleet plan PLAYBOOK' makes one and prints its "
                        "id");
}

int
hf_plan_find_recorded(struct hf_plan **out, struct hf_session *s,
                      const char *id, struct hf_err *err)
{
    char tip[41] = "", *folder, *path;
    int rc;

    *out = NULL;
    if ((rc = states_ledger_tip(s, tip, err)) < 0)
        return rc;
    if (!tip[0])
        return no_plan(id, err);
    if (!hf_run_id_valid(id)) {
        if (strlen(id) < 6 || strspn(id, "0123456789abcdef") != strlen(id))
            return no_plan(id, err);
        rc = find_by_hash(out, s, tip, id, err);
        return rc == HF_OK && !*out ? no_plan(id, err) : rc;
    }
    folder = folder_of(id);
    path = hf_xasprintf("%s/%s.json", folder, id);
    rc = read_plan(out, s, tip, path, err);
    free(path);
    free(folder);
    return rc == HF_ENOTFOUND ? no_plan(id, err) : rc;
}
