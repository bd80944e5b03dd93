/*
 * What single values in fleet files may look like. Every function yields NULL
 * for a good one, else what is wrong, as the end of a sentence about it ("is
 * no CVE number such as CVE-2026-1234"). The text is not empty and harmless.
 */
#ifndef HF_INVENTORY_FORMATS_H
#define HF_INVENTORY_FORMATS_H

const char *hf_tag_problem(const char *tag);
const char *hf_hostkey_problem(const char *key); /* "ssh-ed25519 AAAA..." */
const char *hf_keyfile_problem(const char *path);
const char *hf_unit_problem(const char *unit);
const char *hf_timezone_problem(const char *zone);
const char *hf_jump_problem(const char *jump);
const char *hf_hook_problem(const char *name);
const char *hf_regex_problem(const char *pattern);
const char *hf_branch_problem(const char *name);
const char *hf_remote_problem(const char *name);
const char *hf_month_problem(const char *month); /* "2026-08" */
const char *hf_kb_problem(const char *kb);
const char *hf_build_problem(const char *build);
const char *hf_kernel_problem(const char *release);
const char *hf_module_problem(const char *name);
/* A KB number or the name of a livepatch module. */
const char *hf_release_name_problem(const char *name);
const char *hf_replaces_problem(const char *name); /* also "*" */
const char *hf_cve_problem(const char *cve);
const char *hf_product_problem(const char *product); /* a catalogue id */
const char *hf_score_problem(const char *score);     /* "7.8" */
const char *hf_sha256_problem(const char *sha256);
const char *hf_monthly_problem(const char *day); /* "last friday" */
const char *hf_weekday_problem(const char *day); /* also "day" */
const char *hf_month_name_problem(const char *month);
const char *hf_clock_problem(const char *clock); /* "22:00" */
const char *hf_local_problem(const char *time);  /* "2026-12-18T18:00" */
const char *hf_date_problem(const char *date);
const char *hf_ics_problem(const char *path);

/* The same rules for editors (ECMA 262), as far as they can be told. */
#define HF_PATTERN_TAG "^[^\\s\"'()&|!,]+$"
#define HF_PATTERN_HOSTKEY                                 \
    "^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|" \
    "sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com) [A-Za-z0-9+/]+=*$"
#define HF_PATTERN_KEYFILE "^[/~]"
#define HF_PATTERN_UNIT "^[A-Za-z0-9][A-Za-z0-9:_.@\\\\-]*$"
#define HF_PATTERN_TIMEZONE "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"
#define HF_PATTERN_JUMP "^[^\\s-]\\S*$"
#define HF_PATTERN_HOOK "^[A-Za-z0-9][A-Za-z0-9._-]*$"
#define HF_PATTERN_MONTH "^[0-9]{4}-(0[1-9]|1[0-2])$"
#define HF_PATTERN_KB "^KB[0-9]{6,8}$"
#define HF_PATTERN_BUILD "^[0-9]+\\.[0-9]+$"
#define HF_PATTERN_KERNEL "^[A-Za-z0-9][A-Za-z0-9._+~-]*$"
#define HF_PATTERN_MODULE "^[A-Za-z0-9_]+$"
#define HF_PATTERN_RELEASE_NAME HF_PATTERN_MODULE
#define HF_PATTERN_REPLACES "^(\\*|[A-Za-z0-9_]+)$"
#define HF_PATTERN_CVE "^CVE-[0-9]{4}-[0-9]{4,}$"
#define HF_PATTERN_SCORE "^(10\\.0|[0-9]\\.[0-9])$"
#define HF_PATTERN_SHA256 "^[0-9a-f]{64}$"
#define HF_PATTERN_WEEKDAY \
    "^(monday|tuesday|wednesday|thursday|friday|saturday|sunday|day)$"
#define HF_PATTERN_MONTHLY                                           \
    "^(first|second|third|fourth|fifth|last) "                       \
    "(monday|tuesday|wednesday|thursday|friday|saturday|sunday|day)" \
    "( *[+-] *[0-9]+ days?)?$"
#define HF_PATTERN_MONTH_NAME                                        \
    "^(january|february|march|april|may|june|july|august|september|" \
    "october|november|december)$"
#define HF_PATTERN_CLOCK "^([01][0-9]|2[0-3]):[0-5][0-9]$"
#define HF_PATTERN_DATE "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
#define HF_PATTERN_LOCAL "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-2][0-9]:[0-5][0-9])?$"
#define HF_PATTERN_ICS "^[^/.].*\\.ics$"

#endif
