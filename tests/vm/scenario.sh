#!/usr/bin/env bash
# The life of a patch on three real kernels, by the real program: behind,
# applied, verified, replaced, rolled back, dropped by a restart. Then one that
# breaks a service: its gate fails, and the rollout takes itself back.
# shellcheck source=tests/vm/fleet.sh disable=SC2016,SC2317 # guests expand it
. "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

fleet_begin
guests=(web-01 web-02 db-01)
vm_boot web-01
vm_boot web-02
vm_boot db-01 keep
for guest in "${guests[@]}"; do vm_ready "$guest"; done

version_of() { vm_ssh "$1" 'cat /proc/version'; }
boot_of() { vm_ssh "$1" 'cat /proc/sys/kernel/random/boot_id'; }

# Everything that a look could have changed, as one hash.
print_of() {
    vm_ssh "$1" 'find / /var/lib /tmp /run -xdev ! -name sshd.log \
            \( -type f -o -type d -o -type l \) \
            -exec stat -c "%n %F %s %a %u %Y %Z" {} + | sort | sha256sum
        find /etc /root /var /tmp /run -type f ! -name sshd.log \
            -exec sha256sum {} + | sort | sha256sum
        cat /proc/modules /proc/sys/kernel/tainted'
}

fleet_new life "${guests[@]}"
fleet_offer hotfleet_fix_1
hf lint
is lint_finds_nothing_wrong 0 "$status"

before=$(print_of web-01)
hf_json check
is check_reaches_all 0 "$status"
for guest in "${guests[@]}"; do
    is "${guest}_is_behind" behind "$(of "$guest" .patch.state)"
    is "${guest}_is_covered" covered "$(of "$guest" .coverage.state)"
done
is check_changes_nothing_on_the_host "$before" "$(print_of web-01)"

hf apply 'ring:canary and patch:behind' --change CHG001 --dry-run
is a_dry_run_needs_no_consent 0 "$status"
is a_dry_run_changes_nothing_on_the_host "$before" "$(print_of web-01)"
hf apply 'ring:canary and patch:behind' --change CHG001 --yes --expect-hosts 2
is another_count_than_expected_stops_it 1 "$status"
hf apply 'ring:canary and patch:behind' --change CHG001
is without_a_terminal_it_wants_consent 1 "$status"
is nobody_was_touched_so_far "$before" "$(print_of web-01)"

boot=$(boot_of web-01)
hf_json apply 'ring:canary and patch:behind' --change CHG001 --yes \
    --expect-hosts 1
is apply_succeeds_on_the_canary 0 "$status"
is the_canary_is_verified verified "$(of web-01 .outcome)"
expect the_canary_behaves_as_patched 'hotfleet_fix_1$' "$(version_of web-01)"
is the_canary_did_not_restart "$boot" "$(boot_of web-01)"
expect_not the_others_wait hotfleet_fix "$(version_of web-02)"
hf_json check
is the_canary_is_current current "$(of web-01 .patch.state)"
hf verify 'ring:canary'
is verify_agrees 0 "$status"

hf_json apply 'patch:behind' --change CHG002 --yes --expect-hosts 2
is the_rest_follows 0 "$status"
expect the_rest_behaves_as_patched 'hotfleet_fix_1$' "$(version_of db-01)"
hf_json apply 'ring:rest' --change CHG002 --yes --expect-hosts 0
is a_second_apply_has_nothing_to_do 0 "$status"

fleet_offer hotfleet_fix_2 --replaces '*'
hf_json check
is a_newer_patch_puts_hosts_behind behind "$(of web-02 .patch.state)"
hf apply 'name:web-01 or name:web-02' --change CHG003 --yes --expect-hosts 2
is the_newer_patch_goes_in 0 "$status"
expect the_newer_patch_is_in_effect 'hotfleet_fix_2$' "$(version_of web-02)"
is the_older_patch_is_retired hotfleet_fix_2 \
    "$(vm_ssh web-02 'ls /sys/kernel/livepatch')"

