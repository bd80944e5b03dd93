/* The restart budget: claims, hours, and the record that holds both. */
#include "backend/model/restarts.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define SCHEMA "hotfleet.restarts/1"
#define HOUR_MS ((int64_t)60 * 60 * 1000)
#define DAY_MS (24 * HOUR_MS)
#define MOST_HOSTS 1000000

static void
claim_release(struct hf_restart_claim *c)
{
    free(c->run);
    free(c->host);
    free(c->operator_);
}

void
hf_restarts_release(struct hf_restarts *r)
{
    for (size_t i = 0; i < r->claims_len; i++)
        claim_release(&r->claims[i]);
    free(r->claims);
    free(r->hours);
    *r = (struct hf_restarts){0};
}

static void
drop_claim(struct hf_restarts *r, size_t i)
{
    claim_release(&r->claims[i]);
    r->claims_len--;
    for (; i < r->claims_len; i++)
        r->claims[i] = r->claims[i + 1];
}

static struct hf_restart_claim *
find_claim(const struct hf_restarts *r, const char *run, const char *host)
{
    for (size_t i = 0; i < r->claims_len; i++) {
        if (strcmp(r->claims[i].run, run) == 0 &&
            strcmp(r->claims[i].host, host) == 0)
            return &r->claims[i];
    }
    return NULL;
}

/* ---- time ---- */

/* An hour counts until a day after its end: never too early. */
static int
hour_counts(const struct hf_restart_hour *h, int64_t now)
{
    return h->at + HOUR_MS + DAY_MS > now;
}

static void
forget_old(struct hf_restarts *r, int64_t now)
{
    size_t kept = 0;

    for (size_t i = r->claims_len; i-- > 0;) {
        if (r->claims[i].until <= now)
            drop_claim(r, i);
    }
    for (size_t i = 0; i < r->hours_len; i++) {
        if (hour_counts(&r->hours[i], now))
            r->hours[kept++] = r->hours[i];
    }
    r->hours_len = kept;
}

static void
add_to_hour(struct hf_restarts *r, int64_t at, int restarts)
{
    int64_t hour = at - at % HOUR_MS;
    size_t i = 0;

    while (i < r->hours_len && r->hours[i].at < hour)
        i++;
    if (i == r->hours_len || r->hours[i].at != hour) {
        (void)HF_PUSH(&r->hours, &r->hours_len, &r->hours_cap);
        for (size_t k = r->hours_len - 1; k > i; k--)
            r->hours[k] = r->hours[k - 1];
        r->hours[i] = (struct hf_restart_hour){hour, 0};
    }
    r->hours[i].restarts += restarts;
    if (r->hours[i].restarts < 0)
        r->hours[i].restarts = 0;
}

/* ---- rules ---- */

int
hf_restarts_bounded(const struct hf_restart_rule *rule)
{
    return rule->at_once > 0 || rule->per_day > 0;
}

void
hf_restarts_say(char out[HF_WHY_LEN], const struct hf_fleet *fleet)
{
    const struct hf_restart_rule *rule = &fleet->restarts;
    char once[32] = "", day[32] = "";

    if (rule->at_once)
        hf_say(once, sizeof(once), "%d at once", rule->at_once);
    if (rule->per_day)
        hf_say(day, sizeof(day), "%d a day", rule->per_day);
    if (!hf_restarts_bounded(rule))
        hf_say(out, HF_WHY_LEN, "not bounded");
    else
        hf_say(out, HF_WHY_LEN, "at most %s%s%s, over all runs%s", once,
               *once && *day ? ", " : "", day,
               fleet->ledger_remote
                   ? ""
                   : "; local only: without \"ledger.remote\" other clones do "
                     "not see what is spent here");
}

