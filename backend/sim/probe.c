/* The facts of a simulated host, under the keys of docs/protocol.md and with
 * the sources that the real probe names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"

#define SYSFS "/sys/kernel/livepatch"
#define BLOCKERS_AT "/proc/*/task/*/patch_state"
#define DAY_S 86400
#define MODULES_SIZE 5242880 /* bytes of those that are no live patch */
#define PATCH_SIZE 24576     /* bytes of one that is */

static void
probe_system(struct hf_sim_reply *r, const struct hf_sim_node *n, int64_t now)
{
    const struct hf_sim_kernel *k = n->kernel ? n->kernel : &hf_sim_kernels[0];
    int64_t clock = hf_sim_node_clock(n, now) / 1000,
            up = (now - n->booted) / 1000;

    hf_sim_reply_set(r, "kernel.release", n->release,
                     "/proc/sys/kernel/osrelease");
    hf_sim_reply_set(r, "kernel.version", k->version,
                     "/proc/sys/kernel/version");
    hf_sim_reply_set(r, "arch", "x86_64", "uname -m");
    hf_sim_reply_set(r, "machine.id", n->machine_id, "/etc/machine-id");
    hf_sim_reply_set(r, "boot.id", n->boot_id,
                     "/proc/sys/kernel/random/boot_id");
    hf_sim_reply_int(r, "taint", n->taint, "/proc/sys/kernel/tainted");
    hf_sim_reply_int(r, "uptime", up, "/proc/uptime");
    hf_sim_reply_int(r, "clock", clock, "date");
    hf_sim_reply_int(r, "boot.time", n->boot_time, "/proc/stat");
    hf_sim_reply_set(r, "os.id", k->os_id, "/etc/os-release");
    hf_sim_reply_set(r, "os.version", k->os_version, "/etc/os-release");
    hf_sim_reply_set(r, "os.name", k->os_name, "/etc/os-release");
}

static void
probe_login(struct hf_sim_reply *r, const struct hf_sim_node *n,
            const struct hf_sim_caller *who)
{
    int is_root = strcmp(who->user, "root") == 0;
    int elevated = who->root || n->fault != HF_SIM_NO_SUDO;

    hf_sim_reply_set(r, "login.elevated", elevated ? "yes" : "no",
                     who->root ? "id -u" : "sudo -n /bin/sh -s");
    hf_sim_reply_int(r, "login.uid", is_root ? 0 : 1000, "id -u");
    hf_sim_reply_set(r, "login.user", who->user, "id -un");
}

static void
probe_kernel(struct hf_sim_reply *r, const struct hf_sim_node *n)
{
    int locked = n->fault == HF_SIM_LOCKDOWN;

    hf_sim_reply_set(r, "livepatch.supported", "yes", SYSFS);
    hf_sim_reply_set(r, "livepatch.config", "y", "/boot/config");
    hf_sim_reply_set(r, "lockdown", locked ? "integrity" : "none",
                     "/sys/kernel/security/lockdown");
    hf_sim_reply_set(r, "module.sig_enforce", locked ? "yes" : "no",
                     "/sys/module/module/parameters/sig_enforce");
    hf_sim_reply_set(r, "secureboot", locked ? "yes" : "no",
                     "/sys/firmware/efi");
}

/* A few hosts have a second hand in their patching. */
static void
probe_others(struct hf_sim_reply *r, const struct hf_sim_node *n)
{
    if (n->machine_id[0] != '7') {
        hf_sim_reply_set(r, "others", "none", "systemctl, known paths");
        return;
    }
    hf_sim_reply_set(r, "others", "unattended-upgrades",
                     "systemctl, known paths");
    hf_sim_reply_set(r, "others.unattended-upgrades",
                     "installs packages daily, kernels too", NULL);
}

