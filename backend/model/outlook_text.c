/* Forced restarts in words. */
#include <string.h>

#include "backend/base/time.h"
#include "backend/model/outlook.h"

/* clang-format off */
const char *const hf_force_names[HF_FORCE_COUNT + 1] = {
    [HF_FORCE_UNKNOWN] = "unknown",
    [HF_FORCE_CHOSEN] = "chosen",
    [HF_FORCE_PENDING] = "pending",
    [HF_FORCE_SCHEDULED] = "scheduled",
    [HF_FORCE_BASELINE] = "baseline",
    [HF_FORCE_UNPLANNED] = "unplanned-baseline",
    [HF_FORCE_UPDATE] = "update",
    [HF_FORCE_SUPPORT] = "support-ends",
    [HF_FORCE_PROGRAMME] = "programme-ends",
    [HF_FORCE_COUNT] = NULL,
};

static const struct {
    const char *say, *brief;
    const char *moves; /* what would move it */
} words[HF_FORCE_COUNT] = {
    [HF_FORCE_UNKNOWN] = {NULL, "not known",
        "once what stops it is mended, a check tells when"},
    [HF_FORCE_CHOSEN] = {"installing it restarts the host", "this update",
        "not installing it"},
    [HF_FORCE_PENDING] = {"a restart is pending", "pending",
        "nothing puts it off: the host waits for it already"},
    [HF_FORCE_SCHEDULED] = {"a restart is scheduled on the host", "scheduled",
        "'hotfleet call-off' where a run of ours ordered it, else whoever did"},
    [HF_FORCE_BASELINE] = {"planned baseline", "baseline",
        "put off, it comes with the next hotpatch; none takes effect until "
        "then"},
    [HF_FORCE_UNPLANNED] = {"unplanned baseline", "unplanned",
        "put off, it comes with the next hotpatch; none takes effect until "
        "then"},
    [HF_FORCE_UPDATE] = {"ordinary update", "update",
        "the next baseline puts it back on the track; then hotpatches do"},
    [HF_FORCE_SUPPORT] = {"live patches for its kernel end", "kernel's end",
        "a live patch for its kernel that is covered for longer; a restart "
        "into a newer kernel"},
    [HF_FORCE_PROGRAMME] = {"hotpatches for its product end", "product's end",
        "nothing but another product: from then on each update restarts it"},
};

static const char *const sureness[HF_SURE_COUNT] = {
    [HF_SURE_READ] = "read on the host",
    [HF_SURE_PUBLISHED] = "published",
    [HF_SURE_ANNOUNCED] = "announced",
    [HF_SURE_RULE] = "by the vendor's rule, not always kept",
    [HF_SURE_UNCONFIRMED] = "unconfirmed",
    [HF_SURE_UNKNOWN] = "not certain: what it runs is not known",
};
/* clang-format on */

static const char *
or_unknown(const char *why)
{
    return why[0] ? why : "nothing says when";
}

/* The reason, where the standing has one that says more than the word. */
static const char *
why_of(const struct hf_forced *f, const struct hf_standing *s)
{
    if (f->force == HF_FORCE_PENDING)
        return s->reboot_why;
    if (f->force == HF_FORCE_UPDATE && s->coverage != HF_COVERAGE_COVERED)
        return s->coverage_why;
    return "";
}

enum hf_staged
hf_forced_staged(const struct hf_forced *f, const struct hf_standing *s)
{
    int due = f->force == HF_FORCE_BASELINE || f->force == HF_FORCE_UNPLANNED ||
              f->force == HF_FORCE_UPDATE;

    return due && f->row ? s->staged : HF_STAGED_UNKNOWN;
}

void
hf_forced_say(struct hf_buf *out, const struct hf_forced *f,
              const struct hf_standing *s)
{
    const char *why = why_of(f, s);
    char day[HF_TIME_LEN];

    if (f->force == HF_FORCE_UNKNOWN) {
        hf_buf_printf(out, "not known: %s",
                      s->product ? or_unknown(s->coverage_why)
                                 : "its product is not known");
        return;
    }
    if (f->row)
        hf_buf_printf(out, "%s, ", f->row->kb);
    hf_buf_puts(out, words[f->force].say);
    if (f->month[0])
        hf_buf_printf(out, " of %s", f->month);
    if (f->flags & HF_FORCED_SKIPPED)
        hf_buf_puts(out, ", skipped: it comes with the next hotpatch");
    hf_buf_printf(out, " (%s)", sureness[f->sure]);
    if (f->force == HF_FORCE_UPDATE)
        hf_buf_puts(out, ", as it takes no hotpatches");
    if (why[0])
        hf_buf_printf(out, ": %s", why);
    if (hf_forced_staged(f, s) == HF_STAGED_YES)
        hf_buf_puts(out, "; downloaded already");
    if (f->flags & HF_FORCED_DEADLINE)
        hf_buf_printf(out, "; restarts by itself at the latest %.10s",
                      hf_time_format(day, f->by));
    if (f->flags & HF_FORCED_EARLIER)
        hf_buf_puts(out, "; whether one is pending already is not known");
}

void
hf_forced_say_when(struct hf_buf *out, const struct hf_forced *f,
                   const struct hf_standing *s)
{
    char from[HF_TIME_LEN] = "", by[HF_TIME_LEN] = "";

    if (f->at)
        (void)hf_time_format(from, f->at);
    if (f->by)
        (void)hf_time_format(by, f->by);
    if (f->at && strncmp(from, by, strlen("2027-01-12")) == 0)
        hf_buf_printf(out, "on %.10s: ", from);
    else if (f->at && f->by)
        hf_buf_printf(out, "from %.10s, by %.10s: ", from, by);
    else if (f->at)
        hf_buf_printf(out, "from %.10s: ", from);
    hf_forced_say(out, f, s);
}

void
hf_forced_brief(struct hf_buf *out, const struct hf_forced *f)
{
    hf_buf_puts(out, words[f->force].brief);
    if (f->month[0])
        hf_buf_printf(out, " %s", f->month);
}

const char *
hf_forced_moves(const struct hf_forced *f, const struct hf_standing *s)
{
    if (f->force == HF_FORCE_UPDATE && s->coverage == HF_COVERAGE_INELIGIBLE)
        return "mending what blocks it: then hotpatches do without a restart";
    return words[f->force].moves;
}
