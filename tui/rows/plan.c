/* A plan as a person reads it; see plan.h. */
#include "tui/rows/plan.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/rows/words.h"

#define HASH_SHOWN 12
#define CVES_SHOWN 3

/* ---- the summary ---- */

struct sums {
    size_t restarts, unknown, undo_restarts;
    int minutes, undo_minutes; /* the longest of a host */
};

static void
sum_up(struct sums *s, const struct hf_plan *plan)
{
    *s = (struct sums){0};
    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_plan_host *h = &plan->hosts[i];

        s->restarts += h->restart == HF_RESTART_YES;
        s->unknown += h->restart == HF_RESTART_UNKNOWN;
        s->undo_restarts += h->undo_restart != HF_RESTART_NO;
        s->minutes = h->minutes > s->minutes ? h->minutes : s->minutes;
        s->undo_minutes = h->undo_minutes > s->undo_minutes ? h->undo_minutes
                                                            : s->undo_minutes;
    }
}

static void
restarts_line(struct hf_doc *d, const struct sums *s)
{
    struct hf_line *l = &hf_doc_add(d)->line;

    hf_line_add(l, HF_TONE_DIM, "  restarts  ");
    if (s->restarts)
        hf_line_add(l, HF_TONE_BAD, "%zu host%s will restart", s->restarts,
                    hf_plural(s->restarts));
    if (s->unknown)
        hf_line_add(l, HF_TONE_WARN, "%snot known for %zu host%s",
                    s->restarts ? ", " : "", s->unknown, hf_plural(s->unknown));
    if (!s->restarts && !s->unknown)
        hf_line_add(l, HF_TONE_GOOD, "none");
}

static void
hosts_line(struct hf_doc *d, const struct hf_plan *plan)
{
    struct hf_line *l = &hf_doc_add(d)->line;

    hf_line_add(l, HF_TONE_DIM, "  hosts     ");
    hf_line_add(l, HF_TONE_STRONG, "%zu host%s in %zu ring%s", plan->hosts_len,
                hf_plural(plan->hosts_len), plan->playbook.rings_len,
                hf_plural(plan->playbook.rings_len));
    if (plan->left_out_len)
        hf_line_add(l, HF_TONE_PLAIN, ", %zu left out", plan->left_out_len);
    hf_line_add(l, HF_TONE_DIM, "  %s, plan %.*s%s", plan->playbook.name,
                HASH_SHOWN, plan->hash, plan->simulated ? ", simulated" : "");
}

static void
add_minutes(struct hf_buf *out, int minutes)
{
    if (minutes)
        hf_buf_printf(out, "about %d minute%s a host", minutes,
                      hf_plural((size_t)minutes));
    else
        hf_buf_puts(out, "under a minute a host");
}

static size_t
count_texts(const char *const *v)
{
    size_t n = 0;

    while (v && v[n])
        n++;
    return n;
}

/* Protection that is gained, or in a rollback lost. */
static void
add_cves(struct hf_buf *out, const struct hf_plan *plan, int undoing)
{
    const struct hf_plan_price *p = &plan->price;
    size_t n = count_texts(p->cves);

    if (n)
        hf_buf_puts(out, undoing ? "; open again:" : "; closes");
    for (size_t i = 0; i < n && i < CVES_SHOWN; i++)
        hf_buf_printf(out, "%s %s", i ? "," : "", p->cves[i]);
    if (n > CVES_SHOWN)
        hf_buf_printf(out, " and %zu more", n - CVES_SHOWN);
    if (p->exploited)
        hf_buf_printf(out, " (%zu exploited)", p->exploited);
}

static void
price_line(struct hf_doc *d, const struct hf_plan *plan, const struct sums *s,
           const struct hf_look *look)
{
    int undoing = plan->playbook.kind == HF_PLAYBOOK_ROLLBACK;
    struct hf_buf text = {0};

    add_minutes(&text, s->minutes);
    add_cves(&text, plan, undoing);
    hf_doc_text(d, "  price     ", undoing ? HF_TONE_WARN : HF_TONE_PLAIN,
                hf_buf_str(&text), look->cols);
    hf_buf_release(&text);
}

