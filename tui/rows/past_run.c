/* A run of the past as lines; see past_run.h. */
#include "tui/rows/past_run.h"

#include <stdio.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/words.h"

static void
counts_text(struct hf_line *l, const cJSON *end, const struct hf_look *look)
{
    const cJSON *counts = hf_json_get(end, "counts");
    int64_t open = hf_json_int(end, "open", 0);

    for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
        const struct hf_word *w = &hf_outcome_words[i];
        int64_t n = hf_json_int(counts, hf_outcome_names[i], 0);

        if (n > 0)
            hf_line_add(l, w->tone, "%s %lld %s  ",
                        hf_word_symbol(w, look->ascii), (long long)n,
                        hf_outcome_names[i]);
    }
    if (open > 0)
        hf_line_add(l, HF_TONE_WARN, "%lld open", (long long)open);
}

static void
who_text(struct hf_buf *out, const cJSON *doc)
{
    static const char *const keys[] = {"change", "reason", "selector"};
    const char *by = hf_json_str(doc, "operator");

    hf_buf_puts(out, by && *by ? by : "-");
    for (size_t i = 0; i < HF_COUNT(keys); i++) {
        const char *text = hf_json_str(doc, keys[i]);

        if (text && *text)
            hf_buf_printf(out, "; %s %s", keys[i], text);
    }
}

void
hf_past_run_rows(struct hf_doc *d, const char *run, const cJSON *doc,
                 const cJSON *end, const struct hf_look *look)
{
    const char *action = hf_json_str(doc, "action");
    const char *started = hf_json_str(doc, "at");
    int n = cJSON_GetArraySize(hf_json_get(doc, "hosts"));
    struct hf_line *l = &hf_doc_add(d)->line;
    struct hf_buf who = {0};
    char moment[HF_MOMENT_LEN];
    int64_t at = 0;

    if (started)
        (void)hf_time_parse(&at, started);
    hf_line_add(l, HF_TONE_PLAIN, "  %s  ", hf_moment(moment, at, look));
    hf_line_add(l, HF_TONE_STRONG, "%-8s ", action ? action : "-");
    hf_line_add(l, HF_TONE_PLAIN, "%d host%s  ", n, hf_plural((size_t)n));
    hf_line_add(l, HF_TONE_DIM, "%s", run);
    l = &hf_doc_add(d)->line;
    hf_line_add(l, HF_TONE_PLAIN, "      ");
    if (end)
        counts_text(l, end, look);
    else
        hf_line_add(l, HF_TONE_WARN, "not ended");
    who_text(&who, doc);
    hf_doc_text(d, "      by ", HF_TONE_DIM, hf_buf_str(&who), look->cols);
    hf_buf_release(&who);
}
