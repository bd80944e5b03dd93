/*
 * What a host's answer costs the console beside the network: the request is
 * written, the reply is read, the host is judged against the shipped catalogue;
 * of a Linux host, of a Windows host, whose probe tells more, and of one that
 * has a lot installed. Beside it, what cJSON alone needs for the same facts as
 * a JSON document.
 *
 *   bench_probe [--json]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/sim/node.h"
#include "playbooks/session.h"
#include "tests/support/git.h"

#define ROUNDS 2000
#define NONCE "0123456789abcdef0123456789abcdef"

static const struct hf_sim_host hosts[] = {
    {.name = "linux", .behind = 1},
    {.name = "windows", .product = "ws2025", .behind = 1},
};
static const struct kind {
    const char *title, *driver;
    size_t host;  /* of the above */
    int programs; /* installed beside what every simulated host has */
} kinds[] = {
    {"linux", "livepatch", 0, 0},
    {"windows", "windows", 1, 0},
    {"windows, 300 programs", "windows", 1, 300},
};

/* Âµs of CPU for one host. */
struct cost {
    size_t sent, answered, facts; /* bytes; facts: how many */
    double request, reply, judge, peer;
};

static double
cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
die(const struct hf_err *err)
{
    (void)fprintf(stderr, "bench_probe: %s\n", err->text);
    exit(1);
}

/* ---- the parts ---- */

static void
write_request(struct hf_buf *out, const struct hf_driver *d,
              const struct hf_host *host)
{
    struct hf_params params = {0};
    struct hf_err err = HF_ERR_INIT;

    hf_buf_clear(out);
    d->probe_params(&params, host);
    if (d->dialect->encode(out, d->scripts[HF_SCRIPT_PROBE], &params, NONCE,
                           &err) < 0)
        die(&err);
    hf_params_release(&params);
}

static double
measure_request(const struct hf_driver *d, const struct hf_host *host)
{
    struct hf_buf out = {0};
    double began = cpu_us();

    for (int i = 0; i < ROUNDS; i++)
        write_request(&out, d, host);
    hf_buf_release(&out);
    return (cpu_us() - began) / ROUNDS;
}

static double
measure_reply(const struct hf_driver *d, const struct hf_buf *text)
{
    struct hf_err err = HF_ERR_INIT;
    double began = cpu_us();

    for (int i = 0; i < ROUNDS; i++) {
        struct hf_reply reply = {0};

        if (d->dialect->decode(&reply, hf_buf_str(text), text->len, NONCE,
                               hf_now(), &err) < 0)
            die(&err);
        hf_reply_release(&reply);
    }
    return (cpu_us() - began) / ROUNDS;
}

static double
measure_judge(const struct hf_fleet *fleet, const struct hf_host *host,
              const struct hf_facts *facts)
{
    double began = cpu_us();

    for (int i = 0; i < ROUNDS; i++) {
        struct hf_state state;

        hf_state_init(&state, host);
        hf_facts_copy(&hf_state_change(&state)->facts, facts);
        hf_judge(&state, fleet, hf_now());
        hf_state_release(&state);
    }
    return (cpu_us() - began) / ROUNDS;
}

static double
measure_peer(const struct hf_facts *facts)
{
    cJSON *doc = hf_facts_to_json(facts);
    char *text = hf_json_print(doc);
    double began;

    cJSON_Delete(doc);
    began = cpu_us();
    for (int i = 0; i < ROUNDS; i++)
        cJSON_Delete(cJSON_Parse(text));
    free(text);
    return (cpu_us() - began) / ROUNDS;
}

/* ---- one kind of host ---- */

static void
add_programs(struct hf_facts *facts, int n)
{
    struct hf_buf text = {0};

    for (int i = 0; i < n; i++)
        hf_buf_printf(&text, "%sContoso Application %d 10.4.2231.%d",
                      i ? "; " : "", i, i);
    hf_facts_set(facts, "software", hf_buf_str(&text), "Uninstall keys",
                 hf_now());
    hf_facts_set(facts, "drivers", hf_buf_str(&text), "Win32_PnPSignedDriver",
                 hf_now());
    hf_buf_release(&text);
}

