/* Pinning host keys, and their fingerprints. */
#include "inventory/hostkeys.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "inventory/formats.h"
#include "inventory/hostedit.h"
#include "inventory/retext.h"

int
hf_hostkeys_fingerprint(char out[HF_FINGERPRINT_LEN], const char *key,
                        struct hf_err *err)
{
    const char *base64 = strchr(key, ' '), *problem = hf_hostkey_problem(key);
    unsigned char hash[32], text[64], *raw;
    size_t len;
    int n;

    out[0] = '\0';
    if (problem)
        return hf_fail(err, HF_EINVALID, "'%.80s' %s", key, problem);
    len = strlen(++base64);
    raw = hf_xmalloc(len / 4 * 3 + 1);
    n = EVP_DecodeBlock(raw, (const unsigned char *)base64, (int)len);
    /* it counts the padding as bytes */
    n -= (base64[len - 1] == '=') + (base64[len - 2] == '=');
    hf_sha256(hash, raw, (size_t)n);
    free(raw);
    EVP_EncodeBlock(text, hash, sizeof(hash));
    snprintf(out, HF_FINGERPRINT_LEN, "SHA256:%.43s", (const char *)text);
    return HF_OK;
}

/* The file's key, and the message's line, for one host. */
static int
pin_one(struct hf_edit *e, struct hf_buf *lines, struct hf_repo *repo,
        const struct hf_pin *pin, struct hf_err *err)
{
    char fingerprint[HF_FINGERPRINT_LEN];
    char *value;
    int rc;

    if (hf_hostkeys_fingerprint(fingerprint, pin->key, err) < 0)
        return hf_wrap(err, "host '%s'", pin->host->name);
    value = hf_retext_quote(pin->key);
    rc = hf_hostedit_set(e, repo, pin->host, "hostkey", value, err);
    free(value);
    hf_buf_printf(lines, "%s %.*s %s\n", pin->host->name,
                  (int)strcspn(pin->key, " "), pin->key, fingerprint);
    return rc;
}

int
hf_hostkeys_pin(struct hf_repo *repo, const struct hf_pin *pins, size_t n,
                const char *how, char commit[41], struct hf_err *err)
{
    struct hf_edit e = {0};
    struct hf_buf lines = {0}, now = {0};
    const char *one = NULL;
    size_t before;
    int rc = HF_OK;

    commit[0] = '\0';
    for (size_t i = 0; i < n && rc == HF_OK; i++) {
        before = e.len;
        hf_buf_clear(&now);
        if ((rc = pin_one(&e, &now, repo, &pins[i], err)) < 0 ||
            e.len == before)
            continue;
        one = pins[i].host->name;
        hf_buf_puts(&lines, hf_buf_str(&now));
    }
    if (rc == HF_OK && e.len > 0) {
        if (e.len == 1)
            hf_edit_say(&e, "pin host key of %s", one);
        else
            hf_edit_say(&e, "pin host keys of %zu hosts", e.len);
        hf_edit_say(&e, "%s", "");
        hf_edit_say(&e, "%s", how);
        hf_edit_say(&e, "%s", "");
        hf_buf_puts(&e.message, hf_buf_str(&lines));
        rc = hf_hostedit_commit(repo, &e, commit, err);
    }
    hf_edit_release(&e);
    hf_buf_release(&lines);
    hf_buf_release(&now);
    return rc;
}
