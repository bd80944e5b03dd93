/* A large fleet is opened from a snapshot: it says what the ledger says, or it
 * is passed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tests/unit/playbooks/bed.h"

#define HOSTS 210 /* enough to be worth it */

static char *
snapshot_path(const struct bed *b)
{
    char *dir = bed_state_dir(b), *path = hf_path_join(dir, "snapshot");

    free(dir);
    return path;
}

static void
add_json(struct hf_buf *out, cJSON *doc)
{
    char *text = hf_json_print(doc);

    hf_buf_printf(out, " %s", text);
    free(text);
    cJSON_Delete(doc);
}

static void
add_status(struct hf_buf *out, const struct hf_standing *s)
{
    hf_buf_printf(out, " %d %d %d %u %s %lld %lld %lld %d %s %s %s %s %s %s",
                  s->coverage, s->patch, s->reboot, s->flags,
                  s->product ? s->product : "-", (long long)s->covered_until,
                  (long long)s->reboot_at, (long long)s->seen, s->survives,
                  s->survives_by, s->level, s->target, s->coverage_why,
                  s->patch_why, s->reboot_why);
}

/* All that is known of all hosts, a line each. */
static char *
what_is_known(const struct bed *b)
{
    const struct hf_state *states;
    struct hf_buf all = {0};
    size_t n;

    states = hf_session_states(b->s, &n);
    assert_int_equal(n, HOSTS);
    for (size_t i = 0; i < n; i++) {
        const struct hf_state *st = &states[i];
        const struct hf_record *r = hf_state_record(st);

        hf_buf_printf(&all, "%s %s %s %s %s %s %s %s %lld %s %s %lld %d %lld",
                      st->host->name, r->recent.run, r->recent.action,
                      r->recent.outcome, r->recent.level, r->recent.boot_id,
                      r->recent.why, r->recent.machine_id,
                      (long long)r->recent.at, st->net, r->net_why,
                      (long long)r->net_at, st->asked, (long long)st->newest);
        add_status(&all, &st->status);
        add_json(&all, hf_facts_to_json(&r->facts));
        add_json(&all, hf_facts_to_json(&r->baseline));
        add_json(&all, hf_findings_to_json(hf_state_findings(st)));
        hf_buf_putc(&all, '\n');
    }
    return hf_buf_take(&all);
}

/* The same, of a new session. */
static char *
open_and_tell(struct bed *b)
{
    char *text;

    bed_open(b);
    text = what_is_known(b);
    bed_close(b);
    return text;
}

/* Frees what was told. */
static void
assert_told(char *told, const char *wanted)
{
    assert_string_equal(told, wanted);
    free(told);
}

static void
forget(const struct bed *b)
{
    char *path = snapshot_path(b);

    (void)unlink(path);
    free(path);
}

/* Some hosts are known, one of them was changed; told from the ledger. */
static char *
start(struct bed *b)
{
    struct hf_ask ask;

    bed_new_large(b, HOSTS);
    bed_open(b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(b, 0), bed_well(b, 1), NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(b, 1), NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
    bed_close(b);
    forget(b);
    return open_and_tell(b);
}

static ino_t
inode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_ino;
}

static void
a_snapshot_says_what_the_ledger_says(void **state)
{
    char *ledger, *path;
    struct bed b;
    ino_t made;

    (void)state;
    ledger = start(&b);
    path = snapshot_path(&b);
    made = inode_of(path);
    assert_told(open_and_tell(&b), ledger);
    assert_int_equal(made, inode_of(path)); /* it was used, not made anew */
    bed_open(&b);
    assert_int_equal(bed_state(&b, bed_well(&b, 1))->status.patch,
                     HF_PATCH_CURRENT);
    assert_true(bed_record(&b, bed_well(&b, 1))->baseline.len > 0);
    free(ledger);
    free(path);
    bed_free(&b);
}

/* ---- whatever happens ---- */

static void
run_on(struct bed *b, enum hf_action action, size_t from, size_t n)
{
    const char *names[HOSTS];
    struct hf_ask ask = {.action = action,
                         .hosts = names,
                         .hosts_len = n,
                         .change = "CHG1",
                         .reason = "test",
                         .parallel = 40};

    for (size_t i = 0; i < n; i++)
        names[i] = bed_well(b, from + i);
    bed_open(b);
    (void)bed_run(b, &ask);
    bed_settle(b);
    bed_close(b);
}

