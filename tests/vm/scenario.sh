#!/usr/bin/env bash
# The life of a patch on three real kernels, by the real program: behind,
# applied, verified, replaced, rolled back, dropped by a restart.
# shellcheck source=tests/vm/fleet.sh disable=SC2016 # the guests expand it
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
vm_end
