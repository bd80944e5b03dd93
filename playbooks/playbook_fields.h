/*
 * Playbooks as they are written, and the tables that describe them. Private
 * to playbooks/: hf_playbook_read makes a struct hf_playbook of it.
 */
#ifndef HF_PLAYBOOKS_PLAYBOOK_FIELDS_H
#define HF_PLAYBOOKS_PLAYBOOK_FIELDS_H

#include "backend/model/playbook.h"
#include "inventory/fields.h"

struct ring_doc {
    const char *name, *select, *size, *control;
    const char *const *batches, *const *gates;
    int64_t soak, catch_up;
    int approve, intermittent;
};

struct gate_doc {
    struct hf_gate gate; /* but for its signals */
    const char *const *checks;
};

struct playbook_doc {
    struct hf_playbook pb; /* but for rings and gates */
    const char *extends;
    struct hf_objects rings; /* struct ring_doc */
    struct hf_objects gates; /* struct gate_doc */
};

extern const struct hf_object object_playbook;

#endif
