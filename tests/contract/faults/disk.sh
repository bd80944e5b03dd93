#!/usr/bin/env bash
# A full disk: under the journal nothing is changed on any host; under the
# ledger what was done is kept, and recorded once there is room again.
# shellcheck source=tests/contract/faults/common.bash
if [ "${1-}" != inside ]; then
    unshare --mount --propagation private true 2>/dev/null || {
        echo 'skip a_full_disk: mounting is not allowed here'
        exit 77
    }
    exec unshare --mount --propagation private bash "${BASH_SOURCE[0]}" inside
fi
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim well 200 0

small() { mount -t tmpfs -o "size=$2,mode=0700" tmpfs "$1"; }
fill() { dd if=/dev/zero of="$1/filler" bs=4k >/dev/null 2>&1; }
state=$(echo "$states"/*)

# ---- the journal ----
cp -a "$state" "$work/state.kept"
small "$state" 64k
cp -a "$work/state.kept/." "$state"
fill "$state"
host=$(behind 1)
gives a_full_state_folder_stops_everything 1 'No space left' \
    apply "$host" --yes --expect-hosts 1
rm "$state/filler"
echo >"$state/lock" # has its place on the disk
fill "$state"
gives a_full_journal_stops_before_the_first_change 3 \
    'journal cannot be written: No space left' apply "$host" --yes --expect-hosts 1
same no_job_was_begun 0 "$(sim jobs "$host")"
hf check "$host" --json
same the_host_is_as_before behind "$(jq -r '.hosts[0].patch.state' <<<"$out")"
rm -f "$state/filler"
gives with_room_again_it_goes_on 0 '1 verified' \
    apply "$host" --yes --expect-hosts 1
same by_one_job 1 "$(sim jobs "$host")"
umount "$state"

# ---- the ledger ----
host=$(behind 1)
cp -a .git "$work/git.kept"
small .git 8m
cp -a "$work/git.kept/." .git
fill .git
before=$(git rev-parse ledger)
hf apply "$host" --yes --expect-hosts 1 --change CHG2
run=$(newest_run)
says what_was_done_is_told '1 verified' 'kept in the journal'
same it_was_done_once 1 "$(sim jobs "$host")"
same the_ledger_is_not_half_written "$before" "$(git rev-parse ledger)"
rm -f .git/filler
holds the_repository_is_sound git fsck --no-progress
hf check "$host"
same the_next_verb_records_it verified "$(outcome "$host")"
same and_only_once 1 "$(recorded "/$host/.*/$run.json")"
same and_nothing_is_done_again 1 "$(sim jobs "$host")"
holds and_it_is_settled settled
cd "$work" || exit 1
umount "$work/sim/.git"
finish
