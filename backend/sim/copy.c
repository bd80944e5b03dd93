/*
 * Copies of real hosts, by what is known of them: a rehearsal's hosts. What a
 * job can change starts where the facts are; everything else is said again.
 */
#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/sim/answers.h"
#include "backend/sim/windows.h"

int
hf_sim_node_is_own(const struct hf_sim_node *n, const char *key)
{
    const struct hf_sim_value *fault = hf_sim_faults[n->fault].facts;

    for (const char *const *own = n->platform->own; *own; own++) {
        if (hf_has_prefix(key, *own))
            return 1;
    }
    for (size_t i = 0;
         i < HF_COUNT(hf_sim_faults[0].facts) && fault[i].key && n->windows;
         i++) {
        if (strcmp(fault[i].key, key) == 0)
            return 1;
    }
    return 0;
}

static void
copy_text(char *to, size_t size, const struct hf_facts *facts, const char *key)
{
    const char *value = hf_facts_get(facts, key);

    if (value)
        (void)snprintf(to, size, "%s", value);
}

/* Its start was when the facts say, by the host's clock. */
static void
copy_boot(struct hf_sim_node *n, const struct hf_facts *facts)
{
    int64_t clock, boot;

    if (hf_facts_int(facts, "clock", &clock) == 0 &&
        hf_facts_int(facts, "boot.time", &boot) == 0) {
        n->booted += (boot - n->boot_time) * 1000;
        n->boot_time = boot;
    }
    copy_text(n->boot_id, sizeof(n->boot_id), facts, "boot.id");
    n->waits = hf_facts_bool(facts, "restart.pending") == 1;
}

static void
copy_linux(struct hf_sim_node *n, const struct hf_facts *facts)
{
    const char *patches = hf_facts_get(facts, "patches");
    struct hf_strs names = {0};
    int64_t taint;

    copy_text(n->release, sizeof(n->release), facts, "kernel.release");
    n->kernel = NULL;
    n->loaded_len = 0;
    hf_fact_words(&names, patches ? patches : "none");
    for (size_t i = 0; i < names.len; i++) {
        struct hf_sim_patch *p = hf_sim_node_load(n, names.v[i]);

        if (p)
            p->transition = 0;
    }
    hf_strs_release(&names);
    if (hf_facts_int(facts, "taint", &taint) == 0)
        n->taint = (unsigned)taint;
}

/* Words that stand newest first, as the host keeps them. */
static void
copy_words(struct hf_strs *to, const struct hf_facts *facts, const char *key)
{
    const char *value = hf_facts_get(facts, key);
    struct hf_strs words = {0};

    hf_strs_release(to);
    hf_fact_words(&words, value ? value : "none");
    for (size_t i = words.len; i-- > 0;)
        hf_strs_add(to, words.v[i]);
    hf_strs_release(&words);
}

static void
copy_windows(struct hf_sim_node *n, const struct hf_facts *facts)
{
    struct hf_sim_windows *w = n->windows;
    int64_t ubr = 0;

    (void)hf_facts_int(facts, "os.ubr", &ubr);
    w->ubr = (int)ubr;
    w->next_ubr = n->waits ? w->ubr : 0;
    copy_text(w->build, sizeof(w->build), facts, "os.build");
    copy_words(&w->kbs, facts, "updates");
    copy_words(&w->history, facts, "history");
    w->catalogue = n->catalogue;
    w->id = hf_driver_find("windows")->product_of(facts);
}

void
hf_sim_node_copy(struct hf_sim_node *n, const struct hf_facts *facts,
                 const struct hf_catalogue *catalogue)
{
    n->known = facts;
    n->catalogue = catalogue;
    copy_boot(n, facts);
    if (n->windows)
        copy_windows(n, facts);
    else
        copy_linux(n, facts);
}
