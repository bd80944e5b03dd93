/* The picture: header, screens' tabs, the pane, message, bottom line. */
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "tui/panes/carry.h"
#include "tui/panes/draw.h"
#include "tui/panes/run_control.h"
#include "tui/rows/header.h"

/* How many rows go to what stands around the pane: little on a tiny screen. */
struct frame {
    int head, foot;
};

static struct frame
frame_for(int rows)
{
    if (rows >= 10)
        return (struct frame){3, 2};
    if (rows >= 5)
        return (struct frame){1, 2};
    return (struct frame){0, rows >= 2};
}

static struct hf_header_in
header_in(const struct hf_ui *ui)
{
    return (struct hf_header_in){.fleet = hf_session_fleet(ui->session),
                                 .oldest = ui->oldest,
                                 .read_only = hf_session_read_only(ui->session),
                                 .ledger_note =
                                     hf_session_ledger_note(ui->session)};
}

/* ---- above ---- */

static void
add_carried(struct hf_ui *ui, struct hf_line *out)
{
    struct hf_rollout_counts n;
    struct hf_rollout_view v;

    if (!ui->conduct)
        return;
    hf_rollout_view(hf_conduct_rollout(ui->conduct), &v);
    hf_rollout_counts(hf_conduct_rollout(ui->conduct), -1, &n);
    hf_line_add(out, v.state == HF_ROLLOUT_GOING ? HF_TONE_BUSY : HF_TONE_WARN,
                "%s %zu/%zu%s%s  ", hf_conduct_plan(ui->conduct)->playbook.name,
                n.hosts - n.waiting - n.in_flight - n.asleep, n.hosts,
                v.state == HF_ROLLOUT_GOING ? "" : " ",
                v.state == HF_ROLLOUT_GOING ? ""
                                            : hf_rollout_state_names[v.state]);
}

static void
add_run(struct hf_ui *ui, struct hf_line *out)
{
    int held = ui->live && hf_run_is_held(hf_session_run(ui->session), NULL);
    struct hf_run_sums sums;

    if (!ui->live) {
        add_carried(ui, out);
        return;
    }
    hf_ui_run_sums(ui, &sums);
    hf_line_add(out, held ? HF_TONE_WARN : HF_TONE_BUSY, "%s %zu/%zu%s  ",
                hf_action_names[ui->action], sums.done, sums.all,
                held ? " HELD" : "");
}

#define CLOCK_COLS 14
#define TITLE_MOST 20
#define TITLE_GOOD 5
#define TITLE_LEAST 3

/* How the tabs are set: letters of each title, blanks behind it. */
struct tabs {
    size_t letters, gap;
};

static size_t
tabs_cols(struct tabs t)
{
    size_t cols = 1;

    for (size_t i = 0; hf_panes[i]; i++) {
        size_t len = strlen(hf_panes[i]->title);

        if (hf_panes[i]->digit)
            cols += strlen(" 0 ") + (len < t.letters ? len : t.letters) + t.gap;
    }
    return cols;
}

/* What there is room for, beside the clock or a run that is shown. It is the
 * same whichever screen is open, so that tabs stay where they are; the rule
 * below names it in full. */
static struct tabs
tabs_for(size_t cols, size_t run)
{
    struct tabs t = {TITLE_MOST, 1};
    size_t right = run >= CLOCK_COLS ? run + 1 : CLOCK_COLS;

    while (t.letters > TITLE_GOOD && tabs_cols(t) + right > cols)
        t.letters--;
    if (tabs_cols(t) + right > cols)
        t.gap = 0;
    while (t.letters > TITLE_LEAST && tabs_cols(t) + right > cols)
        t.letters--;
    return t;
}

static void
draw_tabs(struct hf_ui *ui, int y)
{
    struct hf_header_in in = header_in(ui);
    struct hf_line right = {0};
    struct tabs tabs;
    int x = 1, width;

    add_run(ui, &right);
    tabs = tabs_for(ui->look.cols, hf_line_width(&right));
    for (size_t i = 0; hf_panes[i]; i++) {
        int open = hf_panes[i] == ui->base;
        char text[40];

        if (!hf_panes[i]->digit)
            continue;
        (void)snprintf(text, sizeof(text), " %c %.*s%s", hf_panes[i]->digit,
                       (int)tabs.letters, hf_panes[i]->title,
                       tabs.gap ? " " : "");
        x += hf_screen_put(ui->screen, y, x,
                           open ? HF_STYLE_LABEL : HF_STYLE_PLAIN, text,
                           strlen(text), (int)ui->look.cols - x);
    }
    if (x + 1 < (int)ui->look.cols)
        hf_header_clock(&right, &in, &ui->look, ui->look.cols - (size_t)x - 1);
    width = (int)hf_line_width(&right);
    if (x + width < (int)ui->look.cols)
        hf_draw_line(ui, y, (int)ui->look.cols - width, width, &right, 0);
    hf_line_release(&right);
}

