/* Which names, addresses and accounts may stand in an inventory. */
#include "backend/model/host.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <wctype.h>

#include "backend/base/locale.h"
#include "backend/base/text.h"

#define NAME_MAX_BYTES 253
#define LABEL_MAX_BYTES 63
#define USER_MAX_BYTES 256

/* clang-format off */
struct range { uint32_t from, to; };

/* Characters that NFC puts together with the letter before them, or replaces
 * by another: with these two files could hold one name in two spellings. */
static const struct range not_composed[] = {
    {0x0300, 0x036f},   /* accents of Latin, Greek, Cyrillic */
    {0x1100, 0x11ff},   /* parts of Korean syllables */
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, /* more accents */
    {0x2126, 0x2126}, {0x212a, 0x212b}, /* ohm, kelvin, angstrom signs */
    {0x3099, 0x309a},   /* marks of Japanese kana */
    {0xf900, 0xfaff}, {0x2f800, 0x2fa1f}, /* compatibility ideographs */
};
/* clang-format on */

static int
is_not_composed(uint32_t cp)
{
    for (size_t i = 0; i < HF_COUNT(not_composed); i++) {
        if (cp >= not_composed[i].from && cp <= not_composed[i].to)
            return 1;
    }
    return 0;
}

/* A letter or digit of any script. */
static int
is_alnum(uint32_t cp)
{
    if (cp < 0x80)
        return isalnum((int)cp) != 0;
    return iswalnum_l((wint_t)cp, hf_locale_utf8()) != 0;
}

const char *
hf_host_name_problem(const char *name)
{
    size_t len = strlen(name), n;
    uint32_t cp;

    if (len == 0)
        return "is empty";
    if (len > NAME_MAX_BYTES)
        return "is longer than 253 bytes";
    for (size_t i = 0; i < len; i += n) {
        if ((n = hf_utf8_decode(name + i, len - i, &cp)) == 0)
            return "is not valid UTF-8";
        if (is_not_composed(cp))
            return "holds a character that is not in composed form (NFC): "
                   "type letter and accent as one character";
        if (is_alnum(cp))
            continue;
        if (i == 0)
            return "does not start with a letter or digit";
        if (cp != '.' && cp != '_' && cp != '-')
            return "holds a character other than letters, digits, '.', '_' "
                   "and '-'";
    }
    return NULL;
}

/* "10.0.0.1", "fe80::1", "fe80::1%eth0". */
static int
is_numeric(const char *address)
{
    static const char zone_chars[] = "abcdefghijklmnopqrstuvwxyz"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789._-";
    const char *zone = strchr(address, '%');
    struct in6_addr raw;
    char text[INET6_ADDRSTRLEN];
    size_t len = zone ? (size_t)(zone - address) : strlen(address);

    if (len >= sizeof(text))
        return 0;
    memcpy(text, address, len);
    text[len] = '\0';
    if (!zone && inet_pton(AF_INET, text, &raw) == 1)
        return 1;
    if (inet_pton(AF_INET6, text, &raw) != 1)
        return 0;
    return !zone ||
           (zone[1] && strspn(zone + 1, zone_chars) == strlen(zone + 1));
}

static const char *
label_problem(const char *label, size_t len)
{
    if (len == 0)
        return "holds an empty part between dots";
    if (len > LABEL_MAX_BYTES)
        return "holds a part longer than 63 bytes";
    if (label[0] == '-' || label[len - 1] == '-')
        return "holds a part that starts or ends with '-'";
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)label[i];

        if (c >= 0x80)
            return "holds non-ASCII letters: write the DNS form (xn--...)";
        if (!isalnum(c) && c != '-' && c != '_')
            return "is neither a DNS name nor a numeric address";
    }
    return NULL;
}

const char *
hf_address_problem(const char *address)
{
    size_t len = strlen(address), end = len;
    const char *problem;

    if (len == 0)
        return "is empty";
    if (len > NAME_MAX_BYTES)
        return "is longer than 253 bytes";
    if (is_numeric(address))
        return NULL;
    if (strchr(address, '@'))
        return "holds a user: that goes into 'user'";
    if (address[0] == '[')
        return "stands in brackets: leave them out";
    if (strchr(address, ':'))
        return "is not a numeric address (a port goes into 'port')";
    if (isdigit((unsigned char)*address) &&
        strspn(address, "0123456789.") == len)
        return "is not a complete IPv4 address";
    if (end > 1 && address[end - 1] == '.')
        end--;
    for (size_t i = 0, n; i <= end; i += n + 1) {
        const char *dot = memchr(address + i, '.', end - i);

        n = dot ? (size_t)(dot - address) - i : end - i;
        if ((problem = label_problem(address + i, n)) != NULL)
            return problem;
    }
    return NULL;
}

const char *
hf_user_problem(const char *user)
{
    size_t len = strlen(user), n;
    uint32_t cp;

    if (len == 0)
        return "is empty";
    if (len > USER_MAX_BYTES)
        return "is longer than 256 bytes";
    if (user[0] == '-')
        return "starts with '-'";
    for (size_t i = 0; i < len; i += n) {
        if ((n = hf_utf8_decode(user + i, len - i, &cp)) == 0)
            return "is not valid UTF-8";
        /* "DOMAIN\name", "name@realm", "machine$" are accounts, too */
        if (!is_alnum(cp) && !(cp < 0x80 && strchr("._-@\\$+", (int)cp)))
            return "holds a character other than letters, digits and "
                   "._-@\\$+";
    }
    return NULL;
}
