/* The fields of the selector language, and what a host has for each. */
#include <string.h>
#include <strings.h>

#include "backend/base/text.h"
#include "backend/model/action.h"
#include "backend/model/selector_ast.h"

/* Most fields have one value; this makes the i-th of it. */
static const char *
only(const char *value, size_t i)
{
    return i == 0 ? value : NULL;
}

static const char *
get_name(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(st->host->name, i);
}

static const char *
get_address(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(st->host->address, i);
}

static const char *
get_ring(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(st->host->ring, i);
}

static const char *
get_site(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(st->host->site, i);
}

static const char *
get_platform(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(st->host->platform, i);
}

static const char *
get_product(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(st->status.product ? st->status.product : st->host->product, i);
}

static const char *
get_tag(const struct hf_state *st, const char *key, size_t i)
{
    const char *const *tag = st->host->tags;

    (void)key;
    while (tag && *tag && i > 0) {
        tag++;
        i--;
    }
    return tag ? *tag : NULL;
}

static const char *
pair_value(const struct hf_pairs *pairs, const char *key)
{
    for (size_t i = 0; i < pairs->len; i++) {
        if (hf_text_casecmp(pairs->v[i].key, key) == 0)
            return pairs->v[i].value;
    }
    return NULL;
}

static const char *
get_attribute(const struct hf_state *st, const char *key, size_t i)
{
    return only(pair_value(&st->host->attributes, key), i);
}

static const char *
get_domain(const struct hf_state *st, const char *key, size_t i)
{
    return only(pair_value(&st->host->domains, key), i);
}

/* The attribute "role", then the tags. */
static const char *
get_role(const struct hf_state *st, const char *key, size_t i)
{
    const char *role = pair_value(&st->host->attributes, "role");

    if (!role)
        return get_tag(st, key, i);
    return i == 0 ? role : get_tag(st, key, i - 1);
}

static const char *
get_coverage(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(hf_coverage_names[st->status.coverage], i);
}

static const char *
get_patch(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(hf_patch_names[st->status.patch], i);
}

static const char *
get_reboot(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(hf_reboot_names[st->status.reboot], i);
}

/* A hold of the inventory counts also before anybody judged the host. */
static const char *
get_flag(const struct hf_state *st, const char *key, size_t i)
{
    unsigned flags = st->status.flags | (st->host->hold ? HF_FLAG_HELD : 0);

    (void)key;
    for (size_t bit = 0; bit < HF_FLAG_COUNT; bit++) {
        if ((flags & (1u << bit)) && i-- == 0)
            return hf_flag_names[bit];
    }
    return NULL;
}

static const char *
get_check(const struct hf_state *st, const char *key, size_t i)
{
    const struct hf_findings *all = hf_state_findings(st);

    (void)key;
    for (size_t j = 0; j < all->len; j++) {
        const struct hf_finding *f = &all->v[j];

        if (f->verdict != HF_VERDICT_PASS && i-- == 0)
            return f->name;
    }
    return NULL;
}

/* What a single check says; nothing where it was not run. */
static const char *
get_verdict(const struct hf_state *st, const char *key, size_t i)
{
    const struct hf_findings *findings = hf_state_findings(st);

    for (size_t j = 0; j < findings->len; j++) {
        if (hf_text_casecmp(findings->v[j].name, key) == 0)
            return only(hf_verdict_names[findings->v[j].verdict], i);
    }
    return NULL;
}

static const char *
get_level(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(st->status.level, i);
}

static const char *
get_outcome(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(hf_state_record(st)->recent.outcome, i);
}

static const char *
get_run(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return only(hf_state_record(st)->recent.run, i);
}

/* What could not be read, or was never asked, has the value "unknown". */
static const char *
get_fact(const struct hf_state *st, const char *key, size_t i)
{
    const char *value = hf_facts_get(&hf_state_record(st)->facts, key);

    return only(value ? value : "unknown", i);
}

static const char *
get_kernel(const struct hf_state *st, const char *key, size_t i)
{
    (void)key;
    return get_fact(st, "kernel.release", i);
}

/* clang-format off */
enum { FIELD_NAME, FIELD_FLAG, FIELD_AGE, FIELD_OLDER, FIELD_NEWER };

