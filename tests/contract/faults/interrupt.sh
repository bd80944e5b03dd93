#!/usr/bin/env bash
# Ctrl-C once and twice, SIGTERM, SIGHUP, a terminal that goes away: hosts
# under way are finished or left to the next start, never forgotten.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim well 400 10

# Two hosts, one at a time.
two() {
    first=$(behind 1) second=$(behind 2)
    set -- apply "name:$first or name:$second" --yes --expect-hosts 2 \
        --parallel 1 --change CHG1 "$@"
    words=("$@")
}
for signal in INT TERM HUP; do
    two
    strike "$signal" '"step":"job runs"' 1 "${words[@]}"
    run=$(newest_run)
    same "${signal}_ends_with_130" 130 "$status"
    says "${signal}_is_explained" 'hosts under way are finished'
    same "${signal}_finishes_the_host_under_way" verified "$(outcome "$first")"
    same "${signal}_starts_no_other" cancelled "$(outcome "$second")"
    same "${signal}_leaves_the_other_alone" 0 "$(sim jobs "$second")"
    holds "${signal}_leaves_nothing_open" settled
done

two
strike INT+INT '"step":"job runs"' 1 "${words[@]}"
run=$(newest_run)
same twice_ends_with_130 130 "$status"
says twice_says_what_is_open "$first .*settled at the next start"
same twice_records_no_outcome '' "$(outcome "$first")"
if settled; then no twice_leaves_the_intent_open 'nothing is open'; else
    ok twice_leaves_the_intent_open
fi
gives the_next_verb_asks_what_happened 0 'left 1 host unsettled' verify "$first"
same what_happened_is_recorded verified "$(outcome "$first")"
same and_was_done_once 1 "$(sim jobs "$first")"
holds and_is_settled settled

# A terminal that goes away in the middle.
two
python3 "$faults/hangup.py" "$states" \
    '"step":"job runs"' "$HOTFLEET_BINARY" "${words[@]}"
same without_a_terminal_it_comes_to_an_end 0 "$?"
run=$(newest_run)
same without_a_terminal_the_host_is_finished verified "$(outcome "$first")"
holds without_a_terminal_nothing_is_left_open settled
finish
