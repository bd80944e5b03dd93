/* Rows, CVEs and months of a catalogue that is being extended. */
#include "inventory/catalogue_draft.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "inventory/documents.h"

static int
is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
take_words(struct hf_draft *draft, struct hf_words *to, const char *const *from)
{
    for (; from && *from; from++)
        (void)hf_words_add(to, draft->arena, *from);
}

static struct hf_draft_row *
push_row(struct hf_draft *draft, const struct hf_release *release)
{
    struct hf_draft_row *row = hf_arena_alloc(draft->arena, sizeof(*row));

    row->r = *release;
    *HF_PUSH(&draft->rows, &draft->rows_len, &draft->rows_cap) = row;
    return row;
}

void
hf_draft_open(struct hf_draft *draft, const struct hf_catalogue *c)
{
    *draft = (struct hf_draft){.arena = hf_arena_new()};
    for (size_t i = 0; i < c->products_len; i++) {
        struct hf_draft_product *p = hf_draft_product(draft, c->products[i].id);

        p->complete_until = c->products[i].complete_until;
    }
    for (size_t i = 0; i < c->releases_len; i++) {
        struct hf_draft_row *row = push_row(draft, &c->releases[i]);

        take_words(draft, &row->cves, c->releases[i].cves);
        take_words(draft, &row->supersedes, c->releases[i].supersedes);
    }
    for (size_t i = 0; i < c->cves_len; i++)
        HF_PUSH(&draft->cves, &draft->cves_len, &draft->cves_cap)->c =
            c->cves[i];
}

void
hf_draft_release(struct hf_draft *draft)
{
    for (size_t i = 0; i < draft->rows_len; i++) {
        free(draft->rows[i]->cves.v);
        free(draft->rows[i]->supersedes.v);
    }
    free(draft->rows);
    free(draft->cves);
    free(draft->products);
    hf_arena_free(draft->arena);
    *draft = (struct hf_draft){0};
}

struct hf_draft_product *
hf_draft_product(struct hf_draft *draft, const char *product)
{
    struct hf_draft_product *p;

    for (size_t i = 0; i < draft->products_len; i++)
        if (strcmp(draft->products[i].id, product) == 0)
            return &draft->products[i];
    p = HF_PUSH(&draft->products, &draft->products_len, &draft->products_cap);
    p->id = hf_arena_intern(draft->arena, product);
    return p;
}

struct hf_draft_row *
hf_draft_kb(const struct hf_draft *draft, const char *product, const char *kb)
{
    for (size_t i = 0; i < draft->rows_len; i++)
        if (strcmp(draft->rows[i]->r.product, product) == 0 &&
            is_same(draft->rows[i]->r.kb, kb))
            return draft->rows[i];
    return NULL;
}

struct hf_draft_row *
hf_draft_build(const struct hf_draft *draft, const char *product,
               const char *build)
{
    for (size_t i = 0; i < draft->rows_len; i++)
        if (strcmp(draft->rows[i]->r.product, product) == 0 &&
            is_same(draft->rows[i]->r.build, build))
            return draft->rows[i];
    return NULL;
}

struct hf_draft_row *
hf_draft_patch(const struct hf_draft *draft, const char *kernel,
               const char *patch)
{
    for (size_t i = 0; i < draft->rows_len; i++)
        if (draft->rows[i]->r.kernel &&
            is_same(draft->rows[i]->r.patch, patch) &&
            is_same(draft->rows[i]->r.kernel, kernel))
            return draft->rows[i];
    return NULL;
}

struct hf_draft_row *
hf_draft_add(struct hf_draft *draft, const struct hf_release *release)
{
    struct hf_draft_row *row = push_row(draft, release);
    const char **const texts[] = {
        &row->r.product,   &row->r.month,    &row->r.kb,      &row->r.build,
        &row->r.kernel,    &row->r.patch,    &row->r.version, &row->r.sha256,
        &row->r.file,      &row->r.replaces, &row->r.note,    &row->r.source,
        &row->r.certainty, &row->r.incident};

    for (size_t i = 0; i < HF_COUNT(texts); i++)
        if (*texts[i])
            *texts[i] = hf_arena_intern(draft->arena, *texts[i]);
    row->r.cves = row->r.supersedes = NULL;
    row->added = 1;
    return row;
}

