/*
 * Two ways through a text. The first takes only what is plain: letters of
 * ASCII without escapes, small whole numbers, no name twice. Whatever else it
 * meets, hf_json_parse decides about; what that takes is gone through again,
 * trusting.
 */
#include "backend/base/json_view.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/json_token.h"
#include "backend/base/mem.h"

#define PLAIN_DIGITS 15  /* so many are below 2^53 */
#define PLAIN_MEMBERS 64 /* that are compared with each other */
#define VALUE_BYTES 16   /* of text, at least, for most values */

struct walk {
    struct hf_view *view;
    char *at;
    size_t len;
    size_t depth;
    int trusting;
};

static int take_value(struct walk *w, const char *key);

static void
skip_space(struct walk *w)
{
    while (*w->at == ' ' || *w->at == '\n' || *w->at == '\t' || *w->at == '\r')
        w->at++;
}

/* ---- strings ---- */

static int
is_plain(char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static int
ignore(void *ctx, size_t at, const char *text, const char *hint)
{
    (void)ctx;
    (void)at;
    (void)text;
    (void)hint;
    return 0;
}

/* The string that begins with the quote at `quote`, decoded. */
static const char *
decode(struct walk *w, const char *quote)
{
    struct hf_json_cursor c = {.text = w->view->text,
                               .len = w->len,
                               .at = (size_t)(quote - w->view->text),
                               .report = ignore};
    struct hf_buf text = {0};
    const char *kept = NULL;

    if (hf_json_take_string(&c, &text) == 0)
        kept = hf_view_keep(w->view, hf_buf_str(&text));
    w->at = w->view->text + c.at;
    hf_buf_release(&text);
    return kept;
}

static const char *
take_string(struct walk *w)
{
    char *quote = w->at, *p = quote + 1;

    if (*quote != '"')
        return NULL;
    while (is_plain(*p))
        p++;
    if (*p != '"')
        return w->trusting ? decode(w, quote) : NULL;
    *p = '\0';
    w->at = p + 1;
    return quote + 1;
}

/* ---- other values ---- */

static int
take_number(struct walk *w)
{
    char *digits = w->at + (*w->at == '-');
    size_t n = strspn(digits, "0123456789");

    if (w->trusting) {
        w->at += strspn(w->at, "+-.0123456789eE");
        return 0;
    }
    w->at = digits + n;
    return n == 0 || n > PLAIN_DIGITS || (n > 1 && *digits == '0') ||
                   (*w->at && strchr("+-.eE", *w->at))
               ? -1
               : 0;
}

static int
take_word(struct walk *w, struct hf_view_node *node)
{
    static const struct {
        const char *word;
        enum hf_view_kind kind;
    } words[] = {{"true", HF_VIEW_TRUE},
                 {"false", HF_VIEW_FALSE},
                 {"null", HF_VIEW_NULL}};

    for (size_t i = 0; i < HF_COUNT(words); i++) {
        size_t n = strlen(words[i].word);

        if (strncmp(w->at, words[i].word, n) == 0) {
            node->kind = words[i].kind;
            w->at += n;
            return 0;
        }
    }
    return take_number(w);
}

/* ---- containers ---- */

/* What is in one so far. */
struct inside {
    size_t place;        /* its node */
    size_t last;         /* the newest member's; 0: none */
    const char *highest; /* of the names */
};

static int
is_twin(const struct walk *w, const struct inside *in, const char *key)
{
    const struct hf_view_node *n = &w->view->v[in->place];

    if (n->len > PLAIN_MEMBERS)
        return 1; /* let the other one see */
    for (n = hf_view_first(n); n; n = hf_view_next(n)) {
        if (hf_view_is(n, key))
            return 1;
    }
    return 0;
}

static int
take_key(struct walk *w, struct inside *in, const char **key)
{
    if (!(*key = take_string(w)))
        return -1;
    if (!w->trusting && in->highest && strcmp(*key, in->highest) <= 0) {
        if (is_twin(w, in, *key))
            return -1;
    } else {
        in->highest = *key; /* mostly they come in their order */
    }
    skip_space(w);
    if (*w->at != ':')
        return -1;
    w->at++;
    skip_space(w);
    return 0;
}

static int
take_item(struct walk *w, struct inside *in, int is_member)
{
    size_t place = w->view->len;
    const char *key = NULL;

    if ((is_member && take_key(w, in, &key) < 0) || take_value(w, key) < 0)
        return -1;
    if (in->last)
        w->view->v[in->last].next = (uint32_t)(place - in->last);
    in->last = place;
    w->view->v[in->place].len++;
    return 0;
}

/* The cursor stands on the opening. */
static int
take_items(struct walk *w, size_t place, char close)
{
    struct inside in = {.place = place};

    w->at++;
    skip_space(w);
    if (*w->at == close) {
        w->at++;
        return 0;
    }
    for (;;) {
        char next;

        if (take_item(w, &in, close == '}') < 0)
            return -1;
        skip_space(w);
        next = *w->at++;
        if (next == close)
            return 0;
        if (next != ',')
            return -1;
        skip_space(w);
    }
}

static int
take_container(struct walk *w, struct hf_view_node *node)
{
    char close = *w->at == '{' ? '}' : ']';
    int rc;

    if (w->depth == HF_JSON_MAX_DEPTH)
        return -1;
    node->kind = close == '}' ? HF_VIEW_OBJECT : HF_VIEW_ARRAY;
    w->depth++;
    rc = take_items(w, (size_t)(node - w->view->v), close);
    w->depth--;
    return rc;
}

static int
take_value(struct walk *w, const char *key)
{
    struct hf_view *v = w->view;
    struct hf_view_node *node = HF_PUSH(&v->v, &v->len, &v->cap);

    node->key = key;
    if (*w->at == '{' || *w->at == '[')
        return take_container(w, node);
    if (*w->at != '"')
        return take_word(w, node);
    node->kind = HF_VIEW_TEXT;
    node->text = take_string(w);
    return node->text ? 0 : -1;
}

/* ---- the document ---- */

/* 1: all of it. The copy ends with a NUL that no string holds. */
static int
go_through(struct hf_view *v, const char *text, size_t len, int trusting)
{
    struct walk w = {
        .view = v, .at = v->text, .len = len, .trusting = trusting};

    memcpy(v->text, text, len);
    v->text[len] = '\0';
    v->len = 0;
    skip_space(&w);
    if (take_value(&w, NULL) < 0)
        return 0;
    skip_space(&w);
    return w.at == v->text + len;
}

int
hf_view_parse(struct hf_view *v, const char *text, size_t len,
              struct hf_err *err)
{
    cJSON *doc = NULL;
    int rc;

    if (len <= HF_JSON_MAX_BYTES) {
        v->text = hf_xmalloc(len + 1);
        v->cap = len / VALUE_BYTES + 1;
        v->v = hf_xcalloc(v->cap, sizeof(*v->v));
        if (go_through(v, text, len, 0))
            return HF_OK;
    }
    rc = hf_json_parse(&doc, text, len, err);
    if (rc == HF_OK && !go_through(v, text, len, 1))
        rc = hf_fail(err, HF_EINVALID, "not a JSON document");
    cJSON_Delete(doc);
    if (rc < 0)
        hf_view_release(v);
    return rc;
}

void
hf_view_fold(struct hf_view *v)
{
    free(v->v);
    v->v = NULL;
    v->len = v->cap = 0;
}

void
hf_view_release(struct hf_view *v)
{
    hf_view_fold(v);
    hf_arena_free(v->more);
    free(v->text);
    *v = (struct hf_view){0};
}

const char *
hf_view_keep(struct hf_view *v, const char *text)
{
    if (!v->more)
        v->more = hf_arena_new();
    return hf_arena_strdup(v->more, text);
}

/* ---- looking ---- */

const struct hf_view_node *
hf_view_first(const struct hf_view_node *of)
{
    return of && of->len ? of + 1 : NULL;
}

const struct hf_view_node *
hf_view_next(const struct hf_view_node *node)
{
    return node->next ? node + node->next : NULL;
}

/* The first letter tells most apart, without a call. */
int
hf_view_is(const struct hf_view_node *node, const char *key)
{
    return node->key[0] == key[0] && strcmp(node->key, key) == 0;
}

const struct hf_view_node *
hf_view_get(const struct hf_view_node *object, const char *key)
{
    const struct hf_view_node *n;

    if (!object || object->kind != HF_VIEW_OBJECT)
        return NULL;
    for (n = hf_view_first(object); n; n = hf_view_next(n)) {
        if (hf_view_is(n, key))
            return n;
    }
    return NULL;
}

const char *
hf_view_str(const struct hf_view_node *object, const char *key)
{
    const struct hf_view_node *n = hf_view_get(object, key);

    return n ? n->text : NULL;
}

int
hf_view_is_true(const struct hf_view_node *object, const char *key)
{
    const struct hf_view_node *n = hf_view_get(object, key);

    return n && n->kind == HF_VIEW_TRUE;
}
