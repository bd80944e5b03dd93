/*
 * Rows about releases: what went wrong with those that the host has or would
 * get, and whether something is offered that would push it off the track.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"

/* ---- incidents ---- */

static void
add_incident(struct hf_buf *out, const char *which,
             const struct hf_release *row)
{
    if (row && row->incident)
        hf_buf_printf(out, "%s%s %s: %s", out->len ? "; " : "", which, row->kb,
                      row->incident);
}

static int
has_known_issues(const struct hf_release *row)
{
    return row && row->known_issues;
}

/* The companion of a hotpatch closes what the hotpatch leaves open. */
static void
add_companions(struct hf_buf *out, const struct hf_check_in *in,
               const struct windows_track *t)
{
    for (size_t i = 0; t->row && i < in->catalogue->releases_len; i++) {
        const struct hf_release *r = &in->catalogue->releases[i];

        if (r->type == HF_RELEASE_COMPANION &&
            strcmp(r->product, t->row->product) == 0 &&
            strcmp(r->build, t->build) == 0 && t->kbs_known &&
            !hf_strs_has(&t->kbs, r->kb))
            hf_buf_printf(out,
                          "%s%s is open on hotpatched hosts; see %s (whether "
                          "it restarts is unconfirmed)",
                          out->len ? "; " : "",
                          r->cves[0] ? r->cves[0] : "something", r->kb);
    }
}

static void
run_incidents(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "none known";
    struct windows_track t;
    struct hf_buf found = {0};

    if (!hf_finding_need(out, in->facts, "os.ubr", expected))
        return;
    windows_track(&t, in->facts, in->catalogue, in->now);
    add_incident(&found, "has", t.row);
    if (t.stray != t.row)
        add_incident(&found, "has", t.stray);
    if (t.target != t.row && t.place == WINDOWS_ON_TRACK)
        add_incident(&found, "would get", t.target);
    add_companions(&found, in, &t);
    if (found.len)
        hf_finding_set(out, HF_VERDICT_WARN, expected, "%s",
                       hf_buf_str(&found));
    else if (has_known_issues(t.row))
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       "none here; Microsoft lists known issues of %s",
                       t.row->kb);
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    hf_buf_release(&found);
    windows_track_release(&t);
}

const struct hf_check hf_check_incidents = {
    .name = "incidents",
    .title = "Incidents of its releases",
    .help = "what went wrong elsewhere with the release that it has, or that "
            "it would get",
    .remedy = "read what the catalogue says of it: hotfleet catalogue list "
              "--json",
    .who = "whoever plans the rollout",
    .spares = HF_SPARES_ALL,
    .run = run_incidents,
};

/* ---- offers ---- */

/* The row of a KB that would take a host on the track off it, or NULL. */
static const struct hf_release *
leaves_track(const struct hf_check_in *in, const struct windows_track *t,
             const char *kb)
{
    for (size_t i = 0; i < in->catalogue->releases_len; i++) {
        const struct hf_release *r = &in->catalogue->releases[i];

        if (r->kb && t->product.id && strcmp(r->product, t->product.id) == 0 &&
            strcmp(r->kb, kb) == 0 && r->type != HF_RELEASE_COMPANION &&
            hf_release_line(r) == HF_LINE_RESTART &&
            (!t->newest || r->released >= t->newest->released))
            return r;
    }
    return NULL;
}

static void
find_offers(struct hf_buf *found, const struct hf_check_in *in,
            const struct windows_track *t, const char *offered)
{
    struct hf_strs kbs = {0};

    hf_fact_words(&kbs, offered);
    for (size_t i = 0; i < kbs.len; i++) {
        const struct hf_release *row = leaves_track(in, t, kbs.v[i]);

        if (row)
            hf_buf_printf(found, "%s%s (%s %s)", found->len ? ", " : "",
                          row->kb, hf_release_type_names[row->type],
                          row->month);
    }
    hf_strs_release(&kbs);
}

/* In place of the hotpatch, and installed by the host itself: then a run for
 * the hotpatch would race with what takes the host off. */
static int
is_certain(const struct hf_check_in *in, const struct windows_track *t,
           const char *offered)
{
    struct hf_strs kbs = {0};
    int instead;

    hf_fact_words(&kbs, offered);
    instead = t->target && !hf_strs_has(&kbs, t->target->kb);
    hf_strs_release(&kbs);
    return instead && hf_facts_get(in->facts, "others.automatic");
}

static void
run_offers(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "nothing that leaves the track";
    const char *offered = hf_finding_need(out, in->facts, "offered", expected);
    struct hf_buf found = {0};
    struct windows_track t;

    if (!offered) {
        if (hf_facts_find(in->facts, "offered"))
            hf_finding_set(out, HF_VERDICT_WARN, expected,
                           "what is offered is not known: %s",
                           hf_facts_why(in->facts, "offered"));
        return;
    }
    windows_track(&t, in->facts, in->catalogue, in->now);
    if (t.place == WINDOWS_ON_TRACK)
        find_offers(&found, in, &t, offered);
    if (t.place != WINDOWS_ON_TRACK)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "it is on no track");
    else if (!found.len)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "nothing");
    else
        hf_finding_set(out,
                       is_certain(in, &t, offered) ? HF_VERDICT_BLOCK
                                                   : HF_VERDICT_WARN,
                       expected,
                       "%s was offered at the last scan: installed, it takes "
                       "the host off the track",
                       hf_buf_str(&found));
    hf_buf_release(&found);
    windows_track_release(&t);
}

const struct hf_check hf_check_offers = {
    .name = "offers",
    .title = "Updates that leave the track",
    .help = "an ordinary update in a hotpatch month means restarts until the "
            "next baseline",
    .remedy = "decline it where updates are approved, or see why the host is "
              "not offered the hotpatch in its place",
    .who = "whoever approves updates",
    .spares = HF_SPARES_UNDO,
    .run = run_offers,
};
