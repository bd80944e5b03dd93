/* A moment as a test writes it. */
#ifndef TESTS_SUPPORT_AT_H
#define TESTS_SUPPORT_AT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/time.h"

static inline int64_t
at(const char *text)
{
    int64_t ms;

    assert_int_equal(hf_time_parse(&ms, text), 0);
    return ms;
}

#endif