static void
undo_line(struct hf_doc *d, const struct sums *s, const struct hf_look *look)
{
    struct hf_buf text = {0};

    if (s->undo_restarts)
        hf_buf_printf(&text, "%zu may restart; ", s->undo_restarts);
    else
        hf_buf_puts(&text, "without restart; ");
    add_minutes(&text, s->undo_minutes);
    hf_doc_text(d, "  rollback  ",
                s->undo_restarts ? HF_TONE_WARN : HF_TONE_PLAIN,
                hf_buf_str(&text), look->cols);
    hf_buf_release(&text);
}

void
hf_plan_worst(struct hf_buf *out, const struct hf_playbook_undo *undo,
              size_t restarts)
{
    if (undo->when == HF_UNDO_NEVER)
        return;
    hf_buf_printf(out, "it is taken back by itself from the %s%s",
                  hf_scope_names[undo->scope],
                  !restarts ? ""
                  : undo->restart_allowed
                      ? ", with those restarts"
                      : "; where that needs a restart it halts and waits");
    if (undo->max_hosts)
        hf_buf_printf(out, "; more than %d host%s wait%s for a person",
                      undo->max_hosts, hf_plural((size_t)undo->max_hosts),
                      undo->max_hosts == 1 ? "s" : "");
}

static void
worst_line(struct hf_doc *d, const struct hf_plan *plan, const struct sums *s,
           const struct hf_look *look)
{
    struct hf_buf text = {0};

    hf_plan_worst(&text, &plan->playbook.undo, s->undo_restarts);
    if (text.len)
        hf_doc_text(d, "  at worst  ", HF_TONE_WARN, hf_buf_str(&text),
                    look->cols);
    hf_buf_release(&text);
}

static void
origin_line(struct hf_doc *d, const struct hf_plan *plan,
            const struct hf_look *look)
{
    struct hf_buf text = {0};

    if (plan->origin.how == HF_PLAN_ALONE)
        return;
    hf_plan_origin_say(&text, &plan->origin);
    hf_doc_text(d, "  this is   ", HF_TONE_STRONG, hf_buf_str(&text),
                look->cols);
    hf_buf_release(&text);
}

void
hf_plan_summary(struct hf_doc *d, const struct hf_plan *plan,
                const struct hf_look *look)
{
    struct sums s;

    sum_up(&s, plan);
    restarts_line(d, &s);
    hosts_line(d, plan);
    origin_line(d, plan, look);
    if (!plan->hosts_len)
        return;
    price_line(d, plan, &s, look);
    if (plan->playbook.kind == HF_PLAYBOOK_ROLLBACK)
        return;
    undo_line(d, &s, look);
    worst_line(d, plan, &s, look);
}

/* ---- rings ---- */

static size_t
count_controls(const struct hf_plan *plan, size_t ring)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->controls_len; i++)
        n += plan->controls[i].ring == ring;
    return n;
}

static void
ring_rows(struct hf_doc *d, const struct hf_plan *plan, size_t i,
          const struct hf_look *look)
{
    const struct hf_playbook_ring *r = &plan->playbook.rings[i];
    struct hf_line *l = &hf_doc_add(d)->line;
    size_t controls = count_controls(plan, i);
    char span[HF_TIME_LEN];

    hf_line_add(l, HF_TONE_PLAIN, "  %zu ", i + 1);
    hf_line_cell(l, HF_TONE_STRONG, r->name, look->cols > 110 ? 24 : 14,
                 look->ascii);
    hf_line_add(l, HF_TONE_PLAIN, " %zu host%s", plan->rings[i].len,
                hf_plural(plan->rings[i].len));
    if (plan->rings[i].batches > 1)
        hf_line_add(l, HF_TONE_PLAIN, " in %zu batches",
                    plan->rings[i].batches);
    if (controls)
        hf_line_add(l, HF_TONE_DIM, ", %zu for control", controls);
    if (r->soak)
        hf_line_add(l, HF_TONE_PLAIN, ", soaks %s",
                    hf_span_format(span, r->soak));
    for (size_t g = 0; g < r->gates_len; g++)
        hf_line_add(l, HF_TONE_DIM, "%s%s", g ? ", " : ", gates ",
                    plan->playbook.gates[r->gates[g]].name);
    if (r->approve)
        hf_line_add(l, HF_TONE_WARN, ", begins when approved");
}

