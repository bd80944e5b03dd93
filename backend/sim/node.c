/* A simulated host between connection and script: who may come in, which
 * rights a command has, which faults come before any answer. */
#include "backend/sim/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"
#include "backend/sim/windows.h"

#define DAY_MS 86400000
#define MINUTE_MS 60000
#define START_S 60
/* How much longer a slow host takes, in times job_ms. */
#define SLOW_TIMES 1
#define TAINT_OUT_OF_TREE 4096u
#define TAINT_UNSIGNED 8192u
#define TAINT_LIVEPATCH 32768u

/* Eight bytes of a host's own: days of uptime and the like. */
static uint64_t
traits(const char *name)
{
    unsigned char hash[32];
    uint64_t bits;

    hf_sha256(hash, name, strlen(name));
    memcpy(&bits, hash, sizeof(bits));
    return bits;
}

/* The kernel keeps the moment of its start; it does not work it out anew. What
 * takes minutes elsewhere takes moments here: two starts lie a minute apart
 * nevertheless, or they would be taken for one. */
static void
boot(struct hf_sim_node *n, int64_t now, int64_t at)
{
    int64_t before = n->boot_time;
    char hex[33];

    n->booted = at;
    n->boot_time = hf_sim_node_clock(n, now) / 1000 - (now - at) / 1000;
    if (n->boot_time < before + START_S)
        n->boot_time = before + START_S;
    if (n->windows) {
        (void)snprintf(n->boot_id, sizeof(n->boot_id), "boot-%lld",
                       (long long)n->boot_time);
        return;
    }
    hf_random_hex(hex, 16);
    (void)snprintf(n->boot_id, sizeof(n->boot_id), "%.8s-%.4s-%.4s-%.4s-%.12s",
                   hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

/* The patch that a host has been running since before the simulation. */
static void
load_first(struct hf_sim_node *n, int behind)
{
    const struct hf_sim_patch_row *newest =
        n->kernel ? hf_sim_kernel_newest(n->kernel) : NULL;
    const struct hf_sim_patch_row *row =
        newest && behind ? &n->kernel->patches[0] : newest;

    if (!row || behind > 1 || (behind && row == newest))
        return;
    hf_sim_node_settle(n, hf_sim_node_load(n, row->name));
}

static const char *
release_of(const struct hf_sim_host *host)
{
    if (host->fault == HF_SIM_OLD_KERNEL)
        return "5.10.0-28-amd64";
    return host->kernel[0] ? host->kernel : hf_sim_kernels[0].release;
}

void
hf_sim_node_init(struct hf_sim_node *n, const struct hf_sim_host *host,
                 int64_t reply_ms, int64_t job_ms, int64_t now)
{
    char hex[HF_SHA256_HEX];
    uint64_t own = traits(host->name);

    *n = (struct hf_sim_node){.fault = host->fault,
                              .arg = host->fault_arg
                                         ? host->fault_arg
                                         : hf_sim_faults[host->fault].arg,
                              .reply_ms = reply_ms,
                              .job_ms = job_ms};
    (void)snprintf(n->name, sizeof(n->name), "%s", host->name);
    (void)snprintf(n->address, sizeof(n->address), "%s", host->address);
    (void)snprintf(n->release, sizeof(n->release), "%s", release_of(host));
    n->kernel = hf_sim_kernel_find(n->release);
    n->platform = hf_sim_platform_of(host);
    if (n->platform == &hf_sim_windows)
        n->windows = hf_sim_windows_new(host, hf_sim_node_clock(n, now));
    hf_sha256_hex(hex, host->name, strlen(host->name));
    memcpy(n->machine_id, hex, sizeof(n->machine_id) - 1);
    boot(n, now,
         now - (int64_t)(10 + own % 200) * DAY_MS - (int64_t)(own >> 44));
    if (!n->windows)
        load_first(n, host->behind);
}

void
hf_sim_node_release(struct hf_sim_node *n)
{
    size_t i;

    hf_sim_job_free(n->job);
    for (i = 0; i < n->done_len; i++)
        hf_sim_job_free(n->done[i]);
    free(n->done);
    free(n->off_by);
    hf_sim_windows_free(n->windows);
    *n = (struct hf_sim_node){0};
}

/* ---- the kernel's modules ---- */

struct hf_sim_patch *
hf_sim_node_patch(struct hf_sim_node *n, const char *name)
{
    size_t i;

    for (i = 0; i < n->loaded_len; i++) {
        if (strcmp(n->loaded[i].name, name) == 0)
            return &n->loaded[i];
    }
    return NULL;
}

int
hf_sim_patch_in_effect(const struct hf_sim_patch *p)
{
    return p->enabled && !p->transition;
}

/* As the catalogue of a copy has it; else as our own rows say. A module that
 * somebody added is taken for a cumulative one. */
static int
replaces(const struct hf_sim_node *n, const char *name)
{
    const struct hf_sim_patch_row *own =
        n->kernel ? hf_sim_kernel_patch(n->kernel, name) : NULL;
    const struct hf_release *row =
        n->catalogue ? hf_catalogue_kernel_row(n->catalogue, n->release, name)
                     : NULL;

    if (n->known)
        return row && row->replaces;
    return !own || own->replaces;
}

struct hf_sim_patch *
hf_sim_node_load(struct hf_sim_node *n, const char *name)
{
    struct hf_sim_patch *p = hf_sim_node_patch(n, name);

    if (!p && n->loaded_len < HF_SIM_LOADED)
        p = &n->loaded[n->loaded_len++];
    if (!p)
        return NULL;
    *p = (struct hf_sim_patch){
        .enabled = 1, .transition = 1, .replace = replaces(n, name)};
    (void)snprintf(p->name, sizeof(p->name), "%s", name);
    n->taint |= TAINT_OUT_OF_TREE | TAINT_UNSIGNED | TAINT_LIVEPATCH;
    return p;
}

void
hf_sim_node_settle(struct hf_sim_node *n, struct hf_sim_patch *p)
{
    size_t i;

    p->transition = 0;
    if (!p->enabled) {
        hf_sim_node_unload(n, p->name);
        return;
    }
    for (i = 0; p->replace && i < n->loaded_len; i++)
        n->loaded[i].enabled = &n->loaded[i] == p;
}

void
hf_sim_node_unload(struct hf_sim_node *n, const char *name)
{
    struct hf_sim_patch *p = hf_sim_node_patch(n, name);

    if (p)
        *p = n->loaded[--n->loaded_len];
}

void
hf_sim_node_reboot(struct hf_sim_node *n, int64_t now)
{
    boot(n, now, now);
    n->start = HF_SIM_START_SOMEBODY;
    n->boots++;
    n->patched = 0;
    n->waits = 0;
    n->taint = 0;
    n->loaded_len = 0;
    if (n->windows) {
        hf_sim_windows_boot(n->windows);
        return;
    }
    if (n->known && hf_facts_get(n->known, "boot.next"))
        (void)snprintf(n->release, sizeof(n->release), "%s",
                       hf_facts_get(n->known, "boot.next"));
    if (n->kernel && n->kernel->next && n->fault == HF_SIM_RESTART_DUE) {
        (void)snprintf(n->release, sizeof(n->release), "%s", n->kernel->next);
        n->kernel = hf_sim_kernel_find(n->release);
        n->fault = HF_SIM_WELL;
    }
}

void
hf_sim_node_restart(struct hf_sim_node *n, int64_t now, enum hf_sim_start why)
{
    hf_sim_node_reboot(n, now);
    n->start = why;
    n->down_until = now + n->job_ms;
}

void
hf_sim_node_ail(struct hf_sim_node *n, const struct hf_sim_host *like)
{
    n->fault = like->fault;
    n->arg = like->fault_arg;
}

/* ---- as time goes on ---- */

static int64_t
shows_at(const struct hf_sim_node *n)
{
    return n->patched + n->arg * MINUTE_MS;
}

int
hf_sim_node_shows(const struct hf_sim_node *n, enum hf_sim_fault fault,
                  int64_t now)
{
    return n->fault == fault && n->patched && now >= shows_at(n);
}

/* What nobody ordered, at the moment when it happens. */
static void
go_on(struct hf_sim_node *n, int64_t now)
{
    int64_t most = n->arg * MINUTE_MS;

    hf_sim_job_go_on(n, now);
    if (hf_sim_node_shows(n, HF_SIM_CRASH_LATER, now))
        hf_sim_node_restart(n, shows_at(n), HF_SIM_START_CRASH);
    if (hf_sim_node_shows(n, HF_SIM_RESTART_APPEARS, now) && n->windows &&
        !n->windows->next_ubr)
        n->windows->next_ubr = n->windows->ubr;
    if (n->fault == HF_SIM_REBOOTS && now - n->booted >= most)
        hf_sim_node_restart(n, now - (now - n->booted) % most,
                            HF_SIM_START_SOMEBODY);
}

/* In effect: patches that the kernel has, updates that need no restart. */
static void
look_at_level(const struct hf_sim_node *n, struct hf_sim_truth *out)
{
    struct hf_buf level = {0};

    if (n->windows)
        hf_buf_printf(&level, "%s.%d", n->windows->build, n->windows->ubr);
    else
        hf_buf_printf(&level, "%s", n->release);
    for (size_t i = 0; i < n->loaded_len; i++) {
        if (hf_sim_patch_in_effect(&n->loaded[i]))
            hf_buf_printf(&level, " + %s", n->loaded[i].name);
    }
    (void)snprintf(out->level, sizeof(out->level), "%s", hf_buf_str(&level));
    hf_buf_release(&level);
}

void
hf_sim_node_look(struct hf_sim_node *n, struct hf_sim_truth *out, int64_t now)
{
    go_on(n, now);
    *out = (struct hf_sim_truth){
        .jobs = n->jobs, .restarts = n->boots, .waits = n->waits};
    if (n->windows)
        out->waits = n->windows->next_ubr != 0;
    look_at_level(n, out);
}

/* ---- the outside ---- */

enum hf_sim_door
hf_sim_node_door(struct hf_sim_node *n, int64_t now)
{
    go_on(n, now);
    if (n->fault == HF_SIM_DOWN || now < n->down_until)
        return HF_SIM_DOOR_SHUT;
    if (n->fault == HF_SIM_SLOW_CONNECT)
        return HF_SIM_DOOR_LATE;
    return n->fault == HF_SIM_SILENT ? HF_SIM_DOOR_MUTE : HF_SIM_DOOR_OPEN;
}

int64_t
hf_sim_node_door_ms(const struct hf_sim_node *n)
{
    return n->arg * 1000;
}

enum command { C_SCRIPT, C_SCRIPT_ROOT, C_UPLOAD, C_UPLOAD_ROOT, C_OTHER };

static enum command
command_of(const struct hf_sim_node *n, const char *text)
{
    const struct hf_dialect *d = n->platform->dialect;
    const char *const known[] = {d->command, d->command_elevated, d->upload,
                                 d->upload_elevated};
    size_t i;

    for (i = 0; i < HF_COUNT(known); i++) {
        if (strcmp(text, known[i]) == 0)
            return (enum command)i;
    }
    return C_OTHER;
}

int
hf_sim_node_reads(const struct hf_sim_node *n, const char *command)
{
    return command_of(n, command) != C_OTHER;
}

const char *
hf_sim_node_banner(const struct hf_sim_node *n)
{
    return n->platform->banner;
}

int64_t
hf_sim_node_clock(const struct hf_sim_node *n, int64_t at)
{
    return hf_now() + at - hf_pace() +
           (n->fault == HF_SIM_CLOCK ? n->arg * 1000 : 0);
}

int64_t
hf_sim_node_delay(const struct hf_sim_node *n)
{
    if (n->fault == HF_SIM_BLACK_HOLE)
        return -1;
    return n->reply_ms + (n->fault == HF_SIM_SLOW ? SLOW_TIMES * n->job_ms : 0);
}

static void
say(struct hf_sim_answer *out, int status, const char *text)
{
    hf_buf_printf(&out->err, "%s\n", text);
    out->status = status;
}

/* At one step of a job the line goes dead, once. */
static int
drops(struct hf_sim_node *n, const struct hf_sim_ask *ask)
{
    if (n->fault != HF_SIM_DROP || n->dropped || (int64_t)ask->script != n->arg)
        return 0;
    n->dropped = 1;
    return 1;
}

/* What a reply becomes on its way out. */
static void
mangle(struct hf_sim_node *n, struct hf_sim_answer *out,
       const struct hf_sim_ask *ask)
{
    out->cut = drops(n, ask);
    out->endless = n->fault == HF_SIM_ENDLESS;
    if (out->cut || n->fault == HF_SIM_HALF_REPLY)
        out->out.len /= 2;
}

/* In the frame of its dialect: why scripts may not run there. */
static void
answer_constrained(struct hf_sim_answer *out, const struct hf_sim_ask *ask)
{
    hf_buf_printf(&out->out,
                  "hotfleet-1 %s\r\n!language ConstrainedLanguage\r\n"
                  "end %s\r\n",
                  ask->nonce, ask->nonce);
    out->status = 1;
}

static void
answer_upload(struct hf_sim_node *n, struct hf_sim_answer *out,
              const struct hf_sim_upload *u)
{
    struct hf_sim_reply reply;

    hf_sim_reply_begin(&reply, n->platform->frame, &out->out, u->nonce);
    out->status = hf_sim_reply_end(&reply, hf_sim_receive(n, &reply, u));
}

static void
answer_script(struct hf_sim_node *n, struct hf_sim_answer *out,
              const struct hf_sim_request *request,
              const struct hf_sim_caller *who, int64_t now)
{
    struct hf_sim_ask ask;
    struct hf_sim_reply reply;

    if (n->platform->parse(&ask, request->input, request->input_len) < 0) {
        say(out, 2, "a simulated host knows only hotfleet's scripts");
    } else if (n->fault == HF_SIM_POISON) {
        hf_sim_poisons[n->requests % hf_sim_poisons_len].write(&out->out,
                                                               ask.nonce);
    } else if (n->fault == HF_SIM_CONSTRAINED) {
        answer_constrained(out, &ask);
    } else if (ask.script == HF_DRIVER_SCRIPT_COUNT) {
        answer_upload(n, out, &ask.upload);
    } else {
        hf_sim_reply_begin(&reply, n->platform->frame, &out->out, ask.nonce);
        reply.of = ask.script == HF_SCRIPT_PROBE && n->known ? n : NULL;
        out->status = hf_sim_reply_end(&reply, n->platform->scripts[ask.script](
                                                   n, &reply, &ask, who, now));
        mangle(n, out, &ask);
    }
    hf_sim_ask_release(&ask);
}

static void
answer_upload_sh(struct hf_sim_node *n, struct hf_sim_answer *out,
                 const struct hf_sim_request *request)
{
    struct hf_sim_upload u;

    if (hf_sim_upload_parse(&u, request->input, request->input_len) < 0)
        say(out, 1, "sh: malformed upload");
    else
        answer_upload(n, out, &u);
}

void
hf_sim_node_answer(struct hf_sim_node *n, struct hf_sim_answer *out,
                   const struct hf_sim_request *request, int64_t now)
{
    enum command command = command_of(n, request->command);
    int sudo = command == C_SCRIPT_ROOT || command == C_UPLOAD_ROOT;
    struct hf_sim_caller who = {
        .user = request->user,
        .root = n->windows ? n->fault != HF_SIM_NO_SUDO
                           : sudo || strcmp(request->user, "root") == 0,
    };

    go_on(n, now);
    n->requests++;
    if (now < n->down_until)
        out->cut = 1;
    else if (command == C_OTHER)
        say(out, 127, "sh: this is a simulated host: command not found");
    else if (sudo && n->fault == HF_SIM_NO_SUDO)
        say(out, 1, "sudo: a password is required");
    else if (command == C_SCRIPT || command == C_SCRIPT_ROOT)
        answer_script(n, out, request, &who, now);
    else if (!who.root)
        say(out, 1, "sh: cannot write the job folder: Permission denied");
    else
        answer_upload_sh(n, out, request);
}
