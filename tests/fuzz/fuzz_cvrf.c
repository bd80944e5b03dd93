/* Monthly documents of others: every row that comes out of one could stand in
 * a catalogue, and refusals are said in harmless words. */
#include <string.h>

#include "backend/base/text.h"
#include "inventory/cvrf.h"
#include "inventory/formats.h"
#include "tests/fuzz/fuzz.h"

static void
check_words(const struct hf_words *words,
            const char *(*problem)(const char *text))
{
    for (size_t i = 0; i < words->len; i++)
        PROMISE(!problem(words->v[i]));
    PROMISE(!words->v || !words->v[words->len]);
}

static void
check_row(const struct hf_cvrf_row *row)
{
    PROMISE(row->product && !hf_kb_problem(row->kb));
    PROMISE(!hf_build_problem(row->build));
    PROMISE(row->cves.len > 0);
    check_words(&row->cves, hf_cve_problem);
    check_words(&row->supersedes, hf_kb_problem);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_cvrf doc;
    int rc;

    if (size > 65536)
        return 0;
    rc = hf_cvrf_parse(&doc, "fuzz.json", (const char *)data, size, &problems,
                       &err);
    PROMISE((rc == HF_OK) == (doc.len > 0 && !err.code));
    PROMISE(hf_utf8_valid(err.text, strlen(err.text)));
    for (size_t i = 0; i < doc.len; i++)
        check_row(&doc.v[i]);
    for (size_t i = 0; i < doc.cves_len; i++)
        PROMISE(!hf_cve_problem(doc.cves[i].id) &&
                (!doc.cves[i].score || !hf_score_problem(doc.cves[i].score)));
    for (size_t i = 0; i < problems.len; i++)
        PROMISE(!strpbrk(problems.v[i].text, "\n\r\t\x1b"));
    hf_cvrf_release(&doc);
    hf_problems_release(&problems);
    return 0;
}
