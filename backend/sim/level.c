/* The made-up calendar of simulated Windows hosts. */
#include "backend/sim/level.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"

#define DAY_MS 86400000
#define FIRST_YEAR 2026
/* The ordinary update lies above its hotpatch. */
#define UBR_ORDINARY 70
#define UBR_STRAY 8

/* clang-format off */
#define SERVER \
    {"os.installation", "Server"}, {"os.type", "3"}, {"enrol.policy", "none"}, \
    {"join.mdm", "none"}, {"others", "none"}, {"others.mdm", ""}
#define CLIENT \
    {"os.installation", "Client"}, {"os.type", "1"}, {"enrol.policy", "1"}, \
    {"os.edition", "Enterprise"}, {"os.sku", "4"}, \
    {"os.name", "Microsoft Windows 11 Enterprise"}, \
    {"enrol.package", "none"}, {"enrol.tablesize", "none"}, \
    {"join.mdm", "MS DM Server"}, {"others", "mdm"}, \
    {"others.mdm", "a management service sets the update policy"}
#define NO_ARC \
    {"arc.service", "none"}, {"arc.status", ""}, {"arc.heartbeat", ""}, \
    {"arc.resource", ""}, {"enrol.licence", "none"}

const struct hf_sim_product hf_sim_products[] = {
    {.id = "ws2025", .title = "Windows Server 2025", .build = "26100",
     .ubr = 33100, .ancient = 1591, .kb = 1, .kbs = "",
     .facts = {SERVER, {"os.display", "24H2"},
        {"os.edition", "ServerDatacenter"}, {"os.sku", "8"},
        {"os.name", "Microsoft Windows Server 2025 Datacenter"},
        {"enrol.package", "10.0.26100.1"}}},
    {.id = "ws2022-azure",
     .title = "Windows Server 2022 Datacenter: Azure Edition",
     .build = "20348", .ubr = 5500, .kb = 2, .kbs = "KB5003508",
     .facts = {SERVER, NO_ARC, {"os.display", "21H2"},
        {"os.edition", "ServerTurbine"}, {"os.sku", "407"},
        {"os.name", "Microsoft Windows Server 2022 Datacenter Azure Edition"},
        {"enrol.package", "10.0.20348.1129"}}},
    {.id = "w11-24h2", .title = "Windows 11 Enterprise 24H2",
     .build = "26100", .ubr = 9000, .ancient = 1742, .kb = 3, .kbs = "",
     .facts = {CLIENT, NO_ARC, {"os.display", "24H2"}}},
    {.id = "w11-25h2", .title = "Windows 11 Enterprise 25H2",
     .build = "26200", .ubr = 9500, .kb = 4, .kbs = "",
     .facts = {CLIENT, NO_ARC, {"os.display", "25H2"}}},
    {0},
};
/* clang-format on */

const struct hf_sim_product *
hf_sim_product_find(const char *id)
{
    for (const struct hf_sim_product *p = hf_sim_products; p->id; p++) {
        if (strcmp(p->id, id) == 0)
            return p;
    }
    return NULL;
}

/* Months count from the first year's January; a quarter begins with its
 * baseline. */
static void
month_text(char out[8], int month)
{
    (void)snprintf(out, 8, "%04d-%02d", (FIRST_YEAR + month / 12) % 10000,
                   month % 12 + 1);
}

/* The newest month of a hotpatch that is out. */
static int
newest_month(int64_t now)
{
    char text[HF_TIME_LEN];
    int year = FIRST_YEAR, number = 1, month;

    (void)hf_time_format(text, now);
    (void)sscanf(text, "%4d-%2d", &year, &number);
    month = (year - FIRST_YEAR) * 12 + number - 1;
    if (month < 5)
        month = 5;
    text[7] = '\0';
    if (hf_release_day(text, 0) > now)
        month--;
    return month % 3 ? month : month - 1;
}

static struct hf_sim_level *
add(struct hf_sim_line *out, const struct hf_sim_product *p, int month,
    enum hf_release_type type, int above)
{
    struct hf_sim_level *l = &out->v[out->len++];

    month_text(l->month, month);
    l->type = type;
    l->ubr = p->ubr + HF_SIM_UBR_MONTH * month + above;
    l->released =
        hf_release_day(l->month, 0) + (above == UBR_STRAY) * 9 * DAY_MS;
    (void)snprintf(l->kb, sizeof(l->kb), "KB9%d%d%03d%02d", p->kb, (int)type,
                   month / 12 % 1000, month % 12 + 1);
    return l;
}

void
hf_sim_line(struct hf_sim_line *out, const struct hf_sim_product *p,
            int64_t now)
{
    int newest = newest_month(now), base = newest - newest % 3;

    *out = (struct hf_sim_line){0};
    for (int month = base - 3; month <= newest; month++) {
        if (month % 3) {
            out->newest = out->len;
            (void)add(out, p, month, HF_RELEASE_HOTPATCH, 0);
            out->ordinary = out->len;
            (void)add(out, p, month, HF_RELEASE_UPDATE, UBR_ORDINARY);
            if (month < base)
                out->old = out->newest;
            continue;
        }
        out->base = out->len;
        (void)add(out, p, month, HF_RELEASE_BASELINE, 0);
        if (month < base)
            continue;
        out->stray = out->len;
        add(out, p, month, HF_RELEASE_OOB, UBR_STRAY)->line = HF_LINE_RESTART;
    }
}

static void
drop_oldest(struct hf_sim_line *line)
{
    size_t *const places[] = {&line->old, &line->base, &line->stray,
                              &line->newest, &line->ordinary};

    line->len--;
    memmove(line->v, line->v + 1, line->len * sizeof(*line->v));
    for (size_t i = 0; i < HF_COUNT(places); i++)
        *places[i] -= *places[i] > 0;
}

void
hf_sim_line_add(struct hf_sim_line *line, const struct hf_release *r)
{
    const char *dot = r->build ? strchr(r->build, '.') : NULL;
    struct hf_sim_level l = {.type = r->type,
                             .line = hf_release_line(r),
                             .ubr = dot ? atoi(dot + 1) : 0,
                             .released = r->released};

    if (line->len == HF_SIM_LEVELS)
        drop_oldest(line);
    (void)snprintf(l.kb, sizeof(l.kb), "%.11s", r->kb ? r->kb : "");
    (void)snprintf(l.month, sizeof(l.month), "%.7s", r->month ? r->month : "");
    if (r->type == HF_RELEASE_BASELINE ||
        r->type == HF_RELEASE_UNPLANNED_BASELINE) {
        line->old = line->newest;
        line->base = line->newest = line->len;
    } else if (l.line == HF_LINE_RESTART) {
        *(r->type == HF_RELEASE_UPDATE ? &line->ordinary : &line->stray) =
            line->len;
    } else {
        line->newest = line->len;
    }
    line->v[line->len++] = l;
}

const struct hf_sim_level *
hf_sim_line_kb(const struct hf_sim_line *line, const char *kb)
{
    for (size_t i = 0; i < line->len; i++) {
        if (strcmp(line->v[i].kb, kb) == 0)
            return &line->v[i];
    }
    return NULL;
}
