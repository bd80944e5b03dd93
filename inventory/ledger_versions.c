/* From versions of a folder to versions of what is in it, level by level:
 * hosts / <2 hex> / <name> / facts.json, or <month> / <run>.json */
#include "inventory/ledger_versions.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/crew.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/git_bulk.h"
#include "inventory/ledger_path.h"

#define TOP "hosts"
#define SUFFIX ".json"

enum level { LEVEL_TOP, LEVEL_SHARE, LEVEL_HOST, LEVEL_MONTH, LEVELS };

/* What there is of folders and files on each level. */
static const struct {
    int folders, files;
} wanted[LEVELS] = {{1, 0}, {1, 0}, {1, 1}, {0, 1}};

struct point {
    uint32_t commit;
    git_oid id;
};

/* What one name stood for, wherever that changed. */
struct strand {
    char *name;
    int is_folder;
    struct point *v;
    size_t len, cap;
};

/* By name. */
struct strands {
    struct strand *v;
    size_t len, cap;
};

/* What came of one share of the hosts. */
struct share {
    struct strand *folder; /* borrowed */
    struct hf_arena *texts;
    struct hf_version *v;
    size_t len, cap;
};

struct search {
    const char *dir;
    int based;
    struct share *shares;
    size_t len;
};

static void
strands_release(struct strands *s)
{
    for (size_t i = 0; i < s->len; i++) {
        free(s->v[i].name);
        free(s->v[i].v);
    }
    free(s->v);
    *s = (struct strands){0};
}

/* ---- one folder ---- */

static int
compare(const struct strand *s, const struct hf_git_entry *e)
{
    int order = strcmp(s->name, e->name);

    return order ? order : s->is_folder - e->is_folder;
}

/* The strand of an entry, maybe a new one. It is mostly the one behind that of
 * the entry before: *at. */
