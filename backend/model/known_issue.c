/* Rules over facts: names, versions, builds. */
#include "backend/model/known_issue.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"

#define SAY(to, ...) hf_say((to), HF_WHY_LEN, __VA_ARGS__)

const char *const hf_issue_effect_names[HF_ISSUE_EFFECT_COUNT + 1] = {
    [HF_ISSUE_BLOCK] = "block",
    [HF_ISSUE_WARN] = "warn",
    [HF_ISSUE_EFFECT_COUNT] = NULL,
};

/* ---- versions ---- */

/* "4.2" and "4.2.0" are the same: what is missing counts as zero. */
int
hf_version_compare(const char *a, const char *b)
{
    while (*a || *b) {
        size_t n = strcspn(a, ".-_+~"), m = strcspn(b, ".-_+~");
        char *x = hf_xstrndup(n ? a : "0", n ? n : 1);
        char *y = hf_xstrndup(m ? b : "0", m ? m : 1);
        int order = hf_text_natcmp(x, y);

        free(x);
        free(y);
        if (order != 0)
            return order;
        a += n + (a[n] != '\0');
        b += m + (b[m] != '\0');
    }
    return 0;
}

static int
has_range(const struct hf_version_rule *rule)
{
    return rule->from || rule->below;
}

static int
in_range(const struct hf_version_rule *rule, const char *version)
{
    return (!rule->from || hf_version_compare(version, rule->from) >= 0) &&
           (!rule->below || hf_version_compare(version, rule->below) < 0);
}

/* ---- lists of names with versions: "Contoso Backup 4.2; Other 1.0" ---- */

/* Cuts the version off an entry, or yields NULL: its last word, when that
 * begins with a digit. */
static char *
cut_version(char *entry)
{
    char *blank = strrchr(entry, ' ');

    if (!blank || !isdigit((unsigned char)blank[1]))
        return NULL;
    *blank = '\0';
    return blank + 1;
}

static enum hf_issue_answer
match_entry(char why[HF_WHY_LEN], const struct hf_version_rule *rule,
            char *entry)
{
    char *version;

    entry += strspn(entry, " ");
    version = cut_version(entry);
    if (rule->name && fnmatch(rule->name, entry, FNM_CASEFOLD) != 0)
        return HF_ISSUE_NO;
    if (has_range(rule) && !version) {
        SAY(why, "the version of %s is not known", entry);
        return HF_ISSUE_UNKNOWN;
    }
    if (has_range(rule) && !in_range(rule, version))
        return HF_ISSUE_NO;
    SAY(why, "%s%s%s", entry, version ? " " : "", version ? version : "");
    return HF_ISSUE_YES;
}

static enum hf_issue_answer
not_known(char why[HF_WHY_LEN], const struct hf_facts *facts, const char *key)
{
    const char *reason = hf_facts_why(facts, key);

    SAY(why, "%s: %s", key, reason ? reason : "not known");
    return HF_ISSUE_UNKNOWN;
}

/* One entry that matches is enough; one that cannot be told counts when none
 * does. */
static enum hf_issue_answer
match_list(char why[HF_WHY_LEN], const struct hf_version_rule *rule,
           const struct hf_facts *facts, const char *key)
{
    const char *value = hf_facts_get(facts, key);
    enum hf_issue_answer best = HF_ISSUE_NO, answer;
    char *copy, *rest, *entry, said[HF_WHY_LEN];

    if (!rule->name)
        return HF_ISSUE_YES;
    if (!value)
        return not_known(why, facts, key);
    copy = rest = hf_xstrdup(value);
    while (best != HF_ISSUE_YES && (entry = strsep(&rest, ";")) != NULL) {
        answer = match_entry(said, rule, entry);
        if (answer == HF_ISSUE_NO)
            continue;
        best = answer;
        memcpy(why, said, sizeof(said));
    }
    free(copy);
    return best;
}

/* ---- single values ---- */

