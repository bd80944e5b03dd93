/* The form about hosts that go into another ring: a key of their files. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/hold.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/menu.h"
#include "tui/panes/moves.h"
#include "tui/rows/confirm.h"

static int
is_there(const struct hf_host *host, const char *ring)
{
    return host->ring && strcmp(host->ring, ring) == 0;
}

/* Each host with the ring that it is in. */
static int
as_seen(struct hf_ui *ui, const struct hf_state *const *states, size_t n)
{
    struct hf_strs now = {0};

    for (size_t i = 0; i < n; i++) {
        const struct hf_host *h = states[i]->host;
        char *line =
            hf_xasprintf("%s %s", h->path, h->ring ? h->ring : "in no ring");

        hf_strs_add(&now, line);
        free(line);
    }
    return confirm_as_seen(ui, &now);
}

/* ---- what would happen ---- */

static void
add_host(struct hf_ui *ui, const struct hf_host *h)
{
    struct hf_confirm *c = confirm_mine(ui);
    struct hf_line *line = &hf_doc_add(&c->doc)->line;
    int stays = is_there(h, c->from.name);

    hf_line_add(line, stays ? HF_TONE_DIM : HF_TONE_PLAIN, "  %-20s ", h->name);
    if (stays)
        hf_line_add(line, HF_TONE_DIM, "is there already");
    else
        hf_line_add(line, HF_TONE_PLAIN, "%s %s %s", h->ring ? h->ring : "-",
                    ui->look.ascii ? "->" : "→", c->from.name);
    c->to_do += !stays;
}

static void
move_look(struct hf_ui *ui, struct hf_confirm *c)
{
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);
    struct hf_buf text = {0};
    size_t n;
    const struct hf_state **states = confirm_states(ui, &n);

    confirm_anew(c);
    c->to_do = 0;
    for (size_t i = 0; i < n; i++)
        add_host(ui, states[i]->host);
    if (!c->seen.len)
        (void)as_seen(ui, states, n);
    hf_buf_printf(&text, "%zu host%s to ring %s", c->to_do, hf_plural(c->to_do),
                  c->from.name);
    confirm_tell(ui, "  move      ", HF_TONE_STRONG, &text);
    hf_buf_puts(&text,
                "windows, exceptions and playbooks that name the ring name "
                "these hosts from then on; plans that were made stay");
    confirm_tell(ui, "  means     ", HF_TONE_PLAIN, &text);
    if (!hf_fleet_ring(fleet, c->from.name)) {
        (void)hf_fail(&c->refusal, HF_ENOTFOUND, "the fleet has no ring '%s'",
                      c->from.name);
        (void)hf_hint(&c->refusal, "its rings stand in hotfleet.json");
    } else if (n && !c->to_do) {
        (void)hf_fail(&c->refusal, HF_ENOTFOUND, "all are there already");
    }
    free(states);
}

static void
move_command(struct hf_buf *out, const struct hf_confirm *c)
{
    size_t n;
    const char **names = confirm_names(c, &n);
    char *whom = hf_confirm_selector(c->targets.selector, names, n);

    hf_buf_puts(out, "hotfleet ring move ");
    hf_shell_quote(out, c->from.name);
    hf_buf_puts(out, " ");
    hf_shell_quote(out, whom);
    hf_buf_printf(out, " --expect-hosts %zu", n);
    free(whom);
    free(names);
}

/* ---- yes ---- */

static int
move_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    size_t n;
    const struct hf_state **states = confirm_states(ui, &n);
    const struct hf_host **hosts = hf_xcalloc(n + 1, sizeof(*hosts));
    int rc = as_seen(ui, states, n);

    for (size_t i = 0; i < n; i++)
        hosts[i] = states[i]->host;
    if (rc == HF_OK)
        rc = confirm_wrote(ui,
                           hf_ring_move(hf_session_repo(ui->session),
                                        hf_session_fleet(ui->session), hosts, n,
                                        c->from.name, c->commit, &c->refusal));
    free(hosts);
    free(states);
    return rc;
}

static void
move_show(struct hf_ui *ui)
{
    const struct hf_confirm *c = confirm_mine(ui);

    confirm_say_written(ui, "moved %zu host%s to ring %s", c->to_do,
                        hf_plural(c->to_do), c->from.name);
}

const struct confirm_subject confirm_move = {
    .fields = 1u << CONFIRM_COUNT | 1u << CONFIRM_HIDDEN,
    .needs = HF_NEED_IDLE | HF_NEED_WRITE,
    .follows = 1,
    .look = move_look,
    .list = "Hosts",
    .command = move_command,
    .begin = move_begin,
    .show = move_show,
};

/* ---- opening it ---- */

void
hf_moves_ask(struct hf_ui *ui, const char *ring, struct hf_targets *t)
{
    const struct hf_ring *known =
        hf_fleet_ring(hf_session_fleet(ui->session), ring);

    (void)confirm_edit(ui, &confirm_move, "move", known ? known->name : ring,
                       t);
    confirm_open(ui);
}

static unsigned
do_ring(struct hf_ui *ui, size_t item)
{
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);

    if (item < fleet->rings_len)
        hf_moves_ask(ui, fleet->rings[item].name, &ui->asked);
    return HF_HANDLED;
}

void
hf_moves_choose(struct hf_ui *ui, struct hf_targets *t)
{
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);

    if (!fleet->rings_len) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "the fleet has no rings: \"rings\" in hotfleet.json");
        return;
    }
    hf_targets_release(&ui->asked);
    ui->asked = *t;
    *t = (struct hf_targets){0};
    hf_menu_start(ui, "Into which ring?",
                  "%s. Nothing is moved before you have read what it means; "
                  ":ring move RING asks the same.",
                  ui->asked.title);
    for (size_t i = 0; i < fleet->rings_len; i++)
        hf_menu_add(ui, 0, fleet->rings[i].name,
                    fleet->rings[i].note ? fleet->rings[i].note : "", do_ring);
    hf_menu_open(ui, 0);
}
