/*
 * Playbooks as files: playbooks/<name>.json of the fleet's commit, or one of
 * those that are shipped. One format for both, see docs/playbooks.md.
 */
#ifndef HF_PLAYBOOKS_PLAYBOOK_H
#define HF_PLAYBOOKS_PLAYBOOK_H

#include "backend/base/json.h"
#include "backend/model/playbook.h"
#include "inventory/repo.h"
#include "inventory/shipped.h"
#include "inventory/starter.h"

/* The keys, for the schema; see inventory/fields.h. */
struct hf_object;
extern const struct hf_object *const hf_playbook_object;
#define HF_SCHEMA_PLAYBOOK "playbooks/*.json: what is to be done, ring by ring"

/* Their schema, for a new fleet. */
extern const struct hf_starter hf_playbook_starter[];

/* Those that come with the program ("emergency.json"). */
extern const struct hf_shipped hf_shipped_playbooks[];

/* Where the text of another playbook comes from, for "extends". The text is
 * the caller's; HF_ENOTFOUND. */
typedef int (*hf_playbook_source)(void *ctx, const char *name,
                                  struct hf_buf *out, struct hf_err *err);

/*
 * Reads a text strictly and fills in every default. What it yields lives in
 * the arena. HF_EINVALID: see the problems, all of them, each with its place.
 */
int hf_playbook_parse(struct hf_playbook *out, struct hf_arena *arena,
                      const char *name, const char *text, size_t len,
                      hf_playbook_source source, void *ctx,
                      struct hf_problems *problems, struct hf_err *err);

/* By name, from the commit (NULL: HEAD), else from those shipped.
 * HF_ENOTFOUND names those there are. `blob` gets the file's object id, or
 * "shipped". */
int hf_playbook_load(struct hf_playbook *out, struct hf_arena *arena,
                     struct hf_repo *repo, const char *commit, const char *name,
                     char blob[41], struct hf_problems *problems,
                     struct hf_err *err);

/* Names of all that can be loaded, sorted; fleet's own ones first. */
int hf_playbook_names(struct hf_repo *repo, const char *commit,
                      struct hf_strs *fleet, struct hf_strs *shipped,
                      struct hf_err *err);

/* Reads every playbook of the commit (NULL: HEAD) and looks for the hooks that
 * they name; adds all problems. HF_EINVALID when there are any. */
int hf_playbook_lint(struct hf_repo *repo, const char *commit,
                     struct hf_problems *problems, struct hf_err *err);

/* With every default written out; reading it yields the same. Caller's. */
cJSON *hf_playbook_to_json(const struct hf_playbook *pb);

/* The whole of it in words that an approver can read. */
void hf_playbook_explain(struct hf_buf *out, const struct hf_playbook *pb);

#endif