static struct strand *
strand_of(struct strands *s, size_t *at, const struct hf_git_entry *e)
{
    size_t low = 0, high = s->len;

    if (*at < high && compare(&s->v[*at], e) == 0)
        return &s->v[(*at)++];
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (compare(&s->v[mid], e) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *at = low + 1;
    if (low < s->len && compare(&s->v[low], e) == 0)
        return &s->v[low];
    (void)HF_PUSH(&s->v, &s->len, &s->cap);
    memmove(&s->v[low + 1], &s->v[low], (s->len - 1 - low) * sizeof(*s->v));
    s->v[low] =
        (struct strand){.name = hf_xstrdup(e->name), .is_folder = e->is_folder};
    return &s->v[low];
}

static void
add_point(struct strand *s, uint32_t commit, const git_oid *id)
{
    if (s->len && git_oid_equal(&s->v[s->len - 1].id, id))
        return;
    *HF_PUSH(&s->v, &s->len, &s->cap) =
        (struct point){.commit = commit, .id = *id};
}

static int
is_wanted(const struct hf_git_entry *e, enum level level)
{
    return e->is_folder ? wanted[level].folders
                        : wanted[level].files && e->is_file &&
                              hf_has_suffix(e->name, SUFFIX);
}

static int
read_folder(struct strands *out, struct hf_git_bulk *git,
            const struct strand *folder, enum level level, struct hf_err *err)
{
    struct hf_buf tree = {0};
    struct hf_git_entry e;
    int rc = HF_OK, more = 0;

    for (size_t i = 0; rc == HF_OK && i < folder->len; i++) {
        const struct point *p = &folder->v[i];
        size_t at = 0, place = 0;

        rc = hf_git_bulk_read(git, &p->id, GIT_OBJECT_TREE, &tree, err);
        while (rc == HF_OK && (more = hf_git_entry_next(&e, &tree, &at)) > 0) {
            if (is_wanted(&e, level))
                add_point(strand_of(out, &place, &e), p->commit, &e.id);
        }
        if (more < 0)
            rc = hf_fail(err, HF_EIO, "'%s' of the ledger is no folder",
                         folder->name);
    }
    hf_buf_release(&tree);
    return rc;
}

/* ---- one share ---- */

/* A name in the ledger as it is, or NULL: it is none of ours. */
static const char *
decode(struct share *share, const char *part, size_t len)
{
    struct hf_buf out = {0};
    const char *text = NULL;

    if (hf_percent_decode(&out, part, len) == 0)
        text = hf_arena_intern(share->texts, hf_buf_str(&out));
    hf_buf_release(&out);
    return text;
}

static void
add_versions(struct share *share, const struct strand *file, const char *host,
             int based)
{
    const char *run = NULL;

    if (strcmp(file->name, HF_LEDGER_FACTS) != 0 &&
        !(run = decode(share, file->name, strlen(file->name) - strlen(SUFFIX))))
        return;
    for (size_t i = 0; i < file->len; i++) {
        const struct point *p = &file->v[i];

        if (p->commit > 0 || !based)
            *HF_PUSH(&share->v, &share->len, &share->cap) = (struct hf_version){
                .id = p->id, .commit = p->commit, .host = host, .run = run};
    }
}

static int
is_as_before(const struct strand *s, int based)
{
    return based && s->len == 1 && s->v[0].commit == 0;
}

static int
walk(const struct search *all, struct share *share, struct hf_git_bulk *git,
     const struct strand *folder, enum level level, const char *host,
     struct hf_err *err)
{
    struct strands in = {0};
    int rc = read_folder(&in, git, folder, level, err);

    for (size_t i = 0; rc == HF_OK && i < in.len; i++) {
        const struct strand *s = &in.v[i];

        if (is_as_before(s, all->based))
            continue;
        if (level == LEVEL_SHARE)
            host = decode(share, s->name, strlen(s->name));
        if (!host)
            continue;
        if (s->is_folder)
            rc = walk(all, share, git, s, level + 1, host, err);
        else
            add_versions(share, s, host, all->based);
    }
    strands_release(&in);
    return rc;
}

static void *
begin(void *ctx, struct hf_err *err)
{
    const struct search *all = ctx;
    struct hf_git_bulk *git;

    return hf_git_bulk_open(&git, all->dir, err) < 0 ? NULL : git;
}

static void
end(void *own)
{
    hf_git_bulk_free(own);
}

static int
work(void *ctx, void *own, size_t job, struct hf_err *err)
{
    const struct search *all = ctx;
    struct share *share = &all->shares[job];

    share->texts = hf_arena_new();
    return walk(all, share, own, share->folder, LEVEL_SHARE, NULL, err);
}

/* ---- all of it ---- */

/* The versions of the folder of hosts. */
static int
find_top(struct strand *top, struct hf_git_bulk *git,
         const struct hf_version_commit *commits, size_t n, struct hf_err *err)
{
    struct hf_buf tree = {0};
    struct hf_git_entry e;
    int rc = HF_OK;

    for (size_t i = 0; rc == HF_OK && i < n; i++) {
        size_t at = 0;

        rc = hf_git_bulk_read(git, &commits[i].tree, GIT_OBJECT_TREE, &tree,
                              err);
        while (rc == HF_OK && hf_git_entry_next(&e, &tree, &at) > 0) {
            if (e.is_folder && strcmp(e.name, TOP) == 0)
                add_point(top, (uint32_t)i, &e.id);
        }
    }
    hf_buf_release(&tree);
    return rc;
}

/* Those of one commit stay in the order of shares. */
static void
put_in_order(struct hf_versions *out, const struct search *all, size_t commits)
{
    size_t *place = hf_xcalloc(commits + 1, sizeof(*place));

    for (size_t i = 0; i < all->len; i++)
        for (size_t k = 0; k < all->shares[i].len; k++)
            place[all->shares[i].v[k].commit + 1]++;
    for (size_t i = 0; i < commits; i++)
        place[i + 1] += place[i];
    out->len = place[commits];
    out->v = hf_xcalloc(out->len + 1, sizeof(*out->v));
    for (size_t i = 0; i < all->len; i++)
        for (size_t k = 0; k < all->shares[i].len; k++) {
            const struct hf_version *v = &all->shares[i].v[k];

            out->v[place[v->commit]++] = *v;
        }
    free(place);
}

static int
search_shares(struct hf_versions *out, struct search *all,
              const struct strands *folders, size_t commits, struct hf_err *err)
{
    const struct hf_crew crew = {
        .begin = begin, .end = end, .work = work, .ctx = all};
    int rc;

    all->shares = hf_xcalloc(folders->len + 1, sizeof(*all->shares));
    for (size_t i = 0; i < folders->len; i++)
        if (!is_as_before(&folders->v[i], all->based))
            all->shares[all->len++].folder = &folders->v[i];
    rc = hf_crew_run(&crew, all->len, err);
    if (rc == HF_OK)
        put_in_order(out, all, commits);
    out->texts = hf_xcalloc(all->len + 1, sizeof(struct hf_arena *));
    for (size_t i = 0; i < all->len; i++) {
        out->texts[out->n_texts++] = all->shares[i].texts;
        free(all->shares[i].v);
    }
    free(all->shares);
    return rc;
}

int
hf_versions_find(struct hf_versions *out, struct hf_repo *repo,
                 const struct hf_version_commit *commits, size_t n, int based,
                 struct hf_err *err)
{
    static char name[] = TOP;
    struct search all = {.dir = hf_repo_dir(repo), .based = based};
    struct strand top = {.name = name, .is_folder = 1};
    struct strands folders = {0};
    struct hf_git_bulk *git = NULL;
    int rc;

    *out = (struct hf_versions){0};
    if ((rc = hf_git_bulk_open(&git, all.dir, err)) == HF_OK &&
        (rc = find_top(&top, git, commits, n, err)) == HF_OK &&
        (rc = read_folder(&folders, git, &top, LEVEL_TOP, err)) == HF_OK)
        rc = search_shares(out, &all, &folders, n, err);
    if (rc < 0)
        hf_versions_release(out);
    strands_release(&folders);
    free(top.v);
    hf_git_bulk_free(git);
    return rc;
}

void
hf_versions_release(struct hf_versions *v)
{
    for (size_t i = 0; i < v->n_texts; i++)
        hf_arena_free(v->texts[i]);
    free(v->texts);
    free(v->v);
    *v = (struct hf_versions){0};
}
