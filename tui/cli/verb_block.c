/*
 * hotfleet block, unblock: a release that nothing may put on a host any more,
 * as one commit to the fleet. Says where it is in effect already, and where
 * somebody else may install it all the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/release.h"
#include "inventory/block.h"
#include "playbooks/block_reach.h"
#include "tui/cli/others.h"
#include "tui/cli/verb.h"

struct blocking {
    struct hf_cli *cli;
    struct hf_block wanted;
    char *reason;
    char commit[41];
    struct hf_block_reach reach;
};

static void
blocking_release(struct blocking *b)
{
    free(b->reason);
    hf_block_reach_release(&b->reach);
}

/* ---- what is asked for ---- */

static int
read_until(struct blocking *b, struct hf_err *err)
{
    const int64_t day = (int64_t)24 * 60 * 60 * 1000;
    const char *text = b->cli->opt[HF_OPT_UNTIL];

    if (!text)
        return HF_OK;
    if (hf_time_parse(&b->wanted.until, text) < 0) {
        (void)hf_fail(err, HF_EUSAGE, "--until '%s' is no date", text);
        return hf_hint(err, "for example 2027-01-31");
    }
    if (!strchr(text, 'T')) /* that day is the last one */
        b->wanted.until += day - 1000;
    if (b->wanted.until <= hf_now())
        return hf_fail(err, HF_EUSAGE, "--until '%s' is over", text);
    return HF_OK;
}

/* A slip of the keyboard would block nothing, and nobody would notice. */
static int
check_known(const struct blocking *b, struct hf_err *err)
{
    const struct hf_fleet *fleet = hf_session_fleet(b->cli->session);

    if (hf_catalogue_release(fleet->catalogue, b->wanted.release))
        return HF_OK;
    (void)hf_fail(err, HF_ENOTFOUND, "the catalogue knows no release '%s'",
                  b->wanted.release);
    return hf_hint(err, "hotfleet catalogue list shows them in the column "
                        "PATCH/KB");
}

static int
read_options(struct blocking *b, const char *what, struct hf_err *err)
{
    struct hf_cli *cli = b->cli;
    int rc;

    b->wanted.release = cli->argv[0];
    b->wanted.kernel = cli->opt[HF_OPT_KERNEL];
    if ((rc = hf_cli_reason(cli, what, &b->reason, err)) < 0)
        return rc;
    b->wanted.reason = b->reason;
    return read_until(b, err);
}

static void
look(struct blocking *b)
{
    struct hf_strs releases = {0};

    hf_strs_add(&releases, b->wanted.release);
    hf_block_reach_make(&b->reach, b->cli->session, &releases,
                        b->wanted.kernel);
    hf_strs_release(&releases);
}

/* ---- what is said ---- */

static void
print_concerned(const struct blocking *b)
{
    if (b->reach.has_len)
        (void)printf("in effect on %zu host%s; to take it back: hotfleet "
                     "rollback --release %s\n",
                     b->reach.has_len, hf_plural(b->reach.has_len),
                     b->wanted.release);
    if (b->reach.next_len)
        (void)printf("%zu host%s would get it next: left out from now on\n",
                     b->reach.next_len, hf_plural(b->reach.next_len));
    hf_cli_print_others(b->reach.concerned, b->reach.concerned_len,
                        "hotfleet leaves it alone; others may install it:");
}

static void
add_hosts(cJSON *doc, const char *key, const struct hf_state *const *v,
          size_t n)
{
    cJSON *arr = hf_json_add_arr(doc, key);

    for (size_t i = 0; i < n; i++)
        hf_json_push_str(arr, v[i]->host->name);
}

