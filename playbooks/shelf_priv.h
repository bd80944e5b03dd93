/* What making and reading a shelf share. For shelf*.c only. */
#ifndef HF_PLAYBOOKS_SHELF_PRIV_H
#define HF_PLAYBOOKS_SHELF_PRIV_H

#include <stddef.h>
#include <stdint.h>

struct shelf_head {
    uint32_t records, words, texts, unused;
};

/* The texts of a record's `recent`, in the order of its words. */
#define SHELF_RECENT_TEXTS 7
struct shelf_text {
    size_t at, size;
};
extern const struct shelf_text shelf_recent_texts[SHELF_RECENT_TEXTS];

#endif
