/* Signatures of commits, by the programs that git uses; see ledger_sign.h. */
#include "inventory/ledger_sign.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/child.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/git_child.h"

#define SIGN_MS 30000
#define SIGNATURE_MAX 65536

#define MAX_ARGUMENTS 10

/* How git makes signatures of one format. None may ask anybody: the console
 * has the terminal. */
struct kind {
    const char *format;      /* of gpg.format */
    const char *settings[2]; /* that name the program, the first one wins */
    const char *program;     /* when none does */
    const char *begin;       /* of a signature */
    const char *locked;      /* what to do about a key with a passphrase */
    int (*set_up)(struct hf_signer *s, git_config *config, const char *key,
                  struct hf_err *err);
    void (*arguments)(const char *argv[MAX_ARGUMENTS],
                      const struct hf_signer *s);
};

struct hf_signer {
    const struct kind *kind;
    char *program;
    char *key;     /* ssh: a file; openpgp: whatever gpg finds it by */
    int temporary; /* the file is ours: the key stood in the configuration */
};

static void
ssh_arguments(const char *argv[MAX_ARGUMENTS], const struct hf_signer *s)
{
    const char *const all[MAX_ARGUMENTS] = {
        s->program, "-Y", "sign", "-n",
        "git",      "-f", s->key, s->temporary ? "-U" : NULL};

    memcpy(argv, all, sizeof(all));
}

static void
openpgp_arguments(const char *argv[MAX_ARGUMENTS], const struct hf_signer *s)
{
    const char *const all[MAX_ARGUMENTS] = {
        s->program, "--batch", "--pinentry-mode", "error", "-bsau", s->key};

    memcpy(argv, all, sizeof(all));
}

void
hf_signer_free(struct hf_signer *s)
{
    if (!s)
        return;
    if (s->temporary)
        unlink(s->key);
    free(s->program);
    free(s->key);
    free(s);
}

/* The setting, the caller's, or NULL. */
static char *
setting(git_config *config, const char *name, int is_path)
{
    git_buf value = {0};
    char *out = NULL;
    int rc = is_path ? git_config_get_path(&value, config, name)
                     : git_config_get_string_buf(&value, config, name);

    if (rc == 0 && value.size > 0)
        out = hf_xstrdup(value.ptr);
    git_buf_dispose(&value);
    return out;
}

/* A key that stands in the configuration itself, or NULL for a file's name. */
static const char *
literal_key(const char *text)
{
    if (hf_has_prefix(text, "key::"))
        return text + strlen("key::");
    return hf_has_prefix(text, "ssh-") ? text : NULL;
}

/* ssh-keygen wants a file; the private half is with the agent. */
static int
keep_literal(struct hf_signer *s, const char *text, struct hf_err *err)
{
    char *line = hf_xasprintf("%s\n", text);
    int rc = hf_git_temp_file(&s->key, line, strlen(line), err);

    s->temporary = rc == HF_OK;
    free(line);
    return rc;
}

int
hf_signer_sign(struct hf_signer *s, const char *text, size_t len,
               struct hf_buf *signature, struct hf_err *err)
{
    const char *argv[MAX_ARGUMENTS];
    const char *env[] = {"SSH_ASKPASS_REQUIRE=never", "LC_ALL=C", NULL};
    struct hf_child c = {.argv = argv,
                         .env = env,
                         .input = text,
                         .input_len = len,
                         .timeout_ms = SIGN_MS,
                         .max_output = SIGNATURE_MAX};
    int rc;

    s->kind->arguments(argv, s);
    rc = hf_child_run(&c, err);
    if (rc == HF_OK &&
        (c.status != 0 || !hf_has_prefix(hf_buf_str(&c.out), s->kind->begin))) {
        char *said = hf_sanitised(hf_buf_str(&c.err));

        rc = hf_fail(err, HF_EDENIED, "cannot sign with '%s': %s", s->key,
                     *said ? said : "no signature came back");
        hf_hint(err, "check user.signingkey; %s", s->kind->locked);
        free(said);
    }
    if (rc == HF_OK)
        hf_buf_add(signature, hf_buf_str(&c.out), c.out.len);
    hf_buf_release(&c.out);
    hf_buf_release(&c.err);
    return rc;
}

int
hf_signer_prove(struct hf_signer *s, struct hf_err *err)
{
    struct hf_buf signature = {0};
    int rc = s ? hf_signer_sign(s, "", 0, &signature, err) : HF_OK;

    hf_buf_release(&signature);
    return rc;
}

