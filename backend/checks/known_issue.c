/* Do rules of the fleet about known issues concern this host? */
#include "backend/model/known_issue.h"
#include "backend/base/buf.h"
#include "backend/base/time.h"
#include "backend/checks/check.h"
#include "backend/checks/read.h"

static enum hf_verdict
verdict_of(const struct hf_issue *issue, enum hf_issue_answer answer)
{
    if (issue->effect == HF_ISSUE_WARN)
        return HF_VERDICT_WARN;
    return answer == HF_ISSUE_YES ? HF_VERDICT_BLOCK : HF_VERDICT_UNKNOWN;
}

static int
is_stronger(enum hf_verdict a, enum hf_verdict b)
{
    static const int rank[HF_VERDICT_COUNT] = {[HF_VERDICT_WARN] = 1,
                                               [HF_VERDICT_UNKNOWN] = 2,
                                               [HF_VERDICT_BLOCK] = 3};

    return rank[a] > rank[b];
}

/* "title (id): Contoso Backup 4.2; see https://..., until 2027-01-31" */
static void
describe(struct hf_buf *out, const struct hf_issue *issue,
         enum hf_issue_answer answer, const char *why)
{
    char day[HF_TIME_LEN];

    hf_time_format(day, issue->until);
    hf_buf_printf(out, "%s%s (%s): %s%s; see %s, until %.10s",
                  out->len ? ". " : "", issue->title, issue->id,
                  answer == HF_ISSUE_UNKNOWN ? "cannot be told, " : "", why,
                  issue->source, day);
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no rule of known-issues/ concerns it";
    enum hf_verdict worst = HF_VERDICT_PASS;
    struct hf_buf found = {0};
    char why[HF_WHY_LEN];

    for (size_t i = 0; i < in->fleet->issues_len; i++) {
        const struct hf_issue *issue = &in->fleet->issues[i];
        enum hf_issue_answer answer =
            hf_issue_match(why, issue, in->facts, in->product, in->now);

        if (answer == HF_ISSUE_NO)
            continue;
        describe(&found, issue, answer, why);
        if (is_stronger(verdict_of(issue, answer), worst))
            worst = verdict_of(issue, answer);
    }
    hf_finding_set(out, worst, expected, "%s",
                   found.len ? hf_buf_str(&found) : "none");
    hf_buf_release(&found);
}

const struct hf_check hf_check_known_issue = {
    .name = "known-issue",
    .title = "Known issues",
    .help = "rules of this fleet about what does not go together with a patch",
    .remedy = "read the source that the rule names; when it is settled, change "
              "or remove its file in known-issues/",
    .who = "whoever keeps the fleet repository",
    .spares = HF_SPARES_REMOVAL,
    .run = run,
};
