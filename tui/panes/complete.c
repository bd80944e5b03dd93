/* Completion; see complete.h. */
#include "tui/panes/complete.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/panes/verbs.h"

#define CANDIDATES_MAX 60

static void
offer(struct hf_strs *out, const char *word, const char *candidate)
{
    if (out->len < CANDIDATES_MAX &&
        strncasecmp(candidate, word, strlen(word)) == 0 &&
        !hf_strs_has(out, candidate))
        hf_strs_add(out, candidate);
}

static void
offer_verbs(struct hf_strs *out, const char *word)
{
    for (const struct hf_console_verb *v = hf_console_verbs; v->name; v++)
        offer(out, word, v->name);
    for (size_t i = 0; hf_panes[i]; i++) {
        if (hf_panes[i]->digit)
            offer(out, word, hf_panes[i]->name);
    }
}

/* The values that hosts really have, or the words the field takes. */
static void
offer_values(struct hf_strs *out, struct hf_ui *ui, const char *word,
             const struct hf_selector_field *f, const char *value)
{
    char *field = hf_xstrndup(word, (size_t)(value - word));

    for (size_t i = 0; f->words && f->words[i]; i++) {
        char *all = hf_xasprintf("%s%s", field, f->words[i]);

        offer(out, word, all);
        free(all);
    }
    for (size_t i = 0; !f->words && f->value && i < ui->view.n; i++) {
        const char *have;

        for (size_t j = 0; (have = f->value(&ui->view.states[i], "", j)); j++) {
            char *all = hf_xasprintf("%s%s", field, have);

            offer(out, word, all);
            free(all);
        }
    }
    free(field);
}

static void
offer_terms(struct hf_strs *out, struct hf_ui *ui, const char *word)
{
    static const char *const bindings[] = {"and", "or", "not"};

    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        size_t n = strcspn(f->name, "K"); /* "attr.KEY" */
        char *name =
            hf_xasprintf("%.*s%s", (int)n, f->name, f->name[n] ? "" : ":");

        offer(out, word, name);
        free(name);
    }
    for (int i = 0; i < HF_FLAG_COUNT; i++)
        offer(out, word, hf_flag_names[i]);
    for (size_t i = 0; i < HF_COUNT(bindings); i++)
        offer(out, word, bindings[i]);
    for (size_t i = 0; *word && i < ui->view.n; i++)
        offer(out, word, ui->view.states[i].host->name);
}

static void
offer_selector(struct hf_strs *out, struct hf_ui *ui, const char *word)
{
    const char *colon = strchr(word, ':');

    if (!colon) {
        offer_terms(out, ui, word);
        return;
    }
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        if (strlen(f->name) == (size_t)(colon - word) &&
            strncasecmp(f->name, word, strlen(f->name)) == 0)
            offer_values(out, ui, word, f, colon + 1);
    }
}

void
hf_complete(struct hf_strs *out, size_t *word_len, struct hf_ui *ui,
            const char *text, int verbs)
{
    const char *word = text + strlen(text);

    while (word > text && !strchr(" ()!&|", word[-1]))
        word--;
    *word_len = strlen(word);
    if (verbs)
        offer_verbs(out, text); /* of two words, too */
    if (out->len)
        *word_len = strlen(text);
    else if (!verbs || strchr(text, ' '))
        offer_selector(out, ui, word);
}

size_t
hf_complete_common(const struct hf_strs *candidates)
{
    size_t n = candidates->len ? strlen(candidates->v[0]) : 0;

    for (size_t i = 1; i < candidates->len; i++) {
        size_t same = 0;

        while (same < n && candidates->v[i][same] == candidates->v[0][same])
            same++;
        n = same;
    }
    return n;
}
