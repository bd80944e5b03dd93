/*
 * The driver for Windows hotpatching. Private to its folder; the registry
 * needs the record only. What is not confirmed on real hosts says so in the
 * finding that rests on it.
 */
#ifndef HF_DRIVERS_WINDOWS_H
#define HF_DRIVERS_WINDOWS_H

#include "backend/base/buf.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/model/baseline.h"

extern const struct hf_driver hf_driver_windows;

/* ---- product.c ---- */

enum windows_grade {
    WINDOWS_TAKES,   /* hotpatches are made for it */
    WINDOWS_ARC,     /* the same, with a paid subscription through Arc */
    WINDOWS_MAYBE,   /* possible, unproven */
    WINDOWS_NEVER,   /* never */
    WINDOWS_UNKNOWN, /* nothing is known */
};

struct windows_edition {
    int sku; /* OperatingSystemSKU */
    const char *name;
    enum windows_grade grade;
    const char *why; /* NULL: nothing to add */
};

/* Borrows from static tables; members are NULL when the facts do not say. */
struct windows_product {
    const char *id;    /* catalogue id; NULL: none takes hotpatches */
    const char *line;  /* the id whose ordinary updates it takes, or NULL */
    const char *title; /* "Windows Server 2025" */
    int64_t least_ubr; /* of the facts' architecture; 0: none is known */
    const struct windows_edition *edition;
    enum windows_grade grade; /* edition and version together */
    const char *why;
};
void windows_product(struct windows_product *out, const struct hf_facts *facts);
const char *windows_product_of(const struct hf_facts *facts);

/* ---- track.c: where the host is on its product's line ---- */

enum windows_place {
    WINDOWS_NOWHERE,   /* build, product or catalogue is not known */
    WINDOWS_ON_TRACK,  /* its row is the current baseline or builds on it */
    WINDOWS_BASE_DUE,  /* on the track, but a newer baseline is out */
    WINDOWS_OFF_TRACK, /* an ordinary update since the newest baseline */
    WINDOWS_OLD,       /* an ordinary update before the newest baseline */
    WINDOWS_TWOFOLD,   /* two releases of this build, and no KB to tell */
    WINDOWS_GAP,       /* the catalogue lacks the months around it */
    WINDOWS_NEWER,     /* newer than everything in the catalogue */
};

/* Rows are borrowed from the catalogue, texts from the facts. */
struct windows_track {
    const struct hf_facts *facts;
    struct windows_product product;
    char build[32];     /* "26100.33222", or empty */
    struct hf_strs kbs; /* installed, as far as known */
    int kbs_known;
    enum windows_place place;
    const struct hf_release *rows; /* of its product that are out */
    size_t rows_len;
    const struct hf_release *row;      /* what the host runs, or NULL */
    const struct hf_release *stray;    /* installed, and took it off, or NULL */
    const struct hf_release *baseline; /* that its level builds on, or NULL */
    const struct hf_release *newest;   /* baseline out now, or NULL */
    const struct hf_release *target;   /* newest release that it could take
                                          on the track */
    const struct hf_release *ordinary; /* newest that any host could take,
                                          with a restart; or NULL */
    const struct hf_release *late;     /* newest of all: what its month closes
                                          is open on hosts before it */
    int64_t least;                     /* lowest revision of that month */
    char base_gap[8]; /* month without a row between baseline and row */
    char gap[8]; /* month without a row between it and `target`, or empty */
};
void windows_track(struct windows_track *t, const struct hf_facts *facts,
                   const struct hf_catalogue *catalogue, int64_t now);
void windows_track_release(struct windows_track *t);
/* The release day of the next baseline after `after`, as hf_baseline_next; 0:
 * none is in sight. */
int64_t
windows_next_baseline(const struct windows_track *t,
                      const struct hf_catalogue *catalogue,
                      const struct hf_calendar *calendar, int64_t after);
