/* SHA-256 and random names. */
#include "backend/base/sha256.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void
put_hex(char *out, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

void
hf_sha256(unsigned char out[32], const void *data, size_t len)
{
    if (!SHA256(data ? data : "", len, out))
        abort();
}

const char *
hf_sha256_hex(char out[HF_SHA256_HEX], const void *data, size_t len)
{
    unsigned char digest[32];

    hf_sha256(digest, data, len);
    put_hex(out, digest, sizeof(digest));
    return out;
}

int
hf_sha256_is_hex(const char *s)
{
    return s && strlen(s) == HF_SHA256_HEX - 1 &&
           strspn(s, "0123456789abcdef") == HF_SHA256_HEX - 1;
}

void
hf_random_hex(char *out, size_t n)
{
    unsigned char bytes[64];

    while (n > 0) {
        size_t part = n < sizeof(bytes) ? n : sizeof(bytes);
        ssize_t got = getrandom(bytes, part, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort(); /* no kernel of ours is without it */
        put_hex(out, bytes, (size_t)got);
        out += 2 * got;
        n -= (size_t)got;
    }
    *out = '\0';
}
