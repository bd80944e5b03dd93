/*
 * What the update agent's last scan found: what goes along with an update that
 * restarts the host, what stays behind, what is downloaded already. The fact
 * offered.how has a word for each: KB5066131:updates:no:73400320.
 */
#include <stdio.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/order.h"

#define SAY(to, ...) hf_say((to), sizeof(to), __VA_ARGS__)
#define HOW "offered.how"

static int
read_word(struct windows_offer *out, const char *word)
{
    char downloaded[4];
    long long bytes;

    if (sscanf(word, "%15[KB0-9]:%23[a-z-]:%3[a-z]:%lld", out->kb, out->kind,
               downloaded, &bytes) != 4)
        return 0;
    out->downloaded = strcmp(downloaded, "yes") == 0;
    out->bytes = bytes;
    return 1;
}

int
windows_offer_find(struct windows_offer *out, const struct hf_facts *facts,
                   const char *kb)
{
    const char *how = hf_facts_get(facts, HOW);
    struct hf_strs words = {0};
    int found = 0;

    *out = (struct windows_offer){0};
    if (!how)
        return -1;
    hf_fact_words(&words, how);
    for (size_t i = 0; i < words.len && !found; i++)
        found = read_word(out, words.v[i]) && strcmp(out->kb, kb) == 0;
    hf_strs_release(&words);
    return found;
}

enum hf_staged
windows_staged(const struct hf_status *status, const struct windows_track *t)
{
    const struct hf_release *row = windows_due_update(status, t);
    struct windows_offer offer;

    if (!row || windows_offer_find(&offer, t->facts, row->kb) != 1)
        return HF_STAGED_UNKNOWN;
    return offer.downloaded ? HF_STAGED_YES : HF_STAGED_NO;
}

/* Another level of Windows itself is never taken by the way, also not when it
 * is named: one is planned, and the host is measured by that. */
static int
changes_build(const struct windows_offer *o, const struct hf_catalogue *c)
{
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *r = &c->releases[i];

        if (r->kb && r->type != HF_RELEASE_COMPANION &&
            strcmp(r->kb, o->kb) == 0)
            return 1;
    }
    return strcmp(o->kind, "system") == 0;
}

static int
is_wanted(const struct windows_offer *o, const struct hf_also *also)
{
    return also && ((also->kbs && hf_name_index(also->kbs, o->kb) >= 0) ||
                    (also->classifications &&
                     hf_name_index(also->classifications, o->kind) >= 0));
}

static void
add_once(struct hf_strs *to, const char *kb)
{
    if (!hf_strs_has(to, kb))
        hf_strs_add(to, kb);
}

static void
sort_out(struct hf_order *out, const struct windows_offer *o,
         const struct hf_judge_in *in, const struct hf_release *row)
{
    if (strcmp(o->kb, row->kb) == 0)
        out->staged = o->downloaded;
    else if (is_wanted(o, in->also) && !changes_build(o, in->catalogue))
        add_once(&out->along, o->kb);
    else
        add_once(&out->stays, o->kb);
}

void
windows_add_offers(struct hf_order *out, const struct hf_judge_in *in,
                   const struct hf_release *row)
{
    const char *how = hf_facts_get(in->facts, HOW);
    struct hf_strs words = {0};
    struct windows_offer offer;
    struct hf_buf kbs = {0};

    if (!how)
        SAY(out->offers_why, "%s", hf_facts_why(in->facts, HOW));
    else
        hf_fact_words(&words, how);
    for (size_t i = 0; i < words.len; i++) {
        if (read_word(&offer, words.v[i]))
            sort_out(out, &offer, in, row);
    }
    for (size_t i = 0; i < out->along.len; i++)
        hf_buf_printf(&kbs, "%s%s", i ? " " : "", out->along.v[i]);
    if (out->along.len)
        hf_params_set(&out->params, "ALSO", hf_buf_str(&kbs));
    hf_buf_release(&kbs);
    hf_strs_release(&words);
}

/* ---- what was downloaded is there ---- */

static void
run_staged(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "downloaded";
    const char *kb =
        in->order ? hf_params_get(&in->order->params, "KBS") : NULL;
    struct windows_offer offer;

    if (!kb || !hf_finding_need(out, in->facts, HOW, expected))
        return;
    if (!windows_offer_find(&offer, in->facts, kb))
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "%s is not among what the last scan found", kb);
    else
        hf_finding_set(out,
                       offer.downloaded ? HF_VERDICT_PASS : HF_VERDICT_BLOCK,
                       expected, "%s is %sdownloaded, at most %lld MB", kb,
                       offer.downloaded ? "" : "not ",
                       (long long)((offer.bytes + 1048575) / 1048576));
}

const struct hf_check hf_criterion_staged = {
    .name = "staged",
    .title = "The update is downloaded",
    .help = "what is there already need not be fetched in the restart window",
    .remedy = "see the job's log; free space on the system drive",
    .who = "an administrator of the host",
    .run = run_staged,
};
