/*
 * What the strict scan accepts, cJSON parses, and printing it gives a text
 * that is accepted again and means the same. What it refuses is refused with
 * a place inside the text. Locating never reads beyond the text. A view agrees
 * with the parser about all of it.
 */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/view.h"

static void
check_round_trip(const cJSON *doc)
{
    char *printed = hf_json_print_pretty(doc), *again;
    struct hf_err err = HF_ERR_INIT;
    cJSON *back;

    PROMISE(hf_utf8_valid(printed, strlen(printed)));
    PROMISE(hf_json_parse(&back, printed, strlen(printed), &err) == HF_OK);
    again = hf_json_print_pretty(back);
    PROMISE(strcmp(printed, again) == 0);
    free(again);
    free(printed);
    cJSON_Delete(back);
}

static void
check_problems(const struct hf_problems *problems)
{
    size_t line = 0;

    for (size_t i = 0; i < problems->len; i++) {
        const struct hf_problem *p = &problems->v[i];
        struct hf_buf text = {0};

        PROMISE(p->line >= line);
        PROMISE(p->line == 0 || p->column > 0);
        line = p->line;
        hf_problem_format(&text, p);
        PROMISE(hf_utf8_valid(text.data, text.len));
        PROMISE(!strpbrk(text.data, "\n\r\t\x1b"));
        hf_buf_release(&text);
    }
}

/* Every top-level member is found where its path says. */
static void
check_places(const char *text, size_t len, const cJSON *doc)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, doc)
    {
        struct hf_buf path = {0};
        size_t line = 0, column = 0;

        if (!member->string)
            return;
        hf_buf_puts(&path, "$");
        hf_json_path_key(&path, member->string);
        PROMISE(hf_json_locate(text, len, path.data, 0, &line, &column) ==
                HF_OK);
        PROMISE(line > 0 && column > 0);
        hf_buf_release(&path);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    size_t line, column;
    cJSON *doc;
    int rc;

    if (size > 65536)
        return 0;
    PROMISE(view_agrees(text, size));
    rc = hf_json_scan(text, size, HF_JSON_MAX_DEPTH, "f", &problems);
    PROMISE((rc == HF_OK) == (problems.len == 0));
    check_problems(&problems);
    PROMISE(hf_json_parse(&doc, text, size, &err) == rc);
    if (doc) {
        check_round_trip(doc);
        check_places(text, size, doc);
    }
    hf_json_locate(text, size, "$.a[0].b", 1, &line, &column);
    hf_problems_release(&problems);
    cJSON_Delete(doc);
    return 0;
}