hf rollback web-01 --change CHG003 --reason 'latency up' --yes \
    --expect-hosts 1
is rollback_succeeds 0 "$status"
expect_not rollback_restores_the_behaviour hotfleet_fix_2 \
    "$(version_of web-01)"
is rollback_needs_no_restart "$boot" "$(boot_of web-01)"
hf_json check web-01
is the_host_is_rolled_back rolled-back "$(of web-01 .patch.state)"

vm_restart db-01
expect_not a_restart_drops_the_patch hotfleet_fix "$(version_of db-01)"
hf_json check db-01
is after_the_restart_it_is_behind behind "$(of db-01 .patch.state)"
expect a_restart_by_nobody_of_ours_is_found \
    'no restart window names it: why is not known \(absent' \
    "$(of db-01 .restarted)"
expect the_old_job_outlived_the_restart '^[0-9]{8}T' \
    "$(vm_ssh db-01 'ls /var/lib/hotfleet/done')"
hf apply db-01 --change CHG004 --yes --expect-hosts 1
is it_is_patched_again 0 "$status"
expect it_behaves_as_patched_again 'hotfleet_fix_2$' "$(version_of db-01)"

hf_json audit --host web-01
expect audit_knows_the_change CHG001 "$doc"
expect audit_knows_the_reason 'latency up' "$doc"
expect audit_knows_who '"operator": "Test Operator' "$doc"
expect the_ledger_is_plain_git 'Change: CHG003' \
    "$(git -C "$fleet" log ledger --format=%B)"

# A web service that tells what kernel it runs on, and neither answers nor
# starts where the kernel does not say; somebody uses it after each batch.
serve() {
    vm_ssh "$1" 'mkdir -p /tmp/www/cgi-bin
        printf "%s\n" "#!/bin/sh" "version=\$(cat /proc/version) ||" \
            "    exec kill \$(cat /tmp/www/pid)" \
            "printf \"\\r\\n%s\\n\" \"\$version\"" \
            >/tmp/www/cgi-bin/kernel
        printf "%s\n" "#!/bin/sh" "while :; do" \
            "    cat /proc/version >/dev/null 2>&1 &&" \
            "        httpd -f -p 8080 -h /tmp/www &" \
            "    echo \$! >/tmp/www/pid; wait; usleep 200000" \
            "done" >/tmp/www/keep
        chmod +x /tmp/www/keep /tmp/www/cgi-bin/kernel
        (exec /tmp/www/keep >/dev/null 2>&1 </dev/null &)'
}
answer_of() { vm_ssh "$1" 'wget -qO- http://127.0.0.1:8080/cgi-bin/kernel'; }
answers() { answer_of "$1" | grep -q 'Linux version'; }

for guest in "${guests[@]}"; do
    serve "$guest"
    jq '.health = [{name: "web", port: 8080}]' "$fleet/hosts/$guest.json" \
        >"$vm_work/json" && mv "$vm_work/json" "$fleet/hosts/$guest.json"
    vm_until 60 answers "$guest"
    expect "${guest}_serves" 'Linux version' "$(answer_of "$guest")"
done
mkdir -p "$fleet/playbooks" "$fleet/hooks"
cat >"$fleet/hooks/use" <<END
#!/bin/sh
# Uses the service of every guest once, and waits until a broken one is gone.
cat >/dev/null
for port in ${vm_port[*]}; do
    ssh -F none -i $vm_work/keys/client -o IdentitiesOnly=yes \\
        -o BatchMode=yes -o UserKnownHostsFile=$vm_work/known_hosts \\
        -o LogLevel=ERROR -p "\$port" root@127.0.0.1 \\
        'wget -qO- http://127.0.0.1:8080/cgi-bin/kernel ||
            while kill -0 \$(cat /tmp/www/pid) 2>/dev/null; do usleep 50000; done'