static void
rings_part(struct hf_doc *d, const struct hf_plan *plan,
           const struct hf_look *look)
{
    const struct hf_playbook_windows *w = &plan->playbook.windows;
    struct hf_buf text = {0};
    char span[HF_TIME_LEN];

    hf_doc_head(d, "Rings");
    for (size_t i = 0; i < plan->playbook.rings_len; i++)
        ring_rows(d, plan, i, look);
    for (const char *const *name = w->allow; name && *name; name++)
        hf_buf_printf(&text, "%s%s", name == w->allow ? "only in " : ", ",
                      *name);
    if (!w->allow)
        hf_buf_puts(&text, "those of each host, when it starts");
    if (w->stop_before_end)
        hf_buf_printf(&text, "; none starts in the last %s",
                      hf_span_format(span, w->stop_before_end));
    hf_doc_text(d, "  windows  ", HF_TONE_PLAIN, hf_buf_str(&text), look->cols);
    for (const char *const *r = plan->releases; r && *r; r++)
        hf_doc_text(d, r == plan->releases ? "  releases " : "           ",
                    HF_TONE_PLAIN, *r, look->cols);
    for (const char *const *n = plan->price.notes; n && *n; n++)
        hf_doc_text(d, n == plan->price.notes ? "  notes    " : "           ",
                    HF_TONE_WARN, *n, look->cols);
    hf_buf_release(&text);
}

/* ---- offered beside updates that restart ---- */

static void
offers_part(struct hf_doc *d, const struct hf_plan *plan,
            const struct hf_look *look)
{
    struct hf_plan_offers all;
    char *text;

    hf_plan_offers(&all, plan);
    if (all.staged + all.len + all.unknown)
        hf_doc_head(d, "Offered beside the update that restarts");
    if (all.staged)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_GOOD,
                    "  which is downloaded already on %zu host%s", all.staged,
                    hf_plural(all.staged));
    for (size_t i = 0; i < all.len; i++)
        hf_line_add(&hf_doc_add(d)->line,
                    all.v[i].along ? HF_TONE_STRONG : HF_TONE_PLAIN,
                    "  %-11s %s, %zu host%s",
                    all.v[i].along ? "goes along" : "stays", all.v[i].kb,
                    all.v[i].hosts, hf_plural(all.v[i].hosts));
    if (all.unknown) {
        text = hf_xasprintf("not known on %zu host%s: %s", all.unknown,
                            hf_plural(all.unknown), all.why);
        hf_doc_text(d, "  ", HF_TONE_WARN, text, look->cols);
        free(text);
    }
    free(all.v);
}

/* ---- left out, in groups by the reason ---- */

static const char *
reason(const struct hf_plan_left_out *h)
{
    return h->why ? h->why : "";
}

static int
compare_left_out(const void *a, const void *b)
{
    const struct hf_plan_left_out *x = *(struct hf_plan_left_out *const *)a;
    const struct hf_plan_left_out *y = *(struct hf_plan_left_out *const *)b;
    int order = strcmp(reason(x), reason(y));

    return order ? order : strcmp(x->name, y->name);
}

