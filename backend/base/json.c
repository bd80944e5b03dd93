/* Documents: parsing behind the strict scan, reading and building members. */
#include "backend/base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define TWO_53 ((int64_t)1 << 53)

static int
fail_with(const struct hf_problem *p, struct hf_err *err)
{
    struct hf_buf line = {0};

    hf_problem_format(&line, p);
    hf_fail(err, HF_EINVALID, "%s", hf_buf_str(&line));
    hf_buf_release(&line);
    return HF_EINVALID;
}

int
hf_json_parse(cJSON **out, const char *text, size_t len, struct hf_err *err)
{
    return hf_json_parse_large(out, text, len, HF_JSON_MAX_BYTES, err);
}

int
hf_json_parse_large(cJSON **out, const char *text, size_t len, size_t max,
                    struct hf_err *err)
{
    struct hf_problems problems = {0};
    const char *end;
    int rc;

    *out = NULL;
    rc = hf_json_scan_large(text, len, max, HF_JSON_MAX_DEPTH, NULL, &problems);
    if (rc < 0) {
        fail_with(&problems.v[0], err);
        goto out;
    }
    *out = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    if (!*out)
        rc = hf_fail(err, HF_EINVALID, "not a JSON document");
out:
    hf_problems_release(&problems);
    return rc;
}

const cJSON *
hf_json_get(const cJSON *obj, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(obj, key);
}

const char *
hf_json_str(const cJSON *obj, const char *key)
{
    return cJSON_GetStringValue(hf_json_get(obj, key));
}

/* Whole, and small enough to be exact: then *out is its value. */
static int
is_whole(const cJSON *item, int64_t *out)
{
    double value = item && cJSON_IsNumber(item) ? item->valuedouble : NAN;

    if (!(fabs(value) <= (double)TWO_53) || value != floor(value))
        return 0;
    *out = (int64_t)value;
    return 1;
}

int64_t
hf_json_int(const cJSON *obj, const char *key, int64_t def)
{
    int64_t value;

    return is_whole(hf_json_get(obj, key), &value) ? value : def;
}

int
hf_json_bool(const cJSON *obj, const char *key, int def)
{
    const cJSON *item = hf_json_get(obj, key);

    return cJSON_IsBool(item) ? cJSON_IsTrue(item) : def;
}

static const char *
type_name(const cJSON *item)
{
    if (cJSON_IsString(item))
        return "text";
    if (cJSON_IsNumber(item))
        return "a number";
    if (cJSON_IsBool(item))
        return "true or false";
    if (cJSON_IsArray(item))
        return "a list";
    if (cJSON_IsObject(item))
        return "an object";
    return "null";
}

static int
fail_type(const cJSON *item, const char *key, const char *wanted,
          struct hf_err *err)
{
    if (!item)
        return hf_fail(err, HF_EINVALID, "'%s' is missing", key);
    return hf_fail(err, HF_EINVALID, "'%s' wants %s and is %s", key, wanted,
                   type_name(item));
}

int
hf_json_want_str(const char **out, const cJSON *obj, const char *key,
                 struct hf_err *err)
{
    const cJSON *item = hf_json_get(obj, key);

    *out = cJSON_GetStringValue(item);
    return *out ? HF_OK : fail_type(item, key, "text", err);
}

int
hf_json_want_int(int64_t *out, const cJSON *obj, const char *key, int64_t min,
                 int64_t max, struct hf_err *err)
{
    const cJSON *item = hf_json_get(obj, key);
    int64_t value;

    *out = 0;
    if (!cJSON_IsNumber(item))
        return fail_type(item, key, "a whole number", err);
    if (!is_whole(item, &value) || value < min || value > max)
        return hf_fail(err, HF_EINVALID,
                       "'%s' wants a whole number from %lld to %lld", key,
                       (long long)min, (long long)max);
    *out = value;
    return HF_OK;
}

/* The new item goes into an object under a key, or ends an array. */
static cJSON *
put(cJSON *into, const char *key, cJSON *item)
{
    int done;

    if (!item)
        abort(); /* out of memory */
    done = key ? cJSON_AddItemToObject(into, key, item)
               : cJSON_AddItemToArray(into, item);
    if (!done)
        abort();
    return item;
}

/* Foreign bytes that are not text become visible escapes. */
static cJSON *
new_text(const char *value)
{
    size_t len = strlen(value);
    struct hf_buf safe = {0};
    cJSON *item;

    if (hf_utf8_valid(value, len))
        return cJSON_CreateString(value);
    hf_sanitise(&safe, value, len, len, HF_SANITISE_LINES);
    item = cJSON_CreateString(hf_buf_str(&safe));
    hf_buf_release(&safe);
    return item;
}

void
hf_json_add_str(cJSON *obj, const char *key, const char *value)
{
    if (value)
        put(obj, key, new_text(value));
}

void
hf_json_add_int(cJSON *obj, const char *key, int64_t value)
{
    char digits[24];

    if (value >= -TWO_53 && value <= TWO_53) {
        put(obj, key, cJSON_CreateNumber((double)value));
        return;
    }
    snprintf(digits, sizeof(digits), "%lld", (long long)value);
    put(obj, key, cJSON_CreateString(digits));
}

void
hf_json_add_bool(cJSON *obj, const char *key, int value)
{
    put(obj, key, cJSON_CreateBool(value));
}

void
hf_json_add_time(cJSON *obj, const char *key, int64_t at)
{
    char text[HF_TIME_LEN];

    if (at != 0)
        put(obj, key, cJSON_CreateString(hf_time_format(text, at)));
}

cJSON *
hf_json_add_obj(cJSON *obj, const char *key)
{
    return put(obj, key, cJSON_CreateObject());
}

cJSON *
hf_json_add_arr(cJSON *obj, const char *key)
{
    return put(obj, key, cJSON_CreateArray());
}

void
hf_json_push_str(cJSON *arr, const char *value)
{
    if (value)
        put(arr, NULL, new_text(value));
}
