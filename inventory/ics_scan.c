/* The frame of an iCalendar text (BEGIN and END), and the lines in it that
 * decide. */
#include "inventory/ics_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backend/base/mem.h"
#include "inventory/ics.h"

#define MAX_DEPTH 8
#define NAME_MAX_BYTES 32
#define LINE_MAX_BYTES 65536
#define MAX_INTERVAL 9999 /* libical has 16 bits for it */
#define MAX_DIGITS 8      /* as a date has */

struct scan {
    char open[MAX_DEPTH][NAME_MAX_BYTES];
    int depth;
    size_t components, number, next_number; /* of lines as they stand there */
    struct hf_buf line;                     /* unfolded, cut when too long */
    int too_long;
    struct hf_buf *out;
    struct hf_err *err;
};

/* ---- BEGIN and END ---- */

/* The component's name behind "BEGIN:" or "END:", cut to fit. */
static void
copy_name(char out[NAME_MAX_BYTES], const char *s)
{
    size_t len = strcspn(s, "\r ");

    if (len >= NAME_MAX_BYTES)
        len = NAME_MAX_BYTES - 1;
    memcpy(out, s, len);
    out[len] = '\0';
}

static int
open_component(struct scan *s, const char *text)
{
    char *name;

    if (s->depth == MAX_DEPTH)
        return hf_fail(s->err, HF_EINVALID,
                       "line %zu: components are nested too deeply", s->number);
    if (++s->components > HF_ICS_MAX_EVENTS)
        return hf_fail(s->err, HF_ELIMIT,
                       "line %zu: it holds more than %d components", s->number,
                       HF_ICS_MAX_EVENTS);
    name = s->open[s->depth++];
    copy_name(name, text);
    hf_buf_printf(s->out, "BEGIN:%s\r\n", name);
    if (strcasecmp(name, "VEVENT") == 0 || strcasecmp(name, "VTIMEZONE") == 0)
        hf_buf_printf(s->out, HF_ICS_LINE ":%zu\r\n", s->number);
    return HF_OK;
}

static int
close_component(struct scan *s, const char *text)
{
    char closed[NAME_MAX_BYTES];

    copy_name(closed, text);
    if (s->depth && strcasecmp(s->open[s->depth - 1], closed) == 0) {
        s->depth--;
        hf_buf_printf(s->out, "END:%s\r\n", closed);
        return HF_OK;
    }
    return hf_fail(s->err, HF_EINVALID, "line %zu: END:%s closes %s%s",
                   s->number, closed, s->depth ? "BEGIN:" : "nothing",
                   s->depth ? s->open[s->depth - 1] : "");
}

/* ---- lines that decide ---- */

static const struct {
    const char *name;
    int is_text; /* which may hold any digits */
} deciding[] = {
    {"DTSTART", 0}, {"DTEND", 0},   {"DURATION", 0},     {"RRULE", 0},
    {"EXRULE", 0},  {"RDATE", 0},   {"EXDATE", 0},       {"RECURRENCE-ID", 0},
    {"STATUS", 0},  {"TZID", 1},    {"TZOFFSETFROM", 0}, {"TZOFFSETTO", 0},
    {"UID", 1},     {"SUMMARY", 1},
};

static int
check_numbers(const struct scan *s, const char *name)
{
    const char *p = strrchr(hf_buf_str(&s->line), ':');

    while (p && *p) {
        size_t digits = strspn(p, "0123456789");
        int too_many = digits > MAX_DIGITS;

        if (strncasecmp(p, "INTERVAL=", 9) == 0)
            too_many = strtoul(p + 9, NULL, 10) > MAX_INTERVAL;
        if (too_many)
            return hf_fail(s->err, HF_EINVALID,
                           "line %zu: %s has a number that is too large",
                           s->number, name);
        p += digits ? digits : 1;
    }
    return HF_OK;
}

static int
keep_property(struct scan *s)
{
    size_t i = 0, len = strcspn(hf_buf_str(&s->line), ":;");
    int rc = HF_OK;

    while (i < HF_COUNT(deciding) &&
           (strlen(deciding[i].name) != len ||
            strncasecmp(hf_buf_str(&s->line), deciding[i].name, len) != 0))
        i++;
    if (i == HF_COUNT(deciding))
        return HF_OK;
    if (s->too_long)
        return hf_fail(s->err, HF_EINVALID,
                       "line %zu: %s is longer than %d bytes", s->number,
                       deciding[i].name, LINE_MAX_BYTES);
    if (!deciding[i].is_text)
        rc = check_numbers(s, deciding[i].name);
    hf_buf_add(s->out, s->line.data, s->line.len);
    hf_buf_puts(s->out, "\r\n");
    return rc;
}

static int
take_line(struct scan *s)
{
    const char *line = hf_buf_str(&s->line);

    if (strncasecmp(line, "BEGIN:", 6) == 0)
        return open_component(s, line + 6);
    if (strncasecmp(line, "END:", 4) == 0)
        return close_component(s, line + 4);
    if (s->depth)
        return keep_property(s);
    if (line[strspn(line, " \t\r")])
        return hf_fail(s->err, HF_EINVALID,
                       "line %zu: this is outside of any component", s->number);
    return HF_OK;
}

/* ---- folding ---- */

static void
add_part(struct scan *s, const char *part, size_t len)
{
    size_t left = LINE_MAX_BYTES - s->line.len;

    if (len && part[len - 1] == '\r')
        len--;
    s->too_long |= len > left;
    hf_buf_add(&s->line, part, len > left ? left : len);
}

/* One line with all that is folded under it. */
static int
next_line(struct scan *s, const char **text, const char *end)
{
    const char *p = *text;

    hf_buf_clear(&s->line);
    s->too_long = 0;
    s->number = s->next_number;
    do {
        const char *stop = memchr(p, '\n', (size_t)(end - p));

        stop = stop ? stop : end;
        add_part(s, p, (size_t)(stop - p));
        s->next_number++;
        p = stop < end ? stop + 1 : end;
    } while (p < end && (*p == ' ' || *p == '\t') && p++);
    *text = p;
    return take_line(s);
}

int
hf_ics_scan(struct hf_buf *out, const char *text, size_t len,
            struct hf_err *err)
{
    struct scan s = {.out = out, .err = err, .next_number = 1};
    const char *end = text + len;
    int rc = HF_OK;

    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3; /* as programs on Windows begin a file */
    if (end - text < 15 || strncasecmp(text, "BEGIN:VCALENDAR", 15) != 0)
        return hf_fail(err, HF_EINVALID,
                       "is no iCalendar file: it does not begin with "
                       "BEGIN:VCALENDAR");
    if (memchr(text, '\0', (size_t)(end - text)))
        return hf_fail(err, HF_EINVALID, "is no text: it holds a NUL byte");
    while (rc == HF_OK && text < end)
        rc = next_line(&s, &text, end);
    if (rc == HF_OK && s.depth)
        rc = hf_fail(err, HF_EINVALID, "it is cut off: BEGIN:%s has no end",
                     s.open[s.depth - 1]);
    hf_buf_release(&s.line);
    return rc;
}
