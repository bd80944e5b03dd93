/*
 * A job's failure in plain words: what the job found itself, else the code
 * that Windows gave.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/drivers/windows/windows.h"

struct reason {
    const char *code; /* of the result */
    const char *next; /* what to do */
};

/* clang-format off */
static const struct reason reasons[] = {
    {"not-offered",
     "see approval (WSUS, Intune, Autopatch), deferrals and enrolment"},
    {"superseded", "bring the catalogue up to date, then apply again"},
    {"hidden", "show the update again on the host"},
    {"restart-pending", "restart the host in its window, then apply again"},
    {"busy", "wait until the other installation has ended"},
    {"level", "check the host again: its level changed meanwhile"},
    {"servicing", "wait until it has ended"},
    {"package", "see DISM /Online /Get-Packages on the host"},
    {"scheduled", "let it come, or call it off: shutdown /a"},
    {"parameter", "report this as an error of hotfleet"},
    {NULL, NULL},
};
/* clang-format on */

/* A key of the result, also without the "result." that POLL puts before. */
static const char *
text_of(const struct hf_facts *facts, const char *key)
{
    const char *value = hf_facts_get(facts, key);

    if (!value && hf_has_prefix(key, "result."))
        value = hf_facts_get(facts, key + strlen("result."));
    return value && *value ? value : NULL;
}

/* "0x80240034", or the same as a number. */
static const struct windows_code *
code_of(const struct hf_facts *facts)
{
    const char *text = text_of(facts, "result.hresult");

    return text ? windows_code_find((uint32_t)strtoll(text, NULL, 0)) : NULL;
}

static const char *
next_of(const char *code)
{
    for (const struct reason *row = reasons; code && row->code; row++) {
        if (strcmp(row->code, code) == 0)
            return row->next;
    }
    return NULL;
}

void
windows_explain(struct hf_err *out, const struct hf_facts *result)
{
    const struct windows_code *code = code_of(result);
    const char *text = text_of(result, "result.text");
    const char *next = next_of(text_of(result, "result.code"));

    if (code)
        (void)hf_fail(out, HF_ERR, "%s%s0x%08X %s: %s%s", text ? text : "",
                      text ? "; " : "", code->code, code->name, code->means,
                      code->confirmed ? "" : " (by general knowledge)");
    else if (text)
        (void)hf_fail(out, HF_ERR, "%s", text);
    else
        (void)hf_fail(out, HF_ERR, "the job left no result");
    if (code || next)
        (void)hf_hint(out, "%s", next ? next : code->next);
    else
        (void)hf_hint(out, text ? "see the job's log" : "check the host again");
}
