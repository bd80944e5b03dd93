#!/usr/bin/env bash
# What hosts say is harmless wherever it comes out: tables, JSON, events, the
# journal, messages and files of the ledger; and it is not believed.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim unwell 50 0
host=$(sim with poison)

# Controls but newline and tab, and characters that turn text round.
# shellcheck disable=SC2317 # called by holds
harmless() {
    ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xc2[\x80-\x9f]' "$@"
}

believed=0 refused=0
for n in $(seq 24); do
    hf check "$host" --json
    printf '%s\n' "$out" >"$work/json.$n"
    case $status in
    0) believed=$((believed + 1)) ;;
    4) refused=$((refused + 1)) ;;
    *) no "a_poisoned_reply_ends_in_0_or_4" "$status" ;;
    esac
    hf check "$host"
    printf '%s\n' "$said" >"$work/text.$n"
    hf check "$host" --jsonl
    printf '%s\n' "$said" >"$work/jsonl.$n"
done
said="believed $believed, refused $refused"
holds most_poisons_are_refused test "$refused" -gt 15
for kind in text json jsonl; do
    holds "hostile_text_is_harmless_in_$kind" harmless "$work/$kind".*
done
cat "$work"/json.* >"$work/json.all"
holds every_document_is_json jq -es 'length == 24' "$work/json.all"
hf apply "$host" --yes --expect-hosts 1
same a_poisoned_host_gets_no_job 0 "$(sim jobs "$host")"
for verb in "show $host" "why $host" today hosts runs audit \
    'report savings' 'report compliance' 'report memory' 'report quarter'; do
    # shellcheck disable=SC2086
    hf $verb
    printf '%s\n' "$said" >"$work/verb"
    holds "hostile_text_is_harmless_in_${verb// /_}" harmless "$work/verb"
done
git log --format=%B ledger >"$work/messages"
holds hostile_text_is_harmless_in_commit_messages harmless "$work/messages"
git ls-tree -r --name-only ledger | while read -r path; do
    git show "ledger:$path"
done >"$work/files"
holds hostile_text_is_harmless_in_records harmless "$work/files"
# numbers in binary, told by the reports above
find "$states" -type f ! -name history -exec cat {} + >"$work/state.all"
holds hostile_text_is_harmless_in_the_state_folder harmless "$work/state.all"

# ---- hosts that end otherwise than they say ----
lie=$(sim with lie)
gives a_liar_is_not_believed 2 'failed' apply "$lie" --yes --expect-hosts 1
gives a_liar_is_remembered 0 'failed' hosts "$lie"
refused=$(sim with load-refused)
gives a_refused_module_is_explained 2 'kernel refused' \
    apply "$refused" --yes --expect-hosts 1
stuck=$(sim with stuck)
gives a_stuck_transition_names_who_holds_it 2 'nfsd' \
    apply "$stuck" --yes --expect-hosts 1
gives hosts_that_cannot_be_reached_are_4 4 'refused|unreachable' \
    check "name:$(sim with down) or name:$(sim with no-login)"
gives a_changed_key_stops_before_the_login 4 'host key' \
    check "$(sim with changed-key)"
crash=$(sim with crash)
gives a_restart_in_the_middle_is_told 2 'restart' \
    apply "$crash" --yes --expect-hosts 1
drop=$(sim with drop)
gives a_cut_in_the_middle_is_no_failure 0 '1 verified' \
    apply "$drop" --yes --expect-hosts 1
same and_is_not_done_twice 1 "$(sim jobs "$drop")"
finish
