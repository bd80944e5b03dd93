/* What ails the copies of a rehearsal: chosen by name, selector, or chance. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/rehearsal.h"

struct draw {
    uint64_t order;
    size_t copy;
};

static int
by_order(const void *a, const void *b)
{
    const struct draw *x = a, *y = b;

    return x->order < y->order ? -1 : x->order > y->order;
}

/* By chance, the same hosts for the same seed and fault. */
static size_t
ail_some(struct hf_rehearsal *r, const char *what, struct hf_size size,
         int (*fault_of)(const struct hf_sim_host *h, int asked), int asked)
{
    const char *seed = r->cli->opt[HF_OPT_SEED];
    char *pool = hf_xasprintf("%s %s", seed ? seed : "1", what);
    struct draw *draws = hf_xcalloc(r->len + 1, sizeof(*draws));
    size_t n = 0, want;

    for (size_t i = 0; i < r->plan->hosts_len; i++) {
        if (r->hosts[i].fault == HF_SIM_WELL &&
            fault_of(&r->hosts[i], asked) != HF_SIM_WELL)
            draws[n++] =
                (struct draw){hf_plan_order(pool, r->copies[i].name), i};
    }
    qsort(draws, n, sizeof(*draws), by_order);
    want = hf_size_of(size, r->plan->hosts_len);
    for (size_t i = 0; i < n && i < want; i++) {
        struct hf_sim_host *h = &r->hosts[draws[i].copy];

        h->fault = (enum hf_sim_fault)fault_of(h, asked);
    }
    free(draws);
    free(pool);
    return n < want ? n : want;
}

/* ---- --fail ---- */

/* On each platform the fault in which the change itself fails. */
static int
failure_of(const struct hf_sim_host *h, int asked)
{
    (void)asked;
    return hf_sim_can_have(h, HF_SIM_LOAD_REFUSED) ? HF_SIM_LOAD_REFUSED
                                                   : HF_SIM_INSTALL_FAILS;
}

static int
fail_one(struct hf_rehearsal *r, const char *name, struct hf_err *err)
{
    int i = hf_plan_find(r->plan, name);

    if (i < 0) {
        (void)hf_fail(err, HF_EUSAGE, "--fail: '%s' is no host of this plan",
                      name);
        return hf_hint(err, "see: hotfleet plan %s", r->plan->playbook.name);
    }
    r->hosts[i].fault = (enum hf_sim_fault)failure_of(&r->hosts[i], 0);
    return HF_OK;
}

static int
is_share(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text) - 1 &&
           hf_has_suffix(text, "%");
}

static int
read_share(struct hf_size *out, const char *text, const char *option,
           struct hf_err *err)
{
    const char *wrong = hf_size_parse(out, text);

    return wrong ? hf_fail(err, HF_EUSAGE, "%s: '%s': %s", option, text, wrong)
                 : HF_OK;
}

/* Calls `fn` for each of a list that is separated by commas. */
static int
each(struct hf_rehearsal *r, const char *list,
     int (*fn)(struct hf_rehearsal *r, const char *item, struct hf_err *err),
     struct hf_err *err)
{
    char *copy = hf_xstrdup(list), *rest = copy, *item;
    int rc = HF_OK;

    while (rc == HF_OK && (item = strsep(&rest, ",")) != NULL) {
        if (*item)
            rc = fn(r, item, err);
    }
    free(copy);
    return rc;
}

static int
fail_some(struct hf_rehearsal *r, const char *text, struct hf_err *err)
{
    struct hf_size size;
    int rc;

    if (!is_share(text))
        return each(r, text, fail_one, err);
    if ((rc = read_share(&size, text, "--fail", err)) == HF_OK)
        (void)ail_some(r, "fail", size, failure_of, 0);
    return rc;
}

/* ---- --faults ---- */

static int
fail_unknown(const char *name, struct hf_err *err)
{
    struct hf_buf names = {0};

    for (int i = HF_SIM_WELL + 1; i < HF_SIM_FAULT_COUNT; i++)
        hf_buf_printf(&names, "%s%s", i > HF_SIM_WELL + 1 ? " " : "",
                      hf_sim_faults[i].name);
    (void)hf_fail(err, HF_EUSAGE,
                  "--faults: no fault is called '%s'; known: %s", name,
                  hf_buf_str(&names));
    hf_buf_release(&names);
    return err->code;
}

static int
if_possible(const struct hf_sim_host *h, int asked)
{
    return hf_sim_can_have(h, (enum hf_sim_fault)asked) ? asked : HF_SIM_WELL;
}

static int
ail_selected(struct hf_rehearsal *r, const char *text, int fault, size_t *n,
             struct hf_err *err)
{
    struct hf_selector *selector = NULL;
    int rc = hf_selector_parse(&selector, text, err);

    for (size_t i = 0; rc == HF_OK && i < r->plan->hosts_len; i++) {
        const struct hf_state *st =
            hf_session_state(r->cli->session, r->copies[i].name);

        if (!hf_selector_match(selector, st, hf_now()) ||
            if_possible(&r->hosts[i], fault) == HF_SIM_WELL)
            continue;
        r->hosts[i].fault = (enum hf_sim_fault)fault;
        ++*n;
    }
    hf_selector_free(selector);
    return rc < 0 ? hf_wrap(err, "--faults") : HF_OK;
}

/* "NAME", "NAME=10%", "NAME=SELECTOR". */
static int
ail(struct hf_rehearsal *r, const char *item, struct hf_err *err)
{
    size_t len = strcspn(item, "="), n = 0;
    const char *whom = item[len] ? item + len + 1 : "1";
    char *name = hf_xstrndup(item, len);
    int fault = hf_sim_fault_find(name), rc = HF_OK;
    struct hf_size size = {.count = 1};

    if (fault <= HF_SIM_WELL)
        rc = fail_unknown(name, err);
    else if (item[len] && !is_share(whom))
        rc = ail_selected(r, whom, fault, &n, err);
    else if (!item[len] ||
             (rc = read_share(&size, whom, "--faults", err)) == HF_OK)
        n = ail_some(r, name, size, if_possible, fault);
    if (rc == HF_OK && !n)
        rc = hf_fail(err, HF_EUSAGE,
                     "--faults: no host of this plan can have '%s'", item);
    free(name);
    return rc;
}

int
hf_rehearsal_ail(struct hf_rehearsal *r, struct hf_err *err)
{
    const struct hf_cli *cli = r->cli;
    int64_t seed = 1;
    int rc;

    if ((rc = hf_cli_number(cli, HF_OPT_SEED, 0, INT32_MAX, &seed, err)) < 0)
        return rc;
    for (size_t i = 0; i < cli->all[HF_OPT_FAIL].len; i++) {
        if ((rc = fail_some(r, cli->all[HF_OPT_FAIL].v[i], err)) < 0)
            return rc;
    }
    for (size_t i = 0; i < cli->all[HF_OPT_AIL].len; i++) {
        if ((rc = each(r, cli->all[HF_OPT_AIL].v[i], ail, err)) < 0)
            return rc;
    }
    return HF_OK;
}
