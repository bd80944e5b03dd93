/* What the tests of the outlook share: a product, and a host on it. */
#ifndef HF_TEST_MODEL_OUTLOOK_BED_H
#define HF_TEST_MODEL_OUTLOOK_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/model/outlook.h"
#include "tests/support/at.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

/* ---- a product ---- */

#define ROW(m, t, k, b)                                                 \
    {                                                                   \
        .product = "ws2025", .month = m, .type = t, .kb = k, .build = b \
    }

static struct hf_release rows[] = {
    ROW("2026-07", HF_RELEASE_BASELINE, "KB1", "26100.100"),
    ROW("2026-08", HF_RELEASE_HOTPATCH, "KB2", "26100.110"),
    ROW("2026-08", HF_RELEASE_UPDATE, "KB3", "26100.111"),
    ROW("2026-10", HF_RELEASE_BASELINE, "KB4", "26100.200"),
    ROW("2026-11", HF_RELEASE_HOTPATCH, "KB5", "26100.210"),
    ROW("2026-11", HF_RELEASE_UPDATE, "KB6", "26100.211"),
};
enum { JULY, AUGUST, AUGUST_UPDATE, OCTOBER, NOVEMBER, NOVEMBER_UPDATE };

static struct hf_product products[] = {{.id = "ws2025"}};
static const struct hf_catalogue catalogue = {.releases = rows,
                                              .releases_len = HF_COUNT(rows),
                                              .products = products,
                                              .products_len = 1};

static struct hf_standing host;

static int
set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        rows[i].released = hf_release_day(rows[i].month, 0);
    products[0] = (struct hf_product){.id = "ws2025"};
    host = hf_standing_none;
    host.product = "ws2025";
    host.coverage = HF_COVERAGE_COVERED;
    host.patch = HF_PATCH_CURRENT;
    host.reboot = HF_REBOOT_NONE;
    host.level = "26100.210 (KB5, hotpatch 2026-11)";
    return 0;
}

#endif
