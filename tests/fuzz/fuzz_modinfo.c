/* A module may be anything: nothing is read beyond it, and what it says about
 * itself is plain text. */
#include <string.h>

#include "inventory/modinfo.h"
#include "tests/fuzz/fuzz.h"

static void
check_text(const char *text)
{
    for (; *text; text++)
        PROMISE(*text >= ' ' && *text <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_modinfo info;
    struct hf_err err = HF_ERR_INIT;
    int rc = hf_modinfo_read(&info, data, size, &err);

    PROMISE(rc == HF_OK || (rc == HF_EINVALID && err.text[0]));
    if (rc == HF_OK) {
        check_text(info.name);
        check_text(info.vermagic);
        check_text(info.version);
        check_text(info.depends);
        PROMISE(strncmp(info.vermagic, info.kernel, strlen(info.kernel)) == 0);
    }
    return 0;
}
