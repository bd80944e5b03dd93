/* Screen 8, Value: what hotpatching is worth here. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "inventory/ledger_past.h"
#include "tui/panes/draw.h"
#include "tui/rows/value.h"

#define TREND_DAYS 90
#define SAVED_DAYS 365

struct value_pane {
    struct hf_compliance compliance;
    struct hf_exposure_report exposure;
    struct hf_savings savings;
    struct hf_memory_report memory;
    int made;   /* all are there */
    int moved;  /* something happened since */
    int64_t at; /* when they were reckoned */
    struct hf_doc doc;
    size_t cols; /* for which it was laid out */
    struct hf_list list;
};

static void *
value_make(void)
{
    struct value_pane *p = HF_NEW(struct value_pane);

    p->list.scrolls = 1;
    return p;
}

static void
drop(struct value_pane *p)
{
    hf_compliance_release(&p->compliance);
    hf_exposure_report_release(&p->exposure);
    hf_savings_release(&p->savings);
    hf_memory_release(&p->memory);
    hf_doc_release(&p->doc);
    p->made = 0;
}

static void
value_free(void *kept)
{
    drop(kept);
    free(kept);
}

static struct value_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_value);
}

/* ---- reckoning ---- */

static void
layout(struct hf_ui *ui)
{
    struct value_pane *p = mine(ui);
    const struct hf_value v = {&p->compliance, &p->exposure, &p->savings,
                               &p->memory};

    hf_doc_release(&p->doc);
    if (p->made)
        hf_value_rows(&p->doc, &v, &ui->look);
    p->cols = ui->look.cols;
}

static int
reckon_all(struct value_pane *p, struct hf_session *s,
           const struct hf_state *const *states, size_t n, int64_t now,
           struct hf_err *err)
{
    int rc =
        hf_compliance_make(&p->compliance, s, states, n, TREND_DAYS, now, err);

    if (rc == HF_OK)
        rc = hf_savings_make(&p->savings, s, states, n,
                             now - SAVED_DAYS * HF_DAY_MS, now, err);
    if (rc == HF_OK)
        rc = hf_memory_make(&p->memory, s, states, n, TREND_DAYS, now, err);
    if (rc == HF_OK)
        hf_exposure_report_make(&p->exposure, hf_session_fleet(s), states, n,
                                now);
    return rc;
}

static void
reckon(struct hf_ui *ui)
{
    struct value_pane *p = mine(ui);
    const struct hf_state *all, **states;
    struct hf_err err = HF_ERR_INIT;
    int64_t now = hf_now();
    size_t n;

    all = hf_session_states(ui->session, &n);
    states = hf_xcalloc(n + 1, sizeof(*states));
    for (size_t i = 0; i < n; i++)
        states[i] = &all[i];
    drop(p);
    p->made = reckon_all(p, ui->session, states, n, now, &err) == HF_OK;
    p->moved = 0;
    p->at = now;
    if (!p->made)
        hf_ui_fail(ui, &err);
    layout(ui);
    free(states);
}

static void
value_open(struct hf_ui *ui)
{
    if (!mine(ui)->made)
        reckon(ui);
}

/* Reckoning goes through the whole past: not at every event of a run. */
static void
value_recalc(struct hf_ui *ui)
{
    struct value_pane *p = mine(ui);
    struct hf_err ignored = HF_ERR_INIT;
    char newest[41] = "";

    if (!p->made) {
        reckon(ui);
        return;
    }
    (void)hf_ledger_newest(newest, hf_session_repo(ui->session),
                           hf_session_fleet(ui->session)->ledger_branch,
                           &ignored);
    p->moved = strcmp(newest, p->compliance.commit) != 0;
}

static void
value_forget(struct hf_ui *ui)
{
    drop(mine(ui)); /* names were borrowed from the former fleet */
}

/* ---- drawing ---- */

static void
value_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct value_pane *p = mine(ui);

    if (p->cols != ui->look.cols)
        layout(ui);
    hf_list_fit(&p->list, p->doc.len, (size_t)area->rows);
    hf_draw_doc(ui, area, &p->doc, &p->list);
}

static void
value_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct value_pane *p = mine(ui);
    char at[HF_MOMENT_LEN];

    if (p->made)
        hf_line_add(out, HF_TONE_DIM, " as of %s%s ",
                    hf_moment_clock(at, p->at, &ui->look),
                    p->moved ? ", the ledger moved since" : "");
}

static void
value_footnote(struct hf_ui *ui, struct hf_line *out)
{
    (void)ui;
    hf_line_add(out, HF_TONE_DIM,
                " every number: hotfleet report compliance, exposure, savings, "
                "memory");
}

static struct hf_list *
value_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

static unsigned
key_again(struct hf_ui *ui, int key)
{
    (void)key;
    reckon(ui);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{'R', HF_KEY_F(5)}, "Count", "reckon anew, from the ledger as it is now",
     0, key_again},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_value = {
    .name = "value",
    .title = "Value",
    .help = "compliance, restarts avoided, what is open and excused, memory",
    .digit = '8',
    .make = value_make,
    .unmake = value_free,
    .keys = keys,
    .open = value_open,
    .recalc = value_recalc,
    .forget = value_forget,
    .draw = value_draw,
    .subtitle = value_subtitle,
    .footnote = value_footnote,
    .list = value_list,
};
