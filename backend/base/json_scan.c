/*
 * A strict walk over raw JSON text. It serves two ends: finding everything
 * that cJSON would let through, and finding the place that a path names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/json_token.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

#define MAX_PROBLEMS 100 /* of one document; nobody reads more */
#define LOCATE_DEPTH 1000

/* A member's name: where it stands, and its decoded text in scan.names. */
struct key {
    size_t at, name;
};

/* Where the walk is: one frame for every value that is open. */
struct frame {
    const struct frame *parent; /* NULL: the document */
    int named;                  /* a member, not an element */
    size_t name;                /* in scan.names */
    size_t index;
    const char *rest; /* of the wanted path behind this value, or NULL */
};

struct scan {
    struct hf_json_cursor c;
    size_t depth, max_depth;
    const struct frame *here; /* for the path of a problem */
    struct hf_buf names;      /* decoded names, each with its NUL */
    struct key *keys;         /* of all open objects */
    size_t keys_len, keys_cap;
    /* finding problems */
    const char *file;
    struct hf_problems *problems; /* NULL while locating */
    size_t first;                 /* of the problems that are ours */
    /* locating */
    int want_key, found;
    size_t found_at;
};

static int scan_value(struct scan *s, const struct frame *f);

/* ---- paths ---- */

static int
is_plain_key(const char *key)
{
    for (const char *p = key; *p; p++) {
        unsigned char c = (unsigned char)*p;

        if (c < 0x80 && !strchr("_-$", c) && !(c >= '0' && c <= '9') &&
            !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
            return 0;
    }
    return *key != '\0';
}

void
hf_json_path_key(struct hf_buf *path, const char *key)
{
    if (is_plain_key(key)) {
        hf_buf_printf(path, ".%s", key);
        return;
    }
    hf_buf_puts(path, "[\"");
    for (; *key; key++) {
        if (*key == '"' || *key == '\\')
            hf_buf_putc(path, '\\');
        hf_buf_putc(path, *key);
    }
    hf_buf_puts(path, "\"]");
}

static void
add_part(const struct scan *s, const struct frame *f, struct hf_buf *path)
{
    if (f->named)
        hf_json_path_key(path, s->names.data + f->name);
    else
        hf_buf_printf(path, "[%zu]", f->index);
}

static void
add_path(const struct scan *s, const struct frame *f, struct hf_buf *path)
{
    if (!f || !f->parent) {
        hf_buf_putc(path, '$');
        return;
    }
    add_path(s, f->parent, path);
    add_part(s, f, path);
}

/* What is left of the wanted path behind `f`, or NULL: not on the way. */
static const char *
rest_behind(const struct scan *s, const struct frame *f)
{
    const char *rest = f->parent->rest;
    struct hf_buf part = {0};

    if (!rest)
        return NULL;
    add_part(s, f, &part);
    if (hf_has_prefix(rest, hf_buf_str(&part)) &&
        (!rest[part.len] || strchr(".[", rest[part.len])))
        rest += part.len;
    else
        rest = NULL;
    hf_buf_release(&part);
    return rest;
}

/* Notes `at` when it is what the path names; -1 ends the walk. */
static int
look_here(struct scan *s, const struct frame *f, size_t at, int is_name)
{
    if (!f->rest || *f->rest || (s->want_key && f->named) != is_name)
        return 0;
    s->found = 1;
    s->found_at = at;
    return -1;
}

/* ---- problems ---- */

/* Moves `line` and `column` over text[from, to). */
static void
count_lines(const char *text, size_t from, size_t to, size_t *line,
            size_t *column)
{
    uint32_t cp;

    for (size_t i = from, n; i < to; i += n) {
        n = hf_utf8_decode(text + i, to - i, &cp);
        if (n == 0) {
            n = 1;
            cp = 0;
        }
        if (cp == '\n') {
            (*line)++;
            *column = 1;
        } else if (i > 0 || cp != 0xfeff) {
            (*column)++; /* no editor counts a byte order mark */
        }
    }
}

/* Until set_places() the place of a problem is its offset in `column`. */
static int
report(void *ctx, size_t at, const char *text, const char *hint)
{
    struct scan *s = ctx;
    struct hf_problem *added;
    struct hf_buf path = {0};

    if (!s->problems)
        return 0;
    if (s->problems->len - s->first >= MAX_PROBLEMS)
        return -1;
    add_path(s, s->here, &path);
    added = hf_problem_add(s->problems, s->file, 0, at, hf_buf_str(&path), "%s",
                           text);
    added->hint = hf_xstrdup(hint);
    hf_buf_release(&path);
    return 0;
}

static int
compare_places(const void *a, const void *b)
{
    const struct hf_problem *p = a, *q = b;

    return (p->column > q->column) - (p->column < q->column);
}

/* Sorts our problems and turns their offsets into lines and columns. */
static void
set_places(struct scan *s)
{
    size_t count = s->problems->len - s->first, at = 0, line = 1, column = 1;

    if (count == 0)
        return;
    qsort(s->problems->v + s->first, count, sizeof(*s->problems->v),
          compare_places);
    for (size_t i = s->first; i < s->problems->len; i++) {
        struct hf_problem *p = &s->problems->v[i];

        count_lines(s->c.text, at, p->column, &line, &column);
        at = p->column;
        p->line = line;
        p->column = column;
    }
}

/* ---- grammar ---- */

static void
skip_space(struct scan *s)
{
    const char *text = s->c.text;
    size_t at = s->c.at;

    while (at < s->c.len && (text[at] == ' ' || text[at] == '\n' ||
                             text[at] == '\t' || text[at] == '\r'))
        at++;
    s->c.at = at;
}

/* The next character that is no white space; 0 (no token) at the end. */
static char
peek(struct scan *s)
{
    skip_space(s);
    return s->c.at < s->c.len ? s->c.text[s->c.at] : '\0';
}

static int
compare_keys(const void *a, const void *b, void *names)
{
    const struct key *x = a, *y = b;
    int order = strcmp((char *)names + x->name, (char *)names + y->name);

    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int
report_twin(struct scan *s, const struct frame *f, const struct key *first,
            const struct key *again)
{
    struct frame member = {.parent = f, .named = 1, .name = again->name};
    struct hf_buf text = {0};
    size_t line = 1, column = 1;
    int rc;

    count_lines(s->c.text, 0, first->at, &line, &column);
    hf_buf_printf(&text, "the key '%s' is there twice, first on line %zu",
                  s->names.data + again->name, line);
    s->here = &member;
    rc = report(s, again->at, hf_buf_str(&text), NULL);
    s->here = f;
    hf_buf_release(&text);
    return rc;
}

/* Sorting keeps this cheap for objects with very many members. */
static int
check_twins(struct scan *s, const struct frame *f, size_t first)
{
    size_t count = s->keys_len - first, twin = 0;
    struct key *keys;

    if (!s->problems || count < 2)
        return 0;
    keys = s->keys + first;
    qsort_r(keys, count, sizeof(*keys), compare_keys, s->names.data);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(s->names.data + keys[twin].name,
                   s->names.data + keys[i].name) != 0)
            twin = i;
        else if (report_twin(s, f, &keys[twin], &keys[i]) < 0)
            return -1;
    }
    return 0;
}

