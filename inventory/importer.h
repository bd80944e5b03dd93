/*
 * What the readers of import sources fill. For import*.c only.
 */
#ifndef HF_INVENTORY_IMPORTER_H
#define HF_INVENTORY_IMPORTER_H

#include "backend/base/mem.h"
#include "inventory/import.h"

/* Keys of a host file that sources may give as one text. */
enum hf_import_field {
    HF_IMPORT_NAME,
    HF_IMPORT_ADDRESS,
    HF_IMPORT_PORT,
    HF_IMPORT_USER,
    HF_IMPORT_IDENTITY,
    HF_IMPORT_HOSTKEY,
    HF_IMPORT_PLATFORM,
    HF_IMPORT_PRODUCT,
    HF_IMPORT_RING,
    HF_IMPORT_SITE,
    HF_IMPORT_TIMEZONE,
    HF_IMPORT_JUMP,
    HF_IMPORT_NOTE,
    HF_IMPORT_FIELD_COUNT
};
/* Their keys, in enum order, NULL-terminated. */
extern const char *const hf_import_keys[HF_IMPORT_FIELD_COUNT + 1];

/* A host as the source tells it; texts live in the importer's arena, absent
 * ones are NULL. */
struct hf_import_host {
    const char *v[HF_IMPORT_FIELD_COUNT];
    struct hf_strs tags;
    struct hf_strs attributes, domains; /* key, value, key, value ... */
    size_t line;                        /* in the source, 0: not known */
    int left_out;                       /* a problem was reported */
};

struct hf_importer {
    struct hf_import *plan;
    struct hf_repo *repo;
    const struct hf_fleet *fleet;
    const char *file;
    struct hf_arena *arena;
    struct hf_import_host *v;
    size_t len, cap;
};

struct hf_import_host *
hf_importer_add(struct hf_importer *im, const char *name, size_t line);
/* Cuts blanks at both ends; an empty text is absent. */
void hf_importer_set(struct hf_importer *im, struct hf_import_host *host,
                     enum hf_import_field field, const char *text);
/* A group or tag: a ring of that name, else a tag. */
void hf_importer_group(struct hf_importer *im, struct hf_import_host *host,
                       const char *group);
/* Leaves the host out, and says why. */
void
hf_importer_refuse(struct hf_importer *im, struct hf_import_host *host,
                   const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void hf_importer_warn(struct hf_importer *im, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A secret was found and is not copied: says where. */
void hf_importer_drop(struct hf_importer *im, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Does a variable or column of this name hold a secret? */
int hf_importer_is_secret(const char *name);

/* "hosts/<ring>/<site>/", where a new host's file goes. */
void hf_import_folder(struct hf_buf *out, const struct hf_import_host *host);
/* Adds the host to the plan: as a new file (in a folder below, by its hash,
 * when `split`), or as changes of the host that the fleet has. */
void
hf_import_new(struct hf_importer *im, struct hf_import_host *host, int split);
void hf_import_known(struct hf_importer *im, struct hf_import_host *host,
                     const struct hf_host *known);

/* An export about entitlement: the whole plan. */
int hf_import_entitlement(struct hf_import *plan, const char *source,
                          struct hf_repo *repo, const struct hf_fleet *fleet,
                          const char *file, const char *text, size_t len,
                          struct hf_err *err);

/* The readers. Below 0: the source cannot be read at all. */
int hf_import_ansible(struct hf_importer *im, const char *text, size_t len,
                      struct hf_err *err);
int hf_import_csv(struct hf_importer *im, const char *text, size_t len,
                  struct hf_err *err);
int hf_import_ssh_config(struct hf_importer *im, const char *text, size_t len,
                         struct hf_err *err);

#endif