void
hf_restarts_count(const struct hf_restarts *r, int64_t now, int *at_once,
                  int *in_a_day)
{
    int down = 0, day = 0;

    for (size_t i = 0; i < r->claims_len; i++)
        down += r->claims[i].until > now ? r->claims[i].at_once : 0;
    for (size_t i = 0; i < r->hours_len; i++)
        day += hour_counts(&r->hours[i], now) ? r->hours[i].restarts : 0;
    if (at_once)
        *at_once = down;
    if (in_a_day)
        *in_a_day = day;
}

static int
no_room_at_once(const struct hf_restarts *r, const struct hf_restart_rule *rule,
                int64_t *until, char why[HF_WHY_LEN])
{
    const struct hf_restart_claim *first = NULL;
    int down = 0;

    *until = 0;
    for (size_t i = 0; i < r->claims_len; i++) {
        down += r->claims[i].at_once;
        if (!first || r->claims[i].until < first->until)
            first = &r->claims[i];
    }
    if (!first) {
        hf_say(why, HF_WHY_LEN, "restart budget: the fleet allows %d at once",
               rule->at_once);
        return 0;
    }
    *until = first->until;
    hf_say(why, HF_WHY_LEN,
           "restart budget: %d of %d at once are taken (%.40s%srun %.24s)",
           down, rule->at_once, first->host, *first->host ? ", " : "",
           first->run);
    return 0;
}

static int
no_room_in_day(const struct hf_restarts *r, const struct hf_restart_rule *rule,
               int day, int64_t *until, char why[HF_WHY_LEN])
{
    char when[HF_TIME_LEN];

    *until = 0;
    if (!r->hours_len) {
        hf_say(why, HF_WHY_LEN, "restart budget: the fleet allows %d a day",
               rule->per_day);
        return 0;
    }
    *until = r->hours[0].at + HOUR_MS + DAY_MS;
    hf_say(why, HF_WHY_LEN,
           "restart budget: %d of %d a day are spent; more from %s on", day,
           rule->per_day, hf_time_format(when, *until));
    return 0;
}

static void
put_claim(struct hf_restarts *r, const struct hf_restart_claim *claim)
{
    struct hf_restart_claim *to =
        HF_PUSH(&r->claims, &r->claims_len, &r->claims_cap);

    *to = *claim;
    to->run = hf_xstrdup(claim->run);
    to->host = hf_xstrdup(claim->host);
    to->operator_ = hf_xstrdup(claim->operator_);
}

int
hf_restarts_claim(struct hf_restarts *r, const struct hf_restart_rule *rule,
                  const struct hf_restart_claim *claim, int64_t now,
                  int64_t *until, char why[HF_WHY_LEN])
{
    struct hf_restart_claim *mine;
    int down, day;

    *until = 0;
    why[0] = '\0';
    forget_old(r, now);
    if ((mine = find_claim(r, claim->run, claim->host)) != NULL) {
        mine->until = claim->until;
        return 1;
    }
    hf_restarts_count(r, now, &down, &day);
    if (rule->at_once && claim->at_once > rule->at_once - down)
        return no_room_at_once(r, rule, until, why);
    if (rule->per_day && claim->restarts > rule->per_day - day)
        return no_room_in_day(r, rule, day, until, why);
    put_claim(r, claim);
    add_to_hour(r, claim->at, claim->restarts);
    return 1;
}

int
hf_restarts_give_back(struct hf_restarts *r, const char *run, const char *host,
                      int unused)
{
    struct hf_restart_claim *mine = find_claim(r, run, host);

    if (!mine)
        return 0;
    if (unused)
        add_to_hour(r, mine->at, -mine->restarts);
    drop_claim(r, (size_t)(mine - r->claims));
    return 1;
}

/* ---- the record ---- */

