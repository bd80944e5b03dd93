/*
 * What the selector parser accepts is spelled so that it is accepted again,
 * with the same spelling and the same answer. What it refuses is refused with
 * one harmless line.
 */
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/selector.h"
#include "tests/fuzz/fuzz.h"

#define NOW INT64_C(1795400000000)

static int
answer(const struct hf_selector *s)
{
    static const char *const tags[] = {"edge", "a b", NULL};
    static const struct hf_host host = {.name = "m\xc3\xbcnchen-03",
                                        .address = "10.0.0.1",
                                        .ring = "canary",
                                        .tags = tags};
    struct hf_state st;
    int matched;

    hf_state_init(&st, &host);
    st.status.flags = HF_FLAG_STALE;
    hf_facts_set(&hf_state_change(&st)->facts, "os.id", "debian", NULL,
                 NOW - 100000);
    matched = hf_selector_match(s, &st, NOW);
    hf_state_release(&st);
    return matched;
}

static void
check_round_trip(const struct hf_selector *s)
{
    struct hf_buf spelled = {0}, again = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *back = NULL;

    hf_selector_format(&spelled, s);
    PROMISE(hf_selector_parse(&back, hf_buf_str(&spelled), &err) == HF_OK);
    hf_selector_format(&again, back);
    PROMISE(strcmp(hf_buf_str(&spelled), hf_buf_str(&again)) == 0);
    PROMISE(answer(s) == answer(back));
    hf_selector_free(back);
    hf_buf_release(&spelled);
    hf_buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = hf_xstrndup((const char *)data, size);
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s = NULL;

    if (size > 4096)
        text[4096] = '\0';
    if (hf_selector_parse(&s, text, &err) == HF_OK) {
        check_round_trip(s);
    } else {
        PROMISE(s == NULL);
        PROMISE(*err.text && hf_utf8_valid(err.text, strlen(err.text)));
        PROMISE(!strpbrk(err.text, "\n\r\t\x1b"));
    }
    hf_selector_free(s);
    free(text);
    return 0;
}
