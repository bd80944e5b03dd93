/* A rollout as JUnit XML, as far as Jenkins, GitLab and Azure agree on it. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/rollout_files.h"
#include "tui/cli/rollout_report.h"

enum verdict { PASSED, FAILURE, ERROR, SKIPPED, VERDICT_COUNT };

/* clang-format off */
static const char *const elements[VERDICT_COUNT] = {
    [FAILURE] = "failure", [ERROR] = "error", [SKIPPED] = "skipped",
};
static const enum verdict of_outcome[HF_OUTCOME_COUNT] = {
    [HF_OUTCOME_CHECKED] = PASSED,     [HF_OUTCOME_VERIFIED] = PASSED,
    [HF_OUTCOME_ALREADY] = PASSED,     [HF_OUTCOME_SKIPPED] = SKIPPED,
    [HF_OUTCOME_INELIGIBLE] = SKIPPED, [HF_OUTCOME_FAILED] = FAILURE,
    [HF_OUTCOME_UNVERIFIED] = ERROR,   [HF_OUTCOME_UNREACHABLE] = ERROR,
    [HF_OUTCOME_NOT_SEEN] = ERROR,     [HF_OUTCOME_REFUSED] = ERROR,
    [HF_OUTCOME_LOCKED] = ERROR,       [HF_OUTCOME_CANCELLED] = SKIPPED,
    [HF_OUTCOME_CLOSED] = SKIPPED,     [HF_OUTCOME_CALLED_OFF] = SKIPPED,
};
static const enum verdict of_state[HF_SLOT_STATE_COUNT] = {
    [HF_SLOT_WAITING] = SKIPPED, [HF_SLOT_IN_FLIGHT] = ERROR,
    [HF_SLOT_AGAIN] = ERROR,     [HF_SLOT_ASLEEP] = ERROR,
};
/* clang-format on */

struct suite {
    struct hf_buf cases;
    size_t tests, by_verdict[VERDICT_COUNT];
    int64_t took; /* ms */
};

/* Text in an attribute: what XML gives a meaning is spelt out. */
static void
put_text(struct hf_buf *out, const char *text)
{
    static const char *const spelt[256] = {
        ['&'] = "&amp;",  ['<'] = "&lt;",  ['>'] = "&gt;",    ['"'] = "&quot;",
        ['\n'] = "&#10;", ['\t'] = "&#9;", ['\''] = "&apos;",
    };
    char *clean = hf_sanitised(text);

    for (const char *p = clean; *p; p++) {
        const char *word = spelt[(unsigned char)*p];

        if (word)
            hf_buf_puts(out, word);
        else
            hf_buf_putc(out, *p);
    }
    free(clean);
}

static void
put_attribute(struct hf_buf *out, const char *name, const char *text)
{
    hf_buf_printf(out, " %s=\"", name);
    put_text(out, text);
    hf_buf_putc(out, '"');
}

static void
put_seconds(struct hf_buf *out, int64_t ms)
{
    hf_buf_printf(out, " time=\"%lld.%03d\"", (long long)(ms / 1000),
                  (int)(ms % 1000));
}

static void
put_words(struct hf_buf *out, const char *what, const struct hf_strs *words)
{
    hf_buf_printf(out, "%s:%s", what, words->len ? "" : " nothing");
    for (size_t i = 0; i < words->len; i++) {
        hf_buf_putc(out, ' ');
        put_text(out, words->v[i]);
    }
}

/* What went along with its update, and what stayed behind. */
static void
put_beside(struct hf_buf *out, const struct hf_rollout_beside *b)
{
    hf_buf_puts(out, "      <system-out>");
    if (b->why) {
        hf_buf_puts(out, "what stays is not known: ");
        put_text(out, b->why);
    } else {
        put_words(out, "goes along", &b->along);
        put_words(out, "; stays", &b->stays);
    }
    hf_buf_puts(out, "</system-out>\n");
}

/* A host: `word` is its outcome, `why` and `beside` may be NULL. */
static void
add_case(struct suite *suite, const char *class, const char *host,
         enum verdict verdict, const char *word, const char *why,
         const struct hf_rollout_beside *beside, int64_t took)
{
    struct hf_buf *out = &suite->cases;

    suite->tests++;
    suite->by_verdict[verdict]++;
    suite->took += took;
    hf_buf_puts(out, "    <testcase");
    put_attribute(out, "name", host);
    put_attribute(out, "classname", class);
    put_seconds(out, took);
    if (!elements[verdict] && !(beside && beside->told)) {
        hf_buf_puts(out, "/>\n");
        return;
    }
    hf_buf_puts(out, ">\n");
    if (elements[verdict]) {
        hf_buf_printf(out, "      <%s", elements[verdict]);
        if (verdict != SKIPPED)
            put_attribute(out, "type", word);
        hf_buf_printf(out, " message=\"%s%s", word, why ? ": " : "");
        put_text(out, why ? why : "");
        hf_buf_puts(out, "\"/>\n");
    }
    if (beside && beside->told)
        put_beside(out, beside);
    hf_buf_puts(out, "    </testcase>\n");
}

