/* Which product a host runs, and whether hotpatches are made for it. */
#include <string.h>

#include "backend/drivers/windows/windows.h"

/* clang-format off */
static const struct windows_edition servers[] = {
    {407, "Datacenter: Azure Edition", WINDOWS_TAKES, NULL},
    {408, "Datacenter: Azure Edition, Core", WINDOWS_TAKES, NULL},
    {406, "Azure Stack HCI host", WINDOWS_UNKNOWN,
     "a host of Azure Local: nothing says that it takes hotpatches"},
    {7, "Standard", WINDOWS_ARC, NULL},
    {13, "Standard, Core", WINDOWS_ARC, NULL},
    {8, "Datacenter", WINDOWS_ARC, NULL},
    {12, "Datacenter, Core", WINDOWS_ARC, NULL},
    {79, "Standard, evaluation", WINDOWS_MAYBE,
     "whether an evaluation takes hotpatches is unconfirmed"},
    {80, "Datacenter, evaluation", WINDOWS_MAYBE,
     "whether an evaluation takes hotpatches is unconfirmed"},
    {-1, NULL, WINDOWS_UNKNOWN, "nothing is known of this edition"},
};

static const struct windows_edition clients[] = {
    {4, "Enterprise", WINDOWS_TAKES, NULL},
    {27, "Enterprise N", WINDOWS_TAKES, NULL},
    {121, "Education", WINDOWS_TAKES, NULL},
    {122, "Education N", WINDOWS_TAKES, NULL},
    {175, "Enterprise multi-session", WINDOWS_TAKES, NULL},
    {125, "Enterprise LTSC", WINDOWS_MAYBE,
     "LTSC: possible, unproven; some hotpatches name LTSC 2024"},
    {126, "Enterprise N LTSC", WINDOWS_MAYBE,
     "LTSC: possible, unproven; some hotpatches name LTSC 2024"},
    {188, "IoT Enterprise", WINDOWS_MAYBE, "IoT: possible, unproven"},
    {191, "IoT Enterprise LTSC", WINDOWS_MAYBE, "IoT: possible, unproven"},
    {48, "Pro", WINDOWS_MAYBE,
     "Pro: possible with Microsoft 365 Business Premium, unproven"},
    {161, "Pro for Workstations", WINDOWS_MAYBE,
     "Pro: possible with Microsoft 365 Business Premium, unproven"},
    {101, "Home", WINDOWS_NEVER, "Home takes no hotpatches"},
    {100, "Home Single Language", WINDOWS_NEVER, "Home takes no hotpatches"},
    {-1, NULL, WINDOWS_UNKNOWN, "nothing is known of this edition"},
};

static const struct {
    const char *build;
    int client;
    const char *id, *title;
    int least, least_arm; /* revision, x64 and arm64; 0: none is known */
    enum windows_grade grade;
    const char *why;
} versions[] = {
    {"20348", 0, "ws2022-azure", "Windows Server 2022", 0, 0,
     WINDOWS_TAKES, NULL},
    {"26100", 0, "ws2025", "Windows Server 2025", 1742, 0,
     WINDOWS_TAKES, NULL},
    {"26100", 1, "w11-24h2", "Windows 11 24H2", 2033, 4929,
     WINDOWS_TAKES, NULL},
    {"26200", 1, "w11-25h2", "Windows 11 25H2", 0, 0,
     WINDOWS_TAKES, NULL},
    {"26300", 1, "w11-26h2", "Windows 11 26H2", 0, 0,
     WINDOWS_MAYBE, "26H2: no hotpatch calendar for it is known"},
};
/* clang-format on */

static const struct windows_edition *
find_edition(const struct hf_facts *facts, int client)
{
    const struct windows_edition *e = client ? clients : servers;
    int64_t sku;

    if (hf_facts_int(facts, "os.sku", &sku) < 0)
        return NULL;
    while (e->name && e->sku != sku)
        e++;
    return e;
}

/* Server 2022 takes hotpatches as Azure Edition only. */
static void
grade(struct windows_product *out, size_t version)
{
    const struct windows_edition *e = out->edition;

    out->grade = e ? e->grade : WINDOWS_UNKNOWN;
    out->why = e ? e->why : "the edition is not known";
    if (!e)
        return;
    if (strcmp(out->id, "ws2022-azure") == 0 && e->grade != WINDOWS_TAKES) {
        out->grade = WINDOWS_NEVER;
        out->why = "of Server 2022 only Datacenter: Azure Edition";
        out->id = NULL; /* its ordinary updates are the same */
    } else if (versions[version].grade > out->grade) {
        out->grade = versions[version].grade;
        out->why = versions[version].why;
    }
}

void
windows_product(struct windows_product *out, const struct hf_facts *facts)
{
    const char *build = hf_facts_get(facts, "os.build");
    const char *arch = hf_facts_get(facts, "arch");
    int64_t type;

    *out = (struct windows_product){.grade = WINDOWS_UNKNOWN};
    if (!build || hf_facts_int(facts, "os.type", &type) < 0) {
        out->why = "version or kind of the system is not known";
        return;
    }
    out->edition = find_edition(facts, type == 1);
    for (size_t i = 0; i < HF_COUNT(versions); i++) {
        if (strcmp(versions[i].build, build) != 0 ||
            versions[i].client != (type == 1))
            continue;
        out->id = out->line = versions[i].id;
        out->title = versions[i].title;
        out->least_ubr = arch && strcmp(arch, "arm64") == 0
                             ? versions[i].least_arm
                             : versions[i].least;
        grade(out, i);
        return;
    }
    out->grade = WINDOWS_NEVER;
    out->why = "no hotpatches are made for this version";
}

const char *
windows_product_of(const struct hf_facts *facts)
{
    struct windows_product product;

    windows_product(&product, facts);
    return product.id;
}
