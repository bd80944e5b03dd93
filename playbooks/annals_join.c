/* Two annals become one. Rows and hosts are merged; shelves stand beside one
 * another, whatever is on them. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "playbooks/annals.h"

/* What is being joined, and how far it is. */
struct join {
    const struct annals *a, *later;
    struct hf_glance *rows;
    struct annals_host *hosts;
    char *names;
    size_t rows_len, hosts_len, names_len;
};

static uint32_t
copy_name(struct join *j, const char *name)
{
    size_t len = strlen(name) + 1, at = j->names_len;

    memcpy(j->names + at, name, len);
    j->names_len += len;
    return (uint32_t)at;
}

static void
copy_rows(struct join *j, const struct annals *from, size_t first, size_t end)
{
    struct hf_glance *to = j->rows + j->rows_len;

    if (first == end)
        return;
    memcpy(to, from->rows + first, (end - first) * sizeof(*to));
    j->rows_len += end - first;
    for (; from == j->later && first < end; first++, to++)
        to->shelf = (uint16_t)(to->shelf + j->a->shelves_len);
}

/* A host that is in both: nearly always all that came later is of later. */
static void
merge_rows(struct join *j, const struct annals_host *x,
           const struct annals_host *y)
{
    size_t i = x[0].first, k = y[0].first;
    int behind = i < x[1].first && k < y[1].first &&
                 annals_compare(j->a, &j->a->rows[x[1].first - 1], j->later,
                                &j->later->rows[k]) < 0;

    while (!behind && i < x[1].first && k < y[1].first) {
        int order =
            annals_compare(j->a, &j->a->rows[i], j->later, &j->later->rows[k]);

        if (order <= 0)
            copy_rows(j, j->a, i, i + 1);
        else
            copy_rows(j, j->later, k, k + 1);
        i += order <= 0;
        k += order >= 0; /* what was told before counts */
    }
    copy_rows(j, j->a, i, x[1].first);
    copy_rows(j, j->later, k, y[1].first);
}

static void
merge_hosts(struct join *j)
{
    const struct annals *a = j->a, *b = j->later;
    size_t i = 0, k = 0;

    while (i < a->hosts_len || k < b->hosts_len) {
        const struct annals_host *x = &a->hosts[i], *y = &b->hosts[k];
        struct annals_host *to = &j->hosts[j->hosts_len++];
        int order = i == a->hosts_len ? 1
                    : k == b->hosts_len
                        ? -1
                        : strcmp(annals_host(a, i), annals_host(b, k));

        to->first = (uint32_t)j->rows_len;
        to->name =
            copy_name(j, order <= 0 ? annals_host(a, i) : annals_host(b, k));
        if (order == 0)
            merge_rows(j, x, y);
        else if (order < 0)
            copy_rows(j, a, x[0].first, x[1].first);
        else
            copy_rows(j, b, y[0].first, y[1].first);
        i += order <= 0;
        k += order >= 0;
    }
    j->hosts[j->hosts_len].first = (uint32_t)j->rows_len;
}

/* All that `from` owns but rows, hosts and names. */
static void
move(struct annals *to, struct annals *from)
{
    for (size_t i = 0; i < from->shelves_len; i++)
        *HF_PUSH(&to->shelves, &to->shelves_len, &to->shelves_cap) =
            from->shelves[i];
    for (size_t i = 0; i < from->files_len; i++)
        *HF_PUSH(&to->files, &to->files_len, &to->files_cap) = from->files[i];
    to->damaged += from->damaged;
    from->shelves_len = from->files_len = 0;
    annals_free(from);
}

struct annals *
annals_join(struct annals *a, struct annals *later)
{
    struct annals *out = HF_NEW(struct annals);
    struct join j = {.a = a, .later = later};

    if (a->shelves_len + later->shelves_len > UINT16_MAX) {
        annals_pack(a);
        annals_pack(later);
    }
    j.names = hf_xmalloc(a->names_len + later->names_len + 1);
    j.rows = hf_xmalloc((a->len + later->len + 1) * sizeof(*j.rows));
    j.hosts = hf_xcalloc(a->hosts_len + later->hosts_len + 1, sizeof(*j.hosts));
    merge_hosts(&j);
    out->rows = out->made[0] = j.rows;
    out->len = j.rows_len;
    out->hosts = out->made[1] = j.hosts;
    out->hosts_len = j.hosts_len;
    out->names = out->made[2] = j.names;
    out->names_len = j.names_len;
    move(out, a);
    move(out, later);
    return out;
}

void
annals_pack(struct annals *a)
{
    struct hf_glance *rows = hf_xcalloc(a->len + 1, sizeof(*rows));
    struct shelf_maker *m = shelf_maker_new();

    for (size_t i = 0; i < a->len; i++) {
        struct shelf_item item;

        rows[i] = a->rows[i];
        shelf_get(annals_shelf(a, i), rows[i].record, &item);
        item.name = rows[i].is_run ? item.name : NULL;
        rows[i].shelf = 0;
        rows[i].record = (uint32_t)shelf_put(m, &item);
        hf_record_release(&item.record);
    }
    for (size_t i = 0; i < a->shelves_len; i++)
        shelf_free(a->shelves[i]);
    free(a->made[0]);
    a->rows = a->made[0] = rows;
    a->shelves[0] = shelf_make(m);
    a->shelves_len = 1;
}
