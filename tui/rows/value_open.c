/* What is open and who is excused, on screen 8; see value.h. */
#include "backend/base/text.h"
#include "tui/rows/plot.h"
#include "tui/rows/value.h"

#define LABEL 24 /* columns of names */
#define BAR 24

static struct hf_line *
add_label(struct hf_doc *d, const char *label, const struct hf_look *look)
{
    struct hf_line *l = &hf_doc_add(d)->line;

    hf_line_add(l, HF_TONE_PLAIN, "  ");
    hf_line_cell(l, HF_TONE_PLAIN, label, LABEL, look->ascii);
    return l;
}

/* "7 CVEs, 2 of them exploited". */
static void
add_count(struct hf_line *l, const struct hf_exposure_count *c)
{
    hf_line_add(l, c->open ? HF_TONE_STRONG : HF_TONE_GOOD, "%zu CVE%s",
                c->open, hf_plural(c->open));
    if (c->exploited)
        hf_line_add(l, HF_TONE_BAD, ", %zu of them exploited", c->exploited);
}

static void
add_all(struct hf_doc *d, const struct hf_exposure_group *g,
        const struct hf_look *look)
{
    struct hf_line *l = add_label(d, "of all hosts", look);

    add_count(l, &g->count);
    for (int i = HF_SEVERITY_COUNT - 1; i > HF_SEVERITY_UNKNOWN; i--) {
        if (g->count.severity[i])
            hf_line_add(l, HF_TONE_DIM, ", %zu %s", g->count.severity[i],
                        hf_severity_names[i]);
    }
    if (g->unknown)
        hf_line_add(l, HF_TONE_WARN, "; of %zu host%s it is not known",
                    g->unknown, hf_plural(g->unknown));
}

/* How much of a ring has something open. */
static void
add_ring(struct hf_doc *d, const struct hf_exposed *ring,
         const struct hf_look *look)
{
    const struct hf_exposure_group *g = &ring->group;
    struct hf_line *l =
        add_label(d, ring->name ? ring->name : "(no ring)", look);
    struct hf_buf bar = {0};

    hf_plot_bar(&bar, (int64_t)g->exposed, (int64_t)(g->hosts ? g->hosts : 1),
                BAR, look->ascii);
    hf_line_cell(l, g->attacked ? HF_TONE_BAD : HF_TONE_WARN, hf_buf_str(&bar),
                 BAR, look->ascii);
    hf_line_add(l, HF_TONE_PLAIN, " %zu of %zu host%s, ", g->exposed, g->hosts,
                hf_plural(g->hosts));
    add_count(l, &g->count);
    hf_buf_release(&bar);
}

/* "until 2026-11-28, 4 hosts, 2 CVEs: the vendor ... (CHG-1042, office)". */
static void
add_excused(struct hf_doc *d, const struct hf_exposed *line,
            const struct hf_look *look)
{
    const struct hf_exposure_count *c = &line->group.count;
    const struct hf_exception *e = line->exception;
    struct hf_line label = {0};
    struct hf_buf text = {0};
    char day[HF_TIME_LEN];

    hf_line_add(&label, HF_TONE_PLAIN, "  ");
    hf_line_cell(&label, HF_TONE_PLAIN, e ? e->id : "held", LABEL, look->ascii);
    if (e)
        hf_buf_printf(&text, "until %.10s", hf_time_format(day, e->until));
    else
        hf_buf_puts(&text, "no end");
    hf_buf_printf(&text, ", %zu host%s, %zu CVE%s", line->group.hosts,
                  hf_plural(line->group.hosts), c->open, hf_plural(c->open));
    if (c->exploited)
        hf_buf_printf(&text, ", %zu of them exploited", c->exploited);
    if (e)
        hf_buf_printf(&text, ": %s (%s, %s)", e->reason, e->ticket, e->owner);
    else
        hf_buf_printf(&text, ": %s", line->name);
    hf_doc_text(d, hf_buf_str(&label.text),
                c->exploited ? HF_TONE_BAD : HF_TONE_PLAIN, hf_buf_str(&text),
                look->cols);
    hf_line_release(&label);
    hf_buf_release(&text);
}

void
hf_value_open_rows(struct hf_doc *out, const struct hf_exposure_report *x,
                   const struct hf_look *look)
{
    size_t excused = 0;

    hf_doc_head(out, "Open now");
    for (size_t i = 0; i < x->len; i++) {
        if (x->v[i].kind == HF_EXPOSED_ALL)
            add_all(out, &x->v[i].group, look);
        else if (x->v[i].kind == HF_EXPOSED_RING)
            add_ring(out, &x->v[i], look);
    }
    hf_doc_head(out, "Excused, and what that leaves open");
    for (size_t i = 0; i < x->len; i++) {
        if (x->v[i].kind <= HF_EXPOSED_RING)
            continue;
        add_excused(out, &x->v[i], look);
        excused++;
    }
    if (!excused)
        hf_line_add(&hf_doc_add(out)->line, HF_TONE_DIM,
                    "  nobody: no host is excepted or held");
}
