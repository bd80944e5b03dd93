/* The keys of a host file. */
#include <string.h>

#include "inventory/documents.h"
#include "inventory/formats.h"

#define PATTERN_NAME "^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*$"

/* clang-format off */
const char *const hf_platform_names[] = {
    "auto", "windows", "kpatch", "suse", "canonical", "ksplice", "kernelcare",
    "amazon", "syscare", "livepatch", NULL,
};

#define AT(member) offsetof(struct hf_login, member)
static const struct hf_field login_fields[] = {
    {.key = "user", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(user), .problem = hf_user_problem,
     .help = "Account to log in with"},
    {.key = "identity", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(identity), .problem = hf_keyfile_problem,
     .pattern = HF_PATTERN_KEYFILE,
     .help = "Private key file on the machine that runs hotfleet; without it "
             "the agent is asked"},
    {0},
};
#undef AT

const struct hf_object hf_object_login = {
    .name = "login", .help = "An account and its key",
    .fields = login_fields, .size = sizeof(struct hf_login),
};

#define AT(member) offsetof(struct hf_access_doc, member)
static const struct hf_field access_fields[] = {
    {.key = "check", .type = HF_FIELD_OBJECT, .offset = AT(check),
     .of = &hf_object_login,
     .help = "For verbs that only read; never sees the other key"},
    {.key = "act", .type = HF_FIELD_OBJECT, .offset = AT(act),
     .of = &hf_object_login, .help = "For verbs that change the host"},
    {0},
};
#undef AT

const struct hf_object hf_object_access = {
    .name = "access", .help = "Separate accounts for reading and for acting",
    .fields = access_fields, .size = sizeof(struct hf_access_doc),
};

#define AT(member) offsetof(struct hf_hold_doc, member)
static const struct hf_field hold_fields[] = {
    {.key = "reason", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(reason), .max = 500, .help = "Why nothing may be changed"},
    {.key = "by", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(by), .help = "Who said so"},
    {.key = "since", .type = HF_FIELD_DATE, .offset = AT(since),
     .help = "Since when"},
    {0},
};
#undef AT

static const struct hf_object object_hold = {
    .name = "hold", .help = "Do not touch this host, and why",
    .fields = hold_fields, .size = sizeof(struct hf_hold_doc),
};

#define AT(member) offsetof(struct hf_health, member)
static const struct hf_field health_fields[] = {
    {.key = "name", .type = HF_FIELD_TEXT,
     .flags = HF_FIELD_REQUIRED | HF_FIELD_INTERN, .offset = AT(name),
     .max = 100, .help = "What the check is called in reports"},
    {.key = "unit", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(unit), .max = 255, .problem = hf_unit_problem,
     .pattern = HF_PATTERN_UNIT, .help = "systemd unit that must be active"},
    {.key = "port", .type = HF_FIELD_INT, .offset = AT(port), .min = 1,
     .max = 65535, .help = "TCP port that must be listening on the host"},
    {0},
};
#undef AT

static const char *
health_problem(const void *object)
{
    const struct hf_health *health = object;

    if (!health->unit == !health->port)
        return "wants exactly one of 'unit' and 'port'";
    return NULL;
}

static const struct hf_object object_health = {
    .name = "health", .help = "A check of the host's owner, after each patch",
    .fields = health_fields, .size = sizeof(struct hf_health),
    .problem = health_problem,
};

#define AT(member) offsetof(struct hf_host_doc, member)
static const struct hf_field host_fields[] = {
    {.key = "name", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(name), .problem = hf_host_name_problem,
     .pattern = PATTERN_NAME,
     .help = "Letters, digits, '.', '_' and '-'; unique in the fleet without "
             "regard to case"},
    {.key = "address", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(address), .problem = hf_address_problem,
     .help = "DNS name or numeric address"},
    {.key = "port", .type = HF_FIELD_INT, .offset = AT(port), .min = 1,
     .max = 65535, .help = "SSH port; 22 unless the fleet's defaults differ"},
    {.key = "user", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(login.user), .problem = hf_user_problem,
     .help = "Account to log in with"},
    {.key = "identity", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(login.identity), .problem = hf_keyfile_problem,
     .pattern = HF_PATTERN_KEYFILE,
     .help = "Private key file on the machine that runs hotfleet"},
    {.key = "access", .type = HF_FIELD_OBJECT, .offset = AT(access),
     .of = &hf_object_access,
     .help = "Separate accounts for reading and for acting"},
    {.key = "hostkey", .type = HF_FIELD_TEXT, .offset = AT(hostkey),
     .max = 4096, .problem = hf_hostkey_problem,
     .pattern = HF_PATTERN_HOSTKEY,
     .help = "The host's public key; hotfleet enroll writes it"},
    {.key = "platform", .type = HF_FIELD_CHOICE, .offset = AT(platform),
     .names = hf_platform_names,
     .help = "How the host is patched; auto asks the host"},
    {.key = "product", .type = HF_FIELD_CHOICE, .offset = AT(product),
     .names = hf_product_ids, .help = "Its product in the catalogue"},
    {.key = "ring", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(ring), .problem = hf_host_name_problem,
     .pattern = PATTERN_NAME, .help = "A ring that hotfleet.json lists"},
    {.key = "site", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(site), .max = 128, .help = "Where it stands"},
    {.key = "timezone", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(timezone), .max = 64, .problem = hf_timezone_problem,
     .pattern = HF_PATTERN_TIMEZONE, .help = "Such as Europe/Berlin"},
    {.key = "domains", .type = HF_FIELD_PAIRS, .flags = HF_FIELD_INTERN,
     .offset = AT(domains), .max = 64,
     .help = "What it fails together with, such as {\"cluster\": \"sql-a\"}"},
    {.key = "tags", .type = HF_FIELD_TEXTS, .flags = HF_FIELD_INTERN,
     .offset = AT(tags), .max = 256, .problem = hf_tag_problem,
     .pattern = HF_PATTERN_TAG, .help = "Words to select it by"},
    {.key = "attributes", .type = HF_FIELD_PAIRS, .flags = HF_FIELD_INTERN,
     .offset = AT(attributes), .max = 256,
     .help = "Anything else to select it by, such as {\"owner\": \"ops\"}"},
    {.key = "jump", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(jump), .max = 255, .problem = hf_jump_problem,
     .pattern = HF_PATTERN_JUMP, .help = "Host to connect through"},
    {.key = "hold", .type = HF_FIELD_OBJECT, .flags = HF_FIELD_SHORT,
     .offset = AT(hold), .of = &object_hold,
     .help = "Do not touch this host, and why"},
    {.key = "health", .type = HF_FIELD_LIST, .offset = AT(health), .max = 32,
     .of = &object_health, .help = "Checks that must pass after a patch"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(note), .max = 4096, .help = "For people"},
    {0},
};
#undef AT
/* clang-format on */

const struct hf_object hf_object_host = {
    .name = "host",
    .help = "One host of the fleet",
    .fields = host_fields,
    .size = sizeof(struct hf_host_doc),
};
