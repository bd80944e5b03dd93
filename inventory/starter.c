/* What a new fleet holds: settings and pages that explain themselves. */
#include "inventory/starter.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "inventory/documents.h"
#include "inventory/retext.h"

static void
write_settings(struct hf_buf *out, const char *fleet)
{
    char *name = hf_retext_quote(fleet);

    hf_buf_printf(
        out,
        "{\n"
        "  \"$schema\": \"schemas/hotfleet.schema.json\",\n"
        "  \"note\": \"Settings of the whole fleet. JSON has no comments, so "
        "every object may have a note like this one. README.md explains the "
        "files.\",\n"
        "  \"name\": %s,\n"
        "  \"defaults\": {\n"
        "    \"note\": \"For hosts that do not say otherwise; add user and "
        "identity (a key file), or leave the key to your ssh-agent.\",\n"
        "    \"port\": 22,\n"
        "    \"platform\": \"auto\"\n"
        "  },\n"
        "  \"rings\": [\n"
        "    {\n"
        "      \"name\": \"canary\",\n"
        "      \"note\": \"A few hosts that show trouble first. soak: how "
        "long to watch before the next ring.\",\n"
        "      \"soak\": \"24h\"\n"
        "    },\n"
        "    {\n"
        "      \"name\": \"early\",\n"
        "      \"soak\": \"48h\"\n"
        "    },\n"
        "    {\n"
        "      \"name\": \"broad\",\n"
        "      \"soak\": \"24h\"\n"
        "    }\n"
        "  ],\n"
        "  \"stale_after\": \"24h\",\n"
        "  \"parallel\": 10,\n"
        "  \"ledger\": {\n"
        "    \"note\": \"Branch that records what happened. Name a remote "
        "here when more than one person works on this fleet.\",\n"
        "    \"branch\": \"ledger\"\n"
        "  }\n"
        "}\n",
        name);
    free(name);
}

static const char readme[] =
    "# Fleet %s\n"
    "\n"
    "An inventory for hotfleet: an ordinary git repository. Edit, review "
    "and push it like\n"
    "any other; hotfleet reads what is committed on the checked-out "
    "branch.\n"
    "\n"
    "| file | what it is |\n"
    "| --- | --- |\n"
    "| `hotfleet.json` | settings, and the rings in the order of a "
    "rollout |\n"
    "| `hosts/**/*.json` | one file per host; folders are for people and "
    "mean nothing to the program |\n"
    "| `calendar.json` | when hosts may be changed and restarted, and "
    "when not; see below |\n"
    "| `exceptions/*.json` | hosts that are excused until a day: "
    "`hotfleet exception add` |\n"
    "| `playbooks/*.json` | rollouts of your own: `hotfleet playbook "
    "list` |\n"
    "| `blocks/`, `known-issues/`, `entitlements/` | what must not be "
    "applied, what does not go together, who may get hotpatches |\n"
    "| `catalogue/linux.json`, `patches/` | live patches and the modules "
    "themselves: `hotfleet catalogue add` |\n"
    "| `schemas/` | JSON Schemas, so that editors complete and check the "
    "files |\n"
    "| branch `ledger` | what happened: `git log ledger`, `hotfleet "
    "audit` |\n"
    "\n"
    "A host, as `hosts/canary/web-01.json`:\n"
    "\n"
    "```json\n"
    "{\n"
    "  \"$schema\": \"../../schemas/host.schema.json\",\n"
    "  \"name\": \"web-01\",\n"
    "  \"address\": \"192.0.2.10\",\n"
    "  \"user\": \"root\",\n"
    "  \"ring\": \"canary\",\n"
    "  \"tags\": [\"web\"]\n"
    "}\n"
    "```\n"
    "\n"
    "When hosts may be changed and restarted, as `calendar.json`. "
    "Without it changes may\n"
    "happen at any time, and nothing is restarted: a host that no restart "
    "window names\n"
    "never is. A freeze beats every window. Clocks are those of the rule, else "
    "the host, else its\n"
    "site, else UTC; `hotfleet schedule` shows what it comes to.\n"
    "\n"
    "```json\n"
    "{\n"
    "  \"$schema\": \"schemas/calendar.schema.json\",\n"
    "  \"zones\": {\"berlin\": \"Europe/Berlin\"},\n"
    "  \"windows\": [\n"
    "    {\"name\": \"patch night\", \"kind\": \"change\",\n"
    "     \"monthly\": \"second tuesday + 4 days\", "
    "\"at\": \"22:00\", \"length\": \"4h\"},\n"
    "    {\"name\": \"sunday\", \"kind\": \"restart\", "
    "\"for\": {\"rings\": [\"canary\"]},\n"
    "     \"weekly\": [\"sunday\"], \"at\": \"03:00\", "
    "\"length\": \"2h\"}\n"
    "  ],\n"
    "  \"freezes\": [\n"
    "    {\"name\": \"year end\", \"from\": \"2026-12-18\", "
    "\"to\": \"2027-01-06\"},\n"
    "    {\"name\": \"holidays\", \"ics\": "
    "\"calendars/holidays.ics\"}\n"
    "  ]\n"
    "}\n"
    "```\n"
    "\n"
    "First steps:\n"
    "\n"
    "```sh\n"
    "hotfleet import ansible inventory.json   # ansible-inventory --list\n"
    "hotfleet lint                            # what is wrong, and where\n"
    "hotfleet enroll ring:canary              # pin host keys\n"
    "hotfleet check                           # who is behind, who is not "
    "eligible\n"
    "hotfleet                                 # the console\n"
    "```\n"
    "\n"
    "No passwords in these files: keys, certificates or an agent.\n";

