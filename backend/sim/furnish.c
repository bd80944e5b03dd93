/* What a fleet that is in use has beside its hosts: a calendar, an exception,
 * a known issue. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/fleet.h"
#include "inventory/shipped.h"

/* furniture/: "@+5" in there is the day in five days. */
extern const struct hf_shipped hf_sim_furniture[];

static const struct {
    const char *name, *path;
} places[] = {
    {"calendar.json", "calendar.json"},
    {"exception.json", "exceptions/term-dublin.json"},
    {"known-issue.json", "known-issues/backup-agent.json"},
};

static const char *
place_of(const char *name)
{
    size_t i = 0;

    while (strcmp(places[i].name, name) != 0)
        i++;
    return places[i].path;
}

static void
add_days(struct hf_buf *out, const char *text)
{
    const char *at;

    while ((at = strchr(text, '@')) != NULL) {
        char day[HF_TIME_LEN], *rest;
        long days = strtol(at + 1, &rest, 10);

        hf_time_format(day, hf_now() + days * HF_DAY_MS);
        hf_buf_printf(out, "%.*s%.10s", (int)(at - text), text, day);
        text = rest;
    }
    hf_buf_puts(out, text);
}

int
hf_sim_furnish(const struct hf_sim_files *f, struct hf_err *err)
{
    const struct hf_shipped *file;
    int rc = HF_OK;

    for (file = hf_sim_furniture; file->name && rc == HF_OK; file++) {
        struct hf_buf text = {0};

        add_days(&text, file->text);
        rc = hf_sim_put_file(f, place_of(file->name), text.data, text.len, err);
        hf_buf_release(&text);
    }
    return rc;
}