/* To be printed with "%.10s": "2027-01-12", "not known". */
const char *windows_baseline_day(char out[HF_TIME_LEN], int64_t day);
/* "26100.33222 (KB5120228, hotpatch 2026-08)", cut to HF_WHY_LEN. */
void windows_row_level(char out[HF_WHY_LEN], const struct hf_release *row);
void windows_level(char out[HF_WHY_LEN], const struct windows_track *t);

/* The number behind the dot of "26100.33222"; -1 when there is none. */
int64_t windows_revision(const char *build);

/* ---- offers.c: what the update agent's last scan found ---- */

struct windows_offer {
    char kb[16];
    char kind[24]; /* a classification; "system" changes the build, "optional"
                      is for people to choose, "other" is neither */
    int downloaded;
    int64_t bytes; /* at most */
};
/* 1: it is offered; 0: it is not; -1: not known. */
int windows_offer_find(struct windows_offer *out, const struct hf_facts *facts,
                       const char *kb);
/* The same of the update that a host must restart for as it stands; unknown,
 * too, when the last scan did not find it, or none is due. */
enum hf_staged
windows_staged(const struct hf_status *status, const struct windows_track *t);
/* Into `out`, beside `row`: what goes along with it, what stays behind. */
void windows_add_offers(struct hf_order *out, const struct hf_judge_in *in,
                        const struct hf_release *row);

/* ---- the members of the record ---- */

void windows_judge(struct hf_status *out, const struct hf_judge_in *in);
void windows_releases(struct hf_strs *out, const struct hf_judge_in *in);
/* Patch axis and target, when coverage is judged. */
void windows_judge_patch(struct hf_status *out, const struct hf_judge_in *in,
                         const struct windows_track *t);
/* What brings a host forward that stands there, with a restart; or NULL. */
const struct hf_release *windows_due_update(const struct hf_status *status,
                                            const struct windows_track *t);
/* Why nothing can be said where the host stands. */
void windows_place_why(char out[HF_WHY_LEN], const struct windows_track *t);
void windows_fixes(struct hf_fixes *out, const struct hf_judge_in *in);
void windows_stops(struct hf_track *out, const struct hf_judge_in *in);
void windows_order(struct hf_order *out, enum hf_action action,
                   const struct hf_judge_in *in);
void windows_explain(struct hf_err *out, const struct hf_facts *result);

/* Rows that say that the host cannot be patched now, not that it cannot be
 * patched at all. NULL-terminated names. */
extern const char *const windows_passing_checks[];

extern const struct hf_check hf_check_language;
extern const struct hf_check hf_check_edition;
extern const struct hf_check hf_check_build;
extern const struct hf_check hf_check_track;
extern const struct hf_check hf_check_vbs;
extern const struct hf_check hf_check_secureboot;
extern const struct hf_check hf_check_enrolment;
extern const struct hf_check hf_check_entitlement;
extern const struct hf_check hf_check_incidents;
extern const struct hf_check hf_check_offers;
extern const struct hf_check hf_check_arc;
extern const struct hf_check hf_check_chpe;
extern const struct hf_check hf_check_monitor;
extern const struct hf_check hf_check_servicing;
extern const struct hf_check hf_check_admin;
extern const struct hf_check hf_check_disk;

extern const struct hf_check hf_criterion_line;
extern const struct hf_check hf_criterion_level;
extern const struct hf_check hf_criterion_history;
extern const struct hf_check hf_criterion_errors;
extern const struct hf_check hf_criterion_services;
extern const struct hf_check hf_criterion_quiet;
extern const struct hf_check hf_criterion_staged;

/* ---- codes.c: what Windows answers, in plain words ---- */

struct windows_code {
    uint32_t code;
    const char *name;
    const char *means;
    const char *next; /* what to do */
    const char *who;  /* who can do it */
    int confirmed;    /* 0: general knowledge, not read in a source */
};
extern const struct windows_code windows_codes[]; /* ends with name NULL */
/* Borrowed, or NULL. */
const struct windows_code *windows_code_find(uint32_t code);

#endif
