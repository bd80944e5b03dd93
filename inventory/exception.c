/* Exceptions as commits; see exception.h. */
#include "inventory/exception.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/documents.h"
#include "inventory/edit.h"
#include "inventory/git.h"
#include "inventory/retext.h"

/* The texts by their keys in the file, and what to say without. */
static const struct {
    const char *key;
    size_t offset;
    const char *hint;
} texts[] = {
#define AT(member) offsetof(struct hf_exception_text, member)
    {"owner", AT(owner), "--owner NAME: who answers for it"},
    {"ticket", AT(ticket), "--ticket ID: where it was agreed"},
    {"reason", AT(reason), "--reason TEXT: why they cannot be patched"},
    {"control", AT(control), "--control TEXT: what protects them meanwhile"},
    {"until", AT(until), "--until DATE: an exception must end"},
#undef AT
};

static const char *
text_of(const struct hf_exception_text *text, size_t i)
{
    return *(const char *const *)((const char *)text + texts[i].offset);
}

static int
need_texts(const struct hf_exception_text *text, struct hf_err *err)
{
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        const char *value = text_of(text, i);

        if (value && value[strspn(value, " \t\r\n")])
            continue;
        (void)hf_fail(err, HF_EINVALID, "an exception wants '%s'",
                      texts[i].key);
        return hf_hint(err, "add %s", texts[i].hint);
    }
    return HF_OK;
}

/* The whole file, as the loader will see it. */
static int
check(const char *path, const struct hf_buf *text, struct hf_err *err)
{
    struct hf_arena *arena = hf_arena_new();
    struct hf_exception e;
    char day[HF_TIME_LEN];
    int rc;

    rc = hf_decode_text(arena, &e, &hf_object_exception, path, text, err);
    if (rc == HF_OK && hf_exception_is_over(&e, hf_now()))
        rc = hf_fail(err, HF_EINVALID, "it would have ended with %.10s",
                     hf_time_format(day, e.until));
    hf_arena_free(arena);
    return rc;
}

/* Sets `key` to a text of the caller, made harmless. */
static int
set_text(struct hf_buf *file, const char *key, const char *value,
         struct hf_err *err)
{
    char *safe = hf_sanitised(value);
    char *quoted = hf_retext_quote(safe);
    int rc = hf_retext_set(file, key, quoted, err);

    free(quoted);
    free(safe);
    return rc;
}

/* What was said, by whom and when. */
static int
set_texts(struct hf_buf *file, struct hf_repo *repo,
          const struct hf_exception_text *text, struct hf_err *err)
{
    char *name = NULL, *email = NULL;
    char since[HF_TIME_LEN];
    int rc;

    hf_time_format(since, hf_now() / 1000 * 1000);
    rc = hf_repo_identity(repo, &name, &email, err);
    for (size_t i = 0; i < HF_COUNT(texts) && rc == HF_OK; i++)
        if (text_of(text, i))
            rc = set_text(file, texts[i].key, text_of(text, i), err);
    if (rc == HF_OK && (rc = set_text(file, "by", name, err)) == HF_OK)
        rc = set_text(file, "since", since, err);
    free(name);
    free(email);
    return rc;
}

/* {"hosts": ["db-01", "db-02"]} */
static char *
scope_value(const struct hf_host *const *hosts, size_t n)
{
    struct hf_buf out = {0};

    hf_buf_puts(&out, "{\"hosts\": [");
    for (size_t i = 0; i < n; i++) {
        char *name = hf_retext_quote(hosts[i]->name);

        hf_buf_printf(&out, "%s%s", i ? ", " : "", name);
        free(name);
    }
    hf_buf_puts(&out, "]}");
    return hf_buf_take(&out);
}

static void
say_trailers(struct hf_edit *e, const char *action, const char *id,
             const struct hf_exception_text *text)
{
    hf_edit_trailer(e, "Action", action);
    hf_edit_trailer(e, "Exception", id);
    hf_edit_trailer(e, "Owner", text->owner);
    hf_edit_trailer(e, "Ticket", text->ticket);
    hf_edit_trailer(e, "Until", text->until);
}

