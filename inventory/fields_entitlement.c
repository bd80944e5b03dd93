/* The keys of entitlements/<source>.json. */
#include "backend/model/entitlement.h"
#include "inventory/documents.h"

/* clang-format off */
#define AT(member) offsetof(struct hf_entitlements, member)
static const struct hf_field entitlement_fields[] = {
    {.key = "source", .type = HF_FIELD_CHOICE, .flags = HF_FIELD_REQUIRED,
     .offset = AT(source), .names = hf_entitlement_sources,
     .help = "Whose export it is"},
    {.key = "taken", .type = HF_FIELD_DATE, .flags = HF_FIELD_REQUIRED,
     .offset = AT(taken), .help = "The day of the export"},
    {.key = "hosts", .type = HF_FIELD_PAIRS, .flags = HF_FIELD_INTERN,
     .offset = AT(hosts), .max = 1000000,
     .help = "What it says of each host, in its own words"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(note), .max = 4096, .help = "For people"},
    {0},
};
#undef AT
/* clang-format on */

const struct hf_object hf_object_entitlements = {
    .name = "entitlements",
    .help = "What an export says of hosts; written by hotfleet import",
    .fields = entitlement_fields,
    .size = sizeof(struct hf_entitlements),
};
