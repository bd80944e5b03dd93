/*
 * What people say to runs of plans, from screen 3: to the one that is carried
 * out here, or by way of its inbox and the ledger to whoever does.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/again.h"
#include "tui/panes/carry.h"
#include "tui/panes/menu.h"
#include "tui/panes/prompt.h"
#include "tui/panes/rings_pane.h"
#include "tui/panes/rings_priv.h"

#define ID_TYPED 6 /* the last letters of a run's id */

/* Says it, and tells who will hear it. */
static unsigned
say(struct hf_ui *ui, struct hf_rollout_event *e)
{
    const char *run = rings_mine(ui)->asked;
    struct hf_rollout_around around;
    struct hf_err err = HF_ERR_INIT;

    hf_rollout_around(&around, ui->session, run);
    if (hf_carry_say(ui, run, e, &err) < 0)
        hf_ui_fail(ui, &err);
    else if (around.carried_out)
        hf_ui_say(ui, HF_TONE_GOOD, "run %s: %s", run,
                  hf_rollout_kind_names[e->kind]);
    else
        hf_ui_say(ui, HF_TONE_WARN,
                  "%s is said; heard as soon as somebody carries it out: "
                  "c does, or hotfleet run %s",
                  hf_rollout_kind_names[e->kind], run);
    rings_look(ui);
    return HF_HANDLED;
}

static unsigned
say_kind(struct hf_ui *ui, enum hf_rollout_kind kind)
{
    struct hf_rollout_event e = hf_rollout_event_of(kind);

    return say(ui, &e);
}

static int
can_be_paused(const struct hf_rings_run *run)
{
    struct hf_rollout_view v = {.state = HF_ROLLOUT_GOING};

    if (run->rollout) /* else nobody knows: it is told, too */
        hf_rollout_view(run->rollout, &v);
    return v.state == HF_ROLLOUT_GOING;
}

int
hf_rings_pane_pause_all(struct hf_ui *ui, struct hf_err *err)
{
    struct hf_rollouts *r = &rings_mine(ui)->runs;
    int told = 0, failed = 0, rc = hf_rollouts_look(r, ui->session, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < r->len; i++) {
        struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_PAUSED);

        if (!can_be_paused(&r->v[i]))
            continue;
        rc = hf_carry_say(ui, r->v[i].id, &e, err);
        failed = rc < 0 ? rc : failed;
        told++;
    }
    return failed ? failed : told;
}

/* The run that a key is about, and how it stands; NULL after saying why not. */
static const struct hf_rings_run *
about(struct hf_ui *ui, struct hf_rollout_view *view)
{
    const struct hf_rings_run *run;

    rings_look(ui);
    run = rings_current(ui);
    if (!run || !run->plan) {
        hf_ui_say(ui, HF_TONE_PLAIN, "no run of a plan");
        return NULL;
    }
    hf_rollout_view(run->rollout, view);
    if (view->state == HF_ROLLOUT_IS_OVER) {
        hf_ui_say(ui, HF_TONE_PLAIN, "run %s is over", run->id);
        return NULL;
    }
    hf_say(rings_mine(ui)->asked, sizeof(rings_mine(ui)->asked), "%s", run->id);
    return run;
}

unsigned
rings_key_pause(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;
    const struct hf_rings_run *run = about(ui, &view);

    (void)key;
    if (!run)
        return HF_HANDLED;
    if (view.state != HF_ROLLOUT_GOING) {
        hf_ui_say(ui, HF_TONE_PLAIN, "run %s is %s already", run->id,
                  hf_rollout_state_names[view.state]);
        return HF_HANDLED;
    }
    return say_kind(ui, HF_ROLLOUT_PAUSED);
}

static unsigned
do_resume(struct hf_ui *ui, size_t item)
{
    (void)item;
    return say_kind(ui, HF_ROLLOUT_RESUMED);
}

static unsigned
do_finish(struct hf_ui *ui, size_t item)
{
    (void)item;
    return say_kind(ui, HF_ROLLOUT_FINISH);
}