/* The subject, and the names where there are several. */
static void
say_hosts(struct hf_edit *e, const struct hf_host *const *hosts, size_t n,
          const struct hf_exception_text *text)
{
    if (n == 1) {
        hf_edit_say(e, "except %s until %s: %s", hosts[0]->name, text->until,
                    text->reason);
        return;
    }
    hf_edit_say(e, "except %zu hosts until %s: %s", n, text->until,
                text->reason);
    hf_edit_say(e, "%s", "");
    for (size_t i = 0; i < n; i++)
        hf_edit_say(e, "%s", hosts[i]->name);
}

int
hf_exception_add(struct hf_repo *repo, const struct hf_fleet *fleet,
                 const char *id, const struct hf_host *const *hosts, size_t n,
                 const struct hf_exception_text *text, char commit[41],
                 struct hf_err *err)
{
    const struct hf_exception *there = hf_exception_find(fleet, id);
    const char *wrong = hf_host_name_problem(id);
    char *path = NULL, *scope = NULL;
    struct hf_buf file = {0};
    struct hf_edit edit = {0};
    int rc;

    commit[0] = '\0';
    if (wrong)
        return hf_fail(err, HF_EINVALID, "'%s' %s", id, wrong);
    if (there)
        return hf_fail(err, HF_EEXISTS, "there is an exception '%s' already",
                       there->id);
    if ((rc = need_texts(text, err)) < 0)
        return rc;
    path = hf_xasprintf("exceptions/%s.json", id);
    scope = scope_value(hosts, n);
    hf_buf_puts(&file,
                "{\n  \"$schema\": \"../schemas/exception.schema.json\"\n}\n");
    if ((rc = set_text(&file, "id", id, err)) < 0 ||
        (rc = hf_retext_set(&file, "for", scope, err)) < 0 ||
        (rc = set_texts(&file, repo, text, err)) < 0 ||
        (rc = check(path, &file, err)) < 0)
        goto out;
    hf_edit_write(&edit, path, NULL, hf_buf_str(&file), file.len);
    say_hosts(&edit, hosts, n, text);
    say_trailers(&edit, "exception-add", id, text);
    rc = hf_edit_commit(repo, &edit, commit, err);
out:
    hf_edit_release(&edit);
    hf_buf_release(&file);
    free(scope);
    free(path);
    return rc;
}

int
hf_exception_renew(struct hf_repo *repo, const struct hf_exception *e,
                   const struct hf_exception_text *text, char commit[41],
                   struct hf_err *err)
{
    struct hf_buf file = {0};
    struct hf_edit edit = {0};
    git_oid blob;
    int rc;

    commit[0] = '\0';
    if (!text->until) {
        (void)hf_fail(err, HF_EINVALID, "until when is '%s' renewed", e->id);
        return hf_hint(err, "add --until DATE");
    }
    git_oid_fromstr(&blob, e->blob);
    if ((rc = hf_git_read_blob(&file, repo, &blob, e->path, err)) < 0 ||
        (rc = set_texts(&file, repo, text, err)) < 0 ||
        (rc = check(e->path, &file, err)) < 0)
        goto out;
    hf_edit_write(&edit, e->path, e->blob, hf_buf_str(&file), file.len);
    hf_edit_say(&edit, "renew exception %s until %s%s%s", e->id, text->until,
                text->reason ? ": " : "", text->reason ? text->reason : "");
    say_trailers(&edit, "exception-renew", e->id, text);
    rc = hf_edit_commit(repo, &edit, commit, err);
out:
    hf_edit_release(&edit);
    hf_buf_release(&file);
    return rc;
}

int
hf_exception_end(struct hf_repo *repo, const struct hf_exception *e,
                 const char *reason, char commit[41], struct hf_err *err)
{
    const struct hf_exception_text text = {.owner = e->owner,
                                           .ticket = e->ticket};
    struct hf_edit edit = {0};
    int rc;

    hf_edit_delete(&edit, e->path, e->blob);
    hf_edit_say(&edit, "end exception %s%s%s", e->id, reason ? ": " : "",
                reason ? reason : "");
    say_trailers(&edit, "exception-end", e->id, &text);
    rc = hf_edit_commit(repo, &edit, commit, err);
    hf_edit_release(&edit);
    return rc;
}
