/* The rules that may be overridden; see break_glass.h. */
#include "backend/model/break_glass.h"

#include <stddef.h>

#include "backend/base/names.h"

const char *const hf_glass_names[HF_GLASS_COUNT + 1] = {
    "hold", "exception", "known-issue", "block", "calendar", NULL,
};

unsigned
hf_glass_bit(const char *name)
{
    int i = hf_name_index(hf_glass_names, name);

    return i < 0 ? 0 : 1u << i;
}
