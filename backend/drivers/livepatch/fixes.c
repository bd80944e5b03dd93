/* Of which live patches the fixes are in effect: those that are loaded, and
 * those that they took the place of. What no patch closes is not known here. */
#include "backend/base/text.h"
#include "backend/drivers/livepatch/livepatch.h"

static int
is_active(const struct livepatch_view *v, const struct hf_release *row)
{
    return row->patch && hf_strs_has(&v->active, row->patch);
}

static int
is_taken(const struct livepatch_view *v, const struct hf_release *rows,
         size_t len, size_t i)
{
    if (is_active(v, &rows[i]))
        return 1;
    for (size_t k = i + 1; k < len; k++) {
        if (is_active(v, &rows[k]) && hf_release_retires(&rows[k], &rows[i]))
            return 1;
    }
    return 0;
}

void
livepatch_fixes(struct hf_fixes *out, const struct hf_judge_in *in)
{
    const struct hf_release *rows;
    struct livepatch_view v;
    size_t len;

    livepatch_look(&v, in->facts, in->catalogue);
    hf_fixes_start(out, NULL, 0);
    if (!v.kernel || !v.known) {
        hf_say(
            out->why, sizeof(out->why), "%s: %s",
            v.kernel ? "patches" : "kernel",
            hf_facts_why(in->facts, v.kernel ? "patches" : "kernel.release"));
    } else if (!livepatch_kernel_known(&v)) {
        hf_say(out->why, sizeof(out->why),
               "the catalogue has no patches for kernel %s", v.kernel);
    } else {
        rows = hf_catalogue_kernel_rows(in->catalogue, v.kernel, &len);
        hf_fixes_start(out, rows, len);
        for (size_t i = 0; i < len; i++)
            out->taken[i] = (unsigned char)is_taken(&v, rows, len, i);
    }
    livepatch_view_release(&v);
}
