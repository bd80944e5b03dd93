/* The facts of a simulated Windows host: the keys of docs/protocol.md and the
 * sources that the real probe names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"
#include "backend/sim/windows.h"

#define CURRENT "HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define PERF "Win32_PerfFormattedData_PerfOS_Memory"
#define MEMORY                                                   \
    "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager" \
    "\\Memory Management"
#define OS "Win32_OperatingSystem"
#define PC "Win32_ComputerSystem"
#define GUARD "Win32_DeviceGuard"
#define AZCM "azcmagent show -j"
#define AGENT "Microsoft.Update.Session "

/* Who asks what, and when. */
struct asked {
    const struct hf_sim_node *n;
    const struct hf_sim_ask *ask;
    const struct hf_sim_caller *who;
    int64_t now;
};

/* ---- facts that change ---- */

static void
say_ubr(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "%d", a->n->windows->ubr);
}

static void
say_build(struct hf_buf *out, const struct asked *a)
{
    hf_buf_puts(out, a->n->windows->build);
}

static void
say_machine(struct hf_buf *out, const struct asked *a)
{
    const char *id = a->n->machine_id;

    hf_buf_printf(out, "%.8s-%.4s-%.4s-%.4s-%.12s", id, id + 8, id + 12,
                  id + 16, id + 20);
}

static void
say_boot_time(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "%lld", (long long)a->n->boot_time);
}

static void
say_boot_id(struct hf_buf *out, const struct asked *a)
{
    hf_buf_puts(out, a->n->boot_id);
}

static void
say_clock(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "%lld",
                  (long long)(hf_sim_node_clock(a->n, a->now) / 1000));
}

static void
say_user(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "%s\\%s", a->n->name, a->who->user);
}

static void
say_resource(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "servers/%s", a->n->name);
}

static void
say_heartbeat(struct hf_buf *out, const struct asked *a)
{
    char text[HF_TIME_LEN];

    hf_buf_puts(out, hf_time_format(text, hf_sim_node_clock(a->n, a->now) /
                                              300000 * 300000));
}

static void
say_updates(struct hf_buf *out, const struct asked *a)
{
    const struct hf_strs *kbs = &a->n->windows->kbs;

    for (size_t i = kbs->len; i-- > 0;)
        hf_buf_printf(out, "%s%s", out->len ? " " : "", kbs->v[i]);
    if (!out->len)
        hf_buf_puts(out, "none");
}

static void
say_history(struct hf_buf *out, const struct asked *a)
{
    const struct hf_strs *words = &a->n->windows->history;

    for (size_t i = words->len; i-- > 0;)
        hf_buf_printf(out, "%s%s", out->len ? " " : "", words->v[i]);
    if (!out->len)
        hf_buf_puts(out, "none");
}

/* What its last scan found. */
static void
say_offered(struct hf_buf *out, const struct asked *a)
{
    struct hf_strs kbs = {0};

    hf_sim_windows_offers(&kbs, a->n->windows);
    for (size_t i = 0; i < kbs.len; i++)
        hf_buf_printf(out, "%s%s", i ? " " : "", kbs.v[i]);
    if (!kbs.len)
        hf_buf_puts(out, "none");
    hf_strs_release(&kbs);
}

static const char *
kind_of_offer(const char *kb)
{
    return strcmp(kb, HF_SIM_FRAMEWORK) == 0 ? "updates"
           : strcmp(kb, HF_SIM_TOOL) == 0    ? "update-rollups"
                                             : "system";
}

/* What is downloaded is offered still. */
static void
say_offers(struct hf_buf *out, const struct asked *a)
{
    const struct hf_sim_windows *w = a->n->windows;
    struct hf_strs kbs = {0};

    hf_sim_windows_offers(&kbs, w);
    for (size_t i = 0; i < w->staged.len; i++) {
        if (!hf_strs_has(&kbs, w->staged.v[i]) &&
            !hf_strs_has(&w->kbs, w->staged.v[i]))
            hf_strs_add(&kbs, w->staged.v[i]);
    }
    for (size_t i = 0; i < kbs.len; i++)
        hf_buf_printf(out, "%s%s:%s:%s:%d", i ? " " : "", kbs.v[i],
                      kind_of_offer(kbs.v[i]),
                      hf_strs_has(&w->staged, kbs.v[i]) ? "yes" : "no",
                      HF_SIM_BYTES);
    if (!kbs.len)
        hf_buf_puts(out, "none");
    hf_strs_release(&kbs);
}