static void
add_host(struct suite *suite, const struct hf_rollout_sheet *s, size_t host,
         const char *class)
{
    const struct hf_slot *slot = hf_rollout_slot(s->rollout, (int)host);
    const struct hf_rollout_tale *tale = &s->tales[host];
    int ended = slot->state == HF_SLOT_ENDED;
    int64_t took = ended && tale->started ? slot->at - tale->started : 0;

    add_case(suite, class, s->plan->hosts[host].name,
             ended ? of_outcome[slot->outcome] : of_state[slot->state],
             hf_rollout_slot_word(slot), tale->why, &tale->beside,
             took > 0 ? took : 0);
}

/* Hosts that were not to be changed; `ring` NULL: those of no ring. */
static void
add_left_out(struct suite *suite, const struct hf_plan *plan, const char *ring,
             const char *class)
{
    for (size_t i = 0; i < plan->left_out_len; i++) {
        const struct hf_plan_left_out *h = &plan->left_out[i];

        if (ring && h->ring ? strcmp(ring, h->ring) == 0 : ring == h->ring)
            add_case(suite, class, h->name, SKIPPED,
                     hf_outcome_names[h->outcome], h->why, NULL, 0);
    }
}

static void
put_suite(struct hf_buf *out, struct suite *suite, const char *name,
          int64_t began)
{
    char at[HF_TIME_LEN];

    hf_buf_puts(out, "  <testsuite");
    put_attribute(out, "name", name);
    hf_buf_printf(out,
                  " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
                  "skipped=\"%zu\"",
                  suite->tests, suite->by_verdict[FAILURE],
                  suite->by_verdict[ERROR], suite->by_verdict[SKIPPED]);
    put_seconds(out, suite->took);
    hf_buf_printf(out, " timestamp=\"%.19s\">\n", hf_time_format(at, began));
    hf_buf_puts(out, hf_buf_str(&suite->cases));
    hf_buf_puts(out, "  </testsuite>\n");
    hf_buf_release(&suite->cases);
}

static void
fill_ring(struct suite *suite, const struct hf_rollout_sheet *s, size_t ring)
{
    const struct hf_plan *plan = s->plan;
    const char *name = plan->playbook.rings[ring].name;
    char *class = hf_xasprintf("%s.%s", plan->playbook.name, name);
    char *restarts = hf_xasprintf("%s." HF_GROUP_RESTART_UPDATE, class);

    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_plan_host *h = &plan->hosts[i];

        if (h->ring == ring)
            add_host(suite, s, i, h->restart_update ? restarts : class);
    }
    for (size_t i = 0; i < plan->controls_len; i++) {
        if (plan->controls[i].ring == ring)
            add_case(suite, class, plan->controls[i].name, SKIPPED, "control",
                     "left unpatched to compare with", NULL, 0);
    }
    add_left_out(suite, plan, name, class);
    free(restarts);
    free(class);
}

void
hf_rollout_junit(struct hf_buf *out, const struct hf_rollout_sheet *s)
{
    size_t rings = s->plan->playbook.rings_len;
    const char *playbook = s->plan->playbook.name;
    struct suite all = {0}, suite;
    struct hf_buf suites = {0};
    struct hf_rollout_view v;

    hf_rollout_view(s->rollout, &v);
    for (size_t i = 0; i <= rings; i++) { /* behind the last: of no ring */
        suite = (struct suite){0};
        if (i < rings)
            fill_ring(&suite, s, i);
        else
            add_left_out(&suite, s->plan, NULL, playbook);
        for (int k = 0; k < VERDICT_COUNT; k++)
            all.by_verdict[k] += suite.by_verdict[k];
        all.tests += suite.tests;
        all.took += suite.took;
        if (i < rings || suite.tests)
            put_suite(&suites, &suite,
                      i < rings ? s->plan->playbook.rings[i].name : "no ring",
                      v.began ? v.began : s->at);
    }
    hf_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    hf_buf_printf(out, " name=\"%s %s%s\"", playbook, s->run,
                  s->plan->simulated ? " (simulated)" : "");
    hf_buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
                  all.tests, all.by_verdict[FAILURE], all.by_verdict[ERROR]);
    put_seconds(out, all.took);
    hf_buf_printf(out, ">\n%s</testsuites>\n", hf_buf_str(&suites));
    hf_buf_release(&suites);
}
