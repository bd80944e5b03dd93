/* Words of Azure Arc and Windows Autopatch about single hosts. */
#include "backend/model/entitlement.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

/* clang-format off */
const char *const hf_entitlement_sources[] = {"arc", "autopatch", NULL};

/* Arc's are those of hotpatchEnablementStatus. What Autopatch's exports say
 * was not found in a source: plain words are understood. */
static const struct { const char *word; enum hf_entitled state; } words[] = {
    {"Enabled", HF_ENTITLED_YES}, {"Disabled", HF_ENTITLED_NO},
    {"ActionRequired", HF_ENTITLED_PENDING},
    {"PendingEvaluation", HF_ENTITLED_PENDING},
    {"Unknown", HF_ENTITLED_UNKNOWN},
    {"yes", HF_ENTITLED_YES}, {"true", HF_ENTITLED_YES},
    {"1", HF_ENTITLED_YES}, {"enrolled", HF_ENTITLED_YES},
    {"no", HF_ENTITLED_NO}, {"false", HF_ENTITLED_NO}, {"0", HF_ENTITLED_NO},
    {"not enrolled", HF_ENTITLED_NO}, {"pending", HF_ENTITLED_PENDING},
};
/* clang-format on */

enum hf_entitled
hf_entitlement_state(const char *word)
{
    for (size_t i = 0; i < HF_COUNT(words); i++)
        if (hf_text_casecmp(words[i].word, word) == 0)
            return words[i].state;
    return HF_ENTITLED_UNKNOWN;
}

int
hf_entitlement_compare(const void *a, const void *b)
{
    const struct hf_pair *x = a, *y = b;

    return hf_text_casecmp(x->key, y->key);
}

static const struct hf_pair *
find(const struct hf_pairs *hosts, const char *name)
{
    const struct hf_pair wanted = {.key = name};

    return hosts->len ? bsearch(&wanted, hosts->v, hosts->len, sizeof(wanted),
                                hf_entitlement_compare)
                      : NULL;
}

const struct hf_pair *
hf_entitlement_find(const struct hf_entitlements *e, const char *host)
{
    const struct hf_pair *found = find(&e->hosts, host);
    const char *dot = strchr(host, '.');
    char *label;

    if (found || !dot)
        return found;
    label = hf_xstrndup(host, (size_t)(dot - host));
    found = find(&e->hosts, label);
    free(label);
    return found;
}