static void
put_patch(struct hf_sim_reply *r, const struct hf_sim_node *n,
          const struct hf_sim_patch *p, const struct hf_sim_caller *who)
{
    char key[128];

#define PATCH_KEY(member) \
    (snprintf(key, sizeof(key), "patch.%s." member, p->name), key)
    hf_sim_reply_int(r, PATCH_KEY("enabled"), p->enabled, SYSFS);
    hf_sim_reply_int(r, PATCH_KEY("transition"), p->transition, SYSFS);
    if (strncmp(n->release, "6.12", 4) == 0) /* new in 6.11 */
        hf_sim_reply_int(r, PATCH_KEY("replace"), p->replace, SYSFS);
    hf_sim_reply_set(r, PATCH_KEY("taint"), "OEK", "/sys/module");
    hf_sim_reply_set(r, PATCH_KEY("objects"), "vmlinux:1", SYSFS);
    if (who->root)
        hf_sim_reply_set(r, PATCH_KEY("forced"), "no", "dmesg");
    else
        hf_sim_reply_unknown(r, PATCH_KEY("forced"), "needs elevation",
                             "dmesg");
    hf_sim_reply_set(r, PATCH_KEY("survives"), "none",
                     "kpatch.service, modules-load.d");
#undef PATCH_KEY
}

static void
add_word(struct hf_buf *b, const char *word)
{
    if (b->len)
        hf_buf_putc(b, ' ');
    hf_buf_puts(b, word);
}

static void
put_words(struct hf_sim_reply *r, const char *key, struct hf_buf *words,
          const char *source)
{
    hf_sim_reply_set(r, key, words->len ? hf_buf_str(words) : "none", source);
    hf_buf_release(words);
}

static void
put_transition(struct hf_sim_reply *r, const struct hf_sim_patch *moving,
               const struct hf_sim_caller *who)
{
    hf_sim_reply_set(r, "transition", moving ? moving->name : "none", SYSFS);
    if (!moving)
        hf_sim_reply_set(r, "transition.blockers", "none", SYSFS);
    else if (who->root)
        hf_sim_reply_set(r, "transition.blockers", HF_SIM_BLOCKERS,
                         BLOCKERS_AT);
    else
        hf_sim_reply_unknown(r, "transition.blockers", "needs elevation",
                             BLOCKERS_AT);
}

static void
probe_patches(struct hf_sim_reply *r, const struct hf_sim_node *n,
              const struct hf_sim_caller *who)
{
    const struct hf_sim_patch *moving = NULL;
    struct hf_buf effective = {0}, left = {0};
    size_t i;

    for (i = 0; i < n->loaded_len; i++) {
        const struct hf_sim_patch *p = &n->loaded[i];

        if (!p->enabled && !p->transition) {
            add_word(&left, p->name);
            continue;
        }
        put_patch(r, n, p, who);
        if (p->transition)
            moving = p;
        else
            add_word(&effective, p->name);
    }
    put_words(r, "patches", &effective, SYSFS);
    hf_sim_reply_set(r, "survive", "none", "kpatch.service, modules-load.d");
    put_transition(r, moving, who);
    put_words(r, "modules.leftover", &left, "/proc/modules");
}

static void
probe_restart(struct hf_sim_reply *r, const struct hf_sim_node *n, int64_t now)
{
    int due = n->fault == HF_SIM_RESTART_DUE && n->kernel && n->kernel->next;
    int asked = n->waits || hf_sim_node_shows(n, HF_SIM_RESTART_APPEARS, now);
    char why[160];

    hf_sim_reply_set(r, "restart.pending", due || asked ? "yes" : "no",
                     "/run/reboot-required");
    if (asked)
        hf_sim_reply_set(r, "restart.reason", "libc6",
                         "/run/reboot-required.pkgs");
    if (due) {
        (void)snprintf(why, sizeof(why), "kernel %s is installed",
                       n->kernel->next);
        hf_sim_reply_set(r, "restart.reason", why, "/run/reboot-required.pkgs");
        hf_sim_reply_int(r, "restart.since", n->boot_time + DAY_S,
                         "/run/reboot-required");
    }
    hf_sim_reply_set(r, "boot.next", due ? n->kernel->next : n->release,
                     "/boot");
}

