#!/usr/bin/env bash
# A run that a newer release has superseded, in the console: it is finished, or
# what is newer is planned in its place.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

start_fleet fleet well
state() { hf run "$1" --tick --json 2>/dev/null |
    jq -r '"\(.state) \(.superseded)"'; }
# release N: a newer one for each kernel of the fleet.
release() {
    jq -r '.releases[].kernel' "$work/sim/catalogue/linux.json" | sort -u |
        while read -r kernel; do
            "$HOTFLEET_BUILD/tests/contract/cli/simfleet" module \
                "$work/fix.ko" "hotfleet_fix_$1" "$kernel" &&
                hf catalogue add "$work/fix.ko" --kernel "$kernel" \
                    --cve "CVE-2026-900$1" --until 2027-12-01 --replaces '*'
        done >"$work/release.out" 2>&1
}
# superseded N: a run that stands still for release N, once its first ring was
# patched.
superseded() {
    n=$(hf plan "two-$1" --dry-run --json | jq '.plan.decides.hosts | length')
    run=$(hf run "two-$1" --yes --expect-hosts "$n" --tick --json 2>/dev/null |
        jq -r .run)
    release "$1"
    hf ring approve "$run" rest >/dev/null
}

mkdir -p "$work/sim/playbooks"
playbook() {
    cat >"$work/sim/playbooks/two-$1.json" <<END
{"kind": "rollout", "targets": {"select": "patch:behind and name:$2"},
 "rings": [{"name": "first", "size": "1", "soak": "0s"},
           {"name": "rest", "size": "rest", "approve": true, "soak": "0s"}]}
END
}
playbook 7 'web*'
playbook 8 'app*'
git -C "$work/sim" add -A
git -C "$work/sim" commit -qm 'two rings'
HOTFLEET_CLOCK=2026-11-23T11:59:00Z hf check >/dev/null

superseded 7
first=$run
if [ "$(state "$first")" = 'paused true' ]; then
    ok a_run_stands_still_for_a_newer_release
else
    no a_run_stands_still_for_a_newer_release "$(cat "$work/release.out")"
fi
start 120 36 "\$program -C $work/sim"
keys 3
sees what_can_be_done_is_said 'u finishes what was planned'
keys u
form_awakes 'Go on'
sees both_ways_are_offered 'plan what is newer in its place'
keys y
sees it_is_told_to_finish 'finish is said'
finished() { [ "$(state "$first")" = 'over null' ]; }
if until_true finished; then
    ok it_finishes_what_was_planned
else
    no it_finishes_what_was_planned "$(state "$first")"
fi

superseded 8
second=$run
[ "$(state "$second")" = 'paused true' ] ||
    no another_run_stands_still "$(cat "$work/release.out")"
sees the_other_one_is_shown 'u finishes what was planned'
keys u
form_awakes 'Go on'
keys s
form_awakes 'Are you sure'
sees the_form_says_what_the_command_is "hotfleet plan --supersede $second"
press_until '^> how many' Tab
keys "$n"
press_until '\[ No \]' Tab
keys y
sees the_new_run_is_carried_out_here 'is carried out here'
superseded_it() { [[ $(hf run "$second" --tick --json 2>/dev/null |
    jq -r '"\(.state) \(.waits_for)"') == 'over superseded by plan '* ]]; }
if until_true superseded_it; then
    ok the_old_run_is_over
else
    no the_old_run_is_over "$(state "$second")"
fi
keys q
end_fleet
finish