static void
check_many(struct bed *b)
{
    run_on(b, HF_ACTION_CHECK, 0, 30);
}

static void
check_one(struct bed *b)
{
    run_on(b, HF_ACTION_CHECK, 40, 1);
}

static void
roll_back(struct bed *b)
{
    run_on(b, HF_ACTION_ROLLBACK, 1, 1);
}

static void
pin_another_key(struct bed *b)
{
    bed_edit(b, bed_well(b, 1), "hostkey",
             "ssh-ed25519 "
             "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhsc"
             "HR4f");
}

static void
move_a_host(struct bed *b)
{
    bed_edit(b, bed_well(b, 2), "ring", "broad");
}

static void
break_a_record(struct bed *b)
{
    char *text = hf_xasprintf(
        "sh -c 'cd \"$0\" && export GIT_INDEX_FILE=.git/other && "
        "git read-tree ledger && f=$(git ls-files | grep facts.json | "
        "head -n 1) && id=$(echo broken | git hash-object -w --stdin) && "
        "git update-index --cacheinfo 100644,$id,$f && "
        "git update-ref refs/heads/ledger $(git commit-tree -p ledger -m x "
        "$(git write-tree))' '%s'",
        b->fleet);

    assert_int_equal(system(text), 0);
    free(text);
}

static void
lose_a_record(struct bed *b)
{
    char *text = hf_xasprintf(
        "sh -c 'cd \"$0\" && export GIT_INDEX_FILE=.git/other && "
        "git read-tree ledger && git rm -q --cached $(git ls-files | "
        "grep facts.json | tail -n 1) && "
        "git update-ref refs/heads/ledger $(git commit-tree -p ledger -m x "
        "$(git write-tree))' '%s'",
        b->fleet);

    assert_int_equal(system(text), 0);
    free(text);
}

/* The commit that the snapshot is of is gone. */
static void
begin_the_ledger_anew(struct bed *b)
{
    char *text = hf_xasprintf(
        "sh -c 'cd \"$0\" && git update-ref refs/heads/ledger "
        "$(git commit-tree -m x ledger^{tree}) && "
        "git reflog expire --expire=now --all && git gc -q --prune=now' '%s'",
        b->fleet);

    assert_int_equal(system(text), 0);
    free(text);
}

static void
whatever_happens_it_says_what_the_ledger_says(void **state)
{
    static void (*const steps[])(struct bed * b) = {
        check_one,   roll_back,      check_many,    pin_another_key,
        move_a_host, break_a_record, lose_a_record, begin_the_ledger_anew,
    };
    struct bed b;

    (void)state;
    free(start(&b));
    for (size_t i = 0; i < HF_COUNT(steps); i++) {
        char *kept, *anew;

        steps[i](&b);
        kept = open_and_tell(&b);
        forget(&b);
        anew = open_and_tell(&b);
        assert_told(kept, anew);
        free(anew);
    }
    bed_free(&b);
}

/* Few records that moved are read beside it, many make it anew. */
static void
it_is_made_anew_when_much_has_moved(void **state)
{
    struct bed b;
    ino_t made;
    char *path;

    (void)state;
    free(start(&b));
    check_many(&b);
    free(open_and_tell(&b));
    path = snapshot_path(&b);
    made = inode_of(path);
    check_one(&b);
    free(open_and_tell(&b));
    assert_int_equal(made, inode_of(path));
    run_on(&b, HF_ACTION_CHECK, 30, 20);
    free(open_and_tell(&b));
    assert_int_not_equal(made, inode_of(path));
    free(path);
    bed_free(&b);
}

/* The state folder says that the host was seen again with the same facts. */
static void
see_again(const struct bed *b, const char *host, int64_t at)
{
    char *dir = bed_state_dir(b), *path = hf_path_join(dir, "seen");
    char text[HF_TIME_LEN], *line;
    struct hf_err err = HF_ERR_INIT;

    line = hf_xasprintf("%s\t%s\n", host, hf_time_format(text, at));
    assert_int_equal(hf_file_write(path, line, strlen(line), 0600, &err), 0);
    free(line);
    free(path);
    free(dir);
}

