#!/usr/bin/env bash
# kill -9 at every step of an apply: the next verb finds out what became of
# it, records it once, and nothing is ever applied twice.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim well 300 15

# verified HOST: a run that was killed as it wrote to the ledger leaves git's
# lock behind; then one does what the hint says.
verified() {
    local lock
    hf verify "$1"
    lock=$(sed -nE "s/.*left by one that was killed: rm '(.*)'/\1/p" <<<"$said")
    [ -n "$lock" ] || return 0
    rm "$lock"
    hf verify "$1"
}

# killed NAME TEXT [COUNT]
killed() {
    local name=$1 text=$2 count=${3:-1} host run evidence
    host=$(behind 1)
    strike KILL "$text" "$count" apply "$host" --yes --expect-hosts 1 \
        --change CHG1
    if [ "$struck" != struck ]; then
        no "killed_$name" 'the moment did not come'
        return
    fi
    same "killed_$name" 137 "$status"
    run=$(newest_run)
    verified "$host"
    evidence=$(git ls-tree -r --name-only ledger | grep "/$host/.*/$run")
    if [ -n "$evidence" ]; then
        same "${name}_is_recorded_once" 1 "$(commits_of "$evidence")"
    fi
    if settled; then
        ok "${name}_is_settled"
    else
        no "${name}_is_settled" 'after a verify that says:'
    fi
    same "${name}_did_not_act_twice" 1 "$((1 >= $(sim jobs "$host")))"
    # Whatever became of it: now it can be had, by one job altogether.
    hf apply "$host" --yes --expect-hosts 1 --change CHG1
    if [ "$(sim jobs "$host")" != 1 ]; then
        no "${name}_ends_with_one_job" "$(sim jobs "$host") jobs"
    else
        ok "${name}_ends_with_one_job"
    fi
    hf check "$host" --json
    same "${name}_ends_current" current "$(jq -r '.hosts[0].patch.state' <<<"$out")"
}

killed after_the_run_began '"kind":"run-started"'
killed after_facts '"kind":"host-facts"'
killed after_the_intent '"kind":"host-intent"'
killed at_the_lock '"step":"taking the job folder"'
killed at_the_upload '"step":"uploading"'
killed at_the_start '"step":"starting the job"'
killed while_the_job_runs '"step":"job runs"'
killed while_it_is_closed '"step":"closing the job"'
killed while_it_is_verified '"step":"verifying"'
killed after_the_outcome '"kind":"host-outcome"'
killed after_the_end '"kind":"run-ended"'
holds the_ledger_is_sound git fsck --no-progress
finish
