/* Whom a rule names; see scope.h. */
#include "backend/model/scope.h"

#include <assert.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/selector.h"

static int
is_listed(const char *const *names, const char *name)
{
    if (!names)
        return 1;
    for (; name && *names; names++) {
        if (hf_text_casecmp(*names, name) == 0)
            return 1;
    }
    return 0;
}

static int
is_selected(const struct hf_selector *selector, const struct hf_host *host)
{
    struct hf_state st = {.host = host};

    return hf_selector_match(selector, &st, 0);
}

static void
mark_hosts(unsigned char *named, const struct hf_scope *scope,
           const struct hf_fleet *fleet)
{
    if (!fleet->hosts_len)
        return;
    memset(named, scope->hosts == NULL, fleet->hosts_len);
    for (size_t i = 0; scope->hosts && scope->hosts[i]; i++) {
        const struct hf_host *host = hf_fleet_find(fleet, scope->hosts[i]);

        if (host)
            named[host - fleet->hosts] = 1;
    }
}

void
hf_scope_mark(unsigned char *named, const struct hf_scope *scope,
              const struct hf_fleet *fleet)
{
    struct hf_selector *selector = NULL;
    struct hf_err err = HF_ERR_INIT;
    int rc = HF_OK;

    mark_hosts(named, scope, fleet);
    if (scope->select)
        rc = hf_selector_parse(&selector, scope->select, &err);
    assert(rc == HF_OK); /* the parser of the file has seen it */
    (void)rc;
    for (size_t i = 0; i < fleet->hosts_len; i++) {
        const struct hf_host *host = &fleet->hosts[i];

        named[i] = named[i] && is_listed(scope->rings, host->ring) &&
                   is_listed(scope->sites, host->site) &&
                   (!selector || is_selected(selector, host));
    }
    hf_selector_free(selector);
}

static void
put_names(struct hf_buf *out, const char *what, const char *const *names)
{
    for (size_t i = 0; names && names[i]; i++)
        hf_buf_printf(out, "%s%s%s",
                      i          ? " or "
                      : out->len ? ", "
                                 : "",
                      i ? "" : what, names[i]);
}

void
hf_scope_describe(struct hf_buf *out, const struct hf_scope *scope)
{
    struct hf_buf text = {0};

    put_names(&text, "ring ", scope->rings);
    put_names(&text, "site ", scope->sites);
    put_names(&text, "host ", scope->hosts);
    if (scope->select)
        hf_buf_printf(&text, "%s%s", text.len ? ", " : "", scope->select);
    hf_buf_puts(out, text.len ? hf_buf_str(&text) : "every host");
    hf_buf_release(&text);
}
