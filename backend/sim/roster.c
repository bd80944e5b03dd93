/* Who the hosts of the ready-made fleet are: names, rings, sites, and what
 * ails a few of them. */
#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/sim/fleet.h"
#include "backend/sim/kernel.h"

#define CANARY 6
#define PILOT 12
/* In a larger fleet every so manieth host is unwell, too. */
#define UNWELL_EVERY 50

/* clang-format off */
static const struct role {
    const char *name, *owner;
    const char *clusters[2];
    const char *product; /* Windows */
} roles[] = {
    {"web", "shop", {NULL}},
    {"app", "shop", {NULL}},
    {"web", "shop", {NULL}},
    {"db", "data", {"sql-a", "sql-b"}},
    {"build", "platform", {NULL}},
    {"cache", "shop", {"cache-a", "cache-b"}},
    {"app", "shop", {NULL}},
}, windows_roles[] = {
    {"iis", "shop", {NULL}, "ws2025"},
    {"desk", "office", {NULL}, "w11-24h2"},
    {"mssql", "data", {"mssql-a", "mssql-b"}, "ws2025"},
    {"file", "office", {"file-a", "file-b"}, "ws2022-azure"},
    {"desk", "office", {NULL}, "w11-25h2"},
    {"term", "office", {NULL}, "ws2025"},
    {"desk", "office", {NULL}, "w11-24h2"},
};
static const char *const sites[] = {"ber", "dub", "fra"};

/* The canaries are well but for a slow one. */
static const struct ailment { size_t host; enum hf_sim_fault fault; }
ailments[] = {
    {4, HF_SIM_SLOW},
    {9, HF_SIM_DROP},
    {14, HF_SIM_RESTART_DUE},
    {20, HF_SIM_STUCK},
    {22, HF_SIM_LOAD_REFUSED},
    {24, HF_SIM_NO_LOGIN},
    {25, HF_SIM_LOCKDOWN},
    {27, HF_SIM_OLD_KERNEL},
    {28, HF_SIM_NO_SUDO},
    {30, HF_SIM_DOWN},
    {31, HF_SIM_CHANGED_KEY},
    {33, HF_SIM_POISON},
    {34, HF_SIM_CRASH},
    {35, HF_SIM_LIE},
    {37, HF_SIM_NO_DISK},
    {38, HF_SIM_SILENT},
}, windows_ailments[] = {
    {9, HF_SIM_DROP},
    {14, HF_SIM_RESULT_LOCKED},
    {19, HF_SIM_VBS_OFF},
    {21, HF_SIM_EDITION},
    {23, HF_SIM_NOT_ENROLLED},
    {25, HF_SIM_ARC_LOST},
    {26, HF_SIM_FALLBACK},
    {28, HF_SIM_OLD_BASELINE},
    {30, HF_SIM_OFF_TRACK},
    {32, HF_SIM_POLICY_OFF},
    {34, HF_SIM_AGENT_DENIES},
    {36, HF_SIM_CHPE},
    {39, HF_SIM_LIE},
    {42, HF_SIM_RESTART_MID},
    {44, HF_SIM_NO_DISK},
    {47, HF_SIM_CONSTRAINED},
    {50, HF_SIM_MONITOR_OFF},
    {53, HF_SIM_JOB_DIES},
    {57, HF_SIM_DOWN},
    {60, HF_SIM_RESTART_DUE},
    {64, HF_SIM_VBS_IDLE},
};
/* clang-format on */

/* The `nth` of the faults that such hosts can have, round and round. */
static enum hf_sim_fault
nth_fault(unsigned on, size_t nth)
{
    int i = HF_SIM_WELL;

    for (nth++; nth; nth -= (hf_sim_faults[i].on & on) != 0) {
        if (++i == HF_SIM_FAULT_COUNT)
            i = HF_SIM_WELL + 1;
    }
    return (enum hf_sim_fault)i;
}

static enum hf_sim_fault
fault_of(size_t host, unsigned on)
{
    const struct ailment *v =
        on == HF_SIM_ON_LINUX ? ailments : windows_ailments;
    size_t i, len = on == HF_SIM_ON_LINUX ? HF_COUNT(ailments)
                                          : HF_COUNT(windows_ailments);

    for (i = 0; i < len; i++) {
        if (v[i].host == host)
            return v[i].fault;
    }
    if (host < 2 * UNWELL_EVERY || host % UNWELL_EVERY)
        return HF_SIM_WELL;
    return nth_fault(on, host / UNWELL_EVERY);
}

