/* Questions: nothing large happens without an answer or an option. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "tui/cli/verb.h"

int
hf_cli_ask(struct hf_cli *cli, const char *fmt, ...)
{
    char answer[16] = "";
    va_list ap;

    if (!cli->tty_in)
        return 0;
    va_start(ap, fmt);
    (void)vfprintf(stderr, fmt, ap);
    va_end(ap);
    (void)fputs(" [y/N] ", stderr);
    (void)fflush(stderr);
    if (!fgets(answer, sizeof(answer), stdin))
        return 0;
    return answer[0] == 'y' || answer[0] == 'Y';
}

const char *
hf_cli_type(struct hf_cli *cli, char *out, size_t size, const char *question)
{
    if (!cli->tty_in)
        return NULL;
    (void)fputs(question, stderr);
    (void)fflush(stderr);
    if (!fgets(out, (int)size, stdin))
        return NULL;
    out[strcspn(out, "\r\n")] = '\0';
    return out[strspn(out, " \t")] ? out : NULL;
}

int
hf_cli_expect(struct hf_cli *cli, size_t n, struct hf_err *err)
{
    int64_t want = -1;
    int rc = hf_cli_number(cli, HF_OPT_EXPECT, 0, 1000000, &want, err);

    if (rc < 0 || want < 0 || (size_t)want == n)
        return rc;
    return hf_fail(err, HF_EUSAGE,
                   "--expect-hosts says %lld, but %zu would be changed",
                   (long long)want, n);
}

int
hf_cli_consent(struct hf_cli *cli, const char *what, size_t n,
               struct hf_err *err)
{
    int rc;

    if ((rc = hf_cli_expect(cli, n, err)) < 0)
        return rc;
    if (cli->opt[HF_OPT_YES]) {
        if (cli->opt[HF_OPT_EXPECT] || cli->tty_in)
            return HF_OK;
        (void)hf_fail(err, HF_EUSAGE,
                      "--yes without a terminal wants --expect-hosts too");
        return hf_hint(err, "add --expect-hosts %zu", n);
    }
    if (!cli->tty_in) {
        (void)hf_fail(err, HF_EUSAGE, "there is no terminal to ask on");
        return hf_hint(err, "add --yes --expect-hosts %zu", n);
    }
    if (hf_cli_ask(cli, "%s %zu host%s?", what, n, hf_plural(n)))
        return HF_OK;
    return hf_fail(err, HF_EREFUSED, "not confirmed: nothing was changed");
}
