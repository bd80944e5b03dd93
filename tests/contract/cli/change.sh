#!/usr/bin/env bash
# apply, verify, rollback on a simulated fleet: consent, refusals, outcomes.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_sim well
hf check
same check_reaches_everybody 0 "$status"
behind=$("$HOTFLEET_BINARY" hosts 'ring:canary and patch:behind' --json |
    jq '.hosts | length')
[ "$behind" -gt 1 ] || no the_fleet_has_work "$behind hosts are behind"

ledger=$(git rev-parse ledger)
gives apply_wants_to_be_told_where 1 'say which hosts to apply' apply
gives rollback_wants_to_be_told_where 1 'say which hosts to rollback' rollback
gives apply_to_a_blank_is_not_every_host 1 'selector is blank' \
    apply '' --dry-run
gives verify_of_a_blank_is_not_every_host 1 'selector is blank' verify ' '
gives an_incomplete_selector_starts_nothing 1 'age:' apply 'ring:canary and age:'
gives no_terminal_and_no_yes_starts_nothing 1 'no terminal to ask on' \
    apply ring:canary
says the_hosts_were_shown 'web-01 +canary +will'
gives yes_without_a_count_starts_nothing 1 "add --expect-hosts $behind" \
    apply ring:canary --yes
gives a_wrong_count_starts_nothing 1 "says 1, but $behind" \
    apply ring:canary --yes --expect-hosts 1
gives a_dry_run_starts_nothing 0 "$behind of [0-9]+ hosts would be changed" \
    apply ring:canary --dry-run
says the_price_of_going_back_is_said 'taking it back: possible'
gives a_held_host_is_left_out 2 'db-02 .*held' apply db-02
same nothing_was_recorded "$ledger" "$(git rev-parse ledger)"

why=$("$HOTFLEET_BINARY" why web-01 | tail -n 1)
same why_names_the_command \
    'web-01 would be patched by: hotfleet apply web-01' "$why"
gives apply_patches_and_verifies 0 "apply: $behind verified; exit code 0" \
    apply 'ring:canary and patch:behind' --yes --expect-hosts "$behind" \
    --change CHG001
gives why_says_that_nothing_is_to_do 0 '^web-01 needs nothing: ' why web-01
gives the_same_again_has_nothing_to_do 0 'nothing to do' \
    apply ring:canary --yes --expect-hosts 0
gives verify_proves_it 0 'verify: 1 verified' verify web-01
says verify_says_of_which_fleet '^fleet demo, .*catalogue'
gives rollback_takes_it_back 0 'rollback: 1 verified' \
    rollback web-01 --yes --expect-hosts 1 --reason 'latency up'
gives a_host_that_was_rolled_back_stays_so 0 'rolled-back' hosts web-01
gives why_tells_of_the_rollback 0 'left out because rolled back by run' \
    why web-01
gives audit_has_the_change_and_who_made_it 0 \
    'apply +verified +CHG001 +hotfleet demo +' audit --host web-01
gives audit_says_what_a_check_came_to 0 'check 40 hosts: 40 checked' audit
gives audit_knows_its_hosts 1 "did you mean 'web-01'" audit --host web-1
gives audit_of_a_host_that_was_left_alone 0 "no run has acted on 'db-02'" \
    audit --host db-02
gives reboot_wants_to_be_told_where 1 'say which hosts to reboot' reboot
gives reboot_leads_with_the_restarts 0 '^restarts: 1 of 1 host' \
    reboot web-01 --dry-run
says reboot_says_what_boots 'price: boots 6.1'
gives reboot_brings_it_back 0 'reboot: 1 verified' \
    reboot web-01 --yes --expect-hosts 1 --reason 'new kernel'
gives after_the_restart_it_verifies 0 'verify: 1 verified' verify web-01
gives after_the_restart_it_is_behind 0 'behind' hosts web-01
gives audit_has_the_restart 0 'reboot +verified' audit --host web-01
gives runs_has_them_all 0 'rollback' runs
hf runs --json
id=$(jq -r '[.runs[] | select(.action == "reboot")][0].run' <<<"$out")
gives runs_tells_one_of_a_single_verb 0 "run $id: reboot, 1 host, ended" \
    runs "$id"
says with_its_host_and_how_it_ended '^web-01 +verified ' '^reason: new kernel'
same its_document_has_the_evidence "$id web-01 verified" \
    "$("$HOTFLEET_BINARY" runs "$id" --json | jq -r '.records[] |
        "\(.run) \(.host) \(.outcome)"')"
gives runs_knows_what_it_does_not_have 1 'the ledger has no run' \
    runs 20260101T000000Z-000000
if command -v python3 >/dev/null; then
    said=$(echo n | python3 "$here/terminal.py" \
        "$HOTFLEET_BINARY apply web-01 --again --json >$work/document" 2>&1)
    says who_is_asked_for_a_document_sees_the_price_too \
        'web-01 +canary +will' '1 of 1 host would be changed' 'apply 1 host\?'
    same and_no_is_no_document '' "$(cat "$work/document")"
fi
hf apply pilot-none --yes --expect-hosts 1
same a_host_that_is_none_is_an_error 1 "$status"

hf apply 'ring:pilot and patch:behind' --yes --expect-hosts "$(
    "$HOTFLEET_BINARY" hosts 'ring:pilot and patch:behind and not held' \
        --json | jq '.hosts | length')" --jsonl
same jsonl_begins_with_the_run run-started "$(head -n 1 <<<"$out" | jq -r .kind)"
same jsonl_is_numbered "$(seq "$(wc -l <<<"$out")")" "$(jq .seq <<<"$out")"
same jsonl_ends_with_the_run run-ended \
    "$(jq -r 'select(.kind == "run-ended") | .kind' <<<"$out")"

# A freeze stops changes and names its end; looking goes on.
jq -n '{freezes: [{name: "long", from: "2020-01-01", to: "2090-01-01"}]}' \
    >calendar.json
git add calendar.json
git commit -qm 'freeze'
gives a_freeze_stops_changes 6 "frozen by 'long' until 2090-01-02 00:00 UTC" \
    apply ring:broad --yes --expect-hosts 1
gives a_freeze_is_a_flag 0 'hosts?:' hosts ring:broad and frozen
gives why_names_the_freeze 0 "frozen by 'long'" why app-01
# A window that is closed, too.
jq -n '{windows: [{name: "then", kind: "change", from: "2089-01-01T22:00",
    to: "2089-01-02T02:00"}]}' >calendar.json
git commit -qam 'window'
gives outside_a_window_nothing_starts 6 "outside its change windows, and none opens within 5 years" \
    apply ring:broad --yes --expect-hosts 1

# Rules that cannot be understood are no permission.
git rm -q calendar.json
mkdir -p exceptions
echo '{}' >exceptions/e1.json
git add exceptions
git commit -qm 'exception'
gives an_exception_that_is_not_understood_stops_changes 1 \
    "exceptions/e1.json:1:1: .*'id' is missing" \
    apply ring:broad --yes --expect-hosts 1
finish
