#!/usr/bin/env bash
# why on a simulated fleet with hosts that are unwell: what stops a host first
# is what the sentence says.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_sim unwell
hf check

gives a_table_says_what_a_run_says 0 '^db-05 +refused +the host key changed' hosts
same a_refused_login_is_refused_too 2 "$(grep -cE '^[a-z]+-[0-9]+ +refused ' <<<"$out")"
gives show_says_so_too 0 'contact +refused - the host key changed' show db-05
gives a_changed_key_is_the_cause 0 \
    '^db-05 is left out because contact: refused .*; next: .*--again db-05' \
    why db-05
says a_changed_key_stops '^x contact +refused'
says the_whole_cause_is_told '^x contact .*\(ssh-ed25519[^.]*$'
hf why db-05 --json
same a_changed_key_is_a_refusal refused "$(jq -r .conclusion.outcome <<<"$out")"
for host in $("$HOTFLEET_BINARY" hosts --json | jq -r '.hosts[].name'); do
    hf why "$host"
    ! grep -q '^x ' <<<"$out" || ! grep -q 'would be patched by' <<<"$out" ||
        no "nothing_that_stops_${host}_is_passed_over" 'would be patched'
done
ok nothing_that_stops_is_passed_over

# killed in the middle of a change
"$HOTFLEET_BINARY" apply web-01 --yes --expect-hosts 1 --jsonl </dev/null \
    >"$work/events" 2>&1 &
victim=$!
for _ in $(seq 600); do
    ! grep -q host-intent "$work/events" || break
    kill -0 "$victim" 2>/dev/null || break
    sleep 0.05
done
{ kill -KILL "$victim" && wait "$victim"; } 2>/dev/null
run=$(sed -n 's/.*"run": *"\([^"]*\)".*/\1/p' "$work/events" | head -n 1)
gives an_unsettled_change_is_the_cause 0 \
    "^web-01 is left out because unsettled: run $run .*verify web-01" why web-01
says an_unsettled_change_stops '^x unsettled +run '
hf verify web-01
gives what_is_settled_stops_nobody 0 '^web-01 ' why web-01
same no_word_of_it_is_left '' "$(grep unsettled <<<"$said")"
finish