static void
say_pending(struct hf_buf *out, const struct asked *a)
{
    hf_buf_puts(out, a->n->windows->next_ubr ? "yes" : "no");
}

static void
say_pending_reason(struct hf_buf *out, const struct asked *a)
{
    hf_buf_puts(out,
                a->n->windows->next_ubr ? "servicing windows-update" : "none");
}

static void
say_servicing(struct hf_buf *out, const struct asked *a)
{
    hf_buf_puts(out, a->n->windows->next_ubr ? "1" : "0");
}

#define MEMORY_TOTAL (INT64_C(16) << 30)
#define MEMORY_FREE (INT64_C(6) << 30)
#define MEMORY_LEAST (INT64_C(192) << 20)
#define MEMORY_MODULES (INT64_C(24) << 20)
#define HOTPATCH_COMMITTED (INT64_C(11) << 20)
#define HOTPATCH_IMAGE (INT64_C(640) << 10)

static int64_t
memory_left(const struct asked *a)
{
    const struct hf_sim_node *n = a->n;
    int64_t left = MEMORY_FREE;

    if (n->known)
        (void)hf_facts_int(n->known, "memory.free", &left);
    if (n->fault == HF_SIM_MEMORY && n->patched)
        left -= (a->now - n->patched) / 60000 * (n->arg << 20);
    return left < MEMORY_LEAST ? MEMORY_LEAST : left;
}

/* Months of hotpatches on its baseline: each keeps its images loaded until the
 * host restarts. What one takes is made up: nobody publishes it. */
static int64_t
hotpatches(const struct asked *a)
{
    int below = hf_sim_windows_below(a->n->windows);

    return below ? (a->n->windows->ubr - below) / HF_SIM_UBR_MONTH : 0;
}

static void
say_memory(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "%lld", (long long)memory_left(a));
}

static void
say_committed(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "%lld",
                  (long long)(MEMORY_TOTAL - memory_left(a) +
                              hotpatches(a) * HOTPATCH_COMMITTED));
}

static void
say_modules(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "%lld",
                  (long long)(MEMORY_MODULES + hotpatches(a) * HOTPATCH_IMAGE));
}

static int
is_sick(const struct asked *a)
{
    return hf_sim_node_shows(a->n, HF_SIM_SICK, a->now);
}

static void
say_services(struct hf_buf *out, const struct asked *a)
{
    hf_buf_printf(out, "EventLog himds sshd TermService%s",
                  is_sick(a) ? "" : " W3SVC");
}

static void
say_service_events(struct hf_buf *out, const struct asked *a)
{
    hf_buf_puts(out, is_sick(a) ? "3" : "0");
}

static void
say_service_last(struct hf_buf *out, const struct asked *a)
{
    int64_t seconds = hf_sim_node_clock(a->n, a->n->patched) / 1000;

    if (is_sick(a))
        hf_buf_printf(out, "%lld",
                      (long long)seconds + (long long)a->n->arg * 60);
    else
        hf_buf_puts(out, "none");
}

/* ---- all of them ---- */

