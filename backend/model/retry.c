/* Groups of hosts that are worth doing again. */
#include "backend/model/retry.h"

#include <string.h>

#define BIT(o) (1u << HF_OUTCOME_##o)

/* clang-format off */
const struct hf_retry_row hf_retry_rows[HF_RETRY_GROUP_COUNT] = {
    [HF_RETRY_FAILED] = {"failed", "the host said no, or a criterion failed",
        BIT(FAILED)},
    [HF_RETRY_NOT_STARTED] = {"notstarted",
        "never begun, locked by another run, outside its window, or its "
        "restart was called off",
        BIT(CANCELLED) | BIT(LOCKED) | BIT(CLOSED) | BIT(CALLED_OFF)},
    [HF_RETRY_UNREACHABLE] = {"unreachable",
        "not reached, not seen, or the login was refused",
        BIT(UNREACHABLE) | BIT(NOT_SEEN) | BIT(REFUSED)},
    [HF_RETRY_UNVERIFIED] = {"unverified", "neither proven nor disproven",
        BIT(UNVERIFIED)},
};
/* clang-format on */

int
hf_retry_group_of(const struct hf_slot *slot)
{
    if (slot->state == HF_SLOT_IN_FLIGHT)
        return -1;
    if (slot->state != HF_SLOT_ENDED)
        return HF_RETRY_NOT_STARTED;
    for (int i = 0; i < HF_RETRY_GROUP_COUNT; i++) {
        if (hf_retry_rows[i].outcomes & (1u << slot->outcome))
            return i;
    }
    return -1;
}

static int
find_group(const char *word, size_t len)
{
    for (int i = 0; i < HF_RETRY_GROUP_COUNT; i++) {
        if (strlen(hf_retry_rows[i].name) == len &&
            strncmp(hf_retry_rows[i].name, word, len) == 0)
            return i;
    }
    return -1;
}

int
hf_retry_parse(unsigned *out, const char *words, struct hf_err *err)
{
    size_t len;
    int group;

    *out = (1u << HF_RETRY_GROUP_COUNT) - 1;
    if (strcmp(words, "all") == 0)
        return HF_OK;
    *out = 0;
    for (const char *at = words;; at += len + 1) {
        len = strcspn(at, "+");
        if ((group = find_group(at, len)) < 0) {
            (void)hf_fail(err, HF_EUSAGE, "'%s' names no hosts of a run",
                          words);
            return hf_hint(err, "failed, notstarted, unreachable, unverified, "
                                "several joined by +, or all");
        }
        *out |= 1u << group;
        if (!at[len])
            return HF_OK;
    }
}

char *
hf_retry_format(unsigned groups)
{
    struct hf_buf out = {0};
    char *text;

    for (int i = 0; i < HF_RETRY_GROUP_COUNT; i++) {
        if (groups & (1u << i))
            hf_buf_printf(&out, "%s%s", out.len ? "+" : "",
                          hf_retry_rows[i].name);
    }
    text = hf_xstrdup(hf_buf_str(&out));
    hf_buf_release(&out);
    return text;
}