static void
what_moves_all_the_time_is_as_old_as_it_is(void **state)
{
    const struct hf_finding *clock;
    const struct hf_state *st;
    const char *host;
    int64_t later;
    struct bed b;

    (void)state;
    free(start(&b));
    host = bed_well(&b, 0);
    later = (hf_now() / 1000 + 7200) * 1000;
    see_again(&b, host, later);
    bed_open(&b);
    hf_session_judge(b.s, later + 23 * INT64_C(3600000));
    st = bed_state(&b, host);
    assert_int_equal(st->newest, later);
    assert_int_equal(st->status.flags & HF_FLAG_STALE, 0);
    clock = hf_findings_find(hf_state_findings(st), "clock");
    assert_non_null(clock);
    assert_string_equal(hf_verdict_names[clock->verdict], "pass");
    bed_free(&b);
}

/* ---- damage ---- */

static void
write_broken(struct bed *b, const char *path, const struct hf_buf *whole,
             size_t i)
{
    struct hf_buf broken = {0};

    hf_buf_add(&broken, whole->data, whole->len);
    if (i < 6) /* cut short */
        broken.len = whole->len * i / 6;
    else if (i < 24) /* a bit that fell over, somewhere */
        broken.data[whole->len * (i - 6) / 18] ^= (char)(1 << i % 8);
    else /* behind its end */
        hf_buf_add(&broken, "more", 4);
    assert_int_equal(
        hf_file_write(path, hf_buf_str(&broken), broken.len, 0600, &b->err), 0);
    hf_buf_release(&broken);
}

static void
a_broken_snapshot_is_passed_over(void **state)
{
    struct hf_buf whole = {0};
    char *ledger, *path;
    struct bed b;

    (void)state;
    ledger = start(&b);
    path = snapshot_path(&b);
    assert_int_equal(hf_file_read(&whole, path, 1u << 24, &b.err), 0);
    for (size_t i = 0; i < 25; i++) {
        ino_t broken;

        write_broken(&b, path, &whole, i);
        broken = inode_of(path);
        assert_told(open_and_tell(&b), ledger);
        assert_int_not_equal(broken, inode_of(path));
    }
    hf_buf_release(&whole);
    free(ledger);
    free(path);
    bed_free(&b);
}

static void
that_of_another_version_is_passed_over(void **state)
{
    struct hf_buf whole = {0};
    char *ledger, *path;
    struct bed b;
    ino_t other;

    (void)state;
    ledger = start(&b);
    path = snapshot_path(&b);
    assert_int_equal(hf_file_read(&whole, path, 1u << 24, &b.err), 0);
    memcpy(strstr(whole.data, HF_VERSION), "9", 1);
    assert_int_equal(hf_file_write(path, whole.data, whole.len, 0600, &b.err),
                     0);
    other = inode_of(path);
    assert_told(open_and_tell(&b), ledger);
    assert_int_not_equal(other, inode_of(path));
    hf_buf_release(&whole);
    free(ledger);
    free(path);
    bed_free(&b);
}

static void
read_only_uses_it_and_makes_none(void **state)
{
    char *ledger, *path;
    struct bed b;

    (void)state;
    ledger = start(&b);
    path = snapshot_path(&b);
    bed_open_read_only(&b);
    assert_told(what_is_known(&b), ledger);
    bed_close(&b);
    assert_int_equal(unlink(path), 0);
    bed_open_read_only(&b);
    bed_close(&b);
    assert_false(hf_path_exists(path));
    free(ledger);
    free(path);
    bed_free(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_says_what_the_ledger_says),
        cmocka_unit_test(whatever_happens_it_says_what_the_ledger_says),
        cmocka_unit_test(it_is_made_anew_when_much_has_moved),
        cmocka_unit_test(what_moves_all_the_time_is_as_old_as_it_is),
        cmocka_unit_test(a_broken_snapshot_is_passed_over),
        cmocka_unit_test(that_of_another_version_is_passed_over),
        cmocka_unit_test(read_only_uses_it_and_makes_none),
    };

    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
