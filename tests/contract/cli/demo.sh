#!/usr/bin/env bash
# hotfleet demo without a terminal: every step of it, and nothing left behind.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
cd "$work" || exit 1
export TMPDIR=$work/tmp
mkdir "$TMPDIR"

gives demo_works_without_a_terminal 0 'SIMULATED' demo --hosts 120
says it_asks_every_host '^\$ hotfleet check' '120 hosts: .*current'
says it_shows_hosts_that_are_unwell 'refused'
says it_patches_a_ring 'apply: [0-9]+ verified; exit code 0'
says it_proves_it_once_more 'verify: [0-9]+ verified; exit code 0'
says it_takes_one_back 'rollback: 1 verified; exit code 0'
says it_ends_with_what_needs_you '^Needs you' \
    "exception 'term-dublin' of office ends with" '4 hosts excepted'
same it_leaves_no_file '' "$(ls -A "$TMPDIR")"
same it_leaves_no_state '' "$(ls -A "$XDG_STATE_HOME" 2>/dev/null)"
gives half_a_percentage_is_refused 1 'percentage such as 5%' demo --faults 5x
gives a_fleet_can_be_kept 0 'SIMULATED' demo --hosts 40 --faults 0% \
    --keep "$work/kept" --headless
says without_faults_everybody_is_well '^40 hosts: [0-9]+ current, [0-9]+ behind$'
says it_says_where_the_fleet_is "kept, without its hosts: .*$work/kept/fleet"
XDG_STATE_HOME=$work/kept/state
gives a_kept_fleet_can_be_looked_at 0 'SIMULATED' -C "$work/kept/fleet" hosts
gives its_runs_are_kept_too 0 'rollback' -C "$work/kept/fleet" runs
gives a_kept_fleet_is_not_overwritten 1 'a repository already' \
    demo --keep "$work/kept"
gives a_number_out_of_range_is_refused 1 'from 40 to' demo --hosts 3
finish
