/*
 * The files of a fleet as they are written, before defaults and look-ups:
 * structs and the tables that describe them (see fields.h). Absent texts are
 * NULL, absent numbers 0.
 */
#ifndef HF_INVENTORY_DOCUMENTS_H
#define HF_INVENTORY_DOCUMENTS_H

#include <stdint.h>

#include "backend/model/calendar.h"
#include "backend/model/host.h"
#include "inventory/fields.h"

struct hf_access_doc {
    struct hf_login check, act;
};

struct hf_hold_doc {
    const char *reason, *by;
    int64_t since;
};

struct hf_host_doc {
    const char *name, *address;
    int port; /* 0: that of the fleet's defaults */
    struct hf_login login;
    struct hf_access_doc access;
    const char *hostkey, *platform, *product;
    const char *ring, *site, *timezone, *jump, *note;
    struct hf_hold_doc hold;
    struct hf_pairs domains, attributes;
    const char *const *tags;
    struct hf_objects health; /* struct hf_health */
};

struct hf_defaults_doc {
    struct hf_login login;
    struct hf_access_doc access;
    int port;
    const char *platform;
};

struct hf_ledger_doc {
    const char *branch, *remote;
    int sign;
};

struct hf_fleet_doc {
    const char *name, *note;
    struct hf_defaults_doc defaults;
    struct hf_objects rings; /* struct hf_ring */
    struct hf_ledger_doc ledger;
    int64_t stale_after;
    int parallel;
    struct hf_adhoc_rule adhoc;
    const char *const *break_glass; /* words of enum hf_glass */
    struct hf_change_rule change;
    struct hf_restart_rule restarts;
    struct hf_goal_rule goal;
    struct hf_costs costs;
    int simulated;
};

struct hf_catalogue_doc {
    const char *product, *title, *complete_until;
    const char *ends, *ends_certainty;
    struct hf_objects releases; /* struct hf_release, product not set */
};

/* One entry of "windows" or "freezes", as it is written. */
struct hf_rule_doc {
    const char *name, *reason;
    int kind; /* enum hf_rule_kind */
    struct hf_scope scope;
    const char *timezone;
    const char *monthly, *ics;
    const char *const *weekly, *const *dates, *const *months;
    const char *at;
    int64_t length; /* ms; 0: not stated */
    const char *from, *to;
};

struct hf_calendar_doc {
    const char *timezone;
    struct hf_pairs zones;              /* of sites */
    struct hf_objects baselines;        /* struct hf_baselines */
    struct hf_objects windows, freezes; /* struct hf_rule_doc */
};

struct hf_cves_doc {
    struct hf_objects cves; /* struct hf_cve */
};

extern const struct hf_object hf_object_fleet;
extern const struct hf_object hf_object_host;
extern const struct hf_object hf_object_catalogue;
extern const struct hf_object hf_object_cves;
extern const struct hf_object hf_object_issue; /* struct hf_issue */
extern const struct hf_object hf_object_block; /* struct hf_block */
extern const struct hf_object hf_object_calendar;
extern const struct hf_object hf_object_exception; /* struct hf_exception */
extern const struct hf_object hf_object_entitlements;
/* Titles of their schemas. */
#define HF_SCHEMA_FLEET "hotfleet.json: settings of a fleet"
#define HF_SCHEMA_HOST "hosts/**/*.json: one host of a fleet"
#define HF_SCHEMA_CATALOGUE "catalogue/*.json: known releases of a product"
#define HF_SCHEMA_ISSUE "known-issues/*.json: what does not go with a patch"
#define HF_SCHEMA_BLOCK "blocks/*.json: releases that nothing may apply"
#define HF_SCHEMA_EXCEPTION "exceptions/*.json: hosts excused until a day"
#define HF_SCHEMA_ENTITLEMENTS "entitlements/*.json: what an export says"
#define HF_SCHEMA_CVES "catalogue/cves.json: what is known of CVEs"
#define HF_SCHEMA_CALENDAR "calendar.json: windows, freezes, baseline months"
/* Parts that more than one file uses. */
extern const struct hf_object hf_object_login;
extern const struct hf_object hf_object_access;
extern const struct hf_object hf_object_scope;

/* What "platform" may be: the drivers by name, and "auto". */
extern const char *const hf_platform_names[];

/* A selector of a rule: one that parses and holds for hosts that were never
 * asked, too. Else the error of hf_selector_parse, or HF_EINVALID. */
int hf_check_select(const char *text, struct hf_err *err);

#endif
