/* What the encoders of all dialects refuse. */
#include "backend/drivers/dialect.h"

#include <string.h>

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

int
hf_param_check_name(const char *name, struct hf_err *err)
{
    if (*name && strchr(UPPER, *name) && !name[strspn(name, UPPER DIGITS "_")])
        return HF_OK;
    return hf_fail(err, HF_EINVALID, "'%s' cannot be a parameter's name", name);
}

int
hf_nonce_check(const char *nonce, struct hf_err *err)
{
    if (strlen(nonce) == HF_NONCE_LEN - 1 &&
        strspn(nonce, DIGITS "abcdef") == HF_NONCE_LEN - 1)
        return HF_OK;
    return hf_fail(err, HF_EINVALID, "'%s' is no nonce", nonce);
}
