/*
 * A journal may be cut, poisoned or written by a newer program: what is
 * accepted as an event is the same event after writing it again, and its
 * facts, if they are any, are too.
 */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/model/event.h"
#include "backend/model/facts.h"
#include "tests/fuzz/fuzz.h"

static void
check_facts(const cJSON *doc)
{
    struct hf_facts facts = {0}, again = {0};
    struct hf_err err = HF_ERR_INIT;
    cJSON *copy;

    if (hf_facts_from_json(&facts, doc, &err) == HF_OK) {
        copy = hf_facts_to_json(&facts);
        PROMISE(hf_facts_from_json(&again, copy, &err) == HF_OK);
        PROMISE(hf_facts_differ(&facts, &again) == 0);
        cJSON_Delete(copy);
    }
    PROMISE(facts.len || !facts.v);
    hf_facts_release(&facts);
    hf_facts_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_event e, back;
    char *line, *again;

    if (size > 65536 || hf_event_parse(&e, (const char *)data, size, &err) < 0)
        return 0;
    line = hf_event_format(&e);
    PROMISE(!strchr(line, '\n'));
    PROMISE(hf_event_parse(&back, line, strlen(line), &err) == HF_OK);
    again = hf_event_format(&back);
    PROMISE(strcmp(line, again) == 0);
    check_facts(hf_json_get(e.data, "facts"));
    free(line);
    free(again);
    hf_event_release(&e);
    hf_event_release(&back);
    return 0;
}
