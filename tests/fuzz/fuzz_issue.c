/* A rule about a known issue that is accepted has a condition, a source and
 * an end: without facts nothing is known, after its end it concerns nobody. */
#include "backend/model/known_issue.h"
#include "inventory/formats.h"
#include "tests/fuzz/decode.h"

static void
check_rule(const struct hf_issue *issue)
{
    struct hf_facts facts = {0};
    char why[HF_WHY_LEN];
    enum hf_issue_answer answer;

    PROMISE(issue->id && !hf_host_name_problem(issue->id));
    PROMISE(issue->title && issue->source && issue->until != 0);
    for (size_t i = 0; issue->products && issue->products[i]; i++)
        PROMISE(!hf_product_problem(issue->products[i]));
    answer = hf_issue_match(why, issue, &facts, NULL, issue->until);
    PROMISE(answer == HF_ISSUE_UNKNOWN && why[0]);
    hf_facts_set(&facts, "software", "A 1; B; C 2.0.0", "x", 1);
    hf_facts_set(&facts, "drivers", ";;  ; x ", "x", 1);
    hf_facts_set(&facts, "os.build", "26100", "x", 1);
    hf_facts_set(&facts, "os.ubr", "1", "x", 1);
    hf_facts_set(&facts, "kernel.release", "6.1.0-56-amd64", "x", 1);
    hf_facts_set(&facts, "model", "x", "x", 1);
    answer = hf_issue_match(why, issue, &facts, "ws2025", issue->until);
    PROMISE(answer <= HF_ISSUE_UNKNOWN && hf_utf8_valid(why, strlen(why)));
    answer = hf_issue_match(why, issue, &facts, "ws2025", issue->until + 1);
    PROMISE(answer == HF_ISSUE_NO);
    hf_facts_release(&facts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_arena *arena;
    struct hf_issue issue;

    if (size > 65536)
        return 0;
    arena = hf_arena_new();
    if (fuzz_decode(data, size, &hf_object_issue, &issue, arena))
        check_rule(&issue);
    hf_arena_free(arena);
    return 0;
}
