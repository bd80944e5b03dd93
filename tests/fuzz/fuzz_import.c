/* Tables and known_hosts files of others: cells stay inside the text, lines
 * only grow, and looking up a host never fails badly. */
#include <string.h>

#include "inventory/csv.h"
#include "inventory/hostkeys.h"
#include "tests/fuzz/fuzz.h"

#define KEY        \
    "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDgDD2hPVYfBSeBYvpxfHgfnYpVUyBxGgHAJsmWTpZDm"

static void
check_csv(const char *text, size_t len)
{
    struct hf_strs cells = {0};
    struct hf_csv csv;
    size_t line = 0;

    hf_csv_init(&csv, text, len);
    while (hf_csv_next(&csv, &cells) > 0) {
        PROMISE(csv.line > line && csv.at <= csv.len);
        PROMISE(cells.len > 0);
        line = csv.line;
    }
    hf_strs_release(&cells);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct hf_known_hosts *known = hf_known_hosts_parse(text, size);

    hf_known_hosts_check(known, "web-01", 22, KEY);
    hf_known_hosts_check(known, "web-01", 2222, KEY);
    hf_known_hosts_free(known);
    check_csv(text, size);
    return 0;
}
