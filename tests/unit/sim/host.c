/* Asking a simulated host through the dialect that real hosts get. */
#include "tests/unit/sim/host.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/child.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/time.h"
#include "backend/sim/module.h"

#define NONCE "0123456789abcdef0123456789abcdef"

static const struct hf_driver *
driver(const struct host *h)
{
    return hf_driver_find(h->node.windows ? "windows" : "livepatch");
}

static void
start(struct host *h, const char *product, enum hf_sim_fault fault, int behind)
{
    struct hf_sim_host host = {.name = "web-01",
                               .address = "127.20.0.1",
                               .fault = fault,
                               .behind = behind};

    (void)snprintf(host.product, sizeof(host.product), "%s", product);
    *h = (struct host){.now = 1000000};
    hf_sim_node_init(&h->node, &host, 0, JOB_MS, h->now);
}

void
host_start(struct host *h, enum hf_sim_fault fault, int behind)
{
    start(h, "", fault, behind);
}

void
host_start_windows(struct host *h, const char *product, enum hf_sim_fault fault,
                   int behind)
{
    start(h, product, fault, behind);
}

void
host_start_copy(struct host *h, const struct hf_facts *facts,
                const struct hf_catalogue *catalogue, enum hf_sim_fault fault)
{
    struct hf_sim_host host = {.name = "web-01",
                               .address = "127.20.0.1",
                               .fault = fault,
                               .facts = facts};

    *h = (struct host){.now = hf_mono()};
    hf_sim_node_init(&h->node, &host, 0, JOB_MS, h->now);
    hf_sim_node_copy(&h->node, facts, catalogue);
}

static void
forget(struct host *h)
{
    hf_buf_release(&h->answer.out);
    hf_buf_release(&h->answer.err);
    h->answer = (struct hf_sim_answer){0};
    hf_reply_release(&h->reply);
}

void
host_stop(struct host *h)
{
    forget(h);
    hf_sim_node_release(&h->node);
}

/* Takes input. */
static int
send(struct host *h, const char *user, const char *command,
     struct hf_buf *input)
{
    struct hf_sim_request request = {.user = user,
                                     .command = command,
                                     .input = hf_buf_str(input),
                                     .input_len = input->len};

    forget(h);
    hf_sim_node_answer(&h->node, &h->answer, &request, h->now);
    hf_buf_release(input);
    return driver(h)->dialect->decode(&h->reply, hf_buf_str(&h->answer.out),
                                      h->answer.out.len, NONCE, 1, &h->err);
}

static void
encode(struct hf_buf *out, const struct hf_driver *d,
       enum hf_driver_script script, const struct hf_params *params)
{
    struct hf_err err = HF_ERR_INIT;

    if (d->dialect->encode(out, d->scripts[script], params, NONCE, &err) < 0)
        fail_msg("%s", err.text);
}

int
host_ask(struct host *h, enum hf_driver_script script, ...)
{
    struct hf_params params = {0};
    struct hf_buf input = {0};
    const char *name;
    va_list ap;

    va_start(ap, script);
    while ((name = va_arg(ap, const char *)))
        hf_params_set(&params, name, va_arg(ap, const char *));
    va_end(ap);
    encode(&input, driver(h), script, &params);
    hf_params_release(&params);
    return send(h, "ops", driver(h)->dialect->command_elevated, &input);
}

int
host_ask_as(struct host *h, const char *user, const char *command,
            enum hf_driver_script script)
{
    struct hf_params none = {0};
    struct hf_buf input = {0};

    encode(&input, driver(h), script, &none);
    return send(h, user, command, &input);
}

void
host_probe(struct host *h)
{
    if (host_ask(h, HF_SCRIPT_PROBE, NULL) < 0)
        fail_msg("%s", h->err.text);
}

struct hf_sim_line
host_line(const struct host *h)
{
    struct hf_sim_line line;

    hf_sim_windows_line(&line, h->node.windows);
    return line;
}

void
host_probe_for_real(struct hf_reply *out)
{
    static const char *const argv[] = {"/bin/sh", "-s", NULL};
    struct hf_child c = {
        .argv = argv, .timeout_ms = 30000, .max_output = 1u << 20};
    struct hf_params none = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf input = {0};

    encode(&input, hf_driver_find("livepatch"), HF_SCRIPT_PROBE, &none);
    c.input = input.data;
    c.input_len = input.len;
    if (hf_child_run(&c, &err) < 0 ||
        hf_dialect_sh.decode(out, hf_buf_str(&c.out), c.out.len, NONCE, 1,
                             &err) < 0)
        fail_msg("%s", err.text);
    hf_buf_release(&c.out);
    hf_buf_release(&c.err);
    hf_buf_release(&input);
}