const struct hf_selector_field hf_selector_fields[] = {
    [FIELD_NAME] = {"name", "the host's name; a bare word means the same",
        "name:web-0*", NULL, get_name, 1},
    [FIELD_FLAG] = {"flag", "a flag; its bare word means the same",
        "flag:held", hf_flag_names, get_flag},
    [FIELD_AGE] = {"age", "age of the oldest fact; a host never asked is "
        "older than everything", "age:>2d", NULL, NULL},
    [FIELD_OLDER] = {"older", "the oldest fact is older than this, or the "
        "host was never asked", "older:2d", NULL, NULL},
    [FIELD_NEWER] = {"newer", "every fact is newer than this",
        "newer:4h", NULL, NULL},
    {"ring", "the ring the host is in", "ring:canary", NULL, get_ring, 1},
    {"site", "the site the host is at", "site:berlin", NULL, get_site, 1},
    {"tag", "one of the host's tags", "tag:db", NULL, get_tag, 1},
    {"role", "the attribute 'role', or one of the tags",
        "role:web", NULL, get_role, 1},
    {"attr.KEY", "an attribute of the host",
        "attr.owner:ops", NULL, get_attribute, 1},
    {"domain.KEY", "a failure domain of the host",
        "domain.cluster:sql-a", NULL, get_domain, 1},
    {"address", "the address it is reached at",
        "address:10.1.*", NULL, get_address, 1},
    {"platform", "the driver the inventory names",
        "platform:livepatch", NULL, get_platform},
    {"product", "the product of the catalogue",
        "product:ws2025", NULL, get_product},
    {"coverage", "will hotpatches keep coming",
        "coverage:restart-due", hf_coverage_names, get_coverage},
    {"patch", "is the newest one in effect",
        "patch:behind", hf_patch_names, get_patch},
    {"reboot", "does the host wait for a restart",
        "reboot:pending", hf_reboot_names, get_reboot},
    {"check", "an eligibility check that does not pass",
        "check:lockdown", NULL, get_check},
    {"check.KEY", "what that check says",
        "check.vbs:block", hf_verdict_names, get_verdict},
    {"level", "what runs there", "level:*fix_2*", NULL, get_level},
    {"kernel", "the running kernel",
        "kernel:6.1.0-*", NULL, get_kernel},
    {"outcome", "how the last run that touched it ended",
        "outcome:failed", hf_outcome_names, get_outcome},
    {"run", "the last run that touched it",
        "run:20261123T012345Z-4f9a1c", NULL, get_run},
    {"fact.KEY", "any fact; 'unknown' when it could not be read",
        "fact.os.id:debian", NULL, get_fact},
    {0},
};
/* clang-format on */

const struct hf_selector_field *
hf_selector_field_name(void)
{
    return &hf_selector_fields[FIELD_NAME];
}

const struct hf_selector_field *
hf_selector_field_flag(void)
{
    return &hf_selector_fields[FIELD_FLAG];
}

const struct hf_selector_field *
hf_selector_field_age(enum hf_term_how how)
{
    return &hf_selector_fields[how == HF_TERM_OLDER ? FIELD_OLDER
                                                    : FIELD_NEWER];
}

const struct hf_selector_field *
hf_selector_field_find(const char *name, const char **key)
{
    *key = NULL;
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        size_t prefix = strcspn(f->name, "."); /* of "attr.KEY" */

        if (f->name[prefix] == '\0') {
            if (strcasecmp(f->name, name) == 0)
                return f;
        } else if (strncasecmp(f->name, name, prefix + 1) == 0 &&
                   name[prefix + 1] != '\0') {
            *key = name + prefix + 1;
            return f;
        }
    }
    return NULL;
}

const char *
hf_selector_word_find(const char *const *words, const char *word)
{
    for (; *words; words++) {
        if (strcasecmp(*words, word) == 0)
            return *words;
    }
    return NULL;
}

const struct hf_selector_field *
hf_selector_field_of_word(const char *word)
{
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        if (f->words && !strchr(f->name, '.') &&
            hf_selector_word_find(f->words, word))
            return f;
    }
    return NULL;
}
