/* What a host runs, and what the catalogue says that it should run. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/livepatch/livepatch.h"

static void
find_target(struct livepatch_view *v)
{
    if (!v->kernel || !v->catalogue)
        return;
    v->target_len = hf_catalogue_kernel_target(v->catalogue, v->kernel,
                                               v->target, LIVEPATCH_MAX_ROWS);
    if (v->target_len > LIVEPATCH_MAX_ROWS)
        v->target_len = LIVEPATCH_MAX_ROWS;
    for (size_t i = 0; i < v->target_len; i++) {
        if (!v->target[i]->patch ||
            !hf_strs_has(&v->active, v->target[i]->patch))
            v->missing[v->missing_len++] = v->target[i];
    }
}

void
livepatch_look(struct livepatch_view *v, const struct hf_facts *facts,
               const struct hf_catalogue *catalogue)
{
    const char *patches = hf_facts_get(facts, "patches");

    *v = (struct livepatch_view){.facts = facts, .catalogue = catalogue};
    v->kernel = hf_facts_get(facts, "kernel.release");
    if (patches) {
        v->known = 1;
        hf_fact_words(&v->active, patches);
    }
    for (size_t i = 0; i < v->active.len; i++) {
        if (!catalogue || !v->kernel ||
            !hf_catalogue_kernel_row(catalogue, v->kernel, v->active.v[i]))
            hf_strs_add(&v->foreign, v->active.v[i]);
    }
    find_target(v);
}

void
livepatch_view_release(struct livepatch_view *v)
{
    hf_strs_release(&v->active);
    hf_strs_release(&v->foreign);
    *v = (struct livepatch_view){0};
}

int
livepatch_kernel_known(const struct livepatch_view *v)
{
    return v->kernel && v->catalogue &&
           hf_catalogue_knows_kernel(v->catalogue, v->kernel);
}

int64_t
livepatch_covered_until(const struct hf_release *const *rows, size_t len)
{
    int64_t until = 0;

    for (size_t i = 0; i < len; i++) {
        int64_t at = rows[i]->covered_until;

        if (at && (!until || at < until))
            until = at;
    }
    return until;
}

int
livepatch_covers(const struct hf_catalogue *c, const char *kernel, int64_t now)
{
    const struct hf_release *rows[LIVEPATCH_MAX_ROWS];
    int64_t until;
    size_t len;

    if (!c || !hf_catalogue_knows_kernel(c, kernel))
        return 0;
    len = hf_catalogue_kernel_target(c, kernel, rows, LIVEPATCH_MAX_ROWS);
    until = livepatch_covered_until(
        rows, len < LIVEPATCH_MAX_ROWS ? len : LIVEPATCH_MAX_ROWS);
    return !until || until > now;
}

const char *
livepatch_patch_fact(const struct hf_facts *facts, const char *name,
                     const char *what)
{
    struct hf_buf key = {0};
    const char *value;

    hf_buf_printf(&key, "patch.%s.%s", name, what);
    value = hf_facts_get(facts, hf_buf_str(&key));
    hf_buf_release(&key);
    return value;
}

int
livepatch_patch_bool(const struct hf_facts *facts, const char *name,
                     const char *what)
{
    const char *value = livepatch_patch_fact(facts, name, what);

    if (!value)
        return -1;
    return strcmp(value, "yes") == 0 || strcmp(value, "1") == 0;
}

void
livepatch_say(char *out, size_t size, const char *fmt, ...)
{
    va_list ap;
    size_t len;
    int wanted;

    va_start(ap, fmt);
    wanted = vsnprintf(out, size, fmt, ap);
    va_end(ap);
    if (wanted < 0 || (size_t)wanted < size)
        return;
    for (len = size - 1; len && !hf_utf8_valid(out, len); len--)
        ;
    out[len] = '\0';
}

void
livepatch_join(struct hf_buf *out, const struct hf_strs *words,
               const char *between)
{
    for (size_t i = 0; i < words->len; i++)
        hf_buf_printf(out, "%s%s", i ? between : "", words->v[i]);
}

void
livepatch_level(char out[HF_WHY_LEN], const char *kernel,
                const struct hf_strs *patches)
{
    struct hf_buf names = {0};

    livepatch_join(&names, patches, " ");
    livepatch_say(out, HF_WHY_LEN, "%s%s%s", kernel, names.len ? " + " : "",
                  hf_buf_str(&names));
    hf_buf_release(&names);
}

void
livepatch_level_patches(struct hf_strs *out, const char *level)
{
    const char *names = strstr(level, " + ");

    if (names)
        hf_fact_words(out, names + 3);
}

void
livepatch_releases(struct hf_strs *out, const struct hf_judge_in *in)
{
    struct livepatch_view v;

    livepatch_look(&v, in->facts, in->catalogue);
    for (size_t i = 0; i < v.active.len; i++)
        hf_strs_add(out, v.active.v[i]);
    livepatch_view_release(&v);
}