/* "name": value */
static int
scan_member(struct scan *s, const struct frame *f)
{
    struct frame member = {.parent = f, .named = 1, .name = s->names.len};
    struct key *key;
    size_t at;

    if (peek(s) != '"')
        return hf_json_unexpected(&s->c, "a name in double quotes");
    at = s->c.at;
    if (hf_json_take_string(&s->c, &s->names) < 0)
        return -1;
    hf_buf_putc(&s->names, '\0');
    key = HF_PUSH(&s->keys, &s->keys_len, &s->keys_cap);
    *key = (struct key){.at = at, .name = member.name};
    member.rest = rest_behind(s, &member);
    if (look_here(s, &member, at, 1) < 0)
        return -1;
    s->here = &member;
    if (peek(s) != ':')
        return hf_json_unexpected(&s->c, "':'");
    s->c.at++;
    if (scan_value(s, &member) < 0)
        return -1;
    s->here = f;
    return 0;
}

static int
scan_element(struct scan *s, const struct frame *f, size_t index)
{
    struct frame element = {.parent = f, .index = index};

    element.rest = rest_behind(s, &element);
    if (scan_value(s, &element) < 0)
        return -1;
    s->here = f;
    return 0;
}

/* Members or elements up to `close`; the cursor stands on the opening. */
static int
scan_items(struct scan *s, const struct frame *f, char close)
{
    const char *wanted = close == '}' ? "',' or '}'" : "',' or ']'";

    s->c.at++;
    if (peek(s) == close) {
        s->c.at++;
        return 0;
    }
    for (size_t i = 0;; i++) {
        int rc = close == '}' ? scan_member(s, f) : scan_element(s, f, i);
        char next;

        if (rc < 0)
            return -1;
        next = peek(s);
        if (next != ',' && next != close)
            return hf_json_unexpected(&s->c, wanted);
        s->c.at++;
        if (next == close)
            return 0;
    }
}

