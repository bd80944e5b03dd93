/* The ledger's facts.json of a host, as a record. */
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/session_priv.h"

void
document_text(char *to, size_t size, const struct hf_view_node *doc,
              const char *key)
{
    const char *text = hf_view_str(doc, key);

    hf_say(to, size, "%s", text ? text : "");
}

int64_t
document_time(const struct hf_view_node *doc, const char *key)
{
    const char *text = hf_view_str(doc, key);
    int64_t at = 0;

    return text && hf_time_parse(&at, text) == 0 ? at : 0;
}

/* A ledger written by a version without baselines knows the boot id. */
static void
read_baseline(struct hf_record *record, struct hf_view *view,
              const struct hf_view_node *before)
{
    static const char *const changing[] = {"apply", "rollback", "reboot", NULL};
    struct hf_err err = HF_ERR_INIT;
    struct hf_recent *r = &record->recent;

    if (before && hf_facts_from_view(&record->baseline, view, before, NULL,
                                     &err) == HF_OK)
        return;
    if (r->boot_id[0] && hf_name_index(changing, r->action) >= 0)
        hf_facts_set(&record->baseline, "boot.id", r->boot_id, NULL, r->at);
}

static void
read_recent(struct hf_record *record, struct hf_view *view,
            const struct hf_view_node *doc)
{
    struct hf_recent *r = &record->recent;

    document_text(r->run, sizeof(r->run), doc, "run");
    document_text(r->action, sizeof(r->action), doc, "action");
    document_text(r->outcome, sizeof(r->outcome), doc, "outcome");
    document_text(r->level, sizeof(r->level), doc, "level");
    document_text(r->boot_id, sizeof(r->boot_id), doc, "boot_id");
    document_text(r->why, sizeof(r->why), doc, "why");
    r->at = document_time(doc, "at");
    read_baseline(record, view, hf_view_get(doc, "before"));
}

int
document_read(struct shelf_item *out, struct hf_view *view, struct hf_err *err)
{
    const struct hf_view_node *doc = view->v;
    const struct hf_view_node *net = hf_view_get(doc, "net");
    const struct hf_view_node *identity = hf_view_get(doc, "identity");
    struct hf_record *r = &out->record;
    int rc;

    rc = hf_facts_from_view(&r->facts, view, hf_view_get(doc, "facts"), NULL,
                            err);
    if (rc < 0)
        return rc;
    read_recent(r, view, hf_view_get(doc, "recent"));
    out->hostkey = hf_view_str(identity, "hostkey");
    document_text(r->recent.machine_id, sizeof(r->recent.machine_id), identity,
                  "machine_id");
    out->net = hf_view_str(net, "outcome");
    document_text(r->net_why, sizeof(r->net_why), net, "why");
    r->net_at = document_time(net, "at");
    return HF_OK;
}

/* One broken document must not hide the fleet: that host is unknown. */
void
document_shelve(struct shelf_maker *to, const char *host, const char *text,
                size_t len)
{
    struct shelf_item item = {.name = host};
    struct hf_err err = HF_ERR_INIT;
    struct hf_view view = {0};

    if (text && (hf_view_parse(&view, text, len, &err) < 0 ||
                 document_read(&item, &view, &err) < 0))
        hf_say(item.record.net_why, sizeof(item.record.net_why),
               "recorded facts cannot be read: %.120s", err.text);
    shelf_add(to, &item);
    hf_record_release(&item.record);
    hf_view_release(&view);
}
