/*
 * The past's moments by host and time: a row of numbers for each, its record
 * on one of several shelves. Made by adding in the order in which the ledger
 * tells it; two of them that follow one another become one without touching
 * what is on their shelves. For history*.c and annals*.c only.
 */
#ifndef HF_PLAYBOOKS_ANNALS_H
#define HF_PLAYBOOKS_ANNALS_H

#include "backend/base/sealed.h"
#include "playbooks/history.h"
#include "playbooks/shelf.h"

struct annals_host {
    uint32_t name;  /* place in `names` */
    uint32_t first; /* row */
};

/* Read, and hand back by the functions below alone. */
struct annals {
    const struct hf_glance *rows; /* by host, of one host by time, then run */
    size_t len;
    const struct annals_host *hosts; /* by name, one more at the end */
    size_t hosts_len;
    const char *names; /* each with its NUL */
    size_t names_len;
    struct shelf **shelves;
    size_t shelves_len, shelves_cap;
    size_t damaged; /* documents that could not be read */
    /* Where rows, hosts, names and images are: */
    void *made[3];
    struct hf_sealed *files;
    size_t files_len, files_cap;
};

/* ---- making ---- */

struct annals_maker;
struct annals_maker *annals_maker_new(void);
/* Copies. run NULL: facts. Of two of one host, time and run the first counts.
 */
void annals_add(struct annals_maker *m, const char *host, int64_t at,
                const char *run, const struct shelf_item *item);
void annals_add_damaged(struct annals_maker *m);
/* Frees the maker. */
struct annals *annals_make(struct annals_maker *m);
void annals_free(struct annals *a);

/* ---- annals_join.c ---- */

/* `a`, and behind it what the ledger told later; takes both. */
struct annals *annals_join(struct annals *a, struct annals *later);
/* On one shelf instead of many. */
void annals_pack(struct annals *a);

/* ---- asking ---- */

const char *annals_host(const struct annals *a, size_t host);
/* The host that a row is of. */
size_t annals_whose(const struct annals *a, size_t row);
const struct shelf *annals_shelf(const struct annals *a, size_t row);
/* Moments by time, facts before runs, these by their ids; 0: the same one. */
int annals_compare(const struct annals *a, const struct hf_glance *x,
                   const struct annals *b, const struct hf_glance *y);

/* ---- annals_file.c ---- */

/* The annals after the commit `from` ("": all) up to `to`, which it fills in;
 * NULL: there are none that could be believed. */
struct annals *annals_load(const char *path, const char *from, char to[41]);
/* Failing is no error: they are read from git again. */
void annals_save(const struct annals *a, const char *path, const char *from,
                 const char *to);

#endif
