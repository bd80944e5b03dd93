/* Who else patches or restarts this host? */
#include "backend/base/buf.h"
#include "backend/checks/check.h"
#include "backend/checks/read.h"

/* "name (what it does)" for each. */
static void
describe(struct hf_buf *out, const struct hf_strs *names,
         const struct hf_facts *facts)
{
    struct hf_buf key = {0};

    for (size_t i = 0; i < names->len; i++) {
        const char *detail;

        hf_buf_clear(&key);
        hf_buf_printf(&key, "others.%s", names->v[i]);
        detail = hf_facts_get(facts, hf_buf_str(&key));
        hf_buf_printf(out, "%s%s", i > 0 ? ", " : "", names->v[i]);
        if (detail)
            hf_buf_printf(out, " (%s)", detail);
    }
    hf_buf_release(&key);
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "nobody else installs or restarts";
    const char *text = hf_finding_need(out, in->facts, "others", expected);
    struct hf_strs names = {0};
    struct hf_buf found = {0};

    if (!text)
        return;
    hf_fact_words(&names, text);
    describe(&found, &names, in->facts);
    if (names.len == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "nobody");
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected, "%s",
                       hf_buf_str(&found));
    hf_buf_release(&found);
    hf_strs_release(&names);
}

const struct hf_check hf_check_others = {
    .name = "others",
    .title = "Others who patch this host",
    .help = "holds and freezes of this fleet do not bind them",
    .remedy = "decide who patches this host, and turn the others off",
    .who = "whoever owns the host",
    .spares = HF_SPARES_ALL,
    .run = run,
};
