/* A calendar that is accepted answers for every host at every time, in finite
 * time and without contradicting itself. */
#include <stdlib.h>

#include "backend/base/civil.h"
#include "backend/model/calendar_text.h"
#include "inventory/rules.h"
#include "tests/fuzz/decode.h"

#define NOW 1795397025000 /* 2026-11-23 */

static void
check_host(const struct hf_calendar *cal, const struct hf_host *host, int64_t t)
{
    struct hf_period freeze, window;
    int frozen = hf_calendar_freeze(cal, host, t, &freeze);
    char why[HF_WHY_LEN];

    PROMISE(!frozen || (freeze.from <= t && t < freeze.to));
    PROMISE(frozen || freeze.from > t);
    for (int kind = HF_RULE_CHANGE; kind <= HF_RULE_RESTART; kind++) {
        enum hf_opening open =
            hf_calendar_window(cal, host, (enum hf_rule_kind)kind, t, &window);

        PROMISE(open != HF_OPEN_NOW || !frozen);
        PROMISE(open != HF_OPEN_NOW || (window.from <= t && t < window.to));
        PROMISE(open != HF_OPEN_LATER ||
                (window.from > t && window.from < window.to));
        PROMISE(hf_calendar_admits(cal, host, (enum hf_rule_kind)kind, t,
                                   why) == (open == HF_OPEN_NOW));
        PROMISE((open == HF_OPEN_NOW) == (why[0] == '\0'));
    }
}

static void
check_periods(const struct hf_calendar *cal, const struct hf_host *host)
{
    struct hf_periods all = {0};

    hf_calendar_expand(cal, host, NOW, NOW + 400 * HF_DAY_MS, &all);
    for (size_t i = 0; i < all.len; i++) {
        PROMISE(all.v[i].from < all.v[i].to);
        PROMISE(i == 0 || all.v[i - 1].from <= all.v[i].from);
        PROMISE(all.v[i].to > NOW && all.v[i].from < NOW + 400 * HF_DAY_MS);
    }
    free(all.v);
}

static size_t
compile_list(struct hf_rule *rules, const struct hf_objects *list,
             struct hf_arena *arena)
{
    const struct hf_rule_doc *docs = list->v;
    struct hf_buf text = {0};

    for (size_t i = 0; i < list->len; i++) {
        hf_rule_compile(&rules[i], &docs[i], arena);
        rules[i].scope = (struct hf_scope){0};
        hf_rule_describe(&text, &rules[i]);
        PROMISE(hf_utf8_valid(text.data, text.len));
        hf_buf_clear(&text);
    }
    hf_buf_release(&text);
    return list->len;
}

/* On a clock that changes, in the middle of the night of the change. */
static void
check_calendar(const struct hf_calendar_doc *doc, struct hf_arena *arena)
{
    struct hf_host host = {.name = "a"};
    struct hf_fleet fleet = {.arena = arena, .hosts = &host, .hosts_len = 1};
    struct hf_rule *rules = hf_arena_alloc(
        arena, (doc->windows.len + doc->freezes.len + 1) * sizeof(*rules));
    struct hf_calendar cal = {.rules = rules};
    struct hf_err err = HF_ERR_INIT;

    PROMISE(hf_zone_load(&cal.utc, arena, "UTC", &err) == HF_OK);
    if (hf_zone_load(&cal.zone, arena, "Europe/Berlin", &err) < 0)
        cal.zone = NULL;
    cal.rules_len = compile_list(rules, &doc->windows, arena);
    cal.rules_len += compile_list(rules + cal.rules_len, &doc->freezes, arena);
    hf_calendar_hash(&cal);
    hf_calendar_prepare(&cal, &fleet, NOW);
    check_periods(&cal, &host);
    for (int64_t t = NOW; t < NOW + 400 * HF_DAY_MS; t += 37 * HF_DAY_MS / 4)
        check_host(&cal, &host, t);
    check_host(&cal, &host, NOW - 9000 * HF_DAY_MS);
    check_host(&cal, &host, NOW + 9000 * HF_DAY_MS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_calendar_doc doc;
    struct hf_arena *arena;

    if (size > 16384)
        return 0;
    arena = hf_arena_new();
    if (fuzz_decode(data, size, &hf_object_calendar, &doc, arena))
        check_calendar(&doc, arena);
    hf_arena_free(arena);
    return 0;
}