static unsigned
do_supersede(struct hf_ui *ui, size_t item)
{
    (void)item;
    return hf_again_supersede(ui, rings_mine(ui)->asked);
}

/* A single verb's run that is held comes first: the same key lets it go on. */
unsigned
rings_key_resume(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;
    const struct hf_rings_run *run;

    (void)key;
    if (ui->live)
        return HF_UNUSED;
    if (!(run = about(ui, &view)))
        return HF_HANDLED;
    /* A pause that was not heard yet can be taken back. */
    if (view.state == HF_ROLLOUT_GOING && !run->around.unheard) {
        hf_ui_say(ui, HF_TONE_PLAIN, "run %s is not paused", run->id);
        return HF_HANDLED;
    }
    hf_menu_start(ui, "Go on?",
                  "Run %s is %s%s%s. What was spent of its budgets is "
                  "accepted; the next failure stops it again.",
                  run->id, hf_rollout_state_names[view.state],
                  view.waits_for[0] ? ": " : "", view.waits_for);
    hf_menu_add(ui, 'n', "no", "it stays as it is", NULL);
    if (view.superseded) {
        hf_menu_add(ui, 'y', "yes, finish what was planned",
                    "whatever newer releases there are", do_finish);
        hf_menu_add(ui, 's', "no, plan what is newer in its place",
                    "shows the plan first; the run ends", do_supersede);
    } else {
        hf_menu_add(ui, 'y', "yes, let it go on", "", do_resume);
    }
    hf_menu_open(ui, 1);
    return HF_HANDLED;
}

/* ---- a ring that waits for somebody, or its gate ---- */

static unsigned
do_approve(struct hf_ui *ui, size_t item)
{
    struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_APPROVED);

    (void)item;
    e.ring = rings_mine(ui)->asked_ring;
    return say(ui, &e);
}

struct said {
    struct hf_rollout_event *v;
    size_t len, cap;
};

/* The gates of a ring that want somebody's yes. */
static void
collect_signoffs(struct said *out, const struct hf_plan *plan, int ring)
{
    const struct hf_playbook_ring *of = &plan->playbook.rings[ring];

    for (size_t i = 0; i < of->gates_len; i++) {
        const struct hf_gate *gate = &plan->playbook.gates[of->gates[i]];
        struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_SIGNED_OFF);

        if (gate->kind != HF_GATE_SIGNOFF)
            continue;
        e.ring = ring;
        e.gate = of->gates[i];
        e.until = hf_now() + gate->valid_for;
        *HF_PUSH(&out->v, &out->len, &out->cap) = e;
    }
}

/* Collected first: what is said reads the run anew. */
static unsigned
do_sign_off(struct hf_ui *ui, size_t item)
{
    const struct hf_rings_pane *p = rings_mine(ui);
    const struct hf_rings_run *run = rings_current(ui);
    struct said said = {0};

    (void)item;
    if (run && run->plan && strcmp(run->id, p->asked) == 0)
        collect_signoffs(&said, run->plan, p->asked_ring);
    for (size_t i = 0; i < said.len; i++)
        (void)say(ui, &said.v[i]);
    free(said.v);
    return HF_HANDLED;
}

static void
ask_approval(struct hf_ui *ui, const struct hf_rings_run *run, int ring)
{
    const struct hf_plan *plan = run->plan;

    hf_menu_start(ui, "Approve?",
                  "Ring %s of run %s may begin: %zu host%s. It is recorded "
                  "who said so.",
                  plan->playbook.rings[ring].name, run->id,
                  plan->rings[ring].len, hf_plural(plan->rings[ring].len));
    hf_menu_add(ui, 'n', "no", "it waits", NULL);
    hf_menu_add(ui, 'y', "yes, it may begin", "", do_approve);
}

static void
ask_sign_off(struct hf_ui *ui, const struct hf_rings_run *run, int ring)
{
    hf_menu_start(ui, "Sign off?",
                  "The gates of ring %s that want somebody's yes get yours: "
                  "what runs there is well. It is recorded who said so.",
                  run->plan->playbook.rings[ring].name);
    hf_menu_add(ui, 'n', "no", "it waits", NULL);
    hf_menu_add(ui, 'y', "yes, it is well", "", do_sign_off);
}