void
hf_draft_learn(struct hf_draft *draft, struct hf_draft_row *row,
               const char *const *cves, const char *const *supersedes,
               int known_issues)
{
    size_t before = row->cves.len + row->supersedes.len;

    take_words(draft, &row->cves, cves);
    take_words(draft, &row->supersedes, supersedes);
    if (row->cves.len + row->supersedes.len > before ||
        (known_issues && !row->r.known_issues))
        row->changed = 1;
    row->r.known_issues |= known_issues;
}

/* ---- CVEs ---- */

static size_t
place_of(const struct hf_draft *draft, const char *id)
{
    size_t low = 0, high = draft->cves_len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(draft->cves[mid].c.id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct hf_draft_cve *
cve_of(struct hf_draft *draft, const char *id)
{
    size_t at = place_of(draft, id);

    if (at < draft->cves_len && strcmp(draft->cves[at].c.id, id) == 0)
        return &draft->cves[at];
    (void)HF_PUSH(&draft->cves, &draft->cves_len, &draft->cves_cap);
    memmove(&draft->cves[at + 1], &draft->cves[at],
            (draft->cves_len - 1 - at) * sizeof(*draft->cves));
    draft->cves[at] = (struct hf_draft_cve){
        .c.id = hf_arena_intern(draft->arena, id), .added = 1};
    return &draft->cves[at];
}

/* "9.8" above "7.8", "10.0" above both. */
static int
is_graver(const char *score, const char *than)
{
    return score && (!than || hf_text_natcmp(score, than) > 0);
}

void
hf_draft_learn_cve(struct hf_draft *draft, const struct hf_cve *cve)
{
    struct hf_draft_cve *known = cve_of(draft, cve->id);
    struct hf_cve was = known->c;

    if (cve->severity > known->c.severity)
        known->c.severity = cve->severity;
    if (is_graver(cve->score, known->c.score))
        known->c.score = hf_arena_intern(draft->arena, cve->score);
    known->c.exploited |= cve->exploited;
    known->c.disclosed |= cve->disclosed;
    known->changed |= was.severity != known->c.severity ||
                      was.score != known->c.score ||
                      was.exploited != known->c.exploited ||
                      was.disclosed != known->c.disclosed;
}

/* ---- a catalogue of our own form ---- */

void
hf_draft_name(struct hf_buf *out, const struct hf_release *row)
{
    if (row->kernel)
        hf_buf_printf(out, "%s (%s)", row->patch, row->kernel);
    else
        hf_buf_printf(out, "%s (%s, %s %s, %s)", row->kb, row->product,
                      hf_release_type_names[row->type], row->month, row->build);
}

static int
agrees(const struct hf_release *a, const struct hf_release *b)
{
    return a->type == b->type && is_same(a->month, b->month) &&
           is_same(a->build, b->build) &&
           hf_release_line(a) == hf_release_line(b) &&
           is_same(a->sha256, b->sha256);
}

static void
warn_disagreement(const struct hf_release *known, const struct hf_release *row,
                  const char *file, struct hf_problems *problems)
{
    struct hf_buf names = {0};

    hf_draft_name(&names, row);
    hf_buf_puts(&names, " disagrees with the catalogue's ");
    hf_draft_name(&names, known);
    hf_problem_warn(problems, file, 0, 0, "", "%s, which stays",
                    hf_buf_str(&names));
    hf_buf_release(&names);
}

void
hf_draft_take_catalogue(struct hf_draft *draft,
                        const struct hf_catalogue_doc *doc, const char *file,
                        struct hf_problems *problems)
{
    struct hf_draft_product *product = hf_draft_product(draft, doc->product);
    const struct hf_release *rows = doc->releases.v;

    for (size_t i = 0; i < doc->releases.len; i++) {
        struct hf_release release = rows[i];
        struct hf_draft_row *known;

        release.product = doc->product;
        known = release.kernel
                    ? hf_draft_patch(draft, release.kernel, release.patch)
                    : hf_draft_kb(draft, doc->product, release.kb);
        if (known && !agrees(&known->r, &release)) {
            warn_disagreement(&known->r, &release, file, problems);
            continue;
        }
        if (release.file && !known) {
            hf_problem_warn(problems, file, 0, 0, "",
                            "%s is left out: its module comes with 'hotfleet "
                            "catalogue add'",
                            release.patch);
            continue;
        }
        hf_draft_learn(draft, known ? known : hf_draft_add(draft, &release),
                       release.cves, release.supersedes, release.known_issues);
    }
    if (doc->complete_until &&
        (!product->complete_until ||
         strcmp(doc->complete_until, product->complete_until) > 0)) {
        product->complete_until =
            hf_arena_intern(draft->arena, doc->complete_until);
        product->changed = 1;
    }
}
