/* Where in the ledger a record lies. */
#include "inventory/ledger_path.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "inventory/ledger.h"

/* Appends a name as one component that git takes: names of hosts and runs
 * stay as they are, whatever else there may be is percent-encoded. */
static void
add_component(struct hf_buf *out, const char *name)
{
    char keep[129];

    for (size_t i = 0; i < 128; i++) /* letters of all scripts */
        keep[i] = (char)(0x80 + i);
    keep[128] = '\0';
    if (name[0] == '.') { /* ".", "..", ".git" */
        hf_buf_puts(out, "%2E");
        name++;
    }
    hf_percent_encode(out, name, strlen(name), keep);
}

/* "20261123T..." gives "2026-11". */
static void
add_month(struct hf_buf *out, const char *run)
{
    if (strspn(run, "0123456789") >= 6)
        hf_buf_printf(out, "%.4s-%.2s", run, run + 4);
    else
        hf_buf_puts(out, "undated");
}

char *
hf_ledger_host_path(const char *host)
{
    char hash[HF_SHA256_HEX];
    struct hf_buf out = {0};

    hf_sha256_hex(hash, host, strlen(host));
    hf_buf_printf(&out, "hosts/%.2s/", hash);
    add_component(&out, host);
    return hf_buf_take(&out);
}

char *
hf_ledger_facts_path(const char *host)
{
    char *folder = hf_ledger_host_path(host);
    char *path = hf_xasprintf("%s/%s", folder, HF_LEDGER_FACTS);

    free(folder);
    return path;
}

char *
hf_ledger_evidence_path(const char *host, const char *run)
{
    char *folder = hf_ledger_host_path(host);
    struct hf_buf out = {0};

    hf_buf_printf(&out, "%s/", folder);
    add_month(&out, run);
    hf_buf_putc(&out, '/');
    add_component(&out, run);
    hf_buf_puts(&out, ".json");
    free(folder);
    return hf_buf_take(&out);
}

char *
hf_ledger_break_glass_path(const char *host, const char *run)
{
    struct hf_buf out = {0};

    hf_buf_puts(&out, "break-glass/");
    add_month(&out, run);
    hf_buf_putc(&out, '/');
    add_component(&out, run);
    hf_buf_putc(&out, '/');
    add_component(&out, host);
    hf_buf_puts(&out, ".json");
    return hf_buf_take(&out);
}

char *
hf_ledger_run_path(const char *run, const char *file)
{
    struct hf_buf out = {0};

    hf_buf_puts(&out, "runs/");
    add_month(&out, run);
    hf_buf_putc(&out, '/');
    add_component(&out, run);
    hf_buf_putc(&out, '/');
    add_component(&out, file);
    return hf_buf_take(&out);
}

enum hf_ledger_kind
hf_ledger_kind(const char *path)
{
    if (hf_has_prefix(path, "runs/"))
        return HF_LEDGER_RUN;
    if (hf_has_prefix(path, "break-glass/"))
        return HF_LEDGER_BREAK_GLASS;
    if (strcmp(path, HF_LEDGER_RESTARTS) == 0)
        return HF_LEDGER_SHARED;
    return hf_has_suffix(path, "/" HF_LEDGER_FACTS) ? HF_LEDGER_FACTS_OF_HOST
                                                    : HF_LEDGER_EVIDENCE;
}
