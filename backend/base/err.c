/* Errors: how their texts are put together and kept short and harmless. */
#include "backend/base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/buf.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

/* clang-format off */
static const char *const code_names[] = {
    [-HF_OK] = "ok",
    [-HF_ERR] = "error",
    [-HF_EUSAGE] = "usage",
    [-HF_EINVALID] = "invalid",
    [-HF_ENOTFOUND] = "not-found",
    [-HF_EEXISTS] = "exists",
    [-HF_EIO] = "io",
    [-HF_ENOSPACE] = "no-space",
    [-HF_EDENIED] = "denied",
    [-HF_ETIMEOUT] = "timeout",
    [-HF_EREFUSED] = "refused",
    [-HF_EUNREACHABLE] = "unreachable",
    [-HF_ELOST] = "lost",
    [-HF_EREPLY] = "reply",
    [-HF_ELOCKED] = "locked",
    [-HF_EMOVED] = "moved",
    [-HF_EDIRTY] = "dirty",
    [-HF_ESTALE] = "stale",
    [-HF_ECANCELLED] = "cancelled",
    [-HF_EUNSUPPORTED] = "unsupported",
    [-HF_ELIMIT] = "limit",
};

static const struct { int errnum, code; } errno_codes[] = {
    {ENOSPC, HF_ENOSPACE}, {EDQUOT, HF_ENOSPACE},
    {EACCES, HF_EDENIED}, {EPERM, HF_EDENIED}, {EROFS, HF_EDENIED},
    {ENOENT, HF_ENOTFOUND}, {ENOTDIR, HF_ENOTFOUND},
    {EEXIST, HF_EEXISTS}, {ETIMEDOUT, HF_ETIMEOUT},
};
/* clang-format on */

const char *
hf_code_name(int code)
{
    if (code > 0 || code <= -(int)HF_COUNT(code_names))
        return "error";
    return code_names[-code];
}

/* Copies harmless text; what does not fit ends in "...", never in half a
 * character. */
static void
copy_cut(char *out, size_t size, const struct hf_buf *raw)
{
    static const char dots[] = "...";
    struct hf_buf safe = {0};

    hf_sanitise(&safe, hf_buf_str(raw), raw->len, raw->len, 0);
    if (safe.len < size) {
        memcpy(out, hf_buf_str(&safe), safe.len + 1);
    } else {
        size_t cut = size - sizeof(dots);

        while (cut > 0 && ((unsigned char)safe.data[cut] & 0xc0) == 0x80)
            cut--;
        memcpy(out, safe.data, cut);
        memcpy(out + cut, dots, sizeof(dots));
    }
    hf_buf_release(&safe);
}

static void
add_format(struct hf_buf *out, const char *fmt, va_list ap)
{
    char line[2048];

    vsnprintf(line, sizeof(line), fmt, ap);
    hf_buf_puts(out, line);
}

static int
set_text(struct hf_err *err, int code, struct hf_buf *raw)
{
    err->code = code;
    err->hint[0] = '\0';
    copy_cut(err->text, sizeof(err->text), raw);
    hf_buf_release(raw);
    return code;
}

int
hf_fail(struct hf_err *err, int code, const char *fmt, ...)
{
    struct hf_buf raw = {0};
    va_list ap;

    va_start(ap, fmt);
    add_format(&raw, fmt, ap);
    va_end(ap);
    return set_text(err, code, &raw);
}

int
hf_fail_errno(struct hf_err *err, int errnum, const char *fmt, ...)
{
    struct hf_buf raw = {0};
    int code = HF_EIO;
    char reason[128];
    va_list ap;

    for (size_t i = 0; i < HF_COUNT(errno_codes); i++) {
        if (errno_codes[i].errnum == errnum)
            code = errno_codes[i].code;
    }
    va_start(ap, fmt);
    add_format(&raw, fmt, ap);
    va_end(ap);
    hf_buf_printf(&raw, ": %s", strerror_r(errnum, reason, sizeof(reason)));
    return set_text(err, code, &raw);
}

int
hf_wrap(struct hf_err *err, const char *fmt, ...)
{
    struct hf_buf raw = {0};
    va_list ap;

    va_start(ap, fmt);
    add_format(&raw, fmt, ap);
    va_end(ap);
    hf_buf_printf(&raw, ": %s", err->text);
    copy_cut(err->text, sizeof(err->text), &raw);
    hf_buf_release(&raw);
    return err->code;
}

int
hf_hint(struct hf_err *err, const char *fmt, ...)
{
    struct hf_buf raw = {0};
    va_list ap;

    va_start(ap, fmt);
    add_format(&raw, fmt, ap);
    va_end(ap);
    copy_cut(err->hint, sizeof(err->hint), &raw);
    hf_buf_release(&raw);
    return err->code;
}