char *
hf_restarts_format(const struct hf_restarts *r)
{
    cJSON *doc = cJSON_CreateObject(), *list, *one;
    char *text;

    hf_json_add_str(doc, "schema", SCHEMA);
    list = hf_json_add_arr(doc, "claims");
    for (size_t i = 0; i < r->claims_len; i++) {
        const struct hf_restart_claim *c = &r->claims[i];

        one = cJSON_CreateObject();
        hf_json_add_str(one, "run", c->run);
        hf_json_add_str(one, "host", c->host);
        hf_json_add_str(one, "operator", c->operator_);
        hf_json_add_int(one, "at_once", c->at_once);
        hf_json_add_int(one, "restarts", c->restarts);
        hf_json_add_time(one, "at", c->at);
        hf_json_add_time(one, "until", c->until);
        cJSON_AddItemToArray(list, one);
    }
    list = hf_json_add_arr(doc, "hours");
    for (size_t i = 0; i < r->hours_len; i++) {
        one = cJSON_CreateObject();
        hf_json_add_time(one, "at", r->hours[i].at);
        hf_json_add_int(one, "restarts", r->hours[i].restarts);
        cJSON_AddItemToArray(list, one);
    }
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    return text;
}

static int
want_time(int64_t *out, const cJSON *doc, const char *key, struct hf_err *err)
{
    const char *text = NULL;
    int rc = hf_json_want_str(&text, doc, key, err);

    if (rc == HF_OK && hf_time_parse(out, text) < 0)
        rc = hf_fail(err, HF_EINVALID, "'%s' is no time: '%s'", key, text);
    return rc;
}

static int
want_count(int *out, const cJSON *doc, const char *key, struct hf_err *err)
{
    int64_t n = 0;
    int rc = hf_json_want_int(&n, doc, key, 0, MOST_HOSTS, err);

    *out = (int)n;
    return rc;
}

static int
read_claim(struct hf_restarts *to, const cJSON *doc, struct hf_err *err)
{
    const char *run = NULL, *host = NULL, *who = NULL;
    struct hf_restart_claim c = {0};
    int rc;

    if ((rc = hf_json_want_str(&run, doc, "run", err)) < 0 ||
        (rc = hf_json_want_str(&host, doc, "host", err)) < 0 ||
        (rc = hf_json_want_str(&who, doc, "operator", err)) < 0 ||
        (rc = want_count(&c.at_once, doc, "at_once", err)) < 0 ||
        (rc = want_count(&c.restarts, doc, "restarts", err)) < 0 ||
        (rc = want_time(&c.at, doc, "at", err)) < 0 ||
        (rc = want_time(&c.until, doc, "until", err)) < 0)
        return rc;
    c.run = hf_sanitised(run);
    c.host = hf_sanitised(host);
    c.operator_ = hf_sanitised(who);
    *HF_PUSH(&to->claims, &to->claims_len, &to->claims_cap) = c;
    return HF_OK;
}

static int
read_hour(struct hf_restarts *to, const cJSON *doc, struct hf_err *err)
{
    struct hf_restart_hour h = {0};
    int rc;

    if ((rc = want_time(&h.at, doc, "at", err)) == HF_OK &&
        (rc = want_count(&h.restarts, doc, "restarts", err)) == HF_OK)
        add_to_hour(to, h.at, h.restarts);
    return rc;
}

int
hf_restarts_parse(struct hf_restarts *out, const char *text, size_t len,
                  struct hf_err *err)
{
    cJSON *doc = NULL;
    const cJSON *one;
    int rc = HF_OK;

    *out = (struct hf_restarts){0};
    if (!len)
        return HF_OK;
    if ((rc = hf_json_parse(&doc, text, len, err)) < 0)
        return rc;
    if (!hf_json_str(doc, "schema") ||
        strcmp(hf_json_str(doc, "schema"), SCHEMA) != 0)
        rc = hf_fail(err, HF_EINVALID, "it is no %s", SCHEMA);
    cJSON_ArrayForEach(one, hf_json_get(doc, "claims"))
    {
        if (rc == HF_OK)
            rc = read_claim(out, one, err);
    }
    cJSON_ArrayForEach(one, hf_json_get(doc, "hours"))
    {
        if (rc == HF_OK)
            rc = read_hour(out, one, err);
    }
    if (rc < 0)
        hf_restarts_release(out);
    cJSON_Delete(doc);
    return rc;
}
