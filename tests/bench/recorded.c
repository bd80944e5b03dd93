/* See recorded.h. */
#include "tests/bench/recorded.h"

#include <stdio.h>
#include <stdlib.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/sim/node.h"
#include "inventory/ledger.h"
#define GIT_TEST_MS 900000 /* a large fleet is packed in minutes */
#include "tests/support/git.h"

#define NONCE "0123456789abcdef0123456789abcdef"

void
recorded_die(const struct hf_err *err)
{
    (void)fprintf(stderr, "%s\n", err->text);
    exit(1);
}

/* The facts that a simulated host tells, without asking it over a network. */
static void
ask(struct hf_facts *out, const struct hf_sim_host *host)
{
    const struct hf_driver *driver = hf_driver_find("livepatch");
    const struct hf_params none = {0};
    struct hf_sim_request request = {.user = "ops",
                                     .command = driver->dialect->command};
    struct hf_sim_answer answer = {0};
    struct hf_reply reply = {0};
    struct hf_sim_node node;
    struct hf_buf input = {0};
    struct hf_err err = HF_ERR_INIT;

    hf_sim_node_init(&node, host, 0, 1000, hf_mono());
    if (driver->dialect->encode(&input, driver->scripts[HF_SCRIPT_PROBE], &none,
                                NONCE, &err) < 0)
        recorded_die(&err);
    request.input = hf_buf_str(&input);
    request.input_len = input.len;
    hf_sim_node_answer(&node, &answer, &request, hf_mono());
    if (driver->dialect->decode(&reply, hf_buf_str(&answer.out), answer.out.len,
                                NONCE, hf_now(), &err) < 0)
        recorded_die(&err);
    hf_facts_copy(out, &reply.values);
    hf_reply_release(&reply);
    hf_buf_release(&answer.out);
    hf_buf_release(&answer.err);
    hf_buf_release(&input);
    hf_sim_node_release(&node);
}

static char *
facts_document(const struct hf_sim_host *host, const char *level)
{
    cJSON *doc = cJSON_CreateObject();
    struct hf_facts facts = {0};
    char *text;

    ask(&facts, host);
    if (level)
        hf_facts_set(&facts, "patches", level, NULL, hf_now());
    hf_json_add_str(doc, "schema", "hotfleet.facts/1");
    hf_json_add_str(doc, "host", host->name);
    cJSON_AddItemToObject(doc, "facts", hf_facts_to_json(&facts));
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    hf_facts_release(&facts);
    return text;
}

void
recorded_again(const char *dir, struct hf_sim_fleet *sim, size_t step,
               const char *level)
{
    const struct hf_ledger_options options = {.branch = "ledger"};
    struct hf_err err = HF_ERR_INIT;
    const struct hf_sim_host *hosts;
    struct hf_ledger *ledger;
    size_t n;

    hosts = hf_sim_fleet_hosts(sim, &n);
    if (hf_ledger_open(&ledger, dir, &options, NULL, &err) < 0)
        recorded_die(&err);
    for (size_t i = 0; i < n; i += step) {
        struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

        r->seq = i + 1;
        r->path = hf_ledger_facts_path(hosts[i].name);
        r->content = facts_document(&hosts[i], level);
        r->subject = hf_xasprintf("check %s", hosts[i].name);
        hf_ledger_add(ledger, r);
    }
    if (hf_ledger_close(ledger, 600000, &err) < 0)
        recorded_die(&err);
}

struct hf_sim_fleet *
recorded_fleet(const char *dir, size_t hosts, int well)
{
    const struct hf_sim_options o = {.all_well = well};
    struct hf_err err = HF_ERR_INIT;
    struct hf_sim_fleet *sim;

    if (hf_sim_fleet_new(&sim, dir, hosts, &o, &err) < 0)
        recorded_die(&err);
    recorded_again(dir, sim, 1, NULL);
    git_do(dir, "gc -q"); /* packed, as `import` leaves it */
    return sim;
}