int
hf_signer_store(struct hf_signer *s, git_oid *out, git_repository *git,
                const git_buf *text, const char *place, struct hf_err *err)
{
    struct hf_buf signature = {0};
    int rc;

    if (s &&
        (rc = hf_signer_sign(s, text->ptr, text->size, &signature, err)) < 0)
        return rc;
    rc = git_commit_create_with_signature(out, git, text->ptr,
                                          s ? signature.data : NULL, NULL);
    hf_buf_release(&signature);
    return rc < 0 ? hf_git_fail(err, rc, "cannot write a commit of '%s'", place)
                  : HF_OK;
}

static int
fail_unset(const char *who_demands, struct hf_err *err)
{
    hf_fail(err, HF_EDENIED, "%s, and git has no SSH key to sign with",
            who_demands);
    return hf_hint(err, "git config --global gpg.format ssh ; git config "
                        "--global user.signingkey ~/.ssh/id_ed25519.pub");
}

static char *
program_of(const struct kind *kind, git_config *config)
{
    char *program = NULL;

    for (size_t i = 0; i < 2 && !program && kind->settings[i]; i++)
        program = setting(config, kind->settings[i], 1);
    return program ? program : hf_xstrdup(kind->program);
}

static int
set_up_ssh(struct hf_signer *s, git_config *config, const char *key,
           struct hf_err *err)
{
    const char *literal = literal_key(key);
    int rc;

    if (literal && (rc = keep_literal(s, literal, err)) < 0)
        return rc;
    if (!literal)
        s->key = setting(config, "user.signingkey", 1);
    if (!s->key)
        return hf_fail(err, HF_EINVALID,
                       "git cannot make a path of user.signingkey '%s'", key);
    return HF_OK;
}

/* As git finds it: the key, else whoever commits. */
static int
set_up_openpgp(struct hf_signer *s, git_config *config, const char *key,
               struct hf_err *err)
{
    char *name = NULL, *email = NULL;
    int rc = HF_OK;

    if (key)
        s->key = hf_xstrdup(key);
    else if ((rc = hf_git_identity(&name, &email, config, err)) == HF_OK)
        s->key = hf_xasprintf("%s <%s>", name, email);
    free(name);
    free(email);
    return rc;
}

/* clang-format off */
static const struct kind ssh = {
    .format = "ssh", .settings = {"gpg.ssh.program"}, .program = "ssh-keygen",
    .begin = "-----BEGIN SSH SIGNATURE-----",
    .locked = "a key with a passphrase must be in the agent: ssh-add",
    .set_up = set_up_ssh, .arguments = ssh_arguments,
};
static const struct kind openpgp = {
    .format = "openpgp", .settings = {"gpg.openpgp.program", "gpg.program"},
    .program = "gpg", .begin = "-----BEGIN PGP SIGNATURE-----",
    .locked = "gpg-agent must know the key's passphrase: sign something first",
    .set_up = set_up_openpgp, .arguments = openpgp_arguments,
};
/* clang-format on */

/* *out is NULL without a key, unless somebody demands one (else NULL). */
static int
signer_of(struct hf_signer **out, git_config *config, const char *who_demands,
          int also_openpgp, struct hf_err *err)
{
    char *format = setting(config, "gpg.format", 0);
    char *key = setting(config, "user.signingkey", 0);
    const struct kind *kind = NULL;
    struct hf_signer *s = NULL;
    int rc = HF_OK;

    *out = NULL;
    if (format && strcmp(format, ssh.format) == 0 && key)
        kind = &ssh;
    else if (also_openpgp && (!format || !strcmp(format, openpgp.format)))
        kind = &openpgp; /* git's own choice when nothing is said */
    if (!kind) {
        rc = who_demands ? fail_unset(who_demands, err) : HF_OK;
        goto out;
    }
    s = HF_NEW(struct hf_signer);
    s->kind = kind;
    s->program = program_of(kind, config);
    if ((rc = kind->set_up(s, config, key, err)) < 0)
        goto out;
    *out = s;
    s = NULL;
out:
    hf_signer_free(s);
    free(format);
    free(key);
    return rc;
}

int
hf_signer_new(struct hf_signer **out, struct hf_repo *repo, int demanded,
              struct hf_err *err)
{
    git_config *config = NULL;
    int rc;

    *out = NULL;
    if ((rc = hf_git_config(&config, repo, err)) < 0)
        return rc;
    rc = signer_of(out, config,
                   demanded ? "this fleet demands signed ledger commits" : NULL,
                   0, err);
    git_config_free(config);
    return rc;
}

int
hf_signer_for_edits(struct hf_signer **out, git_config *config,
                    struct hf_err *err)
{
    int on = 0, rc;

    *out = NULL;
    rc = config ? git_config_get_bool(&on, config, "commit.gpgsign") : 0;
    if (rc < 0 && rc != GIT_ENOTFOUND)
        return hf_git_fail(err, rc, "cannot tell whether to sign");
    if (!on)
        return HF_OK;
    return signer_of(out, config, "commit.gpgsign demands signed commits", 1,
                     err);
}