unsigned
rings_key_approve(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;
    const struct hf_rings_run *run = about(ui, &view);
    struct said said = {0};

    (void)key;
    if (!run)
        return HF_HANDLED;
    rings_mine(ui)->asked_ring = view.ring;
    if (view.began && view.ring < (int)run->plan->playbook.rings_len)
        collect_signoffs(&said, run->plan, view.ring);
    if (view.wants_approval)
        ask_approval(ui, run, view.ring);
    else if (said.len)
        ask_sign_off(ui, run, view.ring);
    else
        hf_ui_say(ui, HF_TONE_PLAIN, "no ring of run %s waits for approval",
                  run->id);
    if (view.wants_approval || said.len)
        hf_menu_open(ui, 1);
    free(said.v);
    return HF_HANDLED;
}

/* ---- carrying it out ---- */

static unsigned
do_carry(struct hf_ui *ui, size_t item)
{
    (void)item;
    if (hf_carry_resume(ui, rings_mine(ui)->asked) == HF_OK)
        hf_ui_say(ui, HF_TONE_BUSY, "run %s is carried out here",
                  rings_mine(ui)->asked);
    return HF_HANDLED | HF_RECALC;
}

unsigned
rings_key_carry(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;
    const struct hf_rings_run *run = about(ui, &view);

    (void)key;
    if (!run)
        return HF_HANDLED;
    if (run->around.carried_out) {
        hf_ui_say(ui, HF_TONE_PLAIN, "run %s is carried out already%s", run->id,
                  hf_carry_has(ui, run->id) ? ", here" : "");
        return HF_HANDLED;
    }
    hf_menu_start(ui, "Carry it out here?",
                  "Run %s is %s. This console does what is due in it as long "
                  "as it is open; hosts that were under way are asked first.",
                  run->id, hf_rollout_state_names[view.state]);
    hf_menu_add(ui, 'n', "no", "it stays as it is", NULL);
    hf_menu_add(ui, 'y', "yes, go on with it", "", do_carry);
    hf_menu_open(ui, 1);
    return HF_HANDLED;
}

/* ---- ending it ---- */

static unsigned
take_abort(struct hf_ui *ui, const char *text)
{
    const char *run = rings_mine(ui)->asked;

    if (strcmp(text, run + strlen(run) - ID_TYPED) != 0) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "that is not how its id ends: the run was not ended");
        return HF_HANDLED;
    }
    return say_kind(ui, HF_ROLLOUT_ABORT);
}

unsigned
rings_key_abort(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;

    (void)key;
    if (about(ui, &view))
        hf_prompt_question(ui, "to end the run type its id's last ", "six",
                           take_abort);
    return HF_HANDLED;
}

/* ---- one host less ---- */

/* "web-03 the owner asked for it" */
static unsigned
take_skip(struct hf_ui *ui, const char *text)
{
    const struct hf_rings_run *run = rings_current(ui);
    struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_SKIPPED);
    size_t n = strcspn(text, " ");
    const char *why = text + n + strspn(text + n, " ");
    struct hf_err err = HF_ERR_INIT;
    char *host;

    if (!n || !run || !run->plan || strcmp(run->id, rings_mine(ui)->asked) != 0)
        return HF_HANDLED;
    if (!*why) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "say why behind the host's name; nothing was skipped");
        return HF_HANDLED;
    }
    host = hf_xstrndup(text, n);
    e.host = hf_rollout_unstarted(run->plan, run->rollout, host, &err);
    free(host);
    if (e.host < 0) {
        hf_ui_fail(ui, &err);
        return HF_HANDLED;
    }
    e.ring = run->plan->hosts[e.host].ring;
    hf_say(e.why, sizeof(e.why), "%s", why);
    return say(ui, &e);
}

unsigned
rings_key_skip(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;

    (void)key;
    if (about(ui, &view))
        hf_prompt_question(ui, "leave out, ", "host and why", take_skip);
    return HF_HANDLED;
}
