/* The keys of known-issues/<id>.json. */
#include <string.h>

#include "backend/model/known_issue.h"
#include "inventory/documents.h"
#include "inventory/formats.h"

/* clang-format off */
#define AT(member) offsetof(struct hf_version_rule, member)
#define RANGE                                                                 \
    {.key = "from", .type = HF_FIELD_TEXT, .offset = AT(from), .max = 64,     \
     .help = "First version that is concerned"},                              \
    {.key = "below", .type = HF_FIELD_TEXT, .offset = AT(below), .max = 64,   \
     .help = "First version that is not concerned any more"}

static const struct hf_field named_fields[] = {
    {.key = "name", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(name), .max = 200,
     .help = "Its name without the version; * and ? match any characters"},
    RANGE,
    {0},
};

static const struct hf_field range_fields[] = {RANGE, {0}};
#undef AT

/* A range without ends would concern everything. */
static const char *
range_problem(const void *object)
{
    const struct hf_version_rule *rule = object;

    return rule->from || rule->below ? NULL : "wants 'from' or 'below'";
}

static const struct hf_object object_named = {
    .name = "named_versions", .help = "Something that is installed",
    .fields = named_fields, .size = sizeof(struct hf_version_rule),
};

static const struct hf_object object_range = {
    .name = "versions", .help = "A range of versions",
    .fields = range_fields, .size = sizeof(struct hf_version_rule),
    .problem = range_problem,
};

#define AT(member) offsetof(struct hf_issue, member)
static const struct hf_field issue_fields[] = {
    {.key = "id", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(id), .max = 100, .problem = hf_host_name_problem,
     .help = "What checks and reports call it; as its file, without .json"},
    {.key = "title", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(title), .max = 200, .help = "What goes wrong"},
    {.key = "effect", .type = HF_FIELD_ENUM, .flags = HF_FIELD_REQUIRED,
     .offset = AT(effect), .names = hf_issue_effect_names,
     .help = "block: the hosts are not patched; warn: it is said"},
    {.key = "products", .type = HF_FIELD_TEXTS, .flags = HF_FIELD_INTERN,
     .offset = AT(products), .max = 20, .problem = hf_product_problem,
     .help = "Only hosts that run one of these"},
    {.key = "software", .type = HF_FIELD_OBJECT, .offset = AT(software),
     .of = &object_named, .help = "Only hosts with this software"},
    {.key = "driver", .type = HF_FIELD_OBJECT, .offset = AT(driver),
     .of = &object_named, .help = "Only hosts with this driver"},
    {.key = "build", .type = HF_FIELD_OBJECT, .offset = AT(build),
     .of = &object_range,
     .help = "Windows: only these builds (26100.32230), of one line"},
    {.key = "kernel", .type = HF_FIELD_OBJECT, .offset = AT(kernel),
     .of = &object_range, .help = "Linux: only these kernel releases"},
    {.key = "model", .type = HF_FIELD_TEXT, .offset = AT(model), .max = 200,
     .help = "Only machines of this make and model; * and ? match any"},
    {.key = "facts", .type = HF_FIELD_PAIRS, .offset = AT(facts), .max = 20,
     .help = "Only hosts with these facts: key and value; * and ? match any"},
    {.key = "source", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(source), .max = 1000, .help = "Link to who says so"},
    {.key = "until", .type = HF_FIELD_DATE,
     .flags = HF_FIELD_REQUIRED | HF_FIELD_UNTIL, .offset = AT(until),
     .help = "The rule ends with this day"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(note), .max = 4096, .help = "For people"},
    {0},
};
#undef AT
/* clang-format on */

static int
is_ordered(const struct hf_version_rule *rule)
{
    return !rule->from || !rule->below ||
           hf_version_compare(rule->from, rule->below) < 0;
}

/* Two ends of one line; builds of two lines cannot be compared. */
static int
is_one_line(const struct hf_version_rule *build)
{
    size_t n = build->from ? strcspn(build->from, ".") : 0;

    return !build->from || !build->below ||
           (strcspn(build->below, ".") == n &&
            strncmp(build->from, build->below, n) == 0);
}

static const char *
issue_problem(const void *object)
{
    const struct hf_issue *issue = object;

    if (!issue->products && !issue->software.name && !issue->driver.name &&
        !issue->build.from && !issue->build.below && !issue->kernel.from &&
        !issue->kernel.below && !issue->model && !issue->facts.len)
        return "has no condition: it would concern every host";
    if (!is_ordered(&issue->software) || !is_ordered(&issue->driver) ||
        !is_ordered(&issue->build) || !is_ordered(&issue->kernel))
        return "wants 'from' to be a lower version than 'below'";
    if (!is_one_line(&issue->build))
        return "wants both ends of 'build' to be of one line";
    return NULL;
}

const struct hf_object hf_object_issue = {
    .name = "known_issue",
    .help = "What does not go together with a patch, and until when",
    .fields = issue_fields,
    .size = sizeof(struct hf_issue),
    .problem = issue_problem,
};