static void
write_readme(struct hf_buf *out, const char *fleet)
{
    hf_buf_printf(out, readme, fleet);
}

static void
write_attributes(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    hf_buf_puts(out, "*.json text eol=lf\npatches/*.ko binary\n");
}

static void
write_schema(struct hf_buf *out, const struct hf_object *object,
             const char *title)
{
    char *text = hf_schema_text(object, title);

    hf_buf_puts(out, text);
    free(text);
}

static void
write_fleet_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_fleet, HF_SCHEMA_FLEET);
}

static void
write_host_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_host, HF_SCHEMA_HOST);
}

static void
write_catalogue_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_catalogue, HF_SCHEMA_CATALOGUE);
}

static void
write_cves_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_cves, HF_SCHEMA_CVES);
}

static void
write_issue_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_issue, HF_SCHEMA_ISSUE);
}

static void
write_block_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_block, HF_SCHEMA_BLOCK);
}

static void
write_exception_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_exception, HF_SCHEMA_EXCEPTION);
}

static void
write_calendar_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_calendar, HF_SCHEMA_CALENDAR);
}

static void
write_entitlement_schema(struct hf_buf *out, const char *fleet)
{
    (void)fleet;
    write_schema(out, &hf_object_entitlements, HF_SCHEMA_ENTITLEMENTS);
}

/* clang-format off */
const struct hf_starter hf_starter[] = {
    {".gitattributes", write_attributes},
    {"README.md", write_readme},
    {"hotfleet.json", write_settings},
    {"schemas/block.schema.json", write_block_schema},
    {"schemas/calendar.schema.json", write_calendar_schema},
    {"schemas/catalogue.schema.json", write_catalogue_schema},
    {"schemas/cves.schema.json", write_cves_schema},
    {"schemas/entitlements.schema.json", write_entitlement_schema},
    {"schemas/exception.schema.json", write_exception_schema},
    {"schemas/host.schema.json", write_host_schema},
    {"schemas/hotfleet.schema.json", write_fleet_schema},
    {"schemas/known-issue.schema.json", write_issue_schema},
    {0},
};
/* clang-format on */
