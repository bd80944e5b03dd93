/*
 * One host as a document: where it stands and why, its track (track.c), checks
 * with remedy, facts with their age and source, history.
 */
#ifndef HF_ROWS_HOST_H
#define HF_ROWS_HOST_H

#include <cjson/cJSON.h>

#include "backend/model/host.h"
#include "backend/model/state.h"
#include "backend/model/track.h"
#include "tui/rows/line.h"

/* Each adds its sections at the end of the document. When the host restarts
 * next is by the fleet's calendar and catalogue. One with a track has its
 * picture right behind where it stands. */
void
hf_host_status_rows(struct hf_doc *d, const struct hf_state *st,
                    const struct hf_fleet *fleet, const struct hf_track *track,
                    const struct hf_look *look);
/* Nothing for an empty track. */
void hf_host_track_rows(struct hf_doc *d, const struct hf_track *track,
                        const struct hf_look *look);
void hf_host_check_rows(struct hf_doc *d, const struct hf_findings *f,
                        const char *title, const struct hf_look *look);
void hf_host_fact_rows(struct hf_doc *d, const struct hf_facts *f,
                       const struct hf_look *look);
/* One evidence record of the ledger; the heading is the caller's. */
void hf_host_history_row(struct hf_doc *d, const char *run, const cJSON *doc,
                         const struct hf_look *look);

#endif