/* clang-format off */
static const struct row {
    const char *key, *source;
    const char *value; /* unless product or fault say otherwise; "": no such
                          fact; "?why": unknown */
    void (*say)(struct hf_buf *out, const struct asked *a);
} rows[] = {
    {"os.family", "powershell", "windows", NULL},
    {"os.edition", CURRENT " EditionID", "", NULL},
    {"os.build", CURRENT " CurrentBuildNumber", NULL, say_build},
    {"os.ubr", CURRENT " UBR", NULL, say_ubr},
    {"os.display", CURRENT " DisplayVersion", "", NULL},
    {"os.installation", CURRENT " InstallationType", "", NULL},
    {"os.name", OS, "", NULL},
    {"os.type", OS, "", NULL},
    {"os.sku", OS, "", NULL},
    {"boot.time", OS, NULL, say_boot_time},
    {"boot.id", OS, NULL, say_boot_id},
    {"memory.free", OS, NULL, say_memory},
    {"memory.total", OS, "17179869184", NULL},
    {"memory.committed", PERF, NULL, say_committed},
    {"memory.pool", PERF, "402653184", NULL},
    {"memory.modules", PERF, NULL, say_modules},
    {"clock", "DateTime.UtcNow", NULL, say_clock},
    {"machine.id", "HKLM:\\SOFTWARE\\Microsoft\\Cryptography MachineGuid",
     NULL, say_machine},
    {"arch", "Win32_Processor.Architecture", "x64", NULL},
    {"model", PC, "hotfleet simulated machine", NULL},
    {"join.domain", PC, "yes", NULL},
    {"ps.version", "$PSVersionTable", "5.1.26100.1", NULL},
    {"ps.language", "LanguageMode", "FullLanguage", NULL},
    {"login.user", "whoami", NULL, say_user},
    {"login.elevated", "whoami /groups", "yes", NULL},
    {"shell.default", "HKLM:\\SOFTWARE\\OpenSSH DefaultShell", "cmd.exe", NULL},
    {"space.bytes", "Win32_LogicalDisk of the system drive", "64424509440",
     NULL},
    {"vbs.status", GUARD, "2", NULL},
    {"vbs.services", GUARD, "1 2", NULL},
    {"vbs.available", GUARD, "1 2 3", NULL},
    {"vbs.policy", "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\DeviceGuard "
     "EnableVirtualizationBasedSecurity", "1", NULL},
    {"secureboot", "SecureBoot\\State UEFISecureBootEnabled", "yes", NULL},
    {"firmware", "Control PEFirmwareType", "uefi", NULL},
    {"enrol.package", "DynamicInstalled\\Hotpatch.amd64 Version", "none", NULL},
    {"enrol.tablesize", MEMORY " HotPatchTableSize", "4096", NULL},
    {"enrol.licence", "Features\\Hotpatch Subscription (a hint)", "1", NULL},
    {"enrol.environment",
     "Windows\\Hotpatch\\Environment AllowRebootlessUpdates (a hint)", "none",
     NULL},
    {"enrol.policy", "PolicyManager Update AllowRebootlessUpdates", "none",
     NULL},
    {"enrol.mutex",
     "CurrentVersion\\Subscriptions DeviceLicensingServiceCommandMutex", "no",
     NULL},
    {"chpe", MEMORY " HotPatchRestrictions", "none", NULL},
    {"join.mdm", "HKLM:\\SOFTWARE\\Microsoft\\Enrollments", "none", NULL},
    {"arc.service", "service himds", "running auto", NULL},
    {"arc.status", AZCM, "connected", NULL},
    {"arc.heartbeat", AZCM, NULL, say_heartbeat},
    {"arc.resource", AZCM, NULL, say_resource},
    {"monitor.service", "service hpatchmon", "stopped manual", NULL},
    {"monitor.task", "task \\Microsoft\\Windows\\Hotpatch\\Monitoring",
     "enabled", NULL},
    {"updates", "Win32_QuickFixEngineering", NULL, say_updates},
    {"history", AGENT "QueryHistory", NULL, say_history},
    {"offered", AGENT "Search, of its last scan", NULL, say_offered},
    {"offered.how", AGENT "Search, of its last scan", NULL, say_offers},
    {"restart.pending", "registry", NULL, say_pending},
    {"restart.reason", "registry", NULL, say_pending_reason},
    {"restart.noisy", "registry", "none", NULL},
    {"servicing", "Component Based Servicing\\Interface ServicingInProgress",
     NULL, say_servicing},
    {"others", "policy", "none", NULL},
    {"others.mdm", "policy", "", NULL},
    {"events.crash", "log Application, Application Error", "0", NULL},
    {"events.crash.last", "log Application, Application Error", "none", NULL},
    {"events.hang", "log Application, Application Hang", "0", NULL},
    {"events.hang.last", "log Application, Application Hang", "none", NULL},
    {"events.service", "log System, Service Control Manager", NULL,
     say_service_events},
    {"events.service.last", "log System, Service Control Manager", NULL,
     say_service_last},
    {"events.bugcheck", "log System, WER-SystemErrorReporting", "0", NULL},
    {"events.bugcheck.last", "log System, WER-SystemErrorReporting", "none", NULL},
    {"events.power", "log System, Kernel-Power", "0", NULL},
    {"events.power.last", "log System, Kernel-Power", "none", NULL},
    {"events.update", "log System, WindowsUpdateClient", "0", NULL},
    {"events.update.last", "log System, WindowsUpdateClient", "none", NULL},
    {"events.servicing", "log Setup, Servicing", "0", NULL},
    {"events.servicing.last", "log Setup, Servicing", "none", NULL},
    {"events.hotpatch", "log Application, hotpatch", "0", NULL},
    {"events.hotpatch.last", "log Application, hotpatch", "none", NULL},
    {"services.auto", "Win32_Service", NULL, say_services},
    {"services", "Win32_Service", NULL, say_services},
    {"ports", "MSFT_NetTCPConnection", "22 135 443 445 3389", NULL},
    {"software", "Uninstall keys", "none", NULL},
    {"drivers", "Win32_PnPSignedDriver", "none", NULL},
};
/* clang-format on */

