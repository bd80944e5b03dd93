/*
 * A product's file in the fleet's catalogue, as it is committed.
 */
#ifndef HF_INVENTORY_CATALOGUE_FILE_H
#define HF_INVENTORY_CATALOGUE_FILE_H

#include <git2.h>

#include "inventory/documents.h"
#include "inventory/repo.h"

/* {0} is empty. */
struct hf_catalogue_file {
    char path[512]; /* where it is, or where a new one would be */
    char blob[41];  /* empty: the fleet has none yet */
    struct hf_buf text;
    struct hf_catalogue_doc doc;
    struct hf_arena *arena; /* owns what `doc` points at */
};

/* HF_EINVALID: one of the files there is no catalogue. */
int
hf_catalogue_file_find(struct hf_catalogue_file *c, struct hf_repo *repo,
                       git_tree *root, const char *product, struct hf_err *err);
void hf_catalogue_file_release(struct hf_catalogue_file *c);

/* Reads a text as a catalogue; the first problem becomes the error. */
int hf_catalogue_decode(struct hf_arena *arena, struct hf_catalogue_doc *doc,
                        const char *path, const struct hf_buf *text,
                        struct hf_err *err);

#endif
