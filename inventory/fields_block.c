/* The keys of blocks/<release>.json. */
#include "backend/model/block.h"
#include "inventory/documents.h"
#include "inventory/formats.h"

/* clang-format off */
#define AT(member) offsetof(struct hf_block, member)
static const struct hf_field block_fields[] = {
    {.key = "release", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(release), .max = 55, .problem = hf_release_name_problem,
     .pattern = HF_PATTERN_RELEASE_NAME,
     .help = "KB number, or name of the livepatch module"},
    {.key = "kernel", .type = HF_FIELD_TEXT, .offset = AT(kernel), .max = 64,
     .problem = hf_kernel_problem, .pattern = HF_PATTERN_KERNEL,
     .help = "Linux: blocked for this kernel only, as uname -r prints it"},
    {.key = "reason", .type = HF_FIELD_TEXT,
     .flags = HF_FIELD_REQUIRED | HF_FIELD_FREE, .offset = AT(reason),
     .max = 1000, .help = "Why; whoever asks reads it"},
    {.key = "by", .type = HF_FIELD_TEXT, .offset = AT(by), .max = 200,
     .help = "Who blocked it"},
    {.key = "since", .type = HF_FIELD_DATE, .offset = AT(since),
     .help = "When it was blocked"},
    {.key = "until", .type = HF_FIELD_DATE, .flags = HF_FIELD_UNTIL,
     .offset = AT(until),
     .help = "The block ends with this day; else somebody ends it"},
    {.key = "run", .type = HF_FIELD_TEXT, .offset = AT(run), .max = 40,
     .problem = hf_host_name_problem,
     .help = "The run after which it was blocked"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(note), .max = 4096, .help = "For people"},
    {0},
};
#undef AT
/* clang-format on */

static const char *
block_problem(const void *object)
{
    const struct hf_block *block = object;

    return block->kernel && hf_kb_problem(block->release) == NULL
               ? "wants 'kernel' for livepatch modules only"
               : NULL;
}

const struct hf_object hf_object_block = {
    .name = "block",
    .help = "A release that nothing may put on a host",
    .fields = block_fields,
    .size = sizeof(struct hf_block),
    .problem = block_problem,
};