static enum hf_issue_answer
match_value(char why[HF_WHY_LEN], const char *glob,
            const struct hf_facts *facts, const char *key)
{
    const char *value = hf_facts_get(facts, key);

    if (!glob)
        return HF_ISSUE_YES;
    if (!value)
        return not_known(why, facts, key);
    if (fnmatch(glob, value, FNM_CASEFOLD) != 0)
        return HF_ISSUE_NO;
    SAY(why, "%s is %s", key, value);
    return HF_ISSUE_YES;
}

/* Builds are compared within one line: the number before the dot. */
static enum hf_issue_answer
match_build(char why[HF_WHY_LEN], const struct hf_version_rule *rule,
            const struct hf_facts *facts)
{
    const char *family = hf_facts_get(facts, "os.build");
    const char *revision = hf_facts_get(facts, "os.ubr");
    const char *end = rule->from ? rule->from : rule->below;
    char build[HF_WHY_LEN];

    if (!has_range(rule))
        return HF_ISSUE_YES;
    if (!family || !revision)
        return not_known(why, facts, family ? "os.ubr" : "os.build");
    SAY(build, "%s.%s", family, revision);
    if (strlen(family) != strcspn(end, ".") ||
        strncmp(family, end, strlen(family)) != 0 || !in_range(rule, build))
        return HF_ISSUE_NO;
    SAY(why, "build %s", build);
    return HF_ISSUE_YES;
}

static enum hf_issue_answer
match_kernel(char why[HF_WHY_LEN], const struct hf_version_rule *rule,
             const struct hf_facts *facts)
{
    const char *release = hf_facts_get(facts, "kernel.release");

    if (!has_range(rule))
        return HF_ISSUE_YES;
    if (!release)
        return not_known(why, facts, "kernel.release");
    if (!in_range(rule, release))
        return HF_ISSUE_NO;
    SAY(why, "kernel %s", release);
    return HF_ISSUE_YES;
}

static enum hf_issue_answer
match_product(char why[HF_WHY_LEN], const struct hf_issue *issue,
              const char *product)
{
    if (!issue->products)
        return HF_ISSUE_YES;
    if (!product) {
        SAY(why, "which product it runs is not known");
        return HF_ISSUE_UNKNOWN;
    }
    return hf_name_index(issue->products, product) >= 0 ? HF_ISSUE_YES
                                                        : HF_ISSUE_NO;
}

/* ---- the rule ---- */

struct answer {
    enum hf_issue_answer all;
    char yes[HF_WHY_LEN], unknown[HF_WHY_LEN]; /* the first of each */
};

static void
count(struct answer *a, enum hf_issue_answer one, const char *why)
{
    char *to = one == HF_ISSUE_UNKNOWN ? a->unknown : a->yes;

    if (one == HF_ISSUE_NO || a->all == HF_ISSUE_NO)
        a->all = HF_ISSUE_NO;
    else if (one == HF_ISSUE_UNKNOWN)
        a->all = HF_ISSUE_UNKNOWN;
    if (one != HF_ISSUE_NO && !to[0])
        SAY(to, "%s", why);
}

enum hf_issue_answer
hf_issue_match(char why[HF_WHY_LEN], const struct hf_issue *issue,
               const struct hf_facts *facts, const char *product, int64_t now)
{
    struct answer a = {.all = HF_ISSUE_YES};
    char said[HF_WHY_LEN];

#define COUNT(answer) (said[0] = '\0', count(&a, (answer), said))
    why[0] = '\0';
    if (issue->until && now > issue->until)
        return HF_ISSUE_NO;
    COUNT(match_product(said, issue, product));
    COUNT(match_list(said, &issue->software, facts, "software"));
    COUNT(match_list(said, &issue->driver, facts, "drivers"));
    COUNT(match_build(said, &issue->build, facts));
    COUNT(match_kernel(said, &issue->kernel, facts));
    COUNT(match_value(said, issue->model, facts, "model"));
    for (size_t i = 0; i < issue->facts.len; i++)
        COUNT(match_value(said, issue->facts.v[i].value, facts,
                          issue->facts.v[i].key));
#undef COUNT
    SAY(why, "%s", a.all == HF_ISSUE_UNKNOWN ? a.unknown : a.yes);
    return a.all;
}
