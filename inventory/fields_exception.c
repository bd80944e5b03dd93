/* The keys of exceptions/<id>.json. */
#include "backend/model/exception.h"
#include "inventory/documents.h"

/* clang-format off */
#define AT(member) offsetof(struct hf_exception, member)
static const struct hf_field exception_fields[] = {
    {.key = "id", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(id), .max = 100, .problem = hf_host_name_problem,
     .help = "What reports call it; as its file, without .json"},
    {.key = "owner", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(owner), .max = 200, .help = "Who answers for it"},
    {.key = "ticket", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(ticket), .max = 200, .help = "Where it was agreed"},
    {.key = "reason", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(reason), .max = 500,
     .help = "Why the hosts cannot be patched"},
    {.key = "control", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(control), .max = 1000,
     .help = "Compensating control: what protects them meanwhile"},
    {.key = "for", .type = HF_FIELD_OBJECT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(scope), .of = &hf_object_scope,
     .help = "Which hosts: what all given keys agree on"},
    {.key = "until", .type = HF_FIELD_DATE,
     .flags = HF_FIELD_REQUIRED | HF_FIELD_UNTIL, .offset = AT(until),
     .help = "It ends with this day, by itself"},
    {.key = "by", .type = HF_FIELD_TEXT, .offset = AT(by), .max = 200,
     .help = "Who wrote it"},
    {.key = "since", .type = HF_FIELD_DATE, .offset = AT(since),
     .help = "When it was written"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(note), .max = 4096, .help = "For people"},
    {0},
};
#undef AT
/* clang-format on */

/* Excusing all hosts by leaving something out would be too easy. */
static const char *
exception_problem(const void *object)
{
    const struct hf_scope *scope =
        &((const struct hf_exception *)object)->scope;

    if (!scope->rings && !scope->sites && !scope->hosts && !scope->select)
        return "wants hosts, rings, sites or select in 'for'";
    return NULL;
}

const struct hf_object hf_object_exception = {
    .name = "exception",
    .help = "Hosts that are excused from patching, and until when",
    .fields = exception_fields,
    .size = sizeof(struct hf_exception),
    .problem = exception_problem,
};
