#!/usr/bin/env bash
# Others at the same time: a second run of the fleet, a second account, a
# writer of the ledger, locks that a dead git left behind.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim well 2000 5

# until TEXT: the journal has come so far.
until_journal() {
    for _ in $(seq 3000); do
        grep -qsF "$1" "$states"/*/journal.jsonl && return
        sleep 0.01
    done
}

# ---- two runs ----
first=$(behind 1) second=$(behind 2)
"$HOTFLEET_BINARY" apply "$first" --yes --expect-hosts 1 </dev/null \
    >"$work/first" 2>&1 &
daemons[first]=$!
until_journal '"step":"job runs"'
gives a_second_run_is_refused_and_told_who 8 \
    "run [0-9TZa-f-]+ of hotfleet demo.* in process ${daemons[first]} since" \
    apply "$second" --yes --expect-hosts 1
gives looking_is_free 0 '' check "$second"
XDG_STATE_HOME=$work/other gives the_host_is_the_lock_for_another_account 8 \
    "run [0-9TZa-f-]+ of hotfleet demo" apply "$first" --yes --expect-hosts 1
same the_second_run_changed_nothing 0 "$(sim jobs "$second")"

# ---- the ledger moves meanwhile ----
notes=0 # that git took: one that came too late is refused
for n in 1 2 3 4 5 6 7 8; do
    tip=$(git rev-parse ledger)
    blob=$(echo "$n" | git hash-object -w --stdin)
    tree=$({ git ls-tree "$tip" && printf '100644 blob %s\tnote-%s\n' \
        "$blob" "$n"; } | git mktree)
    commit=$(git commit-tree "$tree" -p "$tip" -m "others: note $n")
    git update-ref refs/heads/ledger "$commit" "$tip" &&
        notes=$((notes + 1))
    sleep 0.2
done
holds others_wrote_meanwhile test "$notes" -gt 0
wait "${daemons[first]}"
status=$? said=$(cat "$work/first")
unset 'daemons[first]'
same the_first_run_ends_well 0 "$status"
run=$(newest_run)
same its_record_is_there verified "$(outcome "$first")"
same and_the_notes_of_others_too "$notes" "$(recorded '^note-')"
holds the_ledger_is_sound git fsck --no-progress
same the_history_is_one_line 0 "$(git rev-list --merges --count ledger)"

# ---- stale locks ----
host=$(behind 1)
touch .git/refs/heads/ledger.lock
SECONDS=0
hf apply "$host" --yes --expect-hosts 1
took=$SECONDS
run=$(newest_run)
says a_stale_lock_of_the_ledger_is_named \
    "ledger.lock' is there since .*no process holds it" "hint: .*rm '"
says what_was_done_is_kept '1 verified' 'kept in the journal'
holds and_costs_little_time [ "$took" -lt 25 ]
rm .git/refs/heads/ledger.lock
hf check "$host"
same it_is_recorded_afterwards verified "$(outcome "$host")"
head=$(git rev-parse main)
touch .git/refs/heads/main.lock
gives a_stale_lock_of_the_branch_is_named 8 'main.lock' hold "$host" --reason x
same and_the_branch_stays "$head" "$(git rev-parse main)"
same and_the_work_tree_is_clean '' "$(git status --porcelain)"
rm .git/refs/heads/main.lock
gives without_it_the_hold_is_made 0 '' hold "$host" --reason x
finish
