/* Names of enum values. */
#include "backend/base/names.h"

#include <string.h>

int
hf_name_index(const char *const *names, const char *name)
{
    if (!name)
        return -1;
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}
