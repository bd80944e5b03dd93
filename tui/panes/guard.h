/* Keys that were typed ahead must not answer a question that has just come
 * up: for so long they are ignored. */
#ifndef HF_PANES_GUARD_H
#define HF_PANES_GUARD_H

#include "backend/base/time.h"

#define HF_GUARD_MS 300

static inline int
hf_guard_holds(int64_t opened)
{
    return hf_mono() - opened < HF_GUARD_MS;
}

#endif
