/*
 * The catalogue as a whole: its canonical form and hash, which plans and
 * records name.
 */
#ifndef HF_INVENTORY_CATALOGUE_H
#define HF_INVENTORY_CATALOGUE_H

#include "backend/base/sha256.h"
#include "backend/model/release.h"

/* What is known of CVEs, for all products of a fleet. */
#define HF_CVES_FILE "catalogue/cves.json"

/*
 * SHA-256 over all products and rows in their order: what decides about
 * levels. Titles, notes, sources and certainty do not count, so a typo mended
 * there makes no plan stale.
 */
void hf_catalogue_hash(const struct hf_catalogue *catalogue,
                       char out[HF_SHA256_HEX]);

#endif
