/* Rules of calendar.json as commits; see window.h. */
#include "inventory/window.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/model/calendar.h"
#include "inventory/documents.h"
#include "inventory/edit.h"
#include "inventory/git.h"
#include "inventory/retext.h"
#include "inventory/rules.h"

#define CALENDAR_FILE "calendar.json"
#define WHOM_MAX 60 /* characters of a selector in a subject */

static const char new_file[] =
    "{\n  \"$schema\": \"schemas/calendar.schema.json\"\n}\n";

/* Plain texts of a rule, in the order in which they are written. */
static const struct {
    const char *key;
    size_t offset;
} texts[] = {
#define AT(member) offsetof(struct hf_window_text, member)
    {"monthly", AT(monthly)}, {"from", AT(from)},     {"to", AT(to)},
    {"at", AT(at)},           {"length", AT(length)}, {"reason", AT(reason)},
#undef AT
};

static int
is_freeze(const char *kind)
{
    return strcmp(kind, hf_rule_kind_names[HF_RULE_FREEZE]) == 0;
}

/* "restart window", "freeze". */
static const char *
called(const char *kind)
{
    return hf_rule_kind_titles[hf_name_index(hf_rule_kind_names, kind)];
}

/* ---- the file ---- */

/* As it is in the fleet's commit; a new one where there is none. */
static int
read_file(struct hf_buf *out, char blob[41], struct hf_repo *repo,
          const struct hf_fleet *fleet, struct hf_err *err)
{
    const git_tree_entry *entry;
    git_tree *tree = NULL;
    int rc;

    blob[0] = '\0';
    if ((rc = hf_git_tree(&tree, repo, fleet->commit, err)) < 0)
        return rc;
    entry = git_tree_entry_byname(tree, CALENDAR_FILE);
    if (entry) {
        hf_git_hex(blob, git_tree_entry_id(entry));
        rc = hf_git_read_blob(out, repo, git_tree_entry_id(entry),
                              CALENDAR_FILE, err);
    } else {
        hf_buf_puts(out, new_file);
    }
    git_tree_free(tree);
    return rc;
}

/* As the loader will see it: the last rule of its list is the new one. */
static int
check(struct hf_rule *rule, struct hf_arena *arena, const struct hf_buf *file,
      const struct hf_window_text *text, struct hf_err *err)
{
    struct hf_calendar_doc *doc = hf_arena_alloc(arena, sizeof(*doc));
    const struct hf_objects *list;
    int rc = text->select ? hf_check_select(text->select, err) : HF_OK;

    if (rc < 0 || (rc = hf_decode_text(arena, doc, &hf_object_calendar, NULL,
                                       file, err)) < 0)
        return rc;
    list = is_freeze(text->kind) ? &doc->freezes : &doc->windows;
    hf_rule_compile(rule, (const struct hf_rule_doc *)list->v + list->len - 1,
                    arena);
    return HF_OK;
}

/* ---- a rule as text ---- */

static void
add_member(struct hf_buf *out, const char *key, const char *value)
{
    char *safe, *quoted;

    if (!value)
        return;
    safe = hf_sanitised(value);
    quoted = hf_retext_quote(safe);
    hf_buf_printf(out, "%s\"%s\": %s", out->len > 1 ? ", " : "", key, quoted);
    free(quoted);
    free(safe);
}

/* "saturday,sunday" as a list. */
static void
add_days(struct hf_buf *out, const char *days)
{
    const char *end;

    hf_buf_puts(out, ", \"weekly\": [");
    for (;; days = end + 1) {
        char *day, *quoted;

        days += strspn(days, " ");
        end = days + strcspn(days, ",");
        day = hf_xstrndup(days, (size_t)(end - days));
        quoted = hf_retext_quote(day);
        hf_buf_puts(out, quoted);
        free(quoted);
        free(day);
        if (!*end)
            break;
        hf_buf_puts(out, ", ");
    }
    hf_buf_putc(out, ']');
}

static void
write_rule(struct hf_buf *out, const struct hf_window_text *text)
{
    hf_buf_putc(out, '{');
    add_member(out, "name", text->name);
    if (!is_freeze(text->kind))
        add_member(out, "kind", text->kind);
    if (text->weekly)
        add_days(out, text->weekly);
    for (size_t i = 0; i < HF_COUNT(texts); i++)
        add_member(
            out, texts[i].key,
            *(const char *const *)((const char *)text + texts[i].offset));
    if (text->select) {
        char *quoted = hf_retext_quote(text->select);

        hf_buf_printf(out, ", \"for\": {\"select\": %s}", quoted);
        free(quoted);
    }
    hf_buf_putc(out, '}');
}

/* ---- commits ---- */

static int
commit_file(struct hf_repo *repo, const struct hf_buf *file, const char *blob,
            struct hf_edit *edit, const char *action, const char *name,
            const char *kind, char commit[41], struct hf_err *err)
{
    hf_edit_write(edit, CALENDAR_FILE, blob, file->data, file->len);
    hf_edit_trailer(edit, "Action", action);
    hf_edit_trailer(edit, "Window", name);
    hf_edit_trailer(edit, "Kind", kind);
    return hf_edit_commit(repo, edit, commit, err);
}

static const struct hf_rule *
find(const struct hf_fleet *fleet, const char *name, const char *kind,
     size_t *found)
{
    const struct hf_calendar *cal = fleet->calendar;
    const struct hf_rule *rule = NULL;

    *found = 0;
    for (size_t i = 0; cal && i < cal->rules_len; i++) {
        const struct hf_rule *r = &cal->rules[i];

        if (strcmp(r->name, name) != 0 ||
            (kind && strcmp(hf_rule_kind_names[r->kind], kind) != 0))
            continue;
        rule = r;
        ++*found;
    }
    return rule;
}

