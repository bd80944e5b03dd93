/*
 * Single texts of a monthly security document. For cvrf*.c only.
 */
#ifndef HF_INVENTORY_CVRF_TEXT_H
#define HF_INVENTORY_CVRF_TEXT_H

/* "5075942" as "KB5075942"; empty when it is none. */
void hf_cvrf_kb(char out[16], const char *text);
/* "10.0.26100.32313" as "26100.32313"; empty when it is no such build. */
void hf_cvrf_build(char out[32], const char *text);
/* "Security Hotpatch Update" as "securityhotpatchupdate": the spelling varies
 * from month to month. */
void hf_cvrf_subtype(char out[48], const char *text);
/* "2026-Feb" as "2026-02": 1, or 0 when it is no month. */
int hf_cvrf_month(char out[8], const char *id);

#endif
