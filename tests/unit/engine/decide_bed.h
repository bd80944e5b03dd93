/* A host that was just read, and what is decided about it. */
#ifndef HF_TESTS_DECIDE_BED_H
#define HF_TESTS_DECIDE_BED_H

#include <string.h>

#include "backend/base/time.h"
#include "backend/engine/decide.h"
#include "tests/unit/engine/wire.h"

struct fixture {
    struct wire w;
    struct hf_host *host;
    struct hf_state st;
    struct hf_order order;
    char why[HF_WHY_LEN], hint[HF_WHY_LEN];
};

/* A host that was just probed with rights. */
static void
start(struct fixture *f, enum hf_sim_fault fault)
{
    struct hf_run_options o;
    struct hf_run *r;

    memset(f, 0, sizeof(*f));
    wire_start(&f->w, 1, fault);
    f->host = &f->w.specs[0];
    wire_options(&f->w, &o, HF_ACTION_VERIFY);
    r = wire_run(&f->w, &o);
    wire_finish(&f->w, r);
    hf_facts_copy(&hf_state_change(&f->st)->facts,
                  hf_run_host(r, 0)->after.len ? &hf_run_host(r, 0)->after
                                               : &hf_run_host(r, 0)->before);
    f->st.host = f->host;
    hf_run_free(r);
    hf_judge(&f->st, &f->w.fleet, hf_now());
}

static void
stop(struct fixture *f)
{
    hf_order_release(&f->order);
    hf_state_release(&f->st);
    wire_stop(&f->w);
}

#endif
