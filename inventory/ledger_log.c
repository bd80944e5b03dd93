/* The ledger's commits, and what git thinks of their signatures. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/git_child.h"
#include "inventory/ledger.h"
#include "inventory/ledger_read.h"

#define VERIFY_MS 60000  /* for git to start with... */
#define VERIFY_ONE_MS 50 /* ...and for each signature */
#define VERIFY_ALL_MS 600000

/* What git says of one commit. */
struct verdict {
    char id[41];
    char signature;
};
/* Sorted by id. */
struct verdicts {
    struct verdict *v;
    size_t len, cap;
};

/* ---- signatures ---- */

static int
by_id(const void *a, const void *b)
{
    return strcmp(((const struct verdict *)a)->id,
                  ((const struct verdict *)b)->id);
}

/* Lines "<40 hex> <letter>". */
static void
parse_verdicts(struct verdicts *out, const char *text)
{
    while (strlen(text) >= 42) {
        const char *end = strchr(text, '\n');
        struct verdict *v = HF_PUSH(&out->v, &out->len, &out->cap);

        memcpy(v->id, text, 40);
        v->signature = text[41];
        if (!end)
            break;
        text = end + 1;
    }
    if (out->len)
        qsort(out->v, out->len, sizeof(*out->v), by_id);
}

/* Git's setting for who may sign; where there is none, the fleet's own list
 * as a file, the caller's to unlink and free. NULL: git's setting. */
static int
signers_file(char **out, struct hf_repo *repo, struct hf_err *err)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_config *config = NULL;
    git_buf set = {0};
    struct hf_buf list = {0};
    int rc = HF_OK, is_set;

    *out = NULL;
    is_set = git_repository_config_snapshot(&config, hf_repo_git(repo)) == 0 &&
             git_config_get_string_buf(&set, config,
                                       "gpg.ssh.allowedsignersfile") == 0;
    if (!is_set &&
        hf_repo_read(repo, NULL, "allowed_signers", &list, &ignored) == HF_OK)
        rc = hf_git_temp_file(out, hf_buf_str(&list), list.len, err);
    hf_buf_release(&list);
    git_buf_dispose(&set);
    git_config_free(config);
    return rc;
}

static int
ask_git(struct verdicts *out, struct hf_repo *repo, const git_oid *tip,
        size_t max, struct hf_err *err)
{
    char *file = NULL, *setting = NULL, *count, id[41];
    const char *args[8] = {0};
    struct hf_buf text = {0};
    size_t n = 0;
    int64_t time = max && max < VERIFY_ALL_MS / VERIFY_ONE_MS
                       ? VERIFY_MS + (int64_t)max * VERIFY_ONE_MS
                       : VERIFY_ALL_MS;
    int rc;

    if ((rc = signers_file(&file, repo, err)) < 0)
        return rc;
    count = max ? hf_xasprintf("--max-count=%zu", max) : NULL;
    if (file) {
        setting = hf_xasprintf("gpg.ssh.allowedSignersFile=%s", file);
        args[n++] = "-c";
        args[n++] = setting;
    }
    args[n++] = "log";
    args[n++] = "--format=%H %G?";
    args[n++] = "--date-order"; /* as the walk below */
    args[n++] = hf_git_hex(id, tip);
    args[n] = count;
    rc = hf_git_run(repo, args, time, &text, err);
    if (rc == HF_OK)
        parse_verdicts(out, hf_buf_str(&text));
    if (file)
        unlink(file);
    hf_buf_release(&text);
    free(setting);
    free(count);
    free(file);
    return rc;
}

/* "N" is what git says of a signature that it could not even look at. */
static char
signature_of(const struct verdicts *verdicts, git_commit *commit,
             const char *id)
{
    const struct verdict *v = NULL;
    struct verdict wanted = {0};
    git_buf field = {0};
    int is_signed;

    memcpy(wanted.id, id, sizeof(wanted.id));
    if (verdicts->len)
        v = bsearch(&wanted, verdicts->v, verdicts->len, sizeof(*v), by_id);
    is_signed = git_commit_header_field(&field, commit, "gpgsig") == 0;
    git_buf_dispose(&field);
    if (v && (v->signature != 'N' || !is_signed))
        return v->signature;
    return is_signed ? 'E' : 'N';
}

/* ---- commits ---- */

/* The values of one trailer, joined; NULL when it is absent. */
static char *
trailer(const git_message_trailer_array *trailers, const char *key)
{
    struct hf_buf out = {0};
    char *text = NULL;

    for (size_t i = 0; i < trailers->count; i++)
        if (strcmp(trailers->trailers[i].key, key) == 0)
            hf_buf_printf(&out, "%s%s", out.len ? ", " : "",
                          trailers->trailers[i].value);
    if (out.len)
        text = hf_sanitised(hf_buf_str(&out));
    hf_buf_release(&out);
    return text;
}

static void
fill(struct hf_ledger_commit *c, git_commit *commit)
{
    git_message_trailer_array trailers = {0};
    const git_signature *author = git_commit_author(commit);
    const char *subject = git_commit_summary(commit);
    char *who = hf_xasprintf("%s <%s>", author->name, author->email);

    hf_git_hex(c->id, git_commit_id(commit));
    c->at = git_commit_time(commit) * 1000;
    c->subject = hf_sanitised(subject ? subject : "");
    c->author = hf_sanitised(who);
    if (git_message_trailers(&trailers, git_commit_message(commit)) == 0) {
        c->run = trailer(&trailers, "Run");
        c->action = trailer(&trailers, "Action");
        c->change = trailer(&trailers, "Change");
        c->operator_ = trailer(&trailers, "Operator");
    }
    git_message_trailer_array_free(&trailers);
    free(who);
}

static void
release(struct hf_ledger_commit *c)
{
    free(c->subject);
    free(c->author);
    free(c->run);
    free(c->action);
    free(c->change);
    free(c->operator_);
}

int
hf_ledger_commits(struct hf_repo *repo, const char *branch, size_t max,
                  int verify,
                  int (*fn)(void *ctx, const struct hf_ledger_commit *c),
                  void *ctx, struct hf_err *err)
{
    git_repository *git = hf_repo_git(repo);
    struct verdicts verdicts = {0};
    git_revwalk *walk = NULL;
    git_oid id;
    int rc, stop = 0;

    if ((rc = hf_ledger_tip(&id, repo, branch, err)) < 0 ||
        (verify && (rc = ask_git(&verdicts, repo, &id, max, err)) < 0))
        return rc;
    if ((rc = git_revwalk_new(&walk, git)) == 0 &&
        (rc = git_revwalk_sorting(walk,
                                  GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME)) == 0)
        rc = git_revwalk_push(walk, &id);
    for (size_t n = 0; rc == 0 && !stop && (max == 0 || n < max); n++) {
        struct hf_ledger_commit c = {0};
        git_commit *commit = NULL;

        if ((rc = git_revwalk_next(&id, walk)) < 0 ||
            (rc = git_commit_lookup(&commit, git, &id)) < 0)
            break;
        fill(&c, commit);
        if (verify)
            c.signature = signature_of(&verdicts, commit, c.id);
        stop = fn(ctx, &c);
        release(&c);
        git_commit_free(commit);
    }
    rc = rc < 0 && rc != GIT_ITEROVER
             ? hf_git_fail(err, rc, "cannot read the commits of '%s'", branch)
             : HF_OK;
    git_revwalk_free(walk);
    free(verdicts.v);
    return rc;
}