static size_t
left_out_group(struct hf_doc *d, struct hf_plan_left_out *const *v, size_t n,
               const struct hf_look *look)
{
    struct hf_buf names = {0};
    size_t len = 0;
    char *label;

    while (len < n && strcmp(reason(v[len]), reason(v[0])) == 0) {
        hf_buf_printf(&names, "%s%s", len ? ", " : "", v[len]->name);
        len++;
    }
    label = hf_xasprintf("  %zu ", len);
    hf_doc_text(d, label, HF_TONE_WARN,
                *reason(v[0]) ? reason(v[0]) : hf_outcome_names[v[0]->outcome],
                look->cols);
    hf_doc_text(d, "      ", HF_TONE_DIM, hf_buf_str(&names), look->cols);
    hf_buf_release(&names);
    free(label);
    return len;
}

static void
left_out_part(struct hf_doc *d, const struct hf_plan *plan,
              const struct hf_look *look)
{
    struct hf_plan_left_out **v;

    if (!plan->left_out_len)
        return;
    v = hf_xcalloc(plan->left_out_len, sizeof(struct hf_plan_left_out *));
    for (size_t i = 0; i < plan->left_out_len; i++)
        v[i] = &plan->left_out[i];
    qsort(v, plan->left_out_len, sizeof(*v), compare_left_out);
    hf_doc_head(d, "Left out (%zu)", plan->left_out_len);
    for (size_t i = 0; i < plan->left_out_len;)
        i += left_out_group(d, v + i, plan->left_out_len - i, look);
    free(v);
}

/* ---- what no earlier ring tests ---- */

static void
gaps_part(struct hf_doc *d, const struct hf_plan *plan)
{
    if (!plan->gaps_len)
        return;
    hf_doc_head(d, "Later rings hold what no earlier one tests");
    for (size_t i = 0; i < plan->gaps_len; i++)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_WARN,
                    "  ring %s: %s %s, %zu host%s", plan->gaps[i].ring,
                    plan->gaps[i].what, plan->gaps[i].value,
                    plan->gaps[i].hosts, hf_plural(plan->gaps[i].hosts));
}

/* ---- hosts ---- */

static void
host_row(struct hf_doc *d, const struct hf_plan *plan,
         const struct hf_plan_host *h, const struct hf_look *look)
{
    static const char *const restarts[] = {"no restart", "RESTART", "restart?"};
    struct hf_line *l = &hf_doc_add(d)->line;
    char *levels = hf_xasprintf("%s %s %s", h->from ? h->from : "?",
                                look->ascii ? "->" : "→", h->to ? h->to : "?");
    size_t used;

    hf_line_add(l, HF_TONE_PLAIN, "  ");
    hf_line_cell(l, HF_TONE_PLAIN, h->name, look->cols > 110 ? 28 : 18,
                 look->ascii);
    hf_line_add(l, HF_TONE_PLAIN, " ");
    hf_line_cell(l, HF_TONE_DIM, plan->playbook.rings[h->ring].name, 9,
                 look->ascii);
    hf_line_add(l, HF_TONE_DIM, " %3d  ", h->batch + 1);
    hf_line_cell(l, h->restart == HF_RESTART_NO ? HF_TONE_PLAIN : HF_TONE_WARN,
                 restarts[h->restart], 11, look->ascii);
    used = hf_line_width(l);
    if (look->cols > used)
        hf_line_cell(l, HF_TONE_PLAIN, levels, look->cols - used, look->ascii);
    free(levels);
}

void
hf_plan_rows(struct hf_doc *d, const struct hf_plan *plan,
             const struct hf_look *look)
{
    rings_part(d, plan, look);
    offers_part(d, plan, look);
    left_out_part(d, plan, look);
    gaps_part(d, plan);
    hf_doc_head(d, "Hosts in their order (ring, batch)");
    for (size_t i = 0; i < plan->hosts_len; i++)
        host_row(d, plan, &plan->hosts[i], look);
}
