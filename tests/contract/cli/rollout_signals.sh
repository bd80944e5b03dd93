#!/usr/bin/env bash
# A gate of which the facts cannot be read is neither passed nor failed: it
# says what could not be read and waits for a person.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
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

# ails HOST FAULT: from now on.
ails() {
    printf '%s %s 0\n' "$1" "$2" >&7
    # shellcheck disable=SC2016 # for the inner shell
    timeout 30 sh -c 'until grep -qx "$0 $1 0" "$2"; do sleep 0.02; done' \
        "$1" "$2" "$work/sim.out"
}
# gated SELECTOR SIGNAL: its first host has no rights any more once it was
# patched, and the signal is asked for.
gated() {
    jq -n --arg s "patch:behind and ($1)" --arg c "$2" '{
        kind: "rollout", targets: {select: $s}, limits: {ramp: 0},
        rings: [{name: "first", size: "1", soak: "0s", gates: ["well"]},
                {name: "rest", size: "rest", soak: "0s"}],
        gates: [{name: "well", checks: [$c], every: "1s", count: 1}],
        hooks: {after_batch: "misfortune"}}' >playbooks/gated.json
    commit "$2"
    hf plan gated --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    first=$(jq -r '.plan.decides.hosts[0].name' <<<"$out")
    echo "$first no-sudo 0" >"$work/misfortune"
    hf run gated --yes --expect-hosts "$hosts" --json
    run=$(jq -r .run <<<"$out")
}
state() { jq -r '"\(.state) \([.hosts[] | select(.outcome == "waiting")] |
    length)"' <<<"$out"; }

gated 'name:web*' errors
same what_cannot_be_read_pauses_it "3 paused $((hosts - 1))" "$status $(state)"
holds it_says_which_signal_of_which_host grep -qE \
    "^gate 'well' is unclear: $first: .*needs elevation" \
    <<<"$(jq -r .waits_for <<<"$out")"
holds no_sample_counts_as_good test -z "$(grep gate-passed \
    "$XDG_STATE_HOME"/hotfleet/*/rollouts/"$run"/log.jsonl)"
gives resume_it_as_it_is 0 '' resume "$run" --yes
hf run "$run" --json
same it_stays_unclear "3 paused $((hosts - 1))" "$status $(state)"
ails "$first" well
gives resume_it_when_it_can_be_read 0 '' resume "$run" --yes
hf run "$run" --json
same then_it_passes '0 over 0' "$status $(state)"

# a signal that needs none of those facts is not touched by it
gated 'name:app*' services
same what_can_be_read_is_judged '0 over 0' "$status $(state)"
finish
