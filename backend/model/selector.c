/* Does a selector match a host? */
#include "backend/model/selector.h"

#include <fnmatch.h>
#include <locale.h>
#include <stdlib.h>

#include "backend/base/locale.h"
#include "backend/base/text.h"
#include "backend/model/selector_ast.h"

void
hf_selector_free(struct hf_selector *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->len; i++)
        hf_selector_free(s->kids[i]);
    if (s->term.how == HF_TERM_REGEX)
        regfree(&s->term.regex);
    free(s->term.key);
    free(s->term.text);
    free(s->kids);
    free(s);
}

const char *
hf_selector_asks_facts(const struct hf_selector *s)
{
    const char *field = NULL;

    if (s->op == HF_SELECTOR_TERM && !s->term.field->inventory)
        return s->term.field->name;
    for (size_t i = 0; i < s->len && !field; i++)
        field = hf_selector_asks_facts(s->kids[i]);
    return field;
}

static int
match_value(const struct hf_term *term, const char *value)
{
    switch (term->how) {
    case HF_TERM_GLOB:
        return fnmatch(term->text, value, FNM_CASEFOLD) == 0;
    case HF_TERM_REGEX:
        return regexec(&term->regex, value, 0, NULL, 0) == 0;
    default:
        return hf_text_casecmp(term->text, value) == 0;
    }
}

/* What a selector is held against. */
struct look {
    const struct hf_state *st;
    const int64_t *oldest; /* NULL: as the facts of `st` say */
    int64_t now;
};

/* Who was never asked is older than everything. */
static int
match_age(const struct hf_term *term, const struct look *at)
{
    int64_t oldest = at->oldest
                         ? *at->oldest
                         : hf_facts_oldest(&hf_state_record(at->st)->facts);
    int never = oldest == 0;

    if (term->how == HF_TERM_OLDER)
        return never || at->now - oldest > term->span;
    return !never && at->now - oldest < term->span;
}

static int
match_term(const struct hf_term *term, const struct look *at)
{
    const char *value;

    if (!term->field->value)
        return match_age(term, at);
    for (size_t i = 0; (value = term->field->value(at->st, term->key, i));
         i++) {
        if (match_value(term, value))
            return 1;
    }
    return 0;
}

static int
match(const struct hf_selector *s, const struct look *at)
{
    size_t i = 0;

    switch (s->op) {
    case HF_SELECTOR_ALL:
        return 1;
    case HF_SELECTOR_TERM:
        return match_term(&s->term, at);
    case HF_SELECTOR_NOT:
        return !match(s->kids[0], at);
    case HF_SELECTOR_AND:
        while (i < s->len && match(s->kids[i], at))
            i++;
        return i == s->len;
    case HF_SELECTOR_OR:
        while (i < s->len && !match(s->kids[i], at))
            i++;
        return i < s->len;
    }
    return 0;
}

/* Patterns compare letters: those of one fixed locale. */
static int
match_look(const struct hf_selector *s, const struct look *at)
{
    locale_t before = uselocale(hf_locale_utf8());
    int matched = match(s, at);

    uselocale(before);
    return matched;
}

/* A fleet that was looked through is not kept in memory, but for findings. */
int
hf_selector_match(const struct hf_selector *s, const struct hf_state *st,
                  int64_t now)
{
    int held = st->record || st->has_findings;
    int matched = match_look(s, &(struct look){.st = st, .now = now});

    if (!held && !st->has_findings)
        hf_state_fold(st);
    return matched;
}

int
hf_selector_match_aged(const struct hf_selector *s, const struct hf_state *st,
                       int64_t oldest, int64_t now)
{
    return match_look(s,
                      &(struct look){.st = st, .oldest = &oldest, .now = now});
}
