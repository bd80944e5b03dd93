/*
 * JSON for files and replies that must not lie: a strict pass over the raw
 * text closes what cJSON lets through, then cJSON parses. Positions are found
 * again from a path when a message needs them.
 */
#ifndef HF_BASE_JSON_H
#define HF_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"

#define HF_JSON_MAX_DEPTH 16
#define HF_JSON_MAX_BYTES (4u << 20)

/*
 * One problem in one document. `line` and `column` count from 1 (column in
 * code points), 0 = whole file. `path` is a JSON path such as
 * "$.domains.cluster" or "$.releases[3].kb".
 */
struct hf_problem {
    char *file;
    size_t line, column;
    char *path;
    char *text;
    char *hint;  /* "did you mean 'address'?", or NULL */
    int warning; /* 0 = error */
};

/* Owns its elements. {0} is empty. */
struct hf_problems {
    struct hf_problem *v;
    size_t len, cap;
    size_t errors; /* how many are not warnings */
};

void hf_problems_release(struct hf_problems *p);
/* Copies everything; returns the new element to add a hint (heap) to, valid
 * until the next one is added. The second one adds a warning. */
struct hf_problem *
hf_problem_add(struct hf_problems *p, const char *file, size_t line,
               size_t column, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
struct hf_problem *
hf_problem_warn(struct hf_problems *p, const char *file, size_t line,
                size_t column, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* "hosts/a.json:3:7: $.port: wants a whole number ... (did you mean ..?)" */
void hf_problem_format(struct hf_buf *out, const struct hf_problem *p);

/*
 * Scans for everything cJSON accepts and we do not: BOM, invalid UTF-8, raw
 * control characters, "\u0000", lone surrogates, duplicate keys (also those
 * equal after unescaping), numbers that are not RFC 8259 or not finite, whole
 * numbers beyond 2^53, nesting beyond `max_depth`, trailing text, more than
 * max_bytes. Adds every problem it can (stops at the first that breaks the
 * grammar); returns 0 or HF_EINVALID.
 */
int hf_json_scan(const char *text, size_t len, size_t max_depth,
                 const char *file, struct hf_problems *problems);
/* The same with another bound than HF_JSON_MAX_BYTES. */
int hf_json_scan_large(const char *text, size_t len, size_t max_bytes,
                       size_t max_depth, const char *file,
                       struct hf_problems *problems);

/*
 * Appends a member to a path: ".key", or "[\"odd key\"]" when the key has
 * other characters than ASCII letters, digits, "_", "-", "$" and those beyond
 * ASCII. An element is appended with hf_buf_printf(path, "[%zu]", i).
 */
void hf_json_path_key(struct hf_buf *path, const char *key);

/* Line and column of the value (or, with `key`, of the member's name) at
 * `path`. 0, or HF_ENOTFOUND. */
int hf_json_locate(const char *text, size_t len, const char *path, int key,
                   size_t *line, size_t *column);

/* Scan and parse; the first problem becomes the error ("line 3, column 7:
 * ..."). *out is the caller's (cJSON_Delete). */
int
hf_json_parse(cJSON **out, const char *text, size_t len, struct hf_err *err);

/* The same for a text of others, which may be larger than ours ever are. */
int hf_json_parse_large(cJSON **out, const char *text, size_t len, size_t max,
                        struct hf_err *err);

/* Member access, case sensitive; borrowed from obj. Absent or of another
 * type: NULL / the default. For documents that were already validated. */
const cJSON *hf_json_get(const cJSON *obj, const char *key);
const char *hf_json_str(const cJSON *obj, const char *key);
int64_t hf_json_int(const cJSON *obj, const char *key, int64_t def);
int hf_json_bool(const cJSON *obj, const char *key, int def);

/* Checked access: absent or wrong type is HF_EINVALID naming the key. */
int hf_json_want_str(const char **out, const cJSON *obj, const char *key,
                     struct hf_err *err);
int hf_json_want_int(int64_t *out, const cJSON *obj, const char *key,
                     int64_t min, int64_t max, struct hf_err *err);

/* Builders; invalid UTF-8 is sanitised, NULL text adds nothing. */
void hf_json_add_str(cJSON *obj, const char *key, const char *value);
/* Number when |value| <= 2^53, else string. */
void hf_json_add_int(cJSON *obj, const char *key, int64_t value);
void hf_json_add_bool(cJSON *obj, const char *key, int value);
void hf_json_add_time(cJSON *obj, const char *key, int64_t at); /* 0: none */
cJSON *hf_json_add_obj(cJSON *obj, const char *key);
cJSON *hf_json_add_arr(cJSON *obj, const char *key);
void hf_json_push_str(cJSON *arr, const char *value);

/* Printed text, caller's. Pretty: two-space indent, one trailing newline. */
char *hf_json_print(const cJSON *doc);
char *hf_json_print_pretty(const cJSON *doc);
/* Prints pretty what `doc` would be with its array `key` filled by row(ctx, 0)
 * to row(ctx, n - 1), of which no two are there at a time; each is freed. */
void hf_json_print_rows(FILE *to, const cJSON *doc, const char *key, size_t n,
                        cJSON *(*row)(void *ctx, size_t i), void *ctx);
/* RFC 8785, caller's: the same text for the same content, whoever prints it.
 * Numbers must be whole and within 2^53. */
char *hf_json_canonical(const cJSON *doc);

#endif
