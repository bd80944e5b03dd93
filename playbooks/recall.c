/* States and the shelves their records stand on. */
#include "playbooks/recall.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/drivers/driver.h"

struct recall {
    struct hf_recall base;
    const struct hf_fleet *fleet;
    struct shelf *all, *news;
    int64_t *confirmed; /* by host: when its facts were seen again, or 0 */
    int64_t now;        /* of the last judging */
};

/* A state's place is that on its shelf, doubled; odd: among the news. */
enum { NEWS = 1 };

static void
get(const struct recall *r, size_t place, struct shelf_item *out)
{
    shelf_get(place & NEWS ? r->news : r->all, place >> 1, out);
}

/* Facts that did not move are not written again. Of what moves all the time
 * nobody knows what it was then. */
static void
confirm(struct hf_facts *facts, int64_t at)
{
    int64_t newest = at ? hf_facts_newest(facts) : 0;

    for (size_t i = 0; at > newest && i < facts->len; i++) {
        if (facts->v[i].at == newest && !hf_fact_is_volatile(facts->v[i].key))
            facts->v[i].at = at;
    }
}

/* A machine id counts as long as the host's key is the one pinned then. */
static void
recall_record(const struct hf_recall *recall, const struct hf_state *st,
              struct hf_record *out)
{
    const struct recall *r = (const struct recall *)recall;
    const char *pinned = st->host->hostkey;
    struct shelf_item item;

    get(r, st->place, &item);
    *out = item.record;
    if (!item.hostkey || !pinned || strcmp(item.hostkey, pinned) != 0)
        out->recent.machine_id[0] = '\0';
    confirm(&out->facts, r->confirmed[st->host - r->fleet->hosts]);
}

static void
recall_findings(const struct hf_recall *recall, const struct hf_state *st,
                struct hf_findings *out)
{
    const struct recall *r = (const struct recall *)recall;

    hf_find(out, st, r->fleet, r->now);
}

struct recall *
recall_new(const struct hf_fleet *fleet, struct shelf *all, struct shelf *news)
{
    struct recall *r = HF_NEW(struct recall);

    r->base = (struct hf_recall){.record = recall_record,
                                 .findings = recall_findings};
    r->fleet = fleet;
    r->all = all;
    r->news = news;
    r->confirmed = hf_xcalloc(fleet->hosts_len + 1, sizeof(*r->confirmed));
    return r;
}

void
recall_free(struct recall *r)
{
    if (!r)
        return;
    shelf_free(r->all);
    shelf_free(r->news);
    free(r->confirmed);
    free(r);
}

static void
place_shelf(struct recall *r, struct hf_state *states, const struct shelf *s,
            size_t which)
{
    for (size_t i = 0; i < shelf_len(s); i++) {
        const struct hf_host *h = hf_fleet_find(r->fleet, shelf_name(s, i));
        struct hf_state *st = h ? &states[h - r->fleet->hosts] : NULL;

        if (!st)
            continue; /* it has left the fleet */
        st->recall = &r->base;
        st->place = i << 1 | which;
        hf_say(st->net, sizeof(st->net), "%s", shelf_net(s, i));
    }
}

void
recall_place(struct recall *r, struct hf_state *states)
{
    place_shelf(r, states, r->all, 0);
    if (r->news)
        place_shelf(r, states, r->news, NEWS);
}

void
recall_confirm(struct recall *r, size_t host, int64_t at)
{
    r->confirmed[host] = at;
}

void
recall_judged(struct recall *r, int64_t now)
{
    r->now = now;
}