static int
scan_container(struct scan *s, const struct frame *f, char open)
{
    size_t keys = s->keys_len, names = s->names.len;
    struct hf_buf text = {0};
    int rc;

    if (s->depth == s->max_depth) {
        hf_buf_printf(&text, "nested deeper than %zu levels", s->max_depth);
        report(s, s->c.at, hf_buf_str(&text), NULL);
        hf_buf_release(&text);
        return -1;
    }
    s->depth++;
    rc = scan_items(s, f, open == '{' ? '}' : ']');
    if (rc == 0 && open == '{')
        rc = check_twins(s, f, keys);
    s->depth--;
    s->keys_len = keys;
    s->names.len = names;
    return rc;
}

static int
scan_word(struct scan *s)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < HF_COUNT(words); i++) {
        size_t n = strlen(words[i]);

        if (s->c.len - s->c.at >= n &&
            memcmp(s->c.text + s->c.at, words[i], n) == 0) {
            s->c.at += n;
            return 0;
        }
    }
    return hf_json_unexpected(&s->c, "a value");
}

static int
scan_value(struct scan *s, const struct frame *f)
{
    char c = peek(s);

    s->here = f;
    if (look_here(s, f, s->c.at, 0) < 0)
        return -1;
    if (c == '{' || c == '[')
        return scan_container(s, f, c);
    if (c == '"')
        return hf_json_take_string(&s->c, NULL);
    if (c && strchr("+-.0123456789", c))
        return hf_json_take_number(&s->c);
    return scan_word(s);
}

static void
scan_document(struct scan *s, const char *rest)
{
    struct frame root = {.rest = rest};

    if (scan_value(s, &root) == 0 && (skip_space(s), s->c.at < s->c.len))
        hf_json_unexpected(&s->c, "nothing behind the document");
    s->here = NULL;
}

static void
scan_release(struct scan *s)
{
    hf_buf_release(&s->names);
    free(s->keys);
}

/* Faults of the whole file; -1 when looking further makes no sense. */
static int
scan_start(struct scan *s, size_t max)
{
    const unsigned char *p = (const unsigned char *)s->c.text;

    if (s->c.len > max) {
        hf_problem_add(s->problems, s->file, 0, 0, "$", "larger than %zu MiB",
                       max >> 20);
        return -1;
    }
    if (s->c.len >= 2 && (p[0] ^ p[1]) == 1 && (p[0] | p[1]) == 0xff) {
        report(s, 0, "UTF-16 text, wants UTF-8", NULL);
        return -1;
    }
    if (s->c.len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        report(s, 0, "a byte order mark at the start",
               "save the file as UTF-8 without it");
        s->c.at = 3;
    }
    return 0;
}

int
hf_json_scan(const char *text, size_t len, size_t max_depth, const char *file,
             struct hf_problems *problems)
{
    return hf_json_scan_large(text, len, HF_JSON_MAX_BYTES, max_depth, file,
                              problems);
}

int
hf_json_scan_large(const char *text, size_t len, size_t max_bytes,
                   size_t max_depth, const char *file,
                   struct hf_problems *problems)
{
    struct scan s = {
        .c = {.text = text, .len = len, .report = report},
        .max_depth = max_depth,
        .file = file,
        .problems = problems,
        .first = problems->len,
    };

    s.c.ctx = &s;
    if (scan_start(&s, max_bytes) == 0)
        scan_document(&s, NULL);
    if (len <= max_bytes)
        set_places(&s);
    scan_release(&s);
    return problems->len > s.first ? HF_EINVALID : HF_OK;
}

int
hf_json_locate(const char *text, size_t len, const char *path, int key,
               size_t *line, size_t *column)
{
    struct scan s = {
        .c = {.text = text, .len = len, .report = report},
        .max_depth = LOCATE_DEPTH,
        .want_key = key,
    };

    s.c.ctx = &s;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        s.c.at = 3;
    if (path[0] == '$')
        scan_document(&s, path + 1);
    scan_release(&s);
    if (!s.found)
        return HF_ENOTFOUND;
    *line = *column = 1;
    count_lines(text, 0, s.found_at, line, column);
    return HF_OK;
}
