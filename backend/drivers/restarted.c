/* Restarts that nobody planned; see restarted.h. */
#include "backend/drivers/restarted.h"

#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/drivers/shared.h"
#include "backend/model/calendar.h"

/* Clocks differ a little, and a Windows host knows its starts only by one. */
#define CLOCK_MS 120000

/* clang-format off */
static const struct {
    const char *cause, *text;
} causes[] = {
    {"ordered", "ordered"},
    {"crash", "it crashed"},
    {"unclean", "it went down without being shut down (power, reset, hang)"},
};
/* clang-format on */

/* A run that ordered a restart and did not see its end, or one that the host's
 * log names: it is told elsewhere what became of that. */
static int
was_ours(const struct hf_recent *recent, const char *why)
{
    int restarts = recent->action[0] && strcmp(recent->action, "apply") != 0;

    return (restarts && strcmp(recent->outcome, "unverified") == 0) ||
           (why && recent->run[0] && strstr(why, recent->run));
}

static int
was_in_window(const struct hf_calendar *cal, const struct hf_host *host,
              int64_t at)
{
    struct hf_period open;

    return hf_calendar_window(cal, host, HF_RULE_RESTART,
                              at - HF_RESTARTED_LATE, &open) != HF_OPEN_NEVER &&
           open.from <= at;
}

static int
is_another_start(const struct hf_record *r, int64_t at)
{
    const char *id = hf_facts_get(&r->facts, "boot.id");
    const char *machine = hf_facts_get(&r->facts, "machine.id");

    return id && r->recent.boot_id[0] && !hf_boot_same(id, r->recent.boot_id) &&
           (!at || at + CLOCK_MS > r->recent.at) &&
           !(machine && r->recent.machine_id[0] &&
             strcmp(machine, r->recent.machine_id) != 0);
}

int
hf_restarted(struct hf_restarted *out, const struct hf_record *r,
             const struct hf_host *host, const struct hf_calendar *cal,
             int64_t now)
{
    int64_t at = hf_fact_when(&r->facts, "boot.time");
    const char *why = hf_facts_get(&r->facts, "boot.why");

    if (!is_another_start(r, at) || was_ours(&r->recent, why) ||
        (at && (now - at >= HF_RESTARTED_FOR || was_in_window(cal, host, at))))
        return 0;
    if (out)
        *out = (struct hf_restarted){
            .at = at,
            .cause = hf_facts_get(&r->facts, "boot.cause"),
            .by = hf_facts_get(&r->facts, "boot.by"),
            .why = why,
            .unknown = hf_facts_why(&r->facts, "boot.cause"),
        };
    return 1;
}

/* ---- in words ---- */

static void
say_when(struct hf_buf *out, const struct hf_restarted *it,
         const struct hf_host *host, const struct hf_calendar *cal)
{
    char text[HF_ZONE_TIME_LEN > HF_TIME_LEN ? HF_ZONE_TIME_LEN : HF_TIME_LEN];

    if (!it->at)
        hf_buf_puts(out, "nobody knows when");
    else if (cal)
        hf_buf_puts(out,
                    hf_zone_format(text, hf_calendar_zone(cal, host), it->at));
    else
        hf_buf_puts(out, hf_time_format(text, it->at));
}

static const char *
text_of(const char *cause)
{
    for (size_t i = 0; i < HF_COUNT(causes); i++) {
        if (strcmp(causes[i].cause, cause) == 0)
            return causes[i].text;
    }
    return cause;
}

void
hf_restarted_say(struct hf_buf *out, const struct hf_restarted *it,
                 const struct hf_host *host, const struct hf_calendar *cal)
{
    int named = cal && hf_calendar_rule(cal, host, HF_RULE_RESTART, 0);

    say_when(out, it, host, cal);
    hf_buf_puts(out, named ? ", outside its restart windows: "
                           : ", and no restart window names it: ");
    if (!it->cause) {
        hf_buf_printf(out, "why is not known (%s)", it->unknown);
        return;
    }
    hf_buf_puts(out, text_of(it->cause));
    if (it->by)
        hf_buf_printf(out, " by %s", it->by);
    if (it->why)
        hf_buf_printf(out, ": %s", it->why);
}