static int
print_json(const struct blocking *b, const char *verb)
{
    cJSON *doc = hf_cli_doc(b->cli, verb);

    hf_json_add_str(doc, "release", b->wanted.release);
    hf_json_add_str(doc, "kernel", b->wanted.kernel);
    hf_json_add_str(doc, "reason", b->wanted.reason);
    hf_json_add_time(doc, "until", b->wanted.until);
    add_hosts(doc, "in_effect", b->reach.has, b->reach.has_len);
    add_hosts(doc, "next", b->reach.next, b->reach.next_len);
    hf_cli_add_others(doc, b->reach.concerned, b->reach.concerned_len);
    hf_cli_add_written(b->cli, doc, b->commit);
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

static void
say_done(const struct blocking *b, const char *verb)
{
    char done[160];

    (void)snprintf(done, sizeof(done), "%s %s%s%s", verb, b->wanted.release,
                   b->wanted.kernel ? " for kernel " : "",
                   b->wanted.kernel ? b->wanted.kernel : "");
    hf_cli_say_written(b->cli, b->commit, done);
}

/* ---- the verbs ---- */

static int
run_block(struct hf_cli *cli)
{
    struct blocking b = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK;

    if (read_options(&b, "a block", &err) < 0 || check_known(&b, &err) < 0 ||
        hf_block_add(hf_session_repo(cli->session),
                     hf_session_fleet(cli->session), &b.wanted, b.commit,
                     &err) < 0) {
        status = hf_cli_fail(cli, &err);
    } else {
        look(&b);
        if (cli->opt[HF_OPT_JSON]) {
            status = print_json(&b, "block");
        } else {
            say_done(&b, "blocked");
            print_concerned(&b);
        }
    }
    blocking_release(&b);
    return status;
}

static int
run_unblock(struct hf_cli *cli)
{
    struct blocking b = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK;

    if (read_options(&b, "the end of a block", &err) < 0 ||
        hf_block_end(hf_session_repo(cli->session),
                     hf_session_fleet(cli->session), b.wanted.release,
                     b.wanted.kernel, b.wanted.reason, b.commit, &err) < 0) {
        status = hf_cli_fail(cli, &err);
    } else {
        look(&b);
        if (cli->opt[HF_OPT_JSON]) {
            status = print_json(&b, "unblock");
        } else {
            say_done(&b, "unblocked");
            if (b.reach.next_len)
                (void)printf("%zu host%s would get it next\n", b.reach.next_len,
                             hf_plural(b.reach.next_len));
        }
    }
    blocking_release(&b);
    return status;
}

#define BLOCK_OPTIONS HF_OPTS_FLEET, HF_OPT_REASON, HF_OPT_KERNEL

const struct hf_verb hf_verb_block = {
    .name = "block",
    .group = "keep",
    .args = "RELEASE",
    .summary = "nothing applies this release any more, with the reason",
    .help = "RELEASE is a KB number or the name of a livepatch module. One "
            "commit to the fleet, a file in blocks/: plans and apply leave it "
            "out, and so do rollouts under way, at the moment each host would "
            "start. Says where it is in effect already, and on which hosts "
            "somebody else may install it in spite of the block. What "
            "somebody else blocked for another reason stays as it is.",
    .examples = "  hotfleet block KB5078766 --reason \"loses its shares\"\n"
                "  hotfleet block fix_2 --kernel 6.1.0-28-amd64 --until "
                "2027-01-31 \\\n      --reason \"oops under load\"\n",
    .options = HF_OPTS(BLOCK_OPTIONS, HF_OPT_UNTIL),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = 1,
    .run = run_block,
};

const struct hf_verb hf_verb_unblock = {
    .name = "unblock",
    .group = "keep",
    .args = "RELEASE",
    .summary = "a blocked release may be applied again",
    .help = "One commit to the fleet that takes the block's file out; with "
            "--kernel the block for that kernel only. Hosts on which it was "
            "rolled back still want apply --again.",
    .examples = "  hotfleet unblock KB5078766 --reason \"mended by its "
                "publisher\"\n",
    .options = HF_OPTS(BLOCK_OPTIONS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = 1,
    .run = run_unblock,
};
