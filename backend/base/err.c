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
    hf_text_cut(err->text, sizeof(err->text), hf_buf_str(raw));
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
    hf_text_cut(err->text, sizeof(err->text), hf_buf_str(&raw));
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
    hf_text_cut(err->hint, sizeof(err->hint), hf_buf_str(&raw));
    hf_buf_release(&raw);
    return err->code;
}
