/* The list of what is wrong with documents, and how one line of it reads. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

void
hf_problems_release(struct hf_problems *p)
{
    for (size_t i = 0; i < p->len; i++) {
        free(p->v[i].file);
        free(p->v[i].path);
        free(p->v[i].text);
        free(p->v[i].hint);
    }
    free(p->v);
    *p = (struct hf_problems){0};
}

static struct hf_problem *
add_problem(struct hf_problems *p, const char *file, size_t line, size_t column,
            const char *path, const char *fmt, va_list ap)
{
    struct hf_problem *added = HF_PUSH(&p->v, &p->len, &p->cap);
    char text[2048];

    vsnprintf(text, sizeof(text), fmt, ap);
    added->file = hf_xstrdup(file);
    added->line = line;
    added->column = column;
    added->path = hf_xstrdup(path);
    added->text = hf_sanitised(text);
    return added;
}

struct hf_problem *
hf_problem_add(struct hf_problems *p, const char *file, size_t line,
               size_t column, const char *path, const char *fmt, ...)
{
    struct hf_problem *added;
    va_list ap;

    va_start(ap, fmt);
    added = add_problem(p, file, line, column, path, fmt, ap);
    va_end(ap);
    p->errors++;
    return added;
}

struct hf_problem *
hf_problem_warn(struct hf_problems *p, const char *file, size_t line,
                size_t column, const char *path, const char *fmt, ...)
{
    struct hf_problem *added;
    va_list ap;

    va_start(ap, fmt);
    added = add_problem(p, file, line, column, path, fmt, ap);
    va_end(ap);
    added->warning = 1;
    return added;
}

static void
add_safe(struct hf_buf *out, const char *s)
{
    char *safe = hf_sanitised(s);

    hf_buf_puts(out, safe);
    free(safe);
}

void
hf_problem_format(struct hf_buf *out, const struct hf_problem *p)
{
    if (p->file) {
        add_safe(out, p->file);
        if (p->line > 0)
            hf_buf_printf(out, ":%zu:%zu", p->line, p->column);
        hf_buf_puts(out, ": ");
    } else if (p->line > 0) {
        hf_buf_printf(out, "line %zu, column %zu: ", p->line, p->column);
    }
    if (p->warning)
        hf_buf_puts(out, "warning: ");
    if (p->path && p->path[0]) {
        add_safe(out, p->path);
        hf_buf_puts(out, ": ");
    }
    add_safe(out, p->text ? p->text : "");
    if (p->hint) {
        hf_buf_puts(out, " (");
        add_safe(out, p->hint);
        hf_buf_putc(out, ')');
    }
}
