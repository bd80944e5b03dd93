#!/usr/bin/env bash
# A host's whole way from the command line: applied, verified, taken back with
# its restart, restarted; and what must not be believed. Through a real sshd,
# on a machine that keeps state.
# shellcheck disable=SC2317 source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
for tool in jq ssh-keygen git setsid; do
    command -v "$tool" >/dev/null || skip_all "no $tool"
done
[ -x /usr/sbin/sshd ] || skip_all 'no sshd'
[ "$(id -u)" -eq 0 ] || skip_all 'sshd wants root here'
# shellcheck source=tests/powershell/warm.bash
. "$here/warm.bash"
# shellcheck source=tests/powershell/host.bash
. "$here/host.bash"
export HOTFLEET_CLOCK=2026-08-20T12:00:00Z

name=Package_for_KB5120228~31bf3856ad364e35~amd64~~26100.33222.1.1
machine "{\"update\": {\"offered\": [{\"KBArticleIDs\": [\"5120228\"],
    \"Title\": \"2026-08 Hotpatch (KB5120228)\", \"does\": {\"ubr\": 33222}}]},
    \"packages\": {\"$name\": \"Installed\"}, \"removed\": {\"ubr\": 33158}}"

hf check sql
hf apply sql --yes --expect-hosts 1 --reason test --json
says it_is_applied 0 '.hosts[0].outcome == "verified"'
says by_every_criterion 0 '[.hosts[0].criteria[] | .name] ==
    ["track", "level", "history", "boot-id", "new-restart", "errors",
     "services", "health"] and
    ([.hosts[0].criteria[] | select(.verdict != "pass")] == [])'
hf verify sql --json
says it_is_verified_later 0 '.hosts[0].outcome == "verified"'
hf rollback sql --dry-run --json
says the_price_of_a_rollback_comes_first 0 '.restarts == 1 and
    (.hosts[0].price | .restart == "yes" and .minutes > 0 and
        (.note | contains("2026-10-13")))'
hf rollback sql --yes --expect-hosts 1 --reason 'printers fail' --json
says it_is_taken_back 0 '.hosts[0] | .outcome == "verified" and
    (.to | startswith("26100.33158"))'
says with_its_restart 0 '.hosts[0].criteria[] |
    select(.name == "restarted") | .verdict == "pass"'
result the_users_were_told "$(jq -r .message "$host/machine.json" |
    grep -v 'printers fail')"
hf hosts sql --json
says it_stays_taken_back 0 '.hosts[0].patch.state == "rolled-back"'
hf apply sql --dry-run --json
says until_somebody_insists 0 '.hosts[0].plan == "skipped"'
hf verify sql --json
says the_rollback_can_be_proven_later 0 '.hosts[0].outcome == "verified"'
hf reboot sql --yes --expect-hosts 1 --reason 'just so' --json
says it_is_restarted 0 '.hosts[0] | .outcome == "verified" and
    (.to | startswith("26100.33158"))'
result every_criterion_of_a_restart_is_looked_at "$(jq -r \
    '[.hosts[0].criteria[].name] | join(" ")' "$work/out" | grep -vxF \
    'restarted level track settled servicing errors services health covered')"
hf audit --host sql --json
says the_record_has_them_all 0 '[.. | .action? // empty] |
    index("apply") and index("rollback") and index("reboot")'

# ---- what must not be believed ----

hotpatched() {
    jq --arg name "$name" --argjson more "$1" '.base |= sub("ws2025-behind"; "ws2025-current") |
        .packages[$name] = "Installed" | . * $more' "$host/machine.json" \
        >"$host/set" && mv "$host/set" "$host/machine.json"
    hf check sql
}
machine
hotpatched '{"removed": {}}'
hf rollback sql --yes --expect-hosts 1 --reason test --json
says removed_without_effect_is_no_success 2 '.hosts[0] |
    .outcome == "failed" and (.why | contains("still there"))'
machine
hotpatched '{"dism": {"remove": "0x800F0825"}}'
hf rollback sql --yes --expect-hosts 1 --reason test --json
says a_permanent_package_is_explained 2 '.hosts[0] |
    .outcome == "failed" and (.why | contains("permanent"))'
machine
hf check sql
hf rollback sql --yes --expect-hosts 0 --reason test --json
says a_baseline_is_not_taken_back 2 '.hosts[0] |
    .plan == "ineligible" and (.why | contains("no hotpatch"))'

# ---- called off, while the run waits for the restart ----

machine '{"delayed": "yes"}'
hf check sql
"$HOTFLEET_BINARY" reboot sql --yes --expect-hosts 1 --reason test --json \
    -C "$fleet" </dev/null >"$work/reboot" 2>"$work/reboot.err" &
reboot=$!
is_ordered() {
    jq -e .restart "$host/machine.json" >/dev/null
}
wait_for is_ordered
hf call-off sql --yes --expect-hosts 1 --reason 'the batch runs' --json
says it_is_called_off 0 '.hosts[0] | .outcome == "verified" and
    (.why | contains("called off"))'
wait "$reboot"
status=$?
cp "$work/reboot" "$work/out"
says the_run_tells_of_it 3 '.hosts[0] | .outcome == "called-off" and
    (.why | startswith("its restart was called off by Ann"))'
hf call-off sql --yes --expect-hosts 1 --json
says there_is_none_any_more 0 '.hosts[0].outcome == "already"'
finish
