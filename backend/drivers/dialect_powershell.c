/*
 * The dialect of Windows hosts. The command is constant and holds no character
 * that any of their shells reads as more than itself; what is sent on standard
 * input is ASCII, so that no code page can change it: a line with nonce and
 * lengths, one JSON document with the values, the constant script.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/drivers/dialect.h"
#include "backend/drivers/reply_powershell.h"
#include "backend/drivers/scripts.h"

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* A JSON string in ASCII. */
static int
add_quoted(struct hf_buf *out, const char *text, struct hf_err *err)
{
    const char *end = text + strlen(text);
    uint32_t cp;

    hf_buf_putc(out, '"');
    while (text < end) {
        size_t n = hf_utf8_decode(text, (size_t)(end - text), &cp);

        if (!n)
            return hf_fail(err, HF_EINVALID, "a parameter is not UTF-8");
        text += n;
        if (cp >= 0x10000)
            hf_buf_printf(out, "\\u%04x\\u%04x",
                          0xd800 + ((cp - 0x10000) >> 10),
                          0xdc00 + ((cp - 0x10000) & 0x3ff));
        else if (cp < ' ' || cp > '~' || strchr("\"\\", (int)cp))
            hf_buf_printf(out, "\\u%04x", cp);
        else
            hf_buf_putc(out, (char)cp);
    }
    hf_buf_putc(out, '"');
    return HF_OK;
}

static int
add_params(struct hf_buf *out, const struct hf_params *params,
           struct hf_err *err)
{
    int rc;

    hf_buf_puts(out, "{\"v\":1,\"params\":{");
    for (size_t i = 0; i < params->len; i++) {
        if ((rc = hf_param_check_name(params->v[i].name, err)) < 0)
            return rc;
        hf_buf_printf(out, "%s\"%s\":", i ? "," : "", params->v[i].name);
        if ((rc = add_quoted(out, params->v[i].value, err)) < 0)
            return rc;
    }
    hf_buf_puts(out, "}}\n");
    return HF_OK;
}

static size_t
count_lines(const struct hf_script *script)
{
    size_t n = 0;

    for (size_t i = 0; i < script->len; i++)
        n += script->text[i] == '\n';
    return n;
}

/* The host counts lines and characters before it runs anything: old servers
 * cut standard input. The newline at the end is not counted. */
static int
encode(struct hf_buf *out, const struct hf_script *script,
       const struct hf_params *params, const char *nonce, struct hf_err *err)
{
    int rc;

    if (!script)
        return hf_fail(err, HF_EUNSUPPORTED,
                       "this version has no such script for Windows hosts");
    if ((rc = hf_nonce_check(nonce, err)) < 0)
        return rc;
    hf_buf_printf(out, "hotfleet-1 %s %zu %zu\n", nonce, count_lines(script),
                  script->len - 1);
    if ((rc = add_params(out, params, err)) < 0)
        return rc;
    hf_buf_add(out, script->text, script->len);
    return HF_OK;
}

/* What a script of its own writes; more would stand in memory there several
 * times over. */
#define UPLOAD_MAX (1 << 20)

static char *
base64(const unsigned char *data, size_t len)
{
    static const char digits[] = UPPER "abcdefghijklmnopqrstuvwxyz" DIGITS "+/";
    char *out = hf_xmalloc(len / 3 * 4 + 5), *to = out;

    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        unsigned three = (unsigned)data[i] << 16 |
                         (n > 1 ? (unsigned)data[i + 1] << 8 : 0) |
                         (n > 2 ? (unsigned)data[i + 2] : 0);

        for (size_t k = 0; k < 4; k++)
            *to++ = k <= n ? digits[three >> (18 - 6 * k) & 63] : '=';
    }
    *to = '\0';
    return out;
}

static int
encode_upload(struct hf_buf *out, const char *name, const void *data,
              size_t len, const char *nonce, struct hf_err *err)
{
    struct hf_params params = {0};
    char sum[HF_SHA256_HEX], length[24];
    char *text;
    int rc;

    if (len > UPLOAD_MAX)
        return hf_fail(err, HF_EUNSUPPORTED,
                       "'%s' is too large to be brought to a Windows host",
                       name);
    hf_say(length, sizeof(length), "%zu", len);
    hf_params_set(&params, "NAME", name);
    hf_params_set(&params, "LENGTH", length);
    hf_params_set(&params, "SHA256", hf_sha256_hex(sum, data, len));
    text = base64(data, len);
    hf_params_set(&params, "DATA", text);
    rc = encode(out, &hf_script_powershell_upload, &params, nonce, err);
    free(text);
    hf_params_release(&params);
    return rc;
}

/* An administrator's login over SSH holds its rights already. */
const struct hf_dialect hf_dialect_powershell = {
    .name = "powershell",
    .command = hf_command_powershell,
    .command_elevated = hf_command_powershell,
    .upload = hf_command_powershell,
    .upload_elevated = hf_command_powershell,
    .body = "body.ps1",
    .log = "%ProgramData%\\hotfleet\\job\\log",
    .poll_pause = 10000, /* each starts a PowerShell there */
    .encode = encode,
    .encode_upload = encode_upload,
    .decode = hf_reply_powershell_decode,
};