int
host_upload(struct host *h, const char *name, const void *data, size_t len)
{
    struct hf_buf input = {0};

    if (driver(h)->dialect->encode_upload(&input, name, data, len, NONCE,
                                          &h->err) < 0)
        fail_msg("%s", h->err.text);
    return send(h, "ops", driver(h)->dialect->upload_elevated, &input);
}

const char *
host_says(const struct host *h, const char *key)
{
    static char text[256];
    const struct hf_fact *f = hf_facts_find(&h->reply.values, key);

    if (!f)
        return "";
    if (f->value)
        return f->value;
    (void)snprintf(text, sizeof(text), "?%s", f->why);
    return text;
}

void
assert_says(const struct host *h, const char *key, const char *value)
{
    if (strcmp(host_says(h, key), value) != 0)
        fail_msg("%s is '%s', not '%s'", key, host_says(h, key), value);
}

void
host_upload_module(struct host *h, const char *name, const char *kernel,
                   char word[160])
{
    struct hf_buf module = {0};
    char file[80], sum[HF_SHA256_HEX];

    hf_sim_module(&module, name, "1", kernel);
    (void)snprintf(file, sizeof(file), "%s.ko", name);
    assert_int_equal(host_upload(h, file, module.data, module.len), 0);
    (void)snprintf(word, 160, "%s=%s", name,
                   hf_sha256_hex(sum, module.data, module.len));
    hf_buf_release(&module);
}

static void
begin(struct host *h, const char *run, const char *action)
{
    assert_int_equal(host_ask(h, HF_SCRIPT_BEGIN, "RUN", run, "OPERATOR", "ann",
                              "ACTION", action, NULL),
                     0);
    assert_says(h, "locked", "no");
    assert_int_equal(host_upload(h, driver(h)->dialect->body,
                                 driver(h)->job->text, driver(h)->job->len),
                     0);
    assert_int_equal(h->reply.exit_status, 0);
}

void
host_begin_apply(struct host *h, const char *run)
{
    const char *newest = hf_sim_kernel_newest(h->node.kernel)->name;
    char word[160];

    begin(h, run, "apply");
    host_upload_module(h, newest, h->node.release, word);
    assert_int_equal(host_ask(h, HF_SCRIPT_START, "RUN", run, "BODY",
                              driver(h)->job->sha256, "ACTION", "apply",
                              "KERNEL", h->node.release, "TRANSITION_S", "75",
                              "MODULES", word, NULL),
                     0);
    assert_says(h, "job.started", "now");
}

void
host_begin_rollback(struct host *h, const char *run, const char *patches)
{
    begin(h, run, "rollback");
    assert_int_equal(host_ask(h, HF_SCRIPT_START, "RUN", run, "BODY",
                              driver(h)->job->sha256, "ACTION", "rollback",
                              "KERNEL", h->node.release, "TRANSITION_S", "75",
                              "PATCHES", patches, NULL),
                     0);
}

void
host_poll_after(struct host *h, const char *run, int64_t ms)
{
    h->now += ms;
    assert_int_equal(
        host_ask(h, HF_SCRIPT_POLL, "RUN", run, "OFFSET", "0", NULL), 0);
}

void
host_windows_job(struct host *h, const char *run, const char *action,
                 const char *kb)
{
    char from[32], build[32];
    struct hf_sim_line line;
    const struct hf_sim_level *level;
    const struct hf_sim_windows *w = h->node.windows;

    hf_sim_windows_line(&line, w);
    level = hf_sim_line_kb(&line, kb);
    (void)snprintf(from, sizeof(from), "%s.%d", w->build, w->ubr);
    (void)snprintf(build, sizeof(build), "%s.%d", w->build,
                   level ? level->ubr : 1);
    begin(h, run, action);
    assert_int_equal(host_ask(h, HF_SCRIPT_START, "RUN", run, "BODY",
                              driver(h)->job->sha256, "ACTION", action, "FROM",
                              from, "KBS", kb, "KB", kb, "BUILD", build,
                              "REMOVE", from, "DELAY_S", "60", NULL),
                     0);
    assert_says(h, "job.started", "now");
    assert_says(h, "job.how", "task");
}
