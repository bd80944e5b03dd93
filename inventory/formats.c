/* The rules for single values in fleet files. */
#include "inventory/formats.h"

#include <git2.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/model/calendar_text.h"
#include "backend/model/release.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define BASE64 LETTERS DIGITS "+/"

/* The whole text is of `set`, and starts with a letter or digit. */
static int
is_word(const char *s, const char *set)
{
    return *s && strchr(LETTERS DIGITS, *s) && s[strspn(s, set)] == '\0';
}

/* ---- hosts ---- */

const char *
hf_tag_problem(const char *tag)
{
    return strpbrk(tag, " \"'()&|!,") ? "holds a space or one of \"'()&|!,"
                                      : NULL;
}

/* Key types that hotfleet pins, and how long the encoded key is (0: varies). */
/* clang-format off */
static const struct { const char *type; size_t chars; } key_types[] = {
    {"ssh-ed25519", 68},
    {"ecdsa-sha2-nistp256", 140},
    {"ecdsa-sha2-nistp384", 184},
    {"ecdsa-sha2-nistp521", 232},
    {"ssh-rsa", 0},
    {"sk-ssh-ed25519@openssh.com", 0},
    {"sk-ecdsa-sha2-nistp256@openssh.com", 0},
};
/* clang-format on */

/* The encoded key starts with its own type: a four-byte length and the text.
 * Compares by encoding what should be there, whole groups of three only. */
static int
starts_with_type(const char *base64, const char *type)
{
    unsigned char head[64] = {0};
    size_t len = strlen(type), whole = (4 + len) / 3;

    head[3] = (unsigned char)len;
    for (size_t i = 0; i < len; i++)
        head[4 + i] = (unsigned char)type[i];
    for (size_t i = 0; i < whole; i++, base64 += 4) {
        unsigned bits = (unsigned)head[3 * i] << 16 |
                        (unsigned)head[3 * i + 1] << 8 | head[3 * i + 2];

        for (int j = 0; j < 4; j++)
            if (base64[j] != BASE64[(bits >> (18 - 6 * j)) & 63])
                return 0;
    }
    return 1;
}

const char *
hf_hostkey_problem(const char *key)
{
    const char *base64 = strchr(key, ' ');
    size_t type_len = base64 ? (size_t)(base64 - key) : 0, len, plain;

    for (size_t i = 0; base64 && i < HF_COUNT(key_types); i++) {
        if (strlen(key_types[i].type) != type_len ||
            strncmp(key, key_types[i].type, type_len) != 0)
            continue;
        len = strlen(++base64);
        plain = strspn(base64, BASE64);
        if (len % 4 != 0 || len < 68 ||
            plain + strspn(base64 + plain, "=") != len || len - plain > 2 ||
            (key_types[i].chars && len != key_types[i].chars) ||
            !starts_with_type(base64, key_types[i].type))
            return "is a damaged key (cut off, or changed by an editor?)";
        return NULL;
    }
    return "is no host key of the form \"ssh-ed25519 AAAA...\"";
}

const char *
hf_keyfile_problem(const char *path)
{
    if (*path == '/' || hf_has_prefix(path, "~/"))
        return NULL;
    return "is no full path: start it with '/' or '~/'";
}

const char *
hf_unit_problem(const char *unit)
{
    return is_word(unit, LETTERS DIGITS ":_.@\\-")
               ? NULL
               : "is no name of a systemd unit";
}

const char *
hf_timezone_problem(const char *zone)
{
    if (zone[strspn(zone, LETTERS DIGITS "_+-/")] != '\0' || *zone == '/' ||
        strstr(zone, "//") || hf_has_suffix(zone, "/"))
        return "is no time zone such as Europe/Berlin";
    return NULL;
}

const char *
hf_jump_problem(const char *jump)
{
    return *jump == '-' || strchr(jump, ' ') ? "is no host to jump over" : NULL;
}

/* ---- settings ---- */

const char *
hf_hook_problem(const char *name)
{
    return is_word(name, LETTERS DIGITS "._-")
               ? NULL
               : "is no plain file name: hooks are files in hooks/";
}

const char *
hf_regex_problem(const char *pattern)
{
    regex_t compiled;

    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return "is no POSIX extended regular expression";
    regfree(&compiled);
    return NULL;
}

const char *
hf_branch_problem(const char *name)
{
    char ref[1100];
    int valid = 0;

    snprintf(ref, sizeof(ref), "refs/heads/%s", name);
    if (*name != '-' && git_reference_name_is_valid(&valid, ref) == 0 && valid)
        return NULL;
    return "is no name for a git branch";
}

const char *
hf_remote_problem(const char *name)
{
    return is_word(name, LETTERS DIGITS "._-/") ? NULL
                                                : "is no name of a git remote";
}

