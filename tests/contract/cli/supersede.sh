#!/usr/bin/env bash
# A newer release appears while a rollout is under way: it pauses before its
# next batch, and a person chooses to finish with what was planned, to stop, or
# to have the newer one planned, with which the old run ends.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks hooks

# release N: hotfleet_fix_N for each kernel of the fleet, which replaces all
# that were there.
cat >"$work/release" <<END
#!/bin/sh
cd "$work/sim" && for kernel in \$(jq -r '.releases[].kernel' \\
    catalogue/linux.json | sort -u); do
    "$simfleet" module "$work/fix.ko" "hotfleet_fix_\$1" "\$kernel" &&
    "$HOTFLEET_BINARY" catalogue add "$work/fix.ko" --kernel "\$kernel" \\
        --cve "CVE-2026-900\$1" --until 2027-12-01 --replaces '*' || exit 1
done >"$work/release.out" 2>&1
END
chmod +x "$work/release"
# The hook brings the release that is asked for, once, when a batch is done.
cat >hooks/between <<END
#!/bin/sh
cat >/dev/null
[ -s "$work/next" ] || exit 0
n=\$(cat "$work/next")
: >"$work/next"
"$work/release" "\$n" || { tail -n 3 "$work/release.out" >&2; exit 1; }
END
cat >hooks/halted <<END
#!/bin/sh
jq -r '"\(.moment) \(.what) \(.why)"' >>"$work/halts"
END
chmod +x hooks/between hooks/halted
: >"$work/next"

# playbook NAME SELECTOR: three batches of a ring.
playbook() {
    jq -n --arg s "patch:behind and ($2)" '{
        kind: "rollout", targets: {select: $s}, limits: {ramp: 0},
        rings: [{name: "first", size: "1", soak: "0s"},
                {name: "rest", size: "rest", batches: ["2", "rest"],
                 soak: "0s"}],
        hooks: {after_batch: "between", on_halt: "halted"}}' \
        >"playbooks/$1.json"
    commit "$1"
}
begin() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    mapfile -t name < <(jq -r '.plan.decides.hosts[].name' <<<"$out")
    planned=$(jq -r .plan.id <<<"$out")
}
state() { jq -r '"\(.state) \([.hosts[] | select(.outcome == "verified")] |
    length) \([.hosts[] | select(.outcome == "waiting")] | length)"' <<<"$out"; }
run_of() { jq -r .run <<<"$out"; }
# level HOST: the patches that it has in effect.
level() { "$HOTFLEET_BINARY" show "$1" --json | jq -r '.hosts[0].level' |
    sed 's/.* + //'; }
end_of() { git show "ledger:runs/${1:0:4}-${1:4:2}/$1/end.json"; }

# finish: what was planned, although there is a newer one
playbook web 'name:web*'
begin web
echo 7 >"$work/next"
hf run web --yes --expect-hosts "$hosts" --json
run=$(run_of)
same it_pauses_before_the_next_batch "3 paused 1 $((hosts - 1))" \
    "$status $(state)"
same the_report_marks_it true "$(jq .superseded <<<"$out")"
holds it_names_both_releases grep -qE \
    '^superseded: web-[0-9]+ would get .*fix_7, planned was .*fix_2$' \
    <<<"$(jq -r .waits_for <<<"$out")"
same the_hook_is_told_once 1 "$(grep -c '^on_halt superseded superseded: web-' \
    "$work/halts")"
gives three_ways_are_printed 3 'finish with what was planned: hotfleet resume' \
    run "$run"
says stop_and_supersede "^stop: hotfleet abort $run" \
    "hotfleet plan --supersede $run"
same nothing_was_started_meanwhile 1 "$(grep -c superseded "$work/halts")"
gives to_go_on_is_no_decision 7 'would get .*fix_7' resume "$run" --yes
says but_these_are "hotfleet resume $run --finish" "hotfleet abort $run" \
    "plan --supersede $run"
gives a_plan_of_before_is_stale 7 'would get .*fix_7' run "$planned" --yes \
    --expect-hosts "$hosts"
hf plan --diff "$planned" --json
holds the_diff_names_the_release grep -q fix_7 <<<"$(jq -r '.changes[] |
    select(.kind == "release-new") | .what' <<<"$out")"
gives it_is_finished_as_planned 0 finish resume "$run" --finish --yes \
    --reason 'the last window of the year'
hf run "$run" --json
same every_host_is_verified "0 over $hosts 0" "$status $(state)"
same with_the_release_that_was_planned hotfleet_fix_2 "$(level "${name[-1]}")"
gives and_is_behind_again 0 'behind' hosts "${name[-1]}"
gives finish_is_for_nothing_else 1 'does not stand still for a newer release' \
    resume "$run" --finish --yes

# supersede: all of it with the newer release, ring by ring
playbook app 'name:app*'
begin app
echo 8 >"$work/next"
hf run app --yes --expect-hosts "$hosts" --json
run=$(run_of)
same it_pauses_again "3 paused 1 $((hosts - 1))" "$status $(state)"
gives hold_one_of_them 0 '' skip "$run" "${name[-1]}" --reason 'not this one'
hf run "$run" --tick --json
before=$(git rev-parse ledger)
gives shown_first 0 "supersede of run $run" plan --supersede "$run" --dry-run
same nothing_was_written "$before" "$(git rev-parse ledger)"
gives the_newer_one_is_planned 0 "run $run ends: superseded" \
    plan --supersede "$run" --expect-hosts $((hosts - 1))
plan=$(sed -n 's/^carry it out: hotfleet run //p' <<<"$out")
says each_in_its_ring "first +1 +${name[0]} .*fix_8" "rest +1 +${name[1]} .*fix_8"
same the_ledger_says_how_the_old_one_ended "3 superseded by plan $plan" \
    "$(end_of "$run" | jq -r '"\(.exit) \(.why)"')"
hf run "$run" --json
same the_old_run_is_over "over superseded by plan $plan" \
    "$(jq -r '"\(.state) \(.waits_for)"' <<<"$out")"
gives it_ends_only_once 5 "run $run is over" plan --supersede "$run"
hf run "$plan" --yes --expect-hosts $((hosts - 1)) --json
same all_others_get_the_newer_one "0 over $((hosts - 1)) 0" "$status $(state)"
same the_new_run_names_the_old_one "supersede $run" \
    "$(jq -r '.after | "\(.how) \(.run)"' <<<"$out")"
same the_first_ring_too "hotfleet_fix_8" "$(level "${name[0]}")"
gives what_was_left_out_stays_out 0 'behind' hosts "${name[-1]}"

# stop; and what cannot be superseded
playbook db 'name:db*'
begin db
hf run db --tick --yes --expect-hosts "$hosts" --json
run=$(run_of)
gives one_that_goes_on_is_not_superseded 5 "run $run is (going|over)" \
    plan --supersede "$run"
playbook build 'name:build*'
begin build
echo 9 >"$work/next"
hf run build --yes --expect-hosts "$hosts" --json
run=$(run_of)
same it_pauses_once_more "3 paused" "$status $(jq -r .state <<<"$out")"
gives stop_it 0 abort abort "$run" --reason 'next month'
hf run "$run" --json
same it_is_over "3 over 1 $((hosts - 1))" "$status $(state)"
gives the_rest_may_be_retried 0 "notstarted +$((hosts - 1)) +yes" \
    retry "$run" notstarted --dry-run
says with_the_newest_release 'fix_9'
finish
