#!/usr/bin/env bash
# why on a simulated fleet with hosts that are unwell: what stops a host first
# is what the sentence says.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_sim unwell
hf check

same and_the_ledger_that_it_was_not_asked '' "$(git log ledger --format=%B |
    grep -E '^(- )?check (db-05|db-06): unknown')"
holds but_why grep -qE '^(- )?check db-06: unreachable: .*banner' \
    <(git log ledger --format=%B)

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
unlock
run=$(sed -n 's/.*"run": *"\([^"]*\)".*/\1/p' "$work/events" | head -n 1)
gives an_unsettled_change_is_the_cause 0 \
    "^web-01 is left out because unsettled: run $run .*verify web-01" why web-01
says an_unsettled_change_stops '^x unsettled +run '
hf verify web-01
gives what_is_settled_stops_nobody 0 '^web-01 ' why web-01
same no_word_of_it_is_left '' "$(grep unsettled <<<"$said")"

# a rule of the fleet about a known issue
kernel=$("$HOTFLEET_BINARY" show web-02 --json |
    jq -r '.hosts[0].facts["kernel.release"].value')
mkdir -p known-issues
rule() {
    cat >known-issues/clash.json <<END
{"id": "clash", "title": "The agent crashes under live patches",
 "effect": "$1", "kernel": {"from": "${2:-$kernel}"},
 "source": "https://example.org/clash", "until": "${3:-2037-01-31}"}
END
    commit "known issue: $1"
}
rule block
gives lint_has_nothing_against_a_rule 0 '0 errors' lint
gives a_known_issue_keeps_a_host_from_being_patched 0 \
    '^web-02 .*not eligible|^web-02 .*known-issue: The agent crashes' \
    apply web-02 --dry-run
gives show_names_rule_and_source 0 \
    'clash\): kernel .*see https://example.org/clash, until 2037-01-31' \
    show web-02
gives why_names_it_as_the_cause 0 '^web-02 is left out .*known-issue: The agent' \
    why web-02
gives its_hosts_can_be_selected 0 '^web-02 ' hosts 'known-issue and web-02'
rule warn
gives a_warning_stops_nobody 0 '1 of 1 host would be changed' apply web-02 --dry-run
gives but_is_shown 0 'The agent crashes' show web-02
rule block '' 2020-01-31
gives a_rule_that_is_over_stops_nobody 0 '1 of 1 host would be changed' \
    apply web-02 --dry-run
gives lint_says_that_it_is_over 0 'the rule ended with 2020-01-31' lint
finish
