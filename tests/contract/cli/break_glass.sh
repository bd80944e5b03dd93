#!/usr/bin/env bash
# Breaking the glass: only over rules that the fleet names, only with a reason,
# and recorded louder than anything else.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check ring:canary
later=$(date -u -d '+90 days' +%F)
hf hold web-01 --reason 'year end'
hf exception add books app-01 --owner dba --ticket CHG-1 --reason 'books' \
    --control 'no way in' --until "$later"
go=(--yes --expect-hosts 1)

gives a_fleet_that_says_nothing_allows_nothing 5 \
    "does not allow anybody to override 'hold'" \
    apply web-01 --break-glass hold --reason 'exploited now' "${go[@]}"
jq '.break_glass = ["holds"]' hotfleet.json >"$work/f" && cp "$work/f" hotfleet.json
commit slip
gives the_policy_names_real_rules 1 'is none of hold, exception' hosts
jq '.break_glass = ["hold", "exception", "block"]' hotfleet.json >"$work/f" &&
    cp "$work/f" hotfleet.json
commit policy
gives a_held_host_stays_so_unless_asked 2 'held: year end' apply web-01 --yes \
    --expect-hosts 0
gives it_wants_a_reason 5 'wants a reason' \
    apply web-01 --break-glass hold "${go[@]}"
gives blanks_are_no_rule 1 "'fire' cannot be overridden" \
    apply web-01 --break-glass fire --reason x "${go[@]}"
gives only_what_is_named_is_overridden 2 'excepted until' apply app-01 \
    --break-glass hold --reason x --yes --expect-hosts 0
gives the_forecast_shouts 0 'BREAK GLASS \(held: year end\)' \
    apply web-01 --break-glass hold --reason 'exploited now' --dry-run
gives a_rule_that_the_fleet_keeps_is_kept 5 "override 'calendar'" \
    apply web-01 --break-glass calendar --reason x "${go[@]}"

gives the_host_is_patched 0 'BREAK GLASS \(held: year end\)' \
    apply web-01 --break-glass hold --reason 'exploited now' "${go[@]}"
gives two_rules_are_two_options 0 'BREAK GLASS \(excepted until' apply app-01 \
    --break-glass hold --break-glass exception --reason 'exploited too' "${go[@]}"
same each_has_an_entry_of_its_own_kind 2 \
    "$(git ls-tree -r --name-only ledger break-glass | wc -l)"
entry=$(git ls-tree -r --name-only ledger break-glass | grep web-01)
same the_entry_says_all 'break-glass apply held: year end exploited now' "$(git show \
    "ledger:$entry" | jq -r '"\(.action) \(.to_do) \(.broken_glass) \(.reason)"')"
holds its_commit_begins_with_it grep -q '^BREAK GLASS apply web-01 (held: year end)' \
    <(git log --format=%s ledger)
holds and_can_be_found_by_its_trailer test -n "$(git log --format=%h \
    --grep='^Action: break-glass' ledger)"
gives audit_shows_it 0 'BREAK GLASS apply web-01' audit
gives the_hosts_history_shows_it 0 'BREAK GLASS \(held: year end\)' audit \
    --host web-01
hf audit --host web-01 --json
same evidence_keeps_it 'held: year end' "$(jq -r '.records[0].broken_glass' <<<"$out")"
gives what_overrides_nothing_is_no_news 0 'web-02' \
    apply web-02 --break-glass hold --reason 'to be sure' "${go[@]}"
same and_leaves_no_entry 2 "$(git ls-tree -r --name-only ledger break-glass | wc -l)"
gives a_plan_cannot_break_it 1 'not for a plan' rollback --release hotfleet_fix_2 \
    --break-glass hold --reason x --dry-run

# on a terminal: the reason is typed, and the row is red
said=$(printf 'attacked since noon\ny\n' | TERM=xterm python3 \
    "$here/terminal.py" "$HOTFLEET_BINARY rollback web-01 --break-glass hold" 2>&1)
says the_reason_is_asked_for 'break the glass: why'
says the_row_is_red $'\033\\[1;31m.*BREAK GLASS'
hf audit --host web-01 --json
same what_was_typed_is_recorded 'attacked since noon' \
    "$(jq -r '.records[0].reason' <<<"$out")"
finish
