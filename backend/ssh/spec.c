/* Allow-lists, so that no address or user is ever taken for something else. */
#include "backend/ssh/spec.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static int
is_plain(const char *text, const char *allowed, size_t max)
{
    size_t len = text ? strlen(text) : 0;

    return len > 0 && len <= max && text[0] != '-' &&
           strspn(text, allowed) == len;
}

int
hf_spec_check(const struct hf_link_spec *spec, struct hf_err *err)
{
    if (!is_plain(spec->address, LETTERS DIGITS "._-:%", 253))
        return hf_fail(err, HF_EINVALID,
                       "the address is neither a host name nor a number");
    if (spec->port < 1 || spec->port > 65535)
        return hf_fail(err, HF_EINVALID, "port %d is not between 1 and 65535",
                       spec->port);
    if (!is_plain(spec->user, LETTERS DIGITS "._-@+$\\", 128))
        return hf_fail(err, HF_EINVALID, "the user name is not a login name");
    return HF_OK;
}