/* What such a host answers; of `known` facts: what their copy does. */
static void
ask(struct hf_reply *reply, struct hf_buf *answer, const struct kind *kind,
    const struct hf_buf *input, const struct hf_facts *known)
{
    const struct hf_dialect *d = hf_driver_find(kind->driver)->dialect;
    struct hf_sim_host like = hosts[kind->host];
    struct hf_sim_node node;
    struct hf_sim_answer got = {0};
    struct hf_sim_request request = {.user = "ops",
                                     .command = d->command,
                                     .input = hf_buf_str(input),
                                     .input_len = input->len};
    struct hf_err err = HF_ERR_INIT;

    like.facts = known;
    hf_sim_node_init(&node, &like, 0, 1, hf_pace());
    if (known)
        hf_sim_node_copy(&node, known, NULL);
    hf_sim_node_answer(&node, &got, &request, hf_pace());
    hf_sim_node_release(&node);
    hf_buf_release(&got.err);
    hf_buf_release(answer);
    *answer = got.out;
    hf_reply_release(reply);
    if (d->decode(reply, hf_buf_str(answer), answer->len, NONCE, hf_now(),
                  &err) < 0)
        die(&err);
}

static void
measure(struct cost *c, const struct hf_fleet *fleet, const struct kind *kind)
{
    const struct hf_driver *d = hf_driver_find(kind->driver);
    const struct hf_host *host = hf_fleet_find(fleet, hosts[kind->host].name);
    struct hf_buf input = {0}, answer = {0};
    struct hf_reply reply = {0};
    struct hf_facts known = {0};

    write_request(&input, d, host);
    ask(&reply, &answer, kind, &input, NULL);
    if (kind->programs) {
        hf_facts_copy(&known, &reply.values);
        add_programs(&known, kind->programs);
        ask(&reply, &answer, kind, &input, &known);
    }
    *c = (struct cost){.sent = input.len,
                       .answered = answer.len,
                       .facts = reply.values.len,
                       .request = measure_request(d, host),
                       .reply = measure_reply(d, &answer),
                       .judge = measure_judge(fleet, host, &reply.values),
                       .peer = measure_peer(&reply.values)};
    hf_facts_release(&known);
    hf_reply_release(&reply);
    hf_buf_release(&answer);
    hf_buf_release(&input);
}

/* ---- the report ---- */

static double
total(const struct cost *c)
{
    return c->request + c->reply + c->judge;
}

static void
print_text(const struct cost *c)
{
    printf("%-22s %8s %8s %6s %11s %9s %9s %9s %12s %6s\n", "probe", "sent",
           "answered", "facts", "request us", "reply us", "judge us", "all us",
           "cJSON alone", "ratio");
    for (size_t i = 0; i < HF_COUNT(kinds); i++)
        printf("%-22s %8zu %8zu %6zu %11.1f %9.1f %9.1f %9.1f %12.1f %6.1f\n",
               kinds[i].title, c[i].sent, c[i].answered, c[i].facts,
               c[i].request, c[i].reply, c[i].judge, total(&c[i]), c[i].peer,
               total(&c[i]) / c[i].peer);
}

static void
print_json(const struct cost *c)
{
    cJSON *doc = cJSON_CreateObject(), *rows;
    char *text;

    hf_json_add_str(doc, "bench", "probe");
    rows = hf_json_add_arr(doc, "rows");
    for (size_t i = 0; i < HF_COUNT(kinds); i++) {
        cJSON *row = cJSON_CreateObject();

        hf_json_add_str(row, "name", kinds[i].title);
        hf_json_add_int(row, "facts", (int64_t)c[i].facts);
        cJSON_AddNumberToObject(row, "request_us", c[i].request);
        cJSON_AddNumberToObject(row, "reply_us", c[i].reply);
        cJSON_AddNumberToObject(row, "judge_us", c[i].judge);
        cJSON_AddNumberToObject(row, "peer_us", c[i].peer);
        cJSON_AddNumberToObject(row, "ratio", total(&c[i]) / c[i].peer);
        cJSON_AddItemToArray(rows, row);
    }
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    char *home = git_empty_home(), *dir = hf_path_join(home, "fleet");
    struct hf_sim_options o = {
        .all_well = 1, .hosts = hosts, .hosts_len = HF_COUNT(hosts)};
    struct hf_session_options options = {.dir = dir, .read_only = 1};
    struct hf_problems problems = {0};
    struct hf_sim_fleet *sim = NULL;
    struct hf_session *s = NULL;
    struct hf_err err = HF_ERR_INIT;
    struct cost costs[HF_COUNT(kinds)];

    if (hf_sim_fleet_new(&sim, dir, HF_COUNT(hosts), &o, &err) < 0 ||
        hf_session_open(&s, &options, &problems, &err) < 0)
        die(&err);
    for (size_t i = 0; i < HF_COUNT(kinds); i++)
        measure(&costs[i], hf_session_fleet(s), &kinds[i]);
    (argc > 1 && strcmp(argv[1], "--json") == 0 ? print_json
                                                : print_text)(costs);
    hf_session_free(s);
    hf_problems_release(&problems);
    hf_sim_fleet_free(sim);
    free(dir);
    scratch_free(home);
    return 0;
}
