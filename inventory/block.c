/* Blocking a release and ending that, one file and one commit each. */
#include "inventory/block.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/edit.h"
#include "inventory/formats.h"
#include "inventory/retext.h"

static void
add_member(struct hf_buf *text, const char *key, const char *value)
{
    char *quoted;

    if (!value || !*value)
        return;
    quoted = hf_retext_quote(value);
    hf_buf_printf(text, "%s  \"%s\": %s", text->len ? ",\n" : "{\n", key,
                  quoted);
    free(quoted);
}

/* A whole day as people write it. */
static const char *
until_text(char out[HF_TIME_LEN], int64_t until)
{
    const int64_t day = (int64_t)24 * 60 * 60 * 1000;

    (void)hf_time_format(out, until);
    if (until % day == day - 1000)
        out[sizeof("2027-01-31") - 1] = '\0';
    return out;
}

static void
write_text(struct hf_buf *text, const struct hf_block *b, const char *by)
{
    char time[HF_TIME_LEN];

    add_member(text, "release", b->release);
    add_member(text, "kernel", b->kernel);
    add_member(text, "reason", b->reason);
    add_member(text, "by", by);
    add_member(text, "since", hf_time_format(time, hf_now() / 1000 * 1000));
    if (b->until)
        add_member(text, "until", until_text(time, b->until));
    add_member(text, "run", b->run);
    hf_buf_puts(text, "\n}\n");
}

/* Subject, reason and trailers of the commit. */
static void
say(struct hf_edit *e, const char *verb, const struct hf_block *b)
{
    hf_edit_say(e, "%s %s%s%s%s%s", verb, b->release,
                b->kernel ? " for kernel " : "", b->kernel ? b->kernel : "",
                b->reason && *b->reason ? ": " : "",
                b->reason ? b->reason : "");
    hf_edit_trailer(e, "Action", verb);
    hf_edit_trailer(e, "Release", b->release);
    hf_edit_trailer(e, "Run", b->run);
}

static int
is_as_wanted(const struct hf_block *old, const struct hf_block *wanted)
{
    return old && strcmp(old->reason, wanted->reason) == 0 &&
           old->until == wanted->until && hf_block_holds(old, hf_now());
}

static int
check_wanted(const struct hf_block *wanted, struct hf_err *err)
{
    const char *problem = hf_release_name_problem(wanted->release);

    if (problem)
        return hf_fail(err, HF_EUSAGE, "'%s' %s", wanted->release, problem);
    if (wanted->kernel && (problem = hf_kernel_problem(wanted->kernel)) != NULL)
        return hf_fail(err, HF_EUSAGE, "'%s' %s", wanted->kernel, problem);
    if (!*wanted->reason)
        return hf_fail(err, HF_EUSAGE, "a block needs a reason");
    return HF_OK;
}

/* One's own block may be put otherwise; what somebody else decided, or noted
 * by hand, is ended by a person, not overwritten. */
static int
check_old(const struct hf_block *old, const char *by, struct hf_err *err)
{
    char since[HF_TIME_LEN] = "";

    if (!old || !hf_block_holds(old, hf_now()) ||
        (old->by && strcmp(old->by, by) == 0 && !old->note))
        return HF_OK;
    if (old->since)
        (void)hf_time_format(since, old->since);
    (void)hf_fail(err, HF_EEXISTS, "'%s' is blocked already by %s%s%.10s: %s",
                  old->release, old->by ? old->by : "somebody",
                  old->since ? " since " : "", since, old->reason);
    return hf_hint(err,
                   "it stays as it is; to change it: hotfleet unblock %s, or "
                   "edit '%s' and commit",
                   old->release, old->path);
}

static int
commit_block(struct hf_repo *repo, const struct hf_block *old,
             const struct hf_block *wanted, char commit[41], struct hf_err *err)
{
    char *name = NULL, *email = NULL, *by = NULL, *path = NULL;
    struct hf_buf text = {0};
    struct hf_edit e = {0};
    int rc;

    if ((rc = hf_repo_identity(repo, &name, &email, err)) < 0)
        goto out;
    by = hf_sanitised(name);
    if ((rc = check_old(old, by, err)) < 0)
        goto out;
    path = old ? hf_xstrdup(old->path)
               : hf_xasprintf("blocks/%s%s%s.json", wanted->release,
                              wanted->kernel ? "_" : "",
                              wanted->kernel ? wanted->kernel : "");
    write_text(&text, wanted, by);
    hf_edit_write(&e, path, old ? old->blob : NULL, hf_buf_str(&text),
                  text.len);
    say(&e, "block", wanted);
    rc = hf_edit_commit(repo, &e, commit, err);
out:
    hf_edit_release(&e);
    hf_buf_release(&text);
    free(path);
    free(by);
    free(name);
    free(email);
    return rc;
}

int
hf_block_add(struct hf_repo *repo, const struct hf_fleet *fleet,
             const struct hf_block *wanted, char commit[41], struct hf_err *err)
{
    const struct hf_block *old =
        hf_block_named(fleet, wanted->release, wanted->kernel);
    char *reason = hf_sanitised(wanted->reason);
    struct hf_block clean = *wanted;
    int rc;

    commit[0] = '\0';
    clean.reason = reason;
    rc = check_wanted(&clean, err);
    if (rc == HF_OK && !is_as_wanted(old, &clean))
        rc = commit_block(repo, old, &clean, commit, err);
    free(reason);
    return rc;
}

int
hf_block_end(struct hf_repo *repo, const struct hf_fleet *fleet,
             const char *release, const char *kernel, const char *reason,
             char commit[41], struct hf_err *err)
{
    const struct hf_block *old = hf_block_named(fleet, release, kernel);
    struct hf_edit e = {0};
    struct hf_block over;
    char *safe;
    int rc;

    commit[0] = '\0';
    if (!old) {
        (void)hf_fail(err, HF_ENOTFOUND, "release '%s' is not blocked%s%s",
                      release, kernel ? " for kernel " : "",
                      kernel ? kernel : "");
        return hf_hint(err, "hotfleet catalogue list shows what is");
    }
    over = *old;
    over.reason = safe = reason ? hf_sanitised(reason) : hf_xstrdup("");
    hf_edit_delete(&e, old->path, old->blob);
    say(&e, "unblock", &over);
    rc = hf_edit_commit(repo, &e, commit, err);
    hf_edit_release(&e);
    free(safe);
    return rc;
}
