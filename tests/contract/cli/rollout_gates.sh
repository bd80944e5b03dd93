#!/usr/bin/env bash
# Gates of a rollout: a host that falls ill after it was patched halts it, one
# that nobody can judge pauses it, and control hosts tell whether others ail
# in the same way.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check

# Faults come between the last host of a batch and the gate behind it: the
# hook after_batch asks the simulation for them and waits until they are there.
ails() {
    printf '%s 0\n' "$1" >&7
    # shellcheck disable=SC2016 # for the inner shell
    timeout 30 sh -c 'until grep -qx "$0 0" "$1"; do sleep 0.02; done' \
        "$1" "$work/sim.out"
}
mkdir -p playbooks hooks
cat >hooks/misfortune <<END
#!/bin/sh
cat >/dev/null
[ -s "$work/misfortune" ] || exit 0
cat "$work/misfortune" >"$work/sim.in"
i=0
until grep -qxf "$work/misfortune" "$work/sim.out"; do
    i=\$((i + 1))
    [ \$i -lt 1500 ] || exit 1
    sleep 0.02
done
: >"$work/misfortune"
END
chmod +x hooks/misfortune
: >"$work/misfortune"

# playbook NAME SELECTOR CHECKS MORE: two rings of which the first has a gate.
playbook() {
    jq -n --arg s "patch:behind and ($2)" --argjson c "$3" --argjson m "$4" '{
        kind: "rollout", targets: {select: $s}, limits: {ramp: 0},
        rings: [{name: "first", size: "1", soak: "0s", gates: ["well"]},
                {name: "rest", size: "rest", soak: "0s"}],
        gates: [{name: "well", checks: $c, every: "1s", count: 1}],
        hooks: {after_batch: "misfortune"}} * $m' >"playbooks/$1.json"
    commit "$1"
}

# begin NAME: plans it; $first is the host of the first ring, $hosts how many.
begin() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    first=$(jq -r '.plan.decides.hosts[0].name' <<<"$out")
}
outcome_of() { jq -r ".hosts[] | select(.name == \"$1\") | .outcome" <<<"$out"; }
untouched() { jq '[.hosts[] | select(.outcome == "waiting")] | length' <<<"$out"; }
verified() { jq '[.hosts[] | select(.outcome == "verified")] | length' <<<"$out"; }
waits_for() { jq -r .waits_for <<<"$out"; }

# a service dies after patching: the patch is proven, the gate is not
playbook services 'name:web*' '["services"]' '{}'
begin services
echo "$first sick 0" >"$work/misfortune"
hf run services --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same a_gate_that_fails_halts_it '3 halted' "$status $(jq -r .state <<<"$out")"
same it_says_which_gate_which_host_and_why \
    "gate 'well' failed: $first: No newly failed service: newly failed: nginx.service" \
    "$(waits_for)"
same the_patch_itself_is_proven verified "$(outcome_of "$first")"
same nothing_further_was_started $((hosts - 1)) "$(untouched)"
gives halted_it_starts_nothing 3 "gate 'well' failed" run "$run"
gives resumed_while_it_is_ill 0 '' resume "$run" --yes --reason 'not seen'
hf run "$run" --json
same it_is_judged_anew_and_halts_again "3 $((hosts - 1))" \
    "$status $(untouched)"
ails "$first well"
gives resumed_when_it_is_well 0 '' resume "$run" --yes --reason 'nginx started'
hf run "$run" --json
same it_goes_on_to_the_end "over 0 $hosts" \
    "$(jq -r '"\(.state) \(.exit)"' <<<"$out") $(verified)"

# a port closes; a host is down; several bad samples are allowed
playbook ports 'name:app*' '["ports"]' '{}'
begin ports
echo "$first sick 0" >"$work/misfortune"
hf run ports --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same a_closed_port_fails_a_gate \
    "3 gate 'well' failed: $first: Open ports: closed: 443" \
    "$status $(waits_for)"
ails "$first down"
gives resume_it 0 '' resume "$run" --yes
hf run "$run" --json
holds a_host_that_is_gone_fails_a_gate grep -q \
    "^gate 'well' failed: $first: not reached: " <<<"$(waits_for)"
ails "$first well"
gives resume_it_again 0 '' resume "$run" --yes
hf run "$run" --json
same all_is_well_in_the_end "over 0 $hosts" \
    "$(jq -r '"\(.state) \(.exit)"' <<<"$out") $(verified)"

# a host that nobody can read is neither well nor ill
playbook unclear 'name:db*' '["services"]' '{}'
begin unclear
echo "$first no-login 0" >"$work/misfortune"
hf run unclear --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same an_unclear_gate_pauses_it "3 paused $((hosts - 1))" \
    "$status $(jq -r .state <<<"$out") $(untouched)"
holds it_says_what_could_not_be_read grep -q \
    "^gate 'well' is unclear: $first: could not be read: " <<<"$(waits_for)"
ails "$first half-reply"
gives resumed_it_looks_again 0 '' resume "$run" --yes
hf run "$run" --json
holds a_broken_reply_is_unclear_too grep -q \
    "^gate 'well' is unclear: $first: could not be read: bad reply" \
    <<<"$(waits_for)"
ails "$first well"
gives resumed_when_it_can_be_read 0 '' resume "$run" --yes
hf run "$run" --json
same then_it_ends_well "over 0 $hosts" \
    "$(jq -r '"\(.state) \(.exit)"' <<<"$out") $(verified)"

# control hosts stay as they are, and are looked at beside the others
playbook control 'name:build* or name:cache*' '["services"]' '{
    "rings": [{"name": "first", "size": "3", "control": "1", "soak": "0s",
               "gates": ["well"]},
              {"name": "rest", "size": "rest", "soak": "0s"}],
    "gates": [{"name": "well", "checks": ["services"], "versus": "control",
               "every": "1s", "count": 1}]}'
begin control
control=$(jq -r '.plan.decides.rings[0].controls[0]' <<<"$out")
second=$(jq -r '.plan.decides.hosts[1].name' <<<"$out")
echo "$first sick 0" >"$work/misfortune"
hf run control --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same only_the_patched_one_is_ill_so_it_fails \
    "3 gate 'well' failed: $first: No newly failed service: newly failed: nginx.service" \
    "$status $(waits_for)"
ails "$second no-login"
gives resume_with_another_that_nobody_can_read 0 '' resume "$run" --yes
hf run "$run" --json
same what_is_known_to_be_ill_fails_nevertheless '3 halted' \
    "$status $(jq -r .state <<<"$out")"
ails "$second well"
ails "$control down"
gives resume_with_a_control_that_is_gone 0 '' resume "$run" --yes
hf run "$run" --json
same its_control_tells_nothing_so_nobody_knows "3 paused $((hosts - 2))" \
    "$status $(jq -r .state <<<"$out") $(untouched)"
holds it_says_which_control grep -q \
    "^gate 'well' is unclear: $control: control host: " <<<"$(waits_for)"
ails "$first well"
ails "$control well"
gives resume_with_both_well 0 '' resume "$run" --yes
hf run "$run" --json
same then_all_but_the_control_are_patched "over 0 $hosts" \
    "$(jq -r '"\(.state) \(.exit)"' <<<"$out") $(verified)"
gives the_control_was_left_alone 0 'behind' hosts "$control"
finish