done
END
chmod +x "$fleet/hooks/use"
jq -n '{targets: {select: "patch:behind"}, limits: {ramp: 0},
    rings: [{name: "canary", select: "name:web-01", soak: "0s", gates: ["web"]},
            {name: "pilot", select: "name:web-02", soak: "0s", gates: ["web"]},
            {name: "broad", size: "rest", soak: "0s", gates: ["web"]}],
    gates: [{name: "web", checks: ["health"], every: "1s", count: 2}],
    rollback: {when: "gate-failed", scope: "run"},
    hooks: {after_batch: {run: "use", timeout: "2m"}}}' \
    >"$fleet/playbooks/monthly.json"
jq -n '{kind: "rollback", rings: [{name: "all", size: "rest", soak: "0s",
        gates: ["web"]}],
    gates: [{name: "web", checks: ["health"], every: "1s", count: 1}]}' \
    >"$fleet/playbooks/rollback-release.json"
git -C "$fleet" add -A
git -C "$fleet" commit -q -m 'a service, and who watches it'
fleet_offer hotfleet_fix_break --replaces '*'

boot=$(boot_of web-01)
hf_json check
is all_are_behind_again 'behind behind behind' \
    "$(jq -r '[.hosts[].patch.state] | join(" ")' <<<"$doc")"
log_of_run() { cat "$XDG_STATE_HOME"/hotfleet/*/rollouts/*/log.jsonl; }
under_way() { log_of_run 2>/dev/null | grep -q host-started; }
(cd "$fleet" && exec "$hf_program" run monthly --change CHG005 --yes \
    --expect-hosts 3) </dev/null >"$vm_work/killed" 2>&1 &
console=$!
vm_until 60 under_way
kill -9 "$console"
wait "$console" 2>/dev/null
rm -f "$fleet/.git/refs/heads/ledger.lock" # killed as it wrote there
expect_not it_is_killed_before_its_first_host_has_ended host-ended \
    "$(log_of_run)"
run=$(basename "$XDG_STATE_HOME"/hotfleet/*/rollouts/*)
hf_json run "$run"
back=$(jq -r .taken_back_by <<<"$doc")
is a_gate_that_fails_halts_the_rollout '3 halted' \
    "$status $(jq -r .state <<<"$doc")"
expect the_service_says_why \
    "gate 'web' failed: web-01: .*web; taken back by run $back" \
    "$(jq -r .waits_for <<<"$doc")"
is the_patch_itself_was_proven verified "$(of web-01 .outcome)"
is and_put_in_once 1 "$(vm_ssh web-01 'ls /var/lib/hotfleet/done' |
    grep -c "^$run")"
is nobody_else_was_touched 'waiting waiting' \
    "$(of web-02 .outcome) $(of db-01 .outcome)"
is the_patch_is_out_again '' "$(vm_ssh web-01 'ls /sys/kernel/livepatch')"
is without_a_restart "$boot" "$(boot_of web-01)"
vm_until 60 answers web-01
expect the_service_works_again 'Linux version' "$(answer_of web-01)"
hf_json run "$back"
is the_rollback_ended_well "over 0 rollback $run" \
    "$(jq -r '"\(.state) \(.exit) \(.after.how) \(.after.run)"' <<<"$doc")"
is its_host_was_proven verified "$(of web-01 .outcome)"
expect the_release_is_blocked "^block hotfleet_fix_break: gate 'web' failed" \
    "$(git -C "$fleet" log -1 --format=%s)"
hf apply 'name:web-01 or name:web-02' --again --yes --expect-hosts 0
is nothing_applies_it_again 2 "$status"
expect it_says_who_forbids_that 'hotfleet_fix_break is blocked' "$said"
hf_json check
is the_host_is_rolled_back_by_that 'rolled-back' "$(of web-01 .patch.state)"
hf unblock hotfleet_fix_break --reason 'to see that it was that'
is a_person_ends_the_block 0 "$status"
hf apply web-02 --change CHG006 --yes --expect-hosts 1
is then_it_may_be_applied 0 "$status"
expect and_it_is_what_breaks 'Input/output error' "$(version_of web-02)"
vm_end
