/* What a client asks: the script at the end of standard input, recognised by
 * its text, and the values before it; or the header line of an upload. */
#ifndef HF_SIM_ASK_H
#define HF_SIM_ASK_H

#include "backend/base/buf.h"
#include "backend/base/sha256.h"
#include "backend/drivers/driver.h"
#include "backend/model/action.h"

struct hf_sim_upload {
    char nonce[HF_NONCE_LEN];
    char sha256[HF_SHA256_HEX]; /* as announced */
    char name[256];
    const char *data; /* borrowed from the input */
    size_t len;       /* as announced */
};

struct hf_sim_ask {
    enum hf_driver_script script; /* HF_DRIVER_SCRIPT_COUNT: an upload */
    char nonce[HF_NONCE_LEN];     /* empty: none was sent */
    struct hf_params values;      /* by name without HF_ */
    struct hf_buf data;           /* powershell: what `upload` borrows */
    struct hf_sim_upload upload;
};

/* Reads `HF_NAME='...'` lines as a shell would. -1 when the text before the
 * script is anything else: a real shell would run it, this one does not. */
int hf_sim_ask_sh(struct hf_sim_ask *out, const char *input, size_t len);
/* Reads what the bootstrap of Windows hosts reads; -1 when it would refuse. */
int
hf_sim_ask_powershell(struct hf_sim_ask *out, const char *input, size_t len);
void hf_sim_ask_release(struct hf_sim_ask *ask);
/* The value, or "". */
const char *hf_sim_ask_get(const struct hf_sim_ask *ask, const char *name);

/* -1: no such header, or fewer bytes than announced. */
int
hf_sim_upload_parse(struct hf_sim_upload *out, const char *input, size_t len);

#endif
