/* What is known of a host: fetching it for whoever asks, letting go of it. */
#include "backend/model/state.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

int
hf_recent_is_first(const struct hf_recent *r)
{
    return strcmp(r->outcome, HF_FIRST_SEEN) == 0;
}

void
hf_record_release(struct hf_record *r)
{
    hf_facts_release(&r->facts);
    hf_facts_release(&r->baseline);
    *r = (struct hf_record){0};
}

void
hf_state_init(struct hf_state *s, const struct hf_host *host)
{
    *s = (struct hf_state){.host = host, .status = hf_standing_none};
}

static void
drop_record(struct hf_state *s)
{
    if (s->record)
        hf_record_release(s->record);
    free(s->record);
    s->record = NULL;
}

static void
let_go(struct hf_state *s)
{
    drop_record(s);
    hf_findings_release(&s->findings);
    s->has_findings = 0;
}

void
hf_state_release(struct hf_state *s)
{
    let_go(s);
    hf_standing_release(&s->status);
    hf_state_init(s, NULL);
}

/* Fetching and letting go move nothing that anybody can tell: for a reader the
 * state stays as it is. */
static struct hf_state *
behind(const struct hf_state *s)
{
    return (struct hf_state *)s;
}

void
hf_state_fold(const struct hf_state *s)
{
    if (s->recall)
        let_go(behind(s));
}

const struct hf_record *
hf_state_record(const struct hf_state *s)
{
    static const struct hf_record none;

    if (!s->record && s->recall) {
        behind(s)->record = HF_NEW(struct hf_record);
        s->recall->record(s->recall, s, s->record);
    }
    return s->record ? s->record : &none;
}

/* They cost more to make than to keep; the record does not. */
const struct hf_findings *
hf_state_findings(const struct hf_state *s)
{
    int held = s->record != NULL;

    if (!s->has_findings && s->recall) {
        s->recall->findings(s->recall, s, &behind(s)->findings);
        behind(s)->has_findings = 1;
        if (!held)
            drop_record(behind(s));
    }
    return &s->findings;
}

struct hf_record *
hf_state_change(struct hf_state *s)
{
    (void)hf_state_record(s);
    if (!s->record)
        s->record = HF_NEW(struct hf_record);
    s->recall = NULL;
    return s->record;
}

const char *
hf_state_others(const struct hf_state *s)
{
    const char *others = hf_facts_get(&hf_state_record(s)->facts, "others");

    return others && strcmp(others, "none") != 0 ? others : NULL;
}
