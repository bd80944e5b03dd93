/* Where in the ledger a record lies, for the files that write and read it. */
#ifndef HF_INVENTORY_LEDGER_PATH_H
#define HF_INVENTORY_LEDGER_PATH_H

#define HF_LEDGER_FACTS "facts.json"
#define HF_LEDGER_RESTARTS "restarts.json"

enum hf_ledger_kind {
    HF_LEDGER_FACTS_OF_HOST, /* hosts/<..>/<name>/facts.json */
    HF_LEDGER_EVIDENCE,      /* hosts/<..>/<name>/<yyyy-mm>/<run>.json */
    HF_LEDGER_RUN,           /* runs/<yyyy-mm>/<run>/... */
    HF_LEDGER_BREAK_GLASS,   /* break-glass/<yyyy-mm>/<run>/<name>.json */
    HF_LEDGER_SHARED,        /* restarts.json: by compare and swap alone */
};

enum hf_ledger_kind hf_ledger_kind(const char *path);
/* "hosts/<2 hex>/<name>", the caller's. */
char *hf_ledger_host_path(const char *host);

#endif
