#!/usr/bin/env bash
# A run that the console carries out is halted and takes itself back: the
# console goes on with the run that does so.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

start_fleet fleet well

# A gate that nothing passes, and a rollback that asks none.
mkdir -p "$work/sim/playbooks" "$work/sim/hooks"
printf '#!/bin/sh\necho no\nexit 1\n' >"$work/sim/hooks/judge"
chmod +x "$work/sim/hooks/judge"
jq '.gates = [] | .rings = [.rings[] | del(.gates)]' \
    "$HOTFLEET_SOURCE/playbooks/library/rollback-release.json" \
    >"$work/sim/playbooks/rollback-release.json"
HOTFLEET_CLOCK=2026-11-23T11:59:00Z hf check >/dev/null
host=$(hf hosts 'ring:canary and patch:behind and not held' --json |
    jq -r '.hosts[0].name')
cat >"$work/sim/playbooks/bold.json" <<END
{"kind": "rollout", "targets": {"select": "name:$host"},
 "rings": [{"name": "all", "size": "rest", "soak": "0s", "gates": ["judge"]}],
 "gates": [{"name": "judge", "checks": ["command"], "command": "judge",
            "delay": "0s", "every": "1s", "count": 1}],
 "rollback": {"when": "gate-failed"}}
END
git -C "$work/sim" add -A
git -C "$work/sim" commit -qm 'a bold rollout'

start 120 36 "\$program -C $work/sim"
keys ':run bold' Enter
form_awakes 'Are you sure'
press_until '\[ No \]' Tab
keys y
sees the_console_says_who_takes_it_back 'failed: .* taken back by run 2'
is_rolled_back() { hf hosts "$host" | grep -q rolled-back; }
if until_true is_rolled_back; then
    ok the_host_is_taken_back
else
    no the_host_is_taken_back "$(hf hosts "$host")"
fi
sees the_console_carries_that_run_out 'rollback-release  over'
keys q
waits 'ended with'
end_fleet
finish
