/* Words that only look; see lookups.h. */
#include "tui/panes/lookups.h"

#include <string.h>

static const struct {
    const char *name;
    const struct hf_pane *pane;
} reports[] = {
    {"compliance", &hf_pane_value}, {"exposure", &hf_pane_value},
    {"savings", &hf_pane_value},    {"memory", &hf_pane_value},
    {"reboots", &hf_pane_reboots},  {"rollback", &hf_pane_rollback},
};

unsigned
hf_lookup_report(struct hf_ui *ui, const char *args)
{
    for (size_t i = 0; i < HF_COUNT(reports); i++) {
        if (strcmp(args, reports[i].name) == 0) {
            hf_ui_go(ui, reports[i].pane);
            return HF_HANDLED;
        }
    }
    hf_ui_say(ui, HF_TONE_WARN,
              "no screen shows that report; outside: hotfleet report %s", args);
    return HF_HANDLED;
}

unsigned
hf_lookup_schedule(struct hf_ui *ui, const char *args)
{
    (void)args;
    hf_ui_go(ui, &hf_pane_reboots);
    return HF_HANDLED;
}

unsigned
hf_lookup_exceptions(struct hf_ui *ui, const char *args)
{
    (void)args;
    hf_ui_go(ui, &hf_pane_value);
    return HF_HANDLED;
}
