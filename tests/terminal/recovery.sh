#!/usr/bin/env bash
# A fleet that outlives the console: what a killed one left is settled at the
# next start, the fleet's own rules bind the form, runs of the past are shown.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# Git and the simulated fleet see the same home as the terminal.
export HOME=$work/home XDG_STATE_HOME=$work/home/.local/state
mkdir -p "$HOME"
git config --global user.name Ann
git config --global user.email ann@example.org

# Jobs take 4 s: long enough to be killed in, however slow the machine is.
coproc sim { "$HOTFLEET_BUILD/tests/contract/cli/simfleet" fleet \
    "$work/sim" well 4000 2>"$work/sim.err"; }
read -rt 60 ready <&"${sim[0]}"
if [ "${ready:-}" != ready ]; then
    no the_simulated_fleet_starts "$(cat "$work/sim.err")"
    finish
fi

# ---- a fleet that wants a change id ----

python3 - "$work/sim/hotfleet.json" <<'END'
import json, sys
path = sys.argv[1]
fleet = json.load(open(path))
fleet["change"] = {"required": True, "pattern": "^CHG[0-9]+$"}
json.dump(fleet, open(path, "w"), indent=2)
END
git -C "$work/sim" commit -qam 'change ids are required'

console="\$program -C $work/sim"
start 100 30 "$console"
waits 'never asked'
keys 4
sees no_runs_are_recorded_yet 'none is recorded'
keys 1
waits 'HOST.*FACTS'
keys R
waits 'check ended'
keys ':apply name:web-01' Enter
sees the_form_says_that_an_id_is_wanted 'this fleet wants a change id'
sees and_still_shows_its_hosts 'hotfleet_fix_1 → hotfleet_fix_2'
answer y
sees without_one_yes_does_nothing 'Are you sure'
sees hosts_are_as_they_were 'apply +on 1 host'
keys Escape
waits 'nothing was changed'
keys ':apply name:web-01' Enter
form_awakes 'wants a change id'
keys 'TICKET 7' Enter
sees an_id_of_another_kind_is_refused 'does not look like one of this fleet'
keys Escape
waits 'nothing was changed'

# ---- killed while hosts are under way ----

keys ':apply ring:pilot and patch:behind' Enter
form_awakes 'Are you sure'
keys CHG42 Enter
sees the_right_id_is_taken "--change 'CHG42'"
if shows 'how many hosts'; then
    n=$(screen | grep -oE 'type [0-9]+' | grep -oE '[0-9]+')
    keys Enter "$n"
fi
answer y
waits 'Run +apply'
sees jobs_run 'job runs'
pid=$(pgrep -P "$(cat "$work/shell")" | head -n 1)
kill -9 "$pid"
waits 'ended with 137'
rm -f "$work/sim/.git/refs/heads/ledger.lock" # killed as it wrote there

start 100 30 "$console"
sees the_next_start_offers_to_settle 'Left unsettled'
keys y
sees it_asks_the_hosts 'Run +verify'
sees and_records_what_happened 'ended: .*(verified|unverified|failed|cancelled)'
settled() { ! shows 'Left unsettled' && ! shows 'verify [0-9]+/'; }
for _ in 1 2 3; do
    until_true settled && break
    keys y
done
keys q
sees leaves_well 'ended with 0'
start 100 30 "$console"
waits 'Needs you'
sees_not nothing_is_unsettled_any_more 'unsettled'
keys 4
sees runs_of_the_past_are_shown 'apply +[0-9]+ hosts'
# Of the same second, so either may stand first.
press_until 'change CHG42' j
sees with_their_change_id 'change CHG42'
keys q
waits 'ended with'
fd=${sim[1]}
exec {fd}>&-
finish
