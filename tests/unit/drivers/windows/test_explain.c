/* How a job of a Windows host failed, in plain words with the next step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "backend/drivers/windows/windows.h"

struct row {
    const char *code, *hresult, *text; /* of the result; NULL: lacks it */
    const char *says, *next;
};

/* clang-format off */
static const struct row rows[] = {
    {"download", "0x80240034", "the download failed with result 4",
     "the download failed with result 4; 0x80240034 WU_E_DOWNLOAD_FAILED",
     "try again"},
    {"install", "-2145124300", "the installation failed",
     "0x80240034 WU_E_DOWNLOAD_FAILED", "try again"},
    {"install", "0x800F0922", "it failed",
     "(by general knowledge)", "read CBS.log"},
    {"not-offered", "0x00000000", "KB5120228 is not offered to this host",
     "KB5120228 is not offered to this host", "see approval"},
    {"search", "0x8024DEAD", "the search failed: cannot: x (8024dead)",
     "the search failed: cannot: x (8024dead)", "see the job's log"},
    {"level", NULL, "the host is at 26100.1", "the host is at 26100.1",
     "check the host again"},
    {NULL, NULL, NULL, "the job left no result", "check the host again"},
};
/* clang-format on */

static void
put(struct hf_facts *facts, const char *prefix, const char *key,
    const char *value)
{
    char name[40];

    if (!value)
        return;
    snprintf(name, sizeof(name), "%s%s", prefix, key);
    hf_facts_set(facts, name, value, NULL, 1);
}

static void
explains(const struct row *row, const char *prefix)
{
    struct hf_facts facts = {0};
    struct hf_err err = HF_ERR_INIT;

    put(&facts, prefix, "code", row->code);
    put(&facts, prefix, "hresult", row->hresult);
    put(&facts, prefix, "text", row->text);
    windows_explain(&err, &facts);
    if (!strstr(err.text, row->says) || !strstr(err.hint, row->next))
        fail_msg("'%s' (%s), wanted '%s' (%s)", err.text, err.hint, row->says,
                 row->next);
    hf_facts_release(&facts);
}

static void
says_what_failed_and_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        explains(&rows[i], "result.");
        explains(&rows[i], "");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_failed_and_what_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
