/* An exception that is accepted has an owner, a ticket, a reason, a control,
 * somebody whom it names, and an end after which it excuses nobody. */
#include "backend/model/exception.h"
#include "tests/fuzz/decode.h"

static void
check_exception(const struct hf_exception *e)
{
    char why[HF_WHY_LEN];

    PROMISE(e->id && !hf_host_name_problem(e->id));
    PROMISE(e->owner && e->ticket && e->reason && e->control && e->until != 0);
    PROMISE(e->scope.hosts || e->scope.rings || e->scope.sites ||
            e->scope.select);
    PROMISE(!hf_exception_is_over(e, e->until));
    PROMISE(hf_exception_is_over(e, e->until + 1));
    PROMISE(!hf_exception_ends_soon(e, e->until + 1));
    hf_exception_say(why, e);
    PROMISE(hf_utf8_valid(why, strlen(why)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_arena *arena;
    struct hf_exception e;

    if (size > 65536)
        return 0;
    arena = hf_arena_new();
    if (fuzz_decode(data, size, &hf_object_exception, &e, arena))
        check_exception(&e);
    hf_arena_free(arena);
    return 0;
}
