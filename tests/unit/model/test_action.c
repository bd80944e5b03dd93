/* Parameters, prices and orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/action.h"

static void
a_parameter_is_kept_once(void **state)
{
    struct hf_params p = {0};

    (void)state;
    hf_params_set(&p, "KERNEL", "6.1");
    hf_params_set(&p, "EMPTY", NULL);
    hf_params_set(&p, "KERNEL", "6.2");
    hf_params_set(&p, "KERNEL", hf_params_get(&p, "KERNEL"));
    assert_int_equal(p.len, 2);
    assert_string_equal(hf_params_get(&p, "KERNEL"), "6.2");
    assert_string_equal(hf_params_get(&p, "EMPTY"), "");
    assert_null(hf_params_get(&p, "kernel"));
    hf_params_release(&p);
    assert_null(hf_params_get(&p, "KERNEL"));
}

static void
a_released_order_is_empty(void **state)
{
    struct hf_order o = {.nothing = 1, .time_limit = 5};
    struct hf_upload *up;

    (void)state;
    hf_params_set(&o.params, "A", "1");
    up = HF_PUSH(&o.uploads, &o.uploads_len, &o.uploads_cap);
    up->sha256 = hf_xstrdup("00");
    up->name = hf_xstrdup("a.ko");
    hf_strs_add(&o.price.cves, "CVE-2026-1");
    hf_strs_add(&o.undo.cves, "CVE-2026-1");
    hf_order_release(&o);
    assert_int_equal(o.nothing, 0);
    assert_int_equal(o.uploads_len, 0);
    assert_null(o.params.v);
    hf_order_release(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parameter_is_kept_once),
        cmocka_unit_test(a_released_order_is_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