static void
put_health(struct hf_sim_reply *r, const struct hf_sim_ask *ask, int i,
           int sick)
{
    char name[40], source[320], key[512];
    struct hf_buf decoded = {0};
    const char *unit, *text;

    (void)snprintf(name, sizeof(name), "HEALTH_%d_KEY", i);
    text = hf_sim_ask_get(ask, name);
    if (hf_percent_decode(&decoded, text, strlen(text)) == 0 && decoded.len) {
        (void)snprintf(key, sizeof(key), "health.%s", hf_buf_str(&decoded));
        (void)snprintf(name, sizeof(name), "HEALTH_%d_UNIT", i);
        unit = hf_sim_ask_get(ask, name);
        (void)snprintf(name, sizeof(name), "HEALTH_%d_PORT", i);
        if (unit[0])
            (void)snprintf(source, sizeof(source),
                           "systemctl is-active %.200s: %s", unit,
                           sick ? "failed" : "active");
        else
            (void)snprintf(source, sizeof(source), "port %.8s is %slistening",
                           hf_sim_ask_get(ask, name), sick ? "not " : "");
        hf_sim_reply_set(r, key, sick ? "no" : "yes", source);
    }
    hf_buf_release(&decoded);
}

/* Programs want a little more after each job, not on every host alike. */
static void
probe_memory(struct hf_sim_reply *r, const struct hf_sim_node *n)
{
    int64_t own = n->machine_id[1] % 7, modules = MODULES_SIZE;
    char key[128];

    hf_sim_reply_set(r, "memory.total", "8589934592", "/proc/meminfo");
    hf_sim_reply_set(r, "memory.free", "5368709120", "/proc/meminfo");
    hf_sim_reply_int(r, "memory.committed",
                     (INT64_C(2) << 30) + ((own * 100 + n->jobs * own) << 20),
                     "/proc/meminfo");
    for (size_t i = 0; i < n->loaded_len; i++) {
        (void)snprintf(key, sizeof(key), "memory.patch.%s", n->loaded[i].name);
        hf_sim_reply_int(r, key, PATCH_SIZE, "/proc/modules");
        modules += PATCH_SIZE;
    }
    hf_sim_reply_int(r, "memory.modules", modules, "/proc/modules");
    hf_sim_reply_int(r, "memory.patches", modules - MODULES_SIZE,
                     "/proc/modules");
}

static void
probe_health(struct hf_sim_reply *r, const struct hf_sim_node *n,
             const struct hf_sim_ask *ask, int64_t now)
{
    int sick = hf_sim_node_shows(n, HF_SIM_SICK, now);
    int64_t count = 0, i;

    hf_sim_reply_set(r, "units.failed", sick ? "nginx.service" : "none",
                     "systemctl --failed");
    hf_sim_reply_set(r, "ports", sick ? "22" : "22 443", "/proc/net/tcp");
    probe_memory(r, n);
    if (hf_parse_int(&count, hf_sim_ask_get(ask, "HEALTH"), 0, 100) < 0)
        return;
    for (i = 1; i <= count; i++)
        put_health(r, ask, (int)i, sick);
}

int
hf_sim_probe(struct hf_sim_node *n, struct hf_sim_reply *r,
             const struct hf_sim_ask *ask, const struct hf_sim_caller *who,
             int64_t now)
{
    probe_system(r, n, now);
    probe_login(r, n, who);
    probe_kernel(r, n);
    if (who->root) {
        hf_sim_reply_int(r, "klog.errors", 0, "dmesg");
        hf_sim_reply_set(r, "klog.last", "none", "dmesg");
    } else {
        hf_sim_reply_unknown(r, "klog.errors", "needs elevation", "dmesg");
        hf_sim_reply_unknown(r, "klog.last", "needs elevation", "dmesg");
    }
    probe_others(r, n);
    probe_patches(r, n, who);
    probe_restart(r, n, now);
    hf_sim_reply_int(r, "space.bytes",
                     n->fault == HF_SIM_NO_DISK ? 12288 : 8589934592,
                     "df /var");
    probe_health(r, n, ask, now);
    hf_sim_restart_put(r, n);
    hf_sim_job_put(r, n, n->job, now);
    return 0;
}