/* calendar.json with the rule in it. */
static int
with_rule(struct hf_buf *file, char blob[41], struct hf_repo *repo,
          const struct hf_fleet *fleet, const struct hf_window_text *text,
          struct hf_err *err)
{
    struct hf_buf rule = {0};
    int rc;

    if (!text->name || !text->name[strspn(text->name, " ")])
        return hf_fail(err, HF_EINVALID, "a window or a freeze wants a name");
    write_rule(&rule, text);
    if ((rc = read_file(file, blob, repo, fleet, err)) == HF_OK)
        rc = hf_retext_append(file,
                              is_freeze(text->kind) ? "freezes" : "windows",
                              hf_buf_str(&rule), err);
    hf_buf_release(&rule);
    return rc;
}

static int
refuse_second(const struct hf_fleet *fleet, const struct hf_window_text *text,
              struct hf_err *err)
{
    size_t found;

    if (!text->name || !find(fleet, text->name, text->kind, &found))
        return HF_OK;
    (void)hf_fail(err, HF_EEXISTS, "there is a %s '%s' already",
                  called(text->kind), text->name);
    return hf_hint(err, "give it another name, or end that one first: "
                        "hotfleet window end");
}

int
hf_window_check(struct hf_rule *rule, struct hf_arena *arena,
                struct hf_repo *repo, const struct hf_fleet *fleet,
                const struct hf_window_text *text, struct hf_err *err)
{
    struct hf_buf file = {0};
    char blob[41];
    int rc;

    if ((rc = refuse_second(fleet, text, err)) == HF_OK &&
        (rc = with_rule(&file, blob, repo, fleet, text, err)) == HF_OK)
        rc = check(rule, arena, &file, text, err);
    hf_buf_release(&file);
    return rc;
}

/* "restart window 'file night' for ring:broad: why"; whom a long selector
 * names stands below. */
static void
say_added(struct hf_edit *edit, const struct hf_window_text *text)
{
    const char *whom = text->select ? text->select : "every host";
    int is_long = strlen(whom) > WHOM_MAX;

    hf_edit_say(edit, "%s '%s'%s%s%s%s", called(text->kind), text->name,
                is_long ? "" : " for ", is_long ? "" : whom,
                text->reason ? ": " : "", text->reason ? text->reason : "");
    if (is_long) {
        hf_edit_say(edit, "%s", "");
        hf_edit_say(edit, "for %s", whom);
    }
}

int
hf_window_add(struct hf_repo *repo, const struct hf_fleet *fleet,
              const struct hf_window_text *text, char commit[41],
              struct hf_err *err)
{
    struct hf_arena *arena = hf_arena_new();
    struct hf_buf file = {0};
    struct hf_edit edit = {0};
    struct hf_rule rule;
    char blob[41];
    int rc;

    commit[0] = '\0';
    if ((rc = refuse_second(fleet, text, err)) < 0 ||
        (rc = with_rule(&file, blob, repo, fleet, text, err)) < 0 ||
        (rc = check(&rule, arena, &file, text, err)) < 0)
        goto out;
    say_added(&edit, text);
    rc = commit_file(repo, &file, blob, &edit, "window-add", text->name,
                     text->kind, commit, err);
out:
    hf_edit_release(&edit);
    hf_buf_release(&file);
    hf_arena_free(arena);
    return rc;
}

/* Its place in its own list: windows stand before freezes. */
static size_t
place_of(const struct hf_calendar *cal, const struct hf_rule *rule)
{
    size_t windows = 0, i = (size_t)(rule - cal->rules);

    while (windows < cal->rules_len &&
           cal->rules[windows].kind != HF_RULE_FREEZE)
        windows++;
    return rule->kind == HF_RULE_FREEZE ? i - windows : i;
}

static int
need_one(size_t found, const char *name, const char *kind, struct hf_err *err)
{
    if (found == 1)
        return HF_OK;
    if (found == 0) {
        (void)hf_fail(err, HF_ENOTFOUND, "calendar.json has no %s '%s'",
                      kind ? kind : "window or freeze", name);
        return hf_hint(err, "hotfleet schedule names them");
    }
    (void)hf_fail(err, HF_EUSAGE, "%zu rules are called '%s'", found, name);
    return hf_hint(err, "say which: --kind change, restart or freeze");
}

int
hf_window_end(struct hf_repo *repo, const struct hf_fleet *fleet,
              const char *name, const char *kind, const char *reason,
              char commit[41], struct hf_err *err)
{
    struct hf_buf file = {0};
    struct hf_edit edit = {0};
    const struct hf_rule *rule;
    char blob[41];
    size_t found;
    int rc;

    commit[0] = '\0';
    rule = find(fleet, name, kind, &found);
    if ((rc = need_one(found, name, kind, err)) < 0)
        return rc;
    kind = hf_rule_kind_names[rule->kind];
    if ((rc = read_file(&file, blob, repo, fleet, err)) < 0 ||
        (rc = hf_retext_drop(&file, is_freeze(kind) ? "freezes" : "windows",
                             place_of(fleet->calendar, rule), err)) < 0)
        goto out;
    hf_edit_say(&edit, "end %s '%s'%s%s", called(kind), name,
                reason ? ": " : "", reason ? reason : "");
    rc = commit_file(repo, &file, blob, &edit, "window-end", name, kind, commit,
                     err);
out:
    hf_edit_release(&edit);
    hf_buf_release(&file);
    return rc;
}