/* ---- catalogue ---- */

const char *
hf_month_problem(const char *month)
{
    if (strlen(month) == 7 && strspn(month, DIGITS) == 4 && month[4] == '-' &&
        strspn(month + 5, DIGITS) == 2 && strcmp(month + 5, "00") > 0 &&
        strcmp(month + 5, "12") <= 0)
        return NULL;
    return "is no month such as 2026-08";
}

const char *
hf_kb_problem(const char *kb)
{
    size_t digits = hf_has_prefix(kb, "KB") ? strspn(kb + 2, DIGITS) : 0;

    if (digits >= 6 && digits <= 8 && kb[2 + digits] == '\0')
        return NULL;
    return "is no KB number such as KB5066835";
}

const char *
hf_build_problem(const char *build)
{
    size_t line = strspn(build, DIGITS);
    size_t rest = build[line] == '.' ? strspn(build + line + 1, DIGITS) : 0;

    if (line && rest && build[line + 1 + rest] == '\0')
        return NULL;
    return "is no build such as 26100.4652";
}

const char *
hf_kernel_problem(const char *release)
{
    return is_word(release, LETTERS DIGITS "._+~-")
               ? NULL
               : "is no kernel release such as 6.1.0-56-amd64";
}

const char *
hf_module_problem(const char *name)
{
    if (name[strspn(name, LETTERS DIGITS "_")] == '\0')
        return NULL;
    return strchr(name, '-') ? "is no module name (the kernel writes '_' "
                               "instead of '-')"
                             : "is no module name (letters, digits and '_')";
}

const char *
hf_release_name_problem(const char *name)
{
    return hf_module_problem(name)
               ? "is no KB number and no name of a livepatch module"
               : NULL;
}

const char *
hf_replaces_problem(const char *name)
{
    return strcmp(name, "*") == 0 ? NULL : hf_module_problem(name);
}

const char *
hf_cve_problem(const char *cve)
{
    if (hf_has_prefix(cve, "CVE-") && strspn(cve + 4, DIGITS) == 4 &&
        cve[8] == '-' && strspn(cve + 9, DIGITS) >= 4 &&
        cve[9 + strspn(cve + 9, DIGITS)] == '\0')
        return NULL;
    return "is no CVE number such as CVE-2026-1234";
}

const char *
hf_product_problem(const char *product)
{
    return hf_name_index(hf_product_ids, product) >= 0
               ? NULL
               : "is no product of the catalogue, such as ws2025";
}

const char *
hf_score_problem(const char *score)
{
    size_t digits = strspn(score, DIGITS);

    if (strcmp(score, "10.0") == 0 ||
        (digits == 1 && score[1] == '.' && strspn(score + 2, DIGITS) == 1 &&
         !score[3]))
        return NULL;
    return "is no CVSS score such as 7.8";
}

const char *
hf_sha256_problem(const char *sha256)
{
    return hf_sha256_is_hex(sha256)
               ? NULL
               : "is no SHA-256 (64 hexadecimal digits in lower case)";
}

/* ---- calendar ---- */

const char *
hf_monthly_problem(const char *day)
{
    struct hf_monthly ignored;

    return hf_monthly_parse(&ignored, day) == 0
               ? NULL
               : "is no day such as 'second tuesday + 4 days' or 'last day'";
}

const char *
hf_weekday_problem(const char *day)
{
    return strcmp(day, "day") == 0 || hf_name_index(hf_weekday_names, day) >= 0
               ? NULL
               : "is no day of the week such as 'saturday', or 'day' for all";
}

const char *
hf_month_name_problem(const char *month)
{
    return hf_name_index(hf_month_names, month) >= 0
               ? NULL
               : "is no month such as 'january'";
}

const char *
hf_clock_problem(const char *clock)
{
    int64_t ignored;

    return hf_clock_parse(&ignored, clock) == 0
               ? NULL
               : "is no time of day such as '22:00'";
}

const char *
hf_local_problem(const char *time)
{
    int64_t ignored;
    int whole;

    return hf_local_parse(&ignored, &whole, time) == 0
               ? NULL
               : "is no date such as '2026-12-18' or '2026-12-18T18:00' "
                 "(without a zone: that is 'timezone')";
}

const char *
hf_date_problem(const char *date)
{
    int64_t ignored;
    int whole;

    return hf_local_parse(&ignored, &whole, date) == 0 && whole
               ? NULL
               : "is no date such as '2026-12-18'";
}

const char *
hf_ics_problem(const char *path)
{
    if (*path == '/' || *path == '.' || strstr(path, "..") ||
        !hf_has_suffix(path, ".ics"))
        return "is no iCalendar file of this repository, such as "
               "'calendars/holidays.ics'";
    return NULL;
}
