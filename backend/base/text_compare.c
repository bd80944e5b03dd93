/* Comparing text: without case, in natural order, by likeness; integers. */
#include "backend/base/text.h"

#include <string.h>
#include <wctype.h>

#include "backend/base/locale.h"

#define MAX_WORD 64

/* Up and down again, so that every form of a letter ends as the same one. */
uint32_t
hf_cp_fold(uint32_t cp)
{
    locale_t utf8;

    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    utf8 = hf_locale_utf8();
    return (uint32_t)towlower_l(towupper_l((wint_t)cp, utf8), utf8);
}

/* The next folded character of *s, 0 at the end; a broken byte is itself. */
static uint32_t
next_folded(const char **s)
{
    uint32_t cp = (unsigned char)**s;
    size_t n;

    if (cp < 0x80) { /* nearly always */
        *s += cp != 0;
        return hf_cp_fold(cp);
    }
    n = hf_utf8_decode(*s, strnlen(*s, 4), &cp);
    if (n == 0) {
        cp = (unsigned char)**s;
        *s += 1;
        return 0x110000 + cp; /* unlike every character */
    }
    *s += n;
    return hf_cp_fold(cp);
}

int
hf_text_casecmp(const char *a, const char *b)
{
    uint32_t x, y;

    do {
        x = next_folded(&a);
        y = next_folded(&b);
    } while (x == y && x != 0);
    return (x > y) - (x < y);
}

static int
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t
count_digits(const char *s)
{
    size_t n = 0;

    while (is_digit(s[n]))
        n++;
    return n;
}

/* Compares two runs of digits by value and steps over them. */
static int
compare_digits(const char **a, const char **b)
{
    size_t na, nb;
    int order;

    while (**a == '0')
        ++*a;
    while (**b == '0')
        ++*b;
    na = count_digits(*a);
    nb = count_digits(*b);
    order = na == nb ? strncmp(*a, *b, na) : na < nb ? -1 : 1;
    *a += na;
    *b += nb;
    return order;
}

int
hf_text_natcmp(const char *a, const char *b)
{
    const char *p = a, *q = b;

    while (*p || *q) {
        if (is_digit(*p) && is_digit(*q)) {
            int order = compare_digits(&p, &q);

            if (order != 0)
                return order;
        } else if (*p != *q) {
            return (unsigned char)*p < (unsigned char)*q ? -1 : 1;
        } else {
            p++;
            q++;
        }
    }
    return strcmp(a, b);
}

static size_t
least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static int
same_letter(char a, char b)
{
    return hf_cp_fold((unsigned char)a & 0x7fu) ==
               hf_cp_fold((unsigned char)b & 0x7fu) &&
           ((a ^ b) & 0x80) == 0;
}

/* Edits (also two letters swapped) from a to b; both shorter than MAX_WORD;
 * case does not count. */
static size_t
edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t rows[3][MAX_WORD + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    for (size_t j = 0; j <= nb; j++)
        last[j] = before[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *spare = before;

        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t differs = !same_letter(a[i - 1], b[j - 1]);

            row[j] = least(last[j] + 1, row[j - 1] + 1, last[j - 1] + differs);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]) && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        before = last;
        last = row;
        row = spare;
    }
    return last[nb];
}

const char *
hf_text_nearest(const char *word, const char *const *words)
{
    size_t len = strlen(word);
    size_t limit = len / 3 > 1 ? len / 3 : 1;
    const char *best = NULL;

    if (len == 0 || len > MAX_WORD)
        return NULL;
    for (; *words; words++) {
        size_t other = strlen(*words), distance;

        if (other == 0 || other > MAX_WORD)
            continue;
        distance = edit_distance(word, len, *words, other);
        if (distance < len && distance <= limit) {
            best = *words;
            if (distance == 0)
                break;
            limit = distance - 1; /* only a nearer one from now on */
        }
    }
    return best;
}

int
hf_has_prefix(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

int
hf_has_suffix(const char *s, const char *suffix)
{
    size_t len = strlen(s), n = strlen(suffix);

    return len >= n && strcmp(s + len - n, suffix) == 0;
}

int
hf_parse_int(int64_t *out, const char *s, int64_t min, int64_t max)
{
    int negative = s && *s == '-';
    int64_t value = 0;

    if (!s)
        return -1;
    s += negative;
    if (!is_digit(*s))
        return -1;
    for (; is_digit(*s); s++) {
        int digit = *s - '0';

        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return -1;
    }
    if (*s || value < min || value > max)
        return -1;
    *out = value;
    return 0;
}
