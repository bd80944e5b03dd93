/* The JSON Schemas that ship, and the tables that the decoder reads by. */
#include "bed.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "inventory/documents.h"

/* clang-format off */
static const struct { const char *file, *title;
                      const struct hf_object *object; } schemas[] = {
    {"hotfleet.schema.json", HF_SCHEMA_FLEET, &hf_object_fleet},
    {"host.schema.json", HF_SCHEMA_HOST, &hf_object_host},
    {"catalogue.schema.json", HF_SCHEMA_CATALOGUE, &hf_object_catalogue},
    {"cves.schema.json", HF_SCHEMA_CVES, &hf_object_cves},
    {"exception.schema.json", HF_SCHEMA_EXCEPTION, &hf_object_exception},
    {"known-issue.schema.json", HF_SCHEMA_ISSUE, &hf_object_issue},
    {"block.schema.json", HF_SCHEMA_BLOCK, &hf_object_block},
    {"calendar.schema.json", HF_SCHEMA_CALENDAR, &hf_object_calendar},
    {"entitlements.schema.json", HF_SCHEMA_ENTITLEMENTS,
     &hf_object_entitlements},
};
/* clang-format on */

static void
schemas_say_what_the_tables_say(void **state)
{
    const char *source = getenv("HOTFLEET_SOURCE");
    struct hf_buf kept = {0};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_non_null(source);
    for (size_t i = 0; i < HF_COUNT(schemas); i++) {
        char *path =
            hf_xasprintf("%s/inventory/schemas/%s", source, schemas[i].file);
        char *text = hf_schema_text(schemas[i].object, schemas[i].title);

        if (getenv("UPDATE_GOLDEN"))
            assert_int_equal(
                hf_file_write(path, text, strlen(text), 0644, &err), HF_OK);
        assert_int_equal(hf_file_read(&kept, path, 1 << 20, &err), HF_OK);
        if (strcmp(hf_buf_str(&kept), text) != 0)
            fail_msg("%s differs from the tables: UPDATE_GOLDEN=1 rewrites it",
                     path);
        free(text);
        free(path);
    }
    hf_buf_release(&kept);
}

static void
check_table(const struct hf_object *object, int depth)
{
    size_t n = 0;

    assert_true(depth < 8);
    assert_non_null(object->name);
    assert_non_null(object->help);
    for (const struct hf_field *f = object->fields; f->key; f++, n++) {
        assert_non_null(f->help);
        assert_true(f->offset < object->size);
        assert_int_equal(!f->names, f->type != HF_FIELD_CHOICE &&
                                        f->type != HF_FIELD_ENUM);
        assert_int_equal(!f->of, f->type != HF_FIELD_OBJECT &&
                                     f->type != HF_FIELD_LIST);
        if (f->pattern)
            assert_non_null(f->problem);
        for (const struct hf_field *g = object->fields; g < f; g++)
            assert_string_not_equal(f->key, g->key);
        if (f->of)
            check_table(f->of, depth + 1);
        if (f->or_of)
            check_table(f->or_of, depth + 1);
    }
    assert_true(n > 0 && n <= 32);
}

static void
tables_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(schemas); i++)
        check_table(schemas[i].object, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_say_what_the_tables_say),
        cmocka_unit_test(tables_are_complete),
    };

    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
