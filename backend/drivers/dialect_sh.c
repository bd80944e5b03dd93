/*
 * The dialect of hosts with a POSIX shell: values become single-quoted
 * assignments in front of the constant script. Replies are read in reply.c.
 */
#include <string.h>

#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/drivers/dialect.h"
#include "backend/drivers/reply.h"
#include "backend/drivers/scripts.h"

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Sent always, so that the host's own environment cannot set them. */
static const char *const always[] = {"ROOT", "PATH", NULL};
/* Ours alone. */
static const char *const reserved[] = {"NONCE", "NAMES", NULL};

static int
is_one_of(const char *const *names, const char *name)
{
    for (; *names; names++) {
        if (strcmp(*names, name) == 0)
            return 1;
    }
    return 0;
}

static int
check_name(const char *name, struct hf_err *err)
{
    if (is_one_of(reserved, name))
        return hf_fail(err, HF_EINVALID, "the parameter's name '%s' is taken",
                       name);
    return hf_param_check_name(name, err);
}

static void
assign(struct hf_buf *out, const char *name, const char *value)
{
    hf_buf_printf(out, "HF_%s=", name);
    hf_shell_quote(out, value);
    hf_buf_putc(out, '\n');
}

static int
encode(struct hf_buf *out, const struct hf_script *script,
       const struct hf_params *params, const char *nonce, struct hf_err *err)
{
    struct hf_buf names = {0};
    int rc;

    if ((rc = hf_nonce_check(nonce, err)) < 0)
        goto out;
    for (size_t i = 0; i < params->len; i++) {
        if ((rc = check_name(params->v[i].name, err)) < 0)
            goto out;
        if (is_one_of(always, params->v[i].name))
            continue;
        hf_buf_printf(&names, "%s%s", names.len ? " " : "", params->v[i].name);
    }
    for (const char *const *name = always; *name; name++) {
        const char *value = hf_params_get(params, *name);

        assign(out, *name, value ? value : "");
    }
    assign(out, "NAMES", hf_buf_str(&names));
    assign(out, "NONCE", nonce);
    for (size_t i = 0; i < params->len; i++) {
        if (!is_one_of(always, params->v[i].name))
            assign(out, params->v[i].name, params->v[i].value);
    }
    hf_buf_add(out, script->text, script->len);
    rc = HF_OK;
out:
    hf_buf_release(&names);
    return rc;
}

static int
encode_upload(struct hf_buf *out, const char *name, const void *data,
              size_t len, const char *nonce, struct hf_err *err)
{
    char sum[HF_SHA256_HEX];
    int rc;

    if ((rc = hf_nonce_check(nonce, err)) < 0)
        return rc;
    if (!*name || strchr(".-", *name) || strlen(name) > 100 ||
        strspn(name, UPPER "abcdefghijklmnopqrstuvwxyz" DIGITS "._-") !=
            strlen(name))
        return hf_fail(err, HF_EINVALID,
                       "'%s' cannot be a file's name in the job folder", name);
    hf_buf_printf(out, "%zu %s %s %s\n", len, hf_sha256_hex(sum, data, len),
                  nonce, name);
    hf_buf_add(out, data, len);
    return HF_OK;
}

const struct hf_dialect hf_dialect_sh = {
    .name = "sh",
    .command = "exec env LC_ALL=C /bin/sh -s",
    .command_elevated = "exec env LC_ALL=C sudo -n /bin/sh -s",
    .upload = hf_command_sh_upload,
    .upload_elevated = hf_command_sh_upload_elevated,
    .body = "body.sh",
    .log = "/var/lib/hotfleet/job/log",
    .poll_pause = 2000,
    .encode = encode,
    .encode_upload = encode_upload,
    .decode = hf_reply_decode,
};