/* Half of the fleet lacks the newest patch, a tenth has none at all; those
 * whose fault shows when they are patched lack it. */
static int
behind(size_t host, enum hf_sim_fault fault)
{
    if (host % 10 == 7)
        return 2;
    return fault != HF_SIM_WELL || host % 5 < 3;
}

static size_t
number_within_role(size_t host)
{
    const char *name = roles[host % HF_COUNT(roles)].name;
    size_t i, per_round = 0, before = 0;

    for (i = 0; i < HF_COUNT(roles); i++) {
        if (strcmp(roles[i].name, name) != 0)
            continue;
        per_round++;
        before += i < host % HF_COUNT(roles);
    }
    return host / HF_COUNT(roles) * per_round + before + 1;
}

/* `i` counts the hosts of its kind. */
static void
enlist(struct hf_sim_member *m, size_t i, const struct role *role)
{
    m->role = role->name;
    m->owner = role->owner;
    m->cluster = role->clusters[i / HF_COUNT(roles) % 2];
    m->site = sites[i % HF_COUNT(sites)];
    m->ring = i < CANARY ? "canary" : i < CANARY + PILOT ? "pilot" : "broad";
}

static const struct role *
linux_role(size_t i)
{
    return &roles[i % HF_COUNT(roles)];
}

/* The next role whose product can have the fault. */
static const struct role *
windows_role(size_t i, enum hf_sim_fault fault)
{
    const char *product = hf_sim_faults[fault].product;
    const struct role *role = &windows_roles[i % HF_COUNT(windows_roles)];

    while (product && strcmp(role->product, product) != 0)
        role = &windows_roles[++i % HF_COUNT(windows_roles)];
    return role;
}

static void
make_linux(struct hf_sim_host *h, size_t i)
{
    (void)snprintf(h->name, sizeof(h->name), "%s-%02zu", linux_role(i)->name,
                   number_within_role(i));
    (void)snprintf(h->kernel, sizeof(h->kernel), "%s",
                   hf_sim_kernels[i % 4 ? i % 4 - 1 : 0].release);
}

static void
make_windows(struct hf_sim_host *h, size_t i)
{
    const struct role *role = windows_role(i, h->fault);

    (void)snprintf(h->name, sizeof(h->name), "%s-%03zu", role->name, i + 1);
    (void)snprintf(h->product, sizeof(h->product), "%s", role->product);
}

/* The `nth` host of its kind. */
static void
make(struct hf_sim_host *h, size_t nth, unsigned on, int all_well)
{
    h->fault = all_well ? HF_SIM_WELL : fault_of(nth, on);
    h->behind = behind(nth, h->fault);
    if (on == HF_SIM_ON_LINUX)
        make_linux(h, nth);
    else
        make_windows(h, nth);
}

static void
set_address(struct hf_sim_host *h, size_t i)
{
    if (!h->address[0])
        (void)snprintf(h->address, sizeof(h->address), "127.%u.%u.%u",
                       20 + (unsigned)(i / 50000) % 200,
                       (unsigned)(i / 250) % 200, 1 + (unsigned)(i % 250));
}

void
hf_sim_roster(struct hf_sim_host *hosts, struct hf_sim_member *members,
              size_t n, const struct hf_sim_options *o)
{
    size_t windows = 0, linux_ = 0, first = o->windows < n ? n - o->windows : 0;
    int all_well = o->all_well || o->faults_per_mille;

    for (size_t i = 0; i < n; i++) {
        struct hf_sim_host *h = &hosts[i];

        if (!o->hosts && i < first)
            make(h, i, HF_SIM_ON_LINUX, all_well);
        else if (!o->hosts)
            make(h, i - first, HF_SIM_ON_WINDOWS, all_well);
        if (h->product[0])
            enlist(&members[i], windows, windows_role(windows, h->fault));
        else
            enlist(&members[i], linux_, linux_role(linux_));
        *(h->product[0] ? &windows : &linux_) += 1;
        set_address(h, i);
    }
    if (!o->hosts)
        members[10].hold = "year end close"; /* a database of the pilot */
}