static void
draw_head(struct hf_ui *ui, int rows)
{
    const struct hf_pane *top = hf_ui_top(ui);
    struct hf_header_in in = header_in(ui);
    struct hf_line line = {0};

    if (rows > 0) {
        hf_header_line(&line, &in, &ui->look);
        hf_draw_line(ui, 0, 0, (int)ui->look.cols, &line, 0);
    }
    if (rows > 2) {
        hf_line_clear(&line);
        top = top->fills ? top : ui->base;
        if (top->subtitle)
            top->subtitle(ui, &line);
        draw_tabs(ui, 1);
        hf_draw_rule(ui, 2, top->title, &line);
    }
    hf_line_release(&line);
}

/* ---- below ---- */

static void
foot_cell(struct hf_ui *ui, int y, int *x, int cols, const char *key,
          const char *word)
{
    int used;

    if (*x >= (int)ui->look.cols)
        return;
    used = hf_screen_put(ui->screen, y, *x, HF_STYLE_PLAIN, key, strlen(key),
                         cols);
    hf_screen_fill(ui->screen, y, *x + used, HF_STYLE_LABEL, cols - used);
    (void)hf_screen_put(ui->screen, y, *x + used, HF_STYLE_LABEL, word,
                        strlen(word), cols - used);
    *x += cols;
}

/* The key to show: that of the F row, else the first. */
static int
foot_key(const struct hf_key_row *row)
{
    for (size_t i = 0; i < sizeof(row->keys) / sizeof(row->keys[0]); i++) {
        if (row->keys[i] > HF_KEY_F0)
            return row->keys[i];
    }
    return row->keys[0];
}

/* Of a pane above the screen: as wide as the words, a blank between. */
static void
draw_keys(struct hf_ui *ui, int y, const struct hf_key_row *rows)
{
    int x = 0;

    for (; rows && rows->help; rows++) {
        char key[20];

        if (!rows->foot)
            continue;
        (void)snprintf(key, sizeof(key), "%s ", hf_key_name(foot_key(rows)));
        foot_cell(ui, y, &x, (int)(strlen(key) + strlen(rows->foot)), key,
                  rows->foot);
        x += 2;
    }
}

/* F-keys in their order, from the pane's table and the global one. */
static const struct hf_key_row *
row_of_f(const struct hf_key_row *rows, int f)
{
    for (; rows && rows->help; rows++) {
        if (rows->foot && foot_key(rows) == HF_KEY_F(f))
            return rows;
    }
    return NULL;
}

static void
draw_f_keys(struct hf_ui *ui, int y)
{
    int cols = (int)ui->look.cols / 10, x = 0;

    cols = cols < 7 ? 7 : cols > 12 ? 12 : cols;
    for (int f = 1; f <= 10; f++) {
        const struct hf_key_row *row = row_of_f(ui->base->keys, f);
        char key[8];

        if (!row)
            row = row_of_f(hf_keys_global, f);
        (void)snprintf(key, sizeof(key), "F%d", f);
        /* A blank between them, for where labels have no colour. */
        if (row)
            foot_cell(ui, y, &x, cols - 1, key, row->foot);
        else
            x += cols - 1; /* every key keeps its place */
        x++;
    }
}

static void
draw_foot(struct hf_ui *ui, int y, int rows)
{
    const struct hf_pane *top = hf_ui_top(ui);
    struct hf_line note = {0};

    if (rows > 0 && ui->message[0])
        hf_line_add(&note, ui->message_tone, " %s", ui->message);
    else if (rows > 0 && top->footnote)
        top->footnote(ui, &note);
    if (rows > 0)
        hf_draw_line(ui, y, 0, (int)ui->look.cols, &note, 0);
    hf_line_release(&note);
    if (rows < 2)
        return;
    if (ui->above_len)
        draw_keys(ui, y + 1, top->keys);
    else
        draw_f_keys(ui, y + 1);
}

/* ---- the whole ---- */

void
hf_ui_draw(struct hf_ui *ui)
{
    int rows = hf_screen_rows(ui->screen), cols = hf_screen_cols(ui->screen);
    struct frame frame = frame_for(rows);
    struct hf_area area = {frame.head, rows - frame.head - frame.foot, cols};

    ui->look.cols = (size_t)cols;
    ui->look.now = hf_now();
    ui->mono = hf_mono();
    hf_screen_begin(ui->screen);
    draw_head(ui, frame.head);
    if (area.rows < 1)
        area.rows = 1;
    if (ui->base->draw && !hf_ui_top(ui)->fills)
        ui->base->draw(ui, &area);
    draw_foot(ui, rows - frame.foot, frame.foot);
    for (size_t i = 0; i < ui->above_len; i++) {
        if (ui->above[i]->draw)
            ui->above[i]->draw(ui, &area);
    }
    hf_screen_show(ui->screen);
}
