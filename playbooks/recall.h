/*
 * What states recall: records of hosts on shelves. All of what the ledger held
 * once, and beside it what has moved since.
 */
#ifndef HF_PLAYBOOKS_RECALL_H
#define HF_PLAYBOOKS_RECALL_H

#include "playbooks/shelf.h"

struct recall;

/* Borrows the fleet; takes the shelves, of which `news` may be NULL. */
struct recall *
recall_new(const struct hf_fleet *fleet, struct shelf *all, struct shelf *news);
void recall_free(struct recall *r);
/* For states of all hosts, in fleet order: whoever has a record recalls it. */
void recall_place(struct recall *r, struct hf_state *states);
/* The facts of the host were seen again at that time. */
void recall_confirm(struct recall *r, size_t host, int64_t at);
/* Findings are those of this time, as the states were judged. */
void recall_judged(struct recall *r, int64_t now);

#endif
