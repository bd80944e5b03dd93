/* The frame of an iCalendar text: BEGIN and END. */
#include "inventory/ics_scan.h"

#include <string.h>
#include <strings.h>

#include "backend/base/text.h"
#include "inventory/ics.h"

#define MAX_DEPTH 8
#define NAME_MAX_BYTES 32

struct scan {
    char open[MAX_DEPTH][NAME_MAX_BYTES];
    int depth;
    size_t components, line;
    struct hf_err *err;
};

/* The component's name behind "BEGIN:" or "END:", cut to fit. */
static void
copy_name(char out[NAME_MAX_BYTES], const char *s, size_t len)
{
    while (len && (s[len - 1] == '\r' || s[len - 1] == ' '))
        len--;
    if (len >= NAME_MAX_BYTES)
        len = NAME_MAX_BYTES - 1;
    memcpy(out, s, len);
    out[len] = '\0';
}

static int
open_component(struct scan *s, const char *name, size_t len)
{
    if (s->depth == MAX_DEPTH)
        return hf_fail(s->err, HF_EINVALID,
                       "line %zu: components are nested too deeply", s->line);
    if (++s->components > HF_ICS_MAX_EVENTS)
        return hf_fail(s->err, HF_ELIMIT,
                       "line %zu: it holds more than %d components", s->line,
                       HF_ICS_MAX_EVENTS);
    copy_name(s->open[s->depth++], name, len);
    return HF_OK;
}

static int
close_component(struct scan *s, const char *name, size_t len)
{
    char closed[NAME_MAX_BYTES];

    copy_name(closed, name, len);
    if (s->depth && strcasecmp(s->open[s->depth - 1], closed) == 0) {
        s->depth--;
        return HF_OK;
    }
    return hf_fail(s->err, HF_EINVALID, "line %zu: END:%s closes %s%s", s->line,
                   closed, s->depth ? "BEGIN:" : "nothing",
                   s->depth ? s->open[s->depth - 1] : "");
}

static int
scan_line(struct scan *s, const char *line, size_t len)
{
    if (len > 6 && strncasecmp(line, "BEGIN:", 6) == 0)
        return open_component(s, line + 6, len - 6);
    if (len > 4 && strncasecmp(line, "END:", 4) == 0)
        return close_component(s, line + 4, len - 4);
    if (!s->depth && len && strspn(line, " \t\r") < len)
        return hf_fail(s->err, HF_EINVALID,
                       "line %zu: this is outside of any component", s->line);
    return HF_OK;
}

int
hf_ics_scan(const char *text, size_t len, struct hf_err *err)
{
    struct scan s = {.err = err};
    const char *end = text + len, *next;
    int rc;

    if (len < 15 || strncasecmp(text, "BEGIN:VCALENDAR", 15) != 0)
        return hf_fail(err, HF_EINVALID,
                       "is no iCalendar file: it does not begin with "
                       "BEGIN:VCALENDAR");
    if (memchr(text, '\0', len))
        return hf_fail(err, HF_EINVALID, "is no text: it holds a NUL byte");
    for (const char *line = text; line < end; line = next) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        s.line++;
        if ((rc = scan_line(&s, line,
                            (size_t)(next - line) - (next[-1] == '\n'))) < 0)
            return rc;
    }
    if (s.depth)
        return hf_fail(err, HF_EINVALID, "it is cut off: BEGIN:%s has no end",
                       s.open[s.depth - 1]);
    return HF_OK;
}
