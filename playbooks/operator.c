/*
 * Who acts: what git says, what the kernel and sshd can prove, and the
 * difference between the two.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "playbooks/session_priv.h"

#define NO_LOGIN_UID 4294967295LL /* (uid_t)-1: no login session */

static void
add_git_identity(struct hf_buf *out, struct hf_repo *repo)
{
    char *name = NULL, *email = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (hf_repo_identity(repo, &name, &email, &err) == HF_OK)
        hf_buf_printf(out, "%s <%s>", name, email);
    else
        hf_buf_puts(out, "no git identity");
    free(name);
    free(email);
}

/* The audit login uid survives su and sudo: the kernel's word. */
static void
add_login(struct hf_buf *out)
{
    struct hf_buf text = {0};
    struct hf_err err = HF_ERR_INIT;
    int64_t uid = -1;
    const struct passwd *pw = getpwuid(getuid());

    hf_buf_printf(out, "; account %s", pw ? pw->pw_name : "?");
    if (hf_file_read(&text, "/proc/self/loginuid", 32, &err) == HF_OK &&
        hf_parse_int(&uid, hf_buf_str(&text), 0, NO_LOGIN_UID) == 0 &&
        uid != NO_LOGIN_UID) {
        pw = getpwuid((uid_t)uid);
        hf_buf_printf(out, ", logged in as %s (proven)",
                      pw ? pw->pw_name : hf_buf_str(&text));
    }
    hf_buf_release(&text);
}

/* Environment: anybody could have set it. */
static void
add_claims(struct hf_buf *out)
{
    const char *sudo = getenv("SUDO_USER"), *ssh = getenv("SSH_CONNECTION");

    if (sudo && *sudo)
        hf_buf_printf(out, ", sudo from %s (claimed)", sudo);
    if (ssh && *ssh)
        hf_buf_printf(out, ", ssh from %.*s (claimed)", (int)strcspn(ssh, " "),
                      ssh);
}

char *
operator_describe(struct hf_repo *repo)
{
    struct hf_buf out = {0};
    char *clean;

    add_git_identity(&out, repo);
    add_login(&out);
    add_claims(&out);
    clean = hf_sanitised(hf_buf_str(&out));
    hf_buf_release(&out);
    return clean;
}
