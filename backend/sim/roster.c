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
} roles[] = {
    {"web", "shop", {NULL}},
    {"app", "shop", {NULL}},
    {"web", "shop", {NULL}},
    {"db", "data", {"sql-a", "sql-b"}},
    {"build", "platform", {NULL}},
    {"cache", "shop", {"cache-a", "cache-b"}},
    {"app", "shop", {NULL}},
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
};
/* clang-format on */

static enum hf_sim_fault
fault_of(size_t host)
{
    size_t i;

    for (i = 0; i < HF_COUNT(ailments); i++) {
        if (ailments[i].host == host)
            return ailments[i].fault;
    }
    if (host < 2 * UNWELL_EVERY || host % UNWELL_EVERY)
        return HF_SIM_WELL;
    return (enum hf_sim_fault)(1 +
                               host / UNWELL_EVERY % (HF_SIM_FAULT_COUNT - 1));
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

static void
fill(struct hf_sim_host *h, struct hf_sim_member *m, size_t i,
     enum hf_sim_fault fault)
{
    const struct role *role = &roles[i % HF_COUNT(roles)];

    m->role = role->name;
    m->owner = role->owner;
    m->cluster = role->clusters[i / HF_COUNT(roles) % 2];
    m->site = sites[i % HF_COUNT(sites)];
    m->ring = i < CANARY ? "canary" : i < CANARY + PILOT ? "pilot" : "broad";
    (void)snprintf(h->name, sizeof(h->name), "%s-%02zu", role->name,
                   number_within_role(i));
    (void)snprintf(h->address, sizeof(h->address), "127.%u.%u.%u",
                   20 + (unsigned)(i / 50000) % 200, (unsigned)(i / 250) % 200,
                   1 + (unsigned)(i % 250));
    h->fault = fault;
    (void)snprintf(h->kernel, sizeof(h->kernel), "%s",
                   hf_sim_kernels[i % 4 ? i % 4 - 1 : 0].release);
    h->behind = behind(i, h->fault);
}

void
hf_sim_roster(struct hf_sim_host *hosts, struct hf_sim_member *members,
              size_t n, int all_well)
{
    size_t i;

    for (i = 0; i < n; i++)
        fill(&hosts[i], &members[i], i, all_well ? HF_SIM_WELL : fault_of(i));
    members[10].hold = "year end close"; /* a database of the pilot */
}
