/* Importing monthly documents into the bed's fleet. One test program each. */
#ifndef HF_TEST_IMPORT_BED_H
#define HF_TEST_IMPORT_BED_H

#include "bed.h"

#include <string.h>

#include "cvrf_fixture.h"
#include "inventory/catalogue_import.h"

/* The hotpatch and the ordinary update of 2026-02 for Server 2025. */
#define HOT_FEB \
    FIX("\"5075942\"", IDS_2025, HOTPATCH, "10.0.26100.32313", "null")
#define UPD_FEB FIX("\"5075899\"", IDS_2025, UPDATE, "10.0.26100.32370", "null")
#define FEBRUARY                    \
    MONTH("2026-Feb", "2026-02-10", \
          VULN("CVE-2026-1000", "Yes", "7.8", HOT_FEB "," UPD_FEB))
#define SEPTEMBER(fixes) \
    MONTH("2026-Sep", "2026-09-08", VULN("CVE-2026-9000", "No", "7.8", fixes))
#define HOT_SEP \
    FIX("\"5199001\"", IDS_2025, HOTPATCH, "10.0.26100.34000", "null")
#define UPD_SEP FIX("\"5199002\"", IDS_2025, UPDATE, "10.0.26100.34100", "null")

static struct hf_catalogue_plan plan;

static int
read_texts(struct bed *b, const char *const *texts, size_t n)
{
    struct hf_feed files[4];

    assert_int_equal(bed_load(b), HF_OK);
    for (size_t i = 0; i < n; i++)
        files[i] = (struct hf_feed){i ? "second.json" : "first.json", texts[i],
                                    strlen(texts[i])};
    hf_catalogue_plan_release(&plan);
    plan = (struct hf_catalogue_plan){0};
    return hf_catalogue_import_read(&plan, b->repo, b->fleet, files, n,
                                    &b->err);
}

#define read(b, ...)                                        \
    read_texts(b, (const char *const[]){__VA_ARGS__},       \
               sizeof((const char *const[]){__VA_ARGS__}) / \
                   sizeof(const char *))

/* Reads, commits, and loads again. */
#define import(b, ...)                                                       \
    do {                                                                     \
        char commit[41];                                                     \
                                                                             \
        assert_int_equal(read(b, __VA_ARGS__), HF_OK);                       \
        assert_int_equal(                                                    \
            hf_catalogue_import_commit((b)->repo, &plan, commit, &(b)->err), \
            HF_OK);                                                          \
        assert_int_equal(bed_load(b), HF_OK);                                \
    } while (0)

static const struct hf_release *
release_of(const struct bed *b, const char *product, const char *kb)
{
    const struct hf_catalogue *c = b->fleet->catalogue;

    for (size_t i = 0; i < c->releases_len; i++)
        if (strcmp(c->releases[i].product, product) == 0 && c->releases[i].kb &&
            strcmp(c->releases[i].kb, kb) == 0)
            return &c->releases[i];
    return NULL;
}

static void
assert_warning(const char *text)
{
    for (size_t i = 0; i < plan.problems.len; i++)
        if (strstr(plan.problems.v[i].text, text))
            return;
    fail_msg("no warning '%s' among %zu; the first: %s", text,
             plan.problems.len,
             plan.problems.len ? plan.problems.v[0].text : "");
}

#endif
