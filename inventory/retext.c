/* One member of a JSON text, found by its place and changed there. */
#include "inventory/retext.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "inventory/tokens.h"

/* Checks before it reads: tokens need a sound text. */
static int
read_object(struct hf_tokens *t, const struct hf_buf *text, struct hf_err *err)
{
    struct hf_problems problems = {0};
    struct hf_buf line = {0};
    int rc = HF_EINVALID;

    if (hf_json_scan(hf_buf_str(text), text->len, HF_JSON_MAX_DEPTH, NULL,
                     &problems) < 0) {
        hf_problem_format(&line, &problems.v[0]);
        hf_fail(err, HF_EINVALID, "%s", hf_buf_str(&line));
        goto out;
    }
    hf_tokens_read(t, hf_buf_str(text));
    assert(t->v);
    if (t->v[0].type == HF_TOKEN_OBJECT)
        rc = HF_OK;
    else
        hf_fail(err, HF_EINVALID, "wants an object, found %s",
                hf_token_type_names[t->v[0].type]);
out:
    hf_problems_release(&problems);
    hf_buf_release(&line);
    return rc;
}

/* Replaces text[from, to). `with` does not point into text. */
static void
splice(struct hf_buf *text, size_t from, size_t to, const char *with)
{
    struct hf_buf out = {0};

    hf_buf_add(&out, text->data, from);
    hf_buf_puts(&out, with);
    hf_buf_add(&out, text->data + to, text->len - to);
    hf_buf_release(text);
    *text = out;
}

static uint32_t
last_child(const struct hf_tokens *t, uint32_t parent)
{
    uint32_t child = t->v[parent].children ? parent + 1 : 0;

    while (child && t->v[child].next)
        child = t->v[child].next;
    return child;
}

/* Where a child begins: at its name, or at its value in a list. */
static uint32_t
start_of(const struct hf_token *child)
{
    return child->key ? child->key - 1 : child->start;
}

/*
 * What stands between the bracket and the first child: the line end and the
 * indentation that a new child gets, too. Empty when they share a line.
 */
static char *
spacing(const struct hf_tokens *t, uint32_t parent)
{
    uint32_t from = t->v[parent].start + 1, to;

    if (!t->v[parent].children)
        return hf_xstrdup("");
    to = start_of(&t->v[parent + 1]);
    while (from < to && t->text[from] != '\n' && t->text[from] != '\r')
        from++;
    return hf_xstrndup(t->text + from, to - from);
}

/* The child's text as the last one of its parent. */
static void
append_child(struct hf_buf *text, const struct hf_tokens *t, uint32_t parent,
             const char *child)
{
    uint32_t last = last_child(t, parent);
    char *space = spacing(t, parent);
    struct hf_buf added = {0};
    size_t at = last ? t->v[last].end : t->v[parent].start + 1;

    if (last)
        hf_buf_puts(&added, *space ? "," : ", ");
    hf_buf_puts(&added, space);
    for (; *child; child++) {
        if (*child == '\n' && *space)
            hf_buf_puts(&added, space);
        else
            hf_buf_putc(&added, *child);
    }
    splice(text, at, at, hf_buf_str(&added));
    hf_buf_release(&added);
    free(space);
}

int
hf_retext_set(struct hf_buf *text, const char *key, const char *value,
              struct hf_err *err)
{
    struct hf_tokens t = {0};
    char *name, *member;
    uint32_t found;
    int rc;

    if ((rc = read_object(&t, text, err)) < 0)
        goto out;
    if ((found = hf_tokens_member(&t, 0, key)) != 0) {
        splice(text, t.v[found].start, t.v[found].end, value);
    } else {
        name = hf_retext_quote(key);
        member = hf_xasprintf("%s: %s", name, value);
        append_child(text, &t, 0, member);
        free(member);
        free(name);
    }
out:
    hf_tokens_release(&t);
    return rc;
}

static void
remove_child(struct hf_buf *text, const struct hf_tokens *t, uint32_t parent,
             uint32_t found)
{
    uint32_t previous = 0;
    size_t from, to;

    for (uint32_t c = parent + 1; c != found; c = t->v[c].next)
        previous = c;
    if (previous) { /* with the comma before it */
        from = t->v[previous].end;
        to = t->v[found].end;
    } else if (t->v[found].next) { /* with the comma behind it */
        from = start_of(&t->v[found]);
        to = start_of(&t->v[t->v[found].next]);
    } else {
        from = t->v[parent].start + 1;
        to = t->v[parent].end - 1;
    }
    splice(text, from, to, "");
}

int
hf_retext_remove(struct hf_buf *text, const char *key, struct hf_err *err)
{
    struct hf_tokens t = {0};
    uint32_t found;
    int rc;

    if ((rc = read_object(&t, text, err)) == HF_OK &&
        (found = hf_tokens_member(&t, 0, key)) != 0)
        remove_child(text, &t, 0, found);
    hf_tokens_release(&t);
    return rc;
}

int
hf_retext_drop(struct hf_buf *text, const char *key, size_t nth,
               struct hf_err *err)
{
    struct hf_tokens t = {0};
    uint32_t list, child;
    int rc;

    if ((rc = read_object(&t, text, err)) < 0)
        goto out;
    list = hf_tokens_member(&t, 0, key);
    if (!list || t.v[list].type != HF_TOKEN_ARRAY ||
        t.v[list].children <= nth) {
        rc = hf_fail(err, HF_EINVALID, "'%s' has no element %zu", key, nth + 1);
        goto out;
    }
    for (child = list + 1; nth; nth--)
        child = t.v[child].next;
    remove_child(text, &t, list, child);
out:
    hf_tokens_release(&t);
    return rc;
}

int
hf_retext_append(struct hf_buf *text, const char *key, const char *value,
                 struct hf_err *err)
{
    struct hf_tokens t = {0};
    uint32_t list;
    char *made;
    int rc;

    if ((rc = read_object(&t, text, err)) < 0)
        goto out;
    if ((list = hf_tokens_member(&t, 0, key)) == 0) {
        made = hf_xasprintf("[%s]", value);
        rc = hf_retext_set(text, key, made, err);
        free(made);
    } else if (t.v[list].type != HF_TOKEN_ARRAY) {
        rc = hf_fail(err, HF_EINVALID, "'%s' wants a list, found %s", key,
                     hf_token_type_names[t.v[list].type]);
    } else {
        append_child(text, &t, list, value);
    }
out:
    hf_tokens_release(&t);
    return rc;
}

char *
hf_retext_quote(const char *text)
{
    cJSON *value = cJSON_CreateString(text);
    char *printed = cJSON_PrintUnformatted(value);
    char *out = hf_xstrdup(printed ? printed : "\"\"");

    cJSON_free(printed);
    cJSON_Delete(value);
    return out;
}
