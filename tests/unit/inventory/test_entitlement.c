/* Exports of Azure Arc and Autopatch: read, kept, compared. */
#include "bed.h"

#include <string.h>

#include "backend/base/time.h"
#include "backend/model/entitlement.h"
#include "inventory/import.h"

static struct hf_import plan;

static int
read_text(struct bed *b, enum hf_import_kind kind, const char *const *map,
          const char *text)
{
    assert_int_equal(bed_load(b), HF_OK);
    hf_import_release(&plan);
    plan = (struct hf_import){.map = map};
    assert_int_equal(hf_time_parse(&plan.taken, "2026-11-20"), 0);
    return hf_import_read(&plan, kind, b->repo, b->fleet, "export", text,
                          strlen(text), &b->err);
}

static void
import(struct bed *b, enum hf_import_kind kind, const char *const *map,
       const char *text)
{
    char commit[41];

    if (read_text(b, kind, map, text) != HF_OK)
        fail_msg("%s", b->err.text);
    assert_int_equal(hf_import_commit(b->repo, &plan, commit, &b->err), HF_OK);
    assert_int_equal(bed_load(b), HF_OK);
}

static const char *
word(const struct bed *b, size_t source, const char *host)
{
    const struct hf_pair *found =
        hf_entitlement_find(&b->fleet->entitlements[source], host);

    return found ? found->value : "";
}

#define MACHINE(name, status)                                               \
    "{\"name\": \"" name "\", \"location\": \"x\", \"osProfile\": "         \
    "{\"windowsConfiguration\": {\"patchSettings\": {\"enableHotpatching\"" \
    ": true, \"status\": {\"hotpatchEnablementStatus\": \"" status "\"}}}}}"

static void
what_the_azure_command_prints_is_kept_with_its_day(void **state)
{
    struct bed *b = *state;

    import(b, HF_IMPORT_ARC, NULL,
           "[" MACHINE("WEB-01", "Enabled") "," MACHINE(
               "old-7", "Disabled") ", {\"name\": \"mute\"}]");
    assert_int_equal(b->fleet->entitlements_len, 1);
    assert_string_equal(b->fleet->entitlements[0].source, "arc");
    assert_string_equal(word(b, 0, "web-01"), "Enabled");
    assert_string_equal(word(b, 0, "web-01.example.org"), "Enabled");
    assert_string_equal(word(b, 0, "mute"), "Unknown");
    assert_string_equal(word(b, 0, "web-02"), "");
    assert_int_equal(plan.added.len, 3);
    assert_int_equal(plan.strangers.len, 2);
    assert_int_equal(plan.missing.len, 0);
    assert_non_null(
        strstr(bed_read(b, "entitlements/arc.json"), "\"2026-11-20\""));
}

static void
what_the_service_answers_is_read_too(void **state)
{
    struct bed *b = *state;

    import(b, HF_IMPORT_ARC, NULL,
           "{\"value\": [{\"name\": \"web-01\", \"properties\": {\"osProfile\""
           ": {\"windowsConfiguration\": {\"patchSettings\": {\"status\": "
           "{\"hotpatchEnablementStatus\": \"ActionRequired\"}}}}}}]}");
    assert_string_equal(word(b, 0, "web-01"), "ActionRequired");
    assert_int_equal(hf_entitlement_state(word(b, 0, "web-01")),
                     HF_ENTITLED_PENDING);
}

static void
a_table_needs_its_columns_named(void **state)
{
    struct bed *b = *state;
    static const char text[] = "Device name,Readiness\nweb-01,Enabled\n";
    static const char *const name[] = {"Device name=name", NULL};
    static const char *const both[] = {"Device name=name", "readiness=hotpatch",
                                       NULL};
    static const char *const odd[] = {"Device name=address", NULL};

    assert_int_equal(read_text(b, HF_IMPORT_AUTOPATCH, NULL, text),
                     HF_EINVALID);
    assert_non_null(strstr(b->err.hint, "--map 'COLUMN=name'"));
    assert_int_equal(read_text(b, HF_IMPORT_AUTOPATCH, name, text),
                     HF_EINVALID);
    assert_non_null(strstr(b->err.hint, "--map 'COLUMN=hotpatch'"));
    assert_int_equal(read_text(b, HF_IMPORT_AUTOPATCH, odd, text), HF_EUSAGE);
    import(b, HF_IMPORT_AUTOPATCH, both, text);
    assert_string_equal(word(b, 0, "web-01"), "Enabled");
}

static void
a_repeated_import_tells_what_came_went_and_changed(void **state)
{
    struct bed *b = *state;

    import(b, HF_IMPORT_ARC, NULL,
           "name,hotpatch\na,Enabled\nb,Enabled\nc,Enabled\n");
    import(b, HF_IMPORT_ARC, NULL,
           "name,hotpatch\nb,Disabled\nc,Enabled\nd,Enabled\n");
    assert_int_equal(plan.added.len, 1);
    assert_string_equal(plan.added.v[0], "d: Enabled");
    assert_int_equal(plan.gone.len, 1);
    assert_string_equal(plan.gone.v[0], "a");
    assert_int_equal(plan.changed.len, 1);
    assert_string_equal(plan.changed.v[0], "b: Disabled, was Enabled");
    assert_int_equal(plan.unchanged.len, 1);
    assert_string_equal(word(b, 0, "a"), "");
    import(b, HF_IMPORT_ARC, NULL,
           "name,hotpatch\nb,Disabled\nc,Enabled\nd,Enabled\n");
    assert_int_equal(plan.edit.len, 0);
}

static void
odd_machines_are_passed_over_and_said(void **state)
{
    struct bed *b = *state;

    import(b, HF_IMPORT_ARC, NULL,
           "name,hotpatch\nbad name,Enabled\nweb-01,Enabled\nWEB-01,"
           "Disabled\n");
    assert_string_equal(word(b, 0, "web-01"), "Enabled");
    assert_int_equal(plan.problems.len, 2);
    assert_non_null(strstr(plan.problems.v[0].text, "'bad name'"));
    assert_non_null(strstr(plan.problems.v[1].text, "twice"));
}

/* clang-format off */
static const struct { const char *text, *says; } refused[] = {
    {"<html>", "is a web page"},
    {"{\"a\": 1}", "is no list of machines"},
    {"[]", "names no machine"},
    {"name,hotpatch\n", "names no machine"},
    {"name,hotpatch\n\"a,Enabled\n", "a quote is not closed"},
    {"", "has no header line"},
};
/* clang-format on */

static void
what_is_no_export_is_refused(void **state)
{
    struct bed *b = *state;

    for (size_t i = 0; i < HF_COUNT(refused); i++) {
        assert_int_equal(read_text(b, HF_IMPORT_ARC, NULL, refused[i].text),
                         HF_EINVALID);
        if (!strstr(b->err.text, refused[i].says))
            fail_msg("%s", b->err.text);
    }
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_the_azure_command_prints_is_kept_with_its_day),
        TEST(what_the_service_answers_is_read_too),
        TEST(a_table_needs_its_columns_named),
        TEST(a_repeated_import_tells_what_came_went_and_changed),
        TEST(odd_machines_are_passed_over_and_said),
        TEST(what_is_no_export_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, bed_group_setup, NULL);

    hf_import_release(&plan);
    return failed;
}
