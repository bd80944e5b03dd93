/* JSON Schemas (draft 2020-12) from the tables that the decoder reads by. */
#include <cjson/cJSON.h>
#include <string.h>

#include "inventory/fields.h"

#define DRAFT "https://json-schema.org/draft/2020-12/schema"
#define PATTERN_SPAN "^[0-9]+(ms|s|m|h|d|w)$"
#define PATTERN_DATE "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$"

static void define(cJSON *defs, const struct hf_object *object);
static void
describe_object(cJSON *out, cJSON *defs, const struct hf_object *object);

static cJSON *
reference(cJSON *defs, const struct hf_object *object)
{
    cJSON *out = cJSON_CreateObject();
    struct hf_buf path = {0};

    define(defs, object);
    hf_buf_printf(&path, "#/$defs/%s", object->name);
    cJSON_AddStringToObject(out, "$ref", hf_buf_str(&path));
    hf_buf_release(&path);
    return out;
}

static void
add_text_rules(cJSON *out, const struct hf_field *field)
{
    cJSON_AddStringToObject(out, "type", "string");
    cJSON_AddNumberToObject(out, "minLength", 1);
    if (field->max && field->type == HF_FIELD_TEXT)
        cJSON_AddNumberToObject(out, "maxLength", (double)field->max);
    if (field->pattern)
        cJSON_AddStringToObject(out, "pattern", field->pattern);
}

static void
add_names(cJSON *out, const char *const *names)
{
    cJSON *list = cJSON_AddArrayToObject(out, "enum");

    for (; *names; names++)
        hf_json_push_str(list, *names);
}

static void
describe_text(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    add_text_rules(out, field);
}

static void
describe_names(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    add_names(out, field->names);
}

static void
describe_int(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    cJSON_AddStringToObject(out, "type", "integer");
    cJSON_AddNumberToObject(out, "minimum", (double)field->min);
    cJSON_AddNumberToObject(out, "maximum", (double)field->max);
}

static void
describe_bool(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    (void)field;
    cJSON_AddStringToObject(out, "type", "boolean");
}

static void
describe_span(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    (void)field;
    cJSON_AddStringToObject(out, "type", "string");
    cJSON_AddStringToObject(out, "pattern", PATTERN_SPAN);
}

static void
describe_date(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    (void)field;
    cJSON_AddStringToObject(out, "type", "string");
    cJSON_AddStringToObject(out, "pattern", PATTERN_DATE);
}

static void
describe_member_object(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    cJSON *list, *text;

    if (!(field->flags & HF_FIELD_SHORT)) {
        define(defs, field->of);
        cJSON_AddItemToObject(out, "allOf", list = cJSON_CreateArray());
        cJSON_AddItemToArray(list, reference(defs, field->of));
        return;
    }
    list = cJSON_AddArrayToObject(out, "anyOf");
    cJSON_AddItemToArray(list, text = cJSON_CreateObject());
    add_text_rules(text, &field->of->fields[0]);
    cJSON_AddItemToArray(list, reference(defs, field->of));
}

static void
describe_list(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    cJSON *items, *kinds;

    cJSON_AddStringToObject(out, "type", "array");
    if (field->max)
        cJSON_AddNumberToObject(out, "maxItems", (double)field->max);
    if (!field->or_of) {
        cJSON_AddItemToObject(out, "items", reference(defs, field->of));
        return;
    }
    items = cJSON_AddObjectToObject(out, "items");
    kinds = cJSON_AddArrayToObject(items, "anyOf");
    cJSON_AddItemToArray(kinds, reference(defs, field->of));
    cJSON_AddItemToArray(kinds, reference(defs, field->or_of));
}

static void
describe_texts(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    cJSON_AddStringToObject(out, "type", "array");
    if (field->max)
        cJSON_AddNumberToObject(out, "maxItems", (double)field->max);
    add_text_rules(cJSON_AddObjectToObject(out, "items"), field);
}

static void
describe_pairs(cJSON *out, cJSON *defs, const struct hf_field *field)
{
    (void)defs;
    cJSON_AddStringToObject(out, "type", "object");
    if (field->max)
        cJSON_AddNumberToObject(out, "maxProperties", (double)field->max);
    add_text_rules(cJSON_AddObjectToObject(out, "additionalProperties"), field);
}

/* clang-format off */
static void (*const describers[HF_FIELD_TYPE_COUNT])(
    cJSON *out, cJSON *defs, const struct hf_field *field) = {
    [HF_FIELD_TEXT] = describe_text,
    [HF_FIELD_CHOICE] = describe_names,
    [HF_FIELD_ENUM] = describe_names,
    [HF_FIELD_INT] = describe_int,
    [HF_FIELD_BOOL] = describe_bool,
    [HF_FIELD_SPAN] = describe_span,
    [HF_FIELD_DATE] = describe_date,
    [HF_FIELD_OBJECT] = describe_member_object,
    [HF_FIELD_LIST] = describe_list,
    [HF_FIELD_TEXTS] = describe_texts,
    [HF_FIELD_PAIRS] = describe_pairs,
};
/* clang-format on */

/* What every object allows, where its table has no row of its own. */
static void
add_everywhere(cJSON *properties)
{
    static const char *const keys[] = {"$schema", "note"};

    for (size_t i = 0; i < HF_COUNT(keys); i++)
        if (!cJSON_HasObjectItem(properties, keys[i]))
            cJSON_AddStringToObject(
                cJSON_AddObjectToObject(properties, keys[i]), "type", "string");
}

static void
describe_object(cJSON *out, cJSON *defs, const struct hf_object *object)
{
    cJSON *properties, *required = cJSON_CreateArray(), *property;
    const struct hf_field *field;

    cJSON_AddStringToObject(out, "description", object->help);
    cJSON_AddStringToObject(out, "type", "object");
    properties = cJSON_AddObjectToObject(out, "properties");
    for (field = object->fields; field->key; field++) {
        property = cJSON_AddObjectToObject(properties, field->key);
        cJSON_AddStringToObject(property, "description", field->help);
        describers[field->type](property, defs, field);
        if (field->flags & HF_FIELD_REQUIRED)
            hf_json_push_str(required, field->key);
    }
    add_everywhere(properties);
    if (cJSON_GetArraySize(required) > 0)
        cJSON_AddItemToObject(out, "required", required);
    else
        cJSON_Delete(required);
    cJSON_AddBoolToObject(out, "additionalProperties", 0);
}

static void
define(cJSON *defs, const struct hf_object *object)
{
    if (!cJSON_GetObjectItemCaseSensitive(defs, object->name))
        describe_object(cJSON_AddObjectToObject(defs, object->name), defs,
                        object);
}

char *
hf_schema_text(const struct hf_object *object, const char *title)
{
    cJSON *doc = cJSON_CreateObject(), *defs = cJSON_CreateObject();
    char *text;

    cJSON_AddStringToObject(doc, "$schema", DRAFT);
    cJSON_AddStringToObject(doc, "title", title);
    describe_object(doc, defs, object);
    if (defs->child)
        cJSON_AddItemToObject(doc, "$defs", defs);
    else
        cJSON_Delete(defs);
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    return text;
}
