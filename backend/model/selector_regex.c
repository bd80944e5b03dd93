/*
 * Regular expressions of selectors. The C library's compiler copies what is
 * repeated, so that a short expression can cost minutes and gigabytes: how
 * large it would become is reckoned first.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/locale.h"
#include "backend/model/selector_ast.h"

#define MAX_BYTES 256
#define MAX_ATOMS 1000 /* after every repetition was written out */

/* What was read of the group that is open: `done` atoms, then `last`, which a
 * repetition may follow. */
struct group {
    unsigned long done, last;
};

static void
add_atom(struct group *g)
{
    g->done += g->last;
    g->last = 1;
}

/* The bytes of "[...]", in which a ']' may stand first and "[:alpha:]" may
 * stand inside; 1 when it is not closed. */
static size_t
bracket_len(const char *s)
{
    size_t i = 1;

    i += s[i] == '^';
    i += s[i] == ']';
    for (; s[i] && s[i] != ']'; i++) {
        const char *end = NULL;
        char close[3] = {s[i + 1], ']', '\0'};

        if (s[i] == '[' && s[i + 1] && strchr(":.=", s[i + 1]))
            end = strstr(s + i + 2, close);
        if (end)
            i = (size_t)(end - s) + 1;
    }
    return s[i] ? i + 1 : 1;
}

/* How many times its atom "*", "+", "?" or "{n,m}" at `s` costs; *len is its
 * length. */
static unsigned long
repetition(const char *s, size_t *len)
{
    unsigned long low, high = 0;
    char *end;

    *len = 1;
    if (*s != '{')
        return 2; /* "a+" is "aa*"; and "*" of "*" takes as long */
    low = strtoul(s + 1, &end, 10);
    if (*end == ',')
        high = strtoul(end + 1, &end, 10);
    *len = *end == '}' ? (size_t)(end + 1 - s) : 1;
    high = high > low ? high : low + 1; /* {n}, and {n,} has a tail */
    return high > MAX_ATOMS ? MAX_ATOMS + 1 : high;
}

/* Reads one item at `s`, returns its length. */
static size_t
read_item(const char *s, struct group *open, size_t *depth)
{
    struct group *g = &open[*depth];
    size_t len = 1;

    if (*s == '(') {
        open[++*depth] = (struct group){0, 0};
    } else if (*s == ')' && *depth > 0) {
        unsigned long inside = g->done + g->last;

        add_atom(&open[--*depth]);
        open[*depth].last += inside;
    } else if (strchr("*+?{", *s)) {
        g->last *= repetition(s, &len);
    } else {
        add_atom(g);
        if (*s == '\\' && s[1])
            len = 2;
        else if (*s == '[')
            len = bracket_len(s);
    }
    return len;
}

/* What speaks against compiling it, or NULL. */
static const char *
danger(const char *regex)
{
    struct group open[MAX_BYTES + 1] = {{0, 0}};
    size_t depth = 0;

    if (!*regex)
        return "there is nothing between the slashes";
    if (strlen(regex) > MAX_BYTES)
        return "it is longer than 256 bytes";
    for (const char *s = regex; *s;) {
        if (*s == '\\' && s[1] >= '1' && s[1] <= '9')
            return "back-references are not supported";
        s += read_item(s, open, &depth);
        if (open[depth].done + open[depth].last > MAX_ATOMS)
            return "it repeats too much";
    }
    return NULL;
}

int
hf_selector_compile(struct hf_term *term, struct hf_selector_text *in,
                    size_t at)
{
    const char *why = danger(term->text);
    locale_t before;
    char said[128];
    int rc;

    if (why)
        return hf_selector_fail(in, at, "regular expression: %s", why);
    before = uselocale(hf_locale_utf8());
    rc =
        regcomp(&term->regex, term->text, REG_EXTENDED | REG_ICASE | REG_NOSUB);
    if (rc != 0)
        regerror(rc, &term->regex, said, sizeof(said));
    uselocale(before);
    if (rc != 0)
        return hf_selector_fail(in, at, "regular expression: %s", said);
    term->how = HF_TERM_REGEX;
    return HF_OK;
}
