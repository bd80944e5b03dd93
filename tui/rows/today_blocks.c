/* Blocked releases, and who runs them all the same. */
#include <stdlib.h>

#include "backend/base/text.h"
#include "backend/drivers/driver.h"
#include "backend/model/block.h"
#include "tui/rows/today_priv.h"

/* A blocked release that is in effect somewhere waits to be taken back. */
static void
add_block(struct hf_today *t, const struct hf_today_in *in,
          const struct hf_block *b)
{
    struct hf_strs hosts = {0}, has = {0};
    struct hf_today_line *line;
    char *next;

    for (size_t i = 0; i < in->states_len; i++) {
        const struct hf_state *st = &in->states[i];

        hf_releases_of(&has, st, in->fleet, in->now);
        if (hf_strs_has(&has, b->release) &&
            hf_block_of(in->fleet, b->release, &hf_state_record(st)->facts,
                        in->now) == b)
            hf_strs_add(&hosts, st->host->name);
        hf_strs_release(&has);
        hf_state_fold(st);
    }
    if (!hosts.len) {
        (void)hf_today_add(t, HF_TODAY_MONTH, NULL, "%s is blocked: %s",
                           b->release, b->reason);
        return;
    }
    next = hf_xasprintf("hotfleet rollback --release %s", b->release);
    line = hf_today_add(t, HF_TODAY_NEEDS, next,
                        "%zu host%s run%s %s, which is blocked: %s", hosts.len,
                        hf_plural(hosts.len), hosts.len == 1 ? "s" : "",
                        b->release, b->reason);
    line->hosts = hosts;
    line->urgent = 1;
    free(next);
}

void
hf_today_blocks(struct hf_today *t, const struct hf_today_in *in)
{
    for (size_t i = 0; i < in->fleet->blocks_len; i++) {
        if (hf_block_holds(&in->fleet->blocks[i], in->now))
            add_block(t, in, &in->fleet->blocks[i]);
    }
}
