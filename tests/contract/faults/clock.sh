#!/usr/bin/env bash
# Time: a catalogue that is older than its next release day never shows a
# green fleet; a clock that jumps back loses nothing.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim well 50 0
host=$(behind 1)
current=$("$HOTFLEET_BINARY" hosts patch:current --json |
    jq -r '.hosts[0].name')
[ -n "$current" ] || no the_fleet_has_a_current_host 'none'

export HOTFLEET_CLOCK=2031-06-01T00:00:00Z
gives an_old_catalogue_is_stale_for_apply 7 'catalogue.*ends' \
    apply "$host" --yes --expect-hosts 1
same nothing_was_done 0 "$(sim jobs "$host")"
hf check "$current" --json
same an_old_catalogue_calls_nobody_current unknown \
    "$(jq -r '.hosts[0].patch.state' <<<"$out")"
says the_reason_is_given 'catalogue ends'
hf today
says today_names_the_catalogue 'catalogue'
gives a_reason_lets_it_through 0 '1 verified' apply "$host" --yes \
    --expect-hosts 1 --old-catalogue --reason 'the vendor has stopped'

# The same evening, by a clock that was set back ten years.
export HOTFLEET_CLOCK=2021-01-01T00:00:00Z
hf rollback "$host" --yes --expect-hosts 1
says a_clock_that_was_set_back_harms_no_run 'rollback: 1 verified'
hf audit --host "$host"
says both_runs_are_in_the_history 'apply +verified' 'rollback +verified'
finish
