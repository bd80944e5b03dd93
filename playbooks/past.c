/* What is still known of runs that are over; see past.h. */
#include "playbooks/past.h"

#include <stdlib.h>

#include "playbooks/session_priv.h"

/* A document of the ledger as it stands now. */
static int
read_doc(cJSON **out, struct hf_session *s, const char *path,
         struct hf_err *err)
{
    struct hf_buf text = {0};
    char tip[41];
    int rc;

    *out = NULL;
    if ((rc = states_ledger_tip(s, tip, err)) < 0)
        return rc;
    if (!tip[0])
        return hf_fail(err, HF_ENOTFOUND, "there is no ledger yet");
    if ((rc = hf_repo_read(s->repo, tip, path, &text, err)) == HF_OK)
        rc = hf_json_parse(out, hf_buf_str(&text), text.len, err);
    hf_buf_release(&text);
    return rc;
}

int
hf_past_run(cJSON **doc, cJSON **end, struct hf_session *s, const char *run,
            struct hf_err *err)
{
    char *began = hf_ledger_run_path(run, "run.json");
    char *ended = hf_ledger_run_path(run, "end.json");
    struct hf_err none = HF_ERR_INIT;
    int rc;

    *end = NULL;
    if ((rc = read_doc(doc, s, began, err)) == HF_OK &&
        (rc = read_doc(end, s, ended, &none)) == HF_ENOTFOUND)
        rc = HF_OK; /* not ended */
    else if (rc < 0 && none.code)
        *err = none;
    if (rc < 0) {
        cJSON_Delete(*doc);
        *doc = NULL;
    }
    free(began);
    free(ended);
    return rc;
}

int
hf_past_evidence(cJSON **out, struct hf_session *s, const char *run,
                 const char *host, struct hf_err *err)
{
    char *path = hf_ledger_evidence_path(host, run);
    int rc = read_doc(out, s, path, err);

    free(path);
    return rc;
}

int
hf_session_unsettled(const struct hf_session *s, size_t i,
                     struct hf_unsettled *out)
{
    if (i >= s->intents_len)
        return 0;
    *out = (struct hf_unsettled){.run = s->intents[i].run,
                                 .host = s->intents[i].host,
                                 .action = s->intents[i].action};
    return 1;
}
