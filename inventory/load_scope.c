/* What a scope refers to must be there. */
#include <stdio.h>

#include "backend/model/selector.h"
#include "inventory/loader.h"

#define MAX_NAMES 127 /* for suggestions */

static void
check_rings(struct hf_loader *l, const char *at, const char *const *rings)
{
    const char *names[MAX_NAMES + 1] = {NULL};
    char path[128];

    for (size_t i = 0; i < l->fleet->rings_len && i < MAX_NAMES; i++)
        names[i] = l->fleet->rings[i].name;
    for (size_t i = 0; rings && rings[i]; i++) {
        if (hf_fleet_ring(l->fleet, rings[i]))
            continue;
        (void)snprintf(path, sizeof(path), "%s.rings[%zu]", at, i);
        hf_decoder_problem(&l->decoder, path,
                           "ring '%s' is not in hotfleet.json", rings[i])
            ->hint = hf_did_you_mean(rings[i], names);
    }
}

int
hf_check_select(const char *text, struct hf_err *err)
{
    struct hf_selector *selector = NULL;
    const char *field;
    int rc = hf_selector_parse(&selector, text, err);

    if (rc == HF_OK && (field = hf_selector_asks_facts(selector)) != NULL)
        rc = hf_fail(err, HF_EINVALID,
                     "'%s' depends on what a host was found to be: select by "
                     "name, ring, site, tag, role, attr.KEY, domain.KEY or "
                     "address",
                     field);
    hf_selector_free(selector);
    return rc;
}

static void
check_selector(struct hf_loader *l, const char *at, const char *text)
{
    struct hf_err err = HF_ERR_INIT;
    char path[128];

    if (!text || hf_check_select(text, &err) == HF_OK)
        return;
    (void)snprintf(path, sizeof(path), "%s.select", at);
    hf_decoder_problem(&l->decoder, path, "%s", err.text);
}

void
hf_loader_check_scope(struct hf_loader *l, const char *at,
                      const struct hf_scope *scope)
{
    check_rings(l, at, scope->rings);
    check_selector(l, at, scope->select);
}
