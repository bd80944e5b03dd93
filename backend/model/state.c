/* What is known of a host: releasing it. */
#include "backend/model/state.h"

void
hf_state_release(struct hf_state *s)
{
    hf_facts_release(&s->facts);
    hf_facts_release(&s->baseline);
    hf_findings_release(&s->findings);
    *s = (struct hf_state){0};
}
