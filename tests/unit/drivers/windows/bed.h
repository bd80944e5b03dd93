/*
 * A line of Server 2025 with a baseline, hotpatches and a stray update, and
 * hosts that stand on it.
 */
#ifndef HF_TESTS_WINDOWS_BED_H
#define HF_TESTS_WINDOWS_BED_H

#include "backend/drivers/windows/windows.h"

#define ROW(m, t, k, b, day, ...)                                             \
    {                                                                         \
        .product = "ws2025", .month = m, .type = HF_RELEASE_##t, .kb = k,     \
        .build = "26100." b, .released = INT64_C(day) * 86400000, __VA_ARGS__ \
    }

/* Days since 1970: 20376 is 2025-10-14. */
/* clang-format off */
static const struct hf_release rows[] = {
    ROW("2025-08", HOTPATCH, "KB5064010", "4851", 20312, .cves = NULL),
    ROW("2025-09", HOTPATCH, "KB5065474", "6508", 20340, .cves = NULL),
    ROW("2025-10", BASELINE, "KB5066835", "6899", 20375, .cves = NULL),
    ROW("2025-10", OOB, "KB5070881", "6905", 20384, .line = HF_LINE_RESTART),
    ROW("2025-10", OOB, "KB5070893", "6905", 20385, .line = HF_LINE_KEPT),
    ROW("2025-11", HOTPATCH, "KB5068966", "7092", 20403, .cves = NULL),
    ROW("2025-12", HOTPATCH, "KB5072014", "7392", 20431, .cves = NULL),
    ROW("2026-01", BASELINE, "KB5073379", "32230", 20466, .cves = NULL),
    ROW("2026-02", HOTPATCH, "KB5075942", "32313", 20494, .cves = NULL),
    ROW("2026-04", BASELINE, "KB5082063", "32690", 20557, .cves = NULL),
};
/* clang-format on */

static const struct hf_product products[] = {
    {.id = "ws2025", .title = "x", .complete_until = "2026-04"},
};

static const struct hf_catalogue catalogue = {
    .releases = rows,
    .releases_len = HF_COUNT(rows),
    .products = products,
    .products_len = HF_COUNT(products),
};

static void
facts_of(struct hf_facts *facts, const char *ubr, const char *kbs)
{
    hf_facts_set(facts, "os.build", "26100", NULL, 1);
    hf_facts_set(facts, "os.type", "3", NULL, 1);
    hf_facts_set(facts, "os.sku", "8", NULL, 1);
    hf_facts_set(facts, "os.ubr", ubr, NULL, 1);
    if (kbs)
        hf_facts_set(facts, "updates", kbs, NULL, 1);
}

#endif
