#!/usr/bin/env bash
# A whole Debian with systemd: one account looks, another acts through sudo,
# the job is a transient unit, hotfleet restarts the machine, and its record
# outlives that.
# shellcheck source=tests/vm/fleet.sh disable=SC2016 # the guest expands it
. "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

fleet_begin
vm_boot_debian deb
vm_ready deb
fleet_new deb deb
file=$fleet/hosts/deb.json
jq --arg look "$vm_work/keys/viewer" --arg act "$vm_work/keys/client" \
    'del(.user, .identity) |
     .access = {check: {user: "viewer", identity: $look},
                act: {user: "ops", identity: $act}} |
     .health = [{name: "ssh", unit: "ssh.service"}]' "$file" \
    >"$vm_work/json" && mv "$vm_work/json" "$file"
git -C "$fleet" commit -q -a -m 'deb: separate accounts'
fleet_offer hotfleet_fix_1

hf_json check deb
is the_viewer_can_look 0 "$status"
is the_viewer_sees_that_it_is_behind behind "$(of deb .patch.state)"
expect the_viewer_is_told_what_it_cannot_see 'needs elevation' "$doc"

hf_json apply deb --change CHG020 --yes --expect-hosts 1
is the_operator_applies_through_sudo 0 "$status"
expect the_patch_is_in_effect 'hotfleet_fix_1$' \
    "$(vm_ssh deb 'cat /proc/version')"
expect the_job_was_a_systemd_unit 'hotfleet-[0-9]{8}T' \
    "$(vm_ssh deb 'journalctl -q -o cat | grep -a "hotfleet job"')"
expect the_record_is_roots_alone '^drwx------ .* root root ' \
    "$(vm_ssh deb 'ls -ld /var/lib/hotfleet/done/*')"

boot=$(vm_ssh deb 'cat /proc/sys/kernel/random/boot_id')
hf_json reboot deb --dry-run
expect a_restart_says_what_it_loses 'gone until applied again: hotfleet_fix_1' \
    "$(of deb .price.note)"
hf_json reboot deb --change CHG022 --reason 'quarterly' --yes --expect-hosts 1
is the_operator_restarts_it 0 "$status"
is which_is_proven verified "$(of deb .outcome)"
expect the_users_were_told_why 'hotfleet [0-9]{8}T.*: quarterly' \
    "$(vm_ssh deb 'journalctl -q -o cat -b -1 | grep -a quarterly')"
expect_not it_is_another_boot "$boot" \
    "$(vm_ssh deb 'cat /proc/sys/kernel/random/boot_id')"
hf_json check deb
is after_a_restart_it_is_behind behind "$(of deb .patch.state)"
hf_json verify deb # by the viewer, who may not read the kernel log
is after_which_its_start_is_the_known_one pass \
    "$(of deb '.criteria[] | select(.name == "boot-id") | .verdict')"
expect the_record_is_still_there '^outcome=ok$' \
    "$(vm_ssh deb 'cat /var/lib/hotfleet/done/*/result')"

jq '.access.act.user = "viewer" |
    .access.act.identity = .access.check.identity' "$file" \
    >"$vm_work/json" && mv "$vm_work/json" "$file"
git -C "$fleet" commit -q -a -m 'deb: nobody may act'
hf apply deb --change CHG021 --yes --expect-hosts 1
is without_sudo_nothing_is_applied 2 "$status"
expect without_sudo_it_says_so 'sudo|elevat' "$said"
expect_not without_sudo_nothing_is_in_effect hotfleet_fix \
    "$(vm_ssh deb 'cat /proc/version')"
vm_end