static const char *
find_value(const struct hf_sim_value *v, size_t len, const char *key)
{
    for (size_t i = 0; i < len && v[i].key; i++) {
        if (strcmp(v[i].key, key) == 0)
            return v[i].value;
    }
    return NULL;
}

/* Said by the fault, else by the product. */
static const char *
said_otherwise(const struct hf_sim_node *n, const char *key)
{
    const struct hf_sim_fault_row *fault = &hf_sim_faults[n->fault];
    const struct hf_sim_product *p = n->windows->product;
    const char *value = find_value(fault->facts, HF_COUNT(fault->facts), key);

    return value ? value : find_value(p->facts, HF_COUNT(p->facts), key);
}

static void
put(struct hf_sim_reply *r, const char *key, const char *value,
    const char *source)
{
    if (value[0] == '?')
        hf_sim_reply_unknown(r, key, value + 1, source);
    else if (value[0])
        hf_sim_reply_set(r, key, value, source);
}

static void
put_health(struct hf_sim_reply *r, const struct hf_sim_ask *ask, int sick)
{
    int64_t n = 0;

    (void)hf_parse_int(&n, hf_sim_ask_get(ask, "HEALTH"), 0, 100);
    for (int i = 1; i <= n; i++) {
        struct hf_buf key = {0};
        char name[40];
        const char *text;

        (void)snprintf(name, sizeof(name), "HEALTH_%d_KEY", i);
        text = hf_sim_ask_get(ask, name);
        (void)snprintf(name, sizeof(name), "HEALTH_%d_UNIT", i);
        hf_buf_puts(&key, "health.");
        if (hf_percent_decode(&key, text, strlen(text)) == 0)
            hf_sim_reply_set(r, hf_buf_str(&key), sick ? "no" : "yes",
                             hf_sim_ask_get(ask, name)[0]
                                 ? "Win32_Service"
                                 : "MSFT_NetTCPConnection");
        hf_buf_release(&key);
    }
}

int
hf_sim_probe_windows(struct hf_sim_node *n, struct hf_sim_reply *r,
                     const struct hf_sim_ask *ask,
                     const struct hf_sim_caller *who, int64_t now)
{
    struct asked asked = {.n = n, .ask = ask, .who = who, .now = now};
    struct hf_buf text = {0};

    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const char *value = said_otherwise(n, rows[i].key);

        hf_buf_clear(&text);
        if (!value && rows[i].say)
            rows[i].say(&text, &asked);
        else
            hf_buf_puts(&text, value ? value : rows[i].value);
        put(r, rows[i].key, hf_buf_str(&text), rows[i].source);
    }
    put_health(r, ask, is_sick(&asked));
    hf_sim_restart_put(r, n);
    hf_sim_job_put(r, n, n->job, now);
    hf_buf_release(&text);
    return 0;
}
