#!/usr/bin/env bash
# A whole Debian with systemd: one account looks, another acts through sudo,
# the job is a transient unit. A playbook restarts the machine in its window and
# not before; somebody restarts it outside of one, and is found and named.
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

# calendar WINDOW: the only one, for restarts; committed.
calendar() {
    jq -n --argjson w "$1" '{timezone: "UTC",
        windows: [$w * {name: "night", kind: "restart"}]}' \
        >"$fleet/calendar.json"
    git -C "$fleet" add calendar.json
    git -C "$fleet" commit -q -m "calendar: $1"
}
closed=$(jq -nc --arg day "$(date -u -d '+2 days' +%F)" \
    '{dates: [$day], at: "02:00", length: "1h"}')
opened='{"weekly": ["day"], "at": "00:00", "length": "1d"}'
boot_of_deb() { vm_ssh deb 'cat /proc/sys/kernel/random/boot_id'; }

boot=$(boot_of_deb)
hf_json reboot deb --dry-run
expect a_restart_says_what_it_loses 'gone until applied again: hotfleet_fix_1' \
    "$(of deb .price.note)"
mkdir -p "$fleet/playbooks"
jq -n '{kind: "reboot", patch: {expect: "restart"},
    targets: {select: "name:deb"}, reboot: {policy: "if-needed"},
    rings: [{name: "all", size: "rest", soak: "0s"}]}' \
    >"$fleet/playbooks/quarter.json"
git -C "$fleet" add playbooks
calendar "$closed"
vm_ssh deb 'touch /run/reboot-required'
hf_json check deb
is a_restart_is_pending pending "$(of deb .reboot.state)"
hf_json run quarter --tick --change CHG022 --reason 'quarterly' --yes \
    --expect-hosts 1
run=$(jq -r .run <<<"$doc")
is it_waits_for_its_window '0 going waiting' \
    "$status $(jq -r .state <<<"$doc") $(of deb .outcome)"
expect and_says_which "outside its restart windows: .*'night', opens" \
    "$(jq -r .waits_for <<<"$doc")"
is before_that_nothing_restarts "$boot" "$(boot_of_deb)"
calendar "$opened"
hf_json run "$run"
is in_its_window_it_is_restarted '0 over' "$status $(jq -r .state <<<"$doc")"
is which_is_proven verified "$(of deb .outcome)"
is by_one_restart_and_the_level 'pass pass' \
    "$(git -C "$fleet" show "ledger:$(git -C "$fleet" ls-tree -r --name-only \
        ledger | grep '/deb/.*Z-' | tail -n 1)" | jq -r '[.criteria[] |
        select(.name == "restarted" or .name == "patches") | .verdict] |
        join(" ")')"
vm_ready deb
expect the_users_were_told_why 'hotfleet [0-9]{8}T.*: quarterly' \
    "$(vm_ssh deb 'journalctl -q -o cat -b -1 | grep -a quarterly')"
expect_not it_is_another_boot "$boot" \
    "$(vm_ssh deb 'cat /proc/sys/kernel/random/boot_id')"
hf_json check deb
is after_a_restart_it_is_behind behind "$(of deb .patch.state)"
is and_covered_again 'covered none' \
    "$(of deb '"\(.coverage.state) \(.reboot.state)"')"
is a_restart_by_a_run_is_no_news null "$(of deb .restarted)"
hf_json verify deb # by the viewer, who may not read the kernel log
is after_which_its_start_is_the_known_one pass \
    "$(of deb '.criteria[] | select(.name == "boot-id") | .verdict')"
expect the_record_is_still_there '^outcome=ok$' \
    "$(vm_ssh deb 'cat /var/lib/hotfleet/done/*/result')"

# Somebody restarts it outside of every window.
calendar "$closed"
boot=$(boot_of_deb)
vm_user=ops vm_ssh deb 'sudo -n systemctl reboot'
vm_ready deb
expect_not somebody_restarted_it "$boot" "$(boot_of_deb)"
hf_json check deb
expect the_next_check_finds_it 'outside its restart windows: ordered$' \
    "$(of deb .restarted)"
vm_ssh deb 'usermod -aG systemd-journal viewer'
hf_json check deb
expect who_may_read_the_journal_learns_who_it_was \
    'ordered by ops: /.*systemctl reboot$' "$(of deb .restarted)"
hf today
expect today_tells_of_it '1 host restarted outside a window' "$said"
hf why deb
expect why_names_him 'restarted .*ordered by ops' "$said"
hf_json report reboots
is the_report_counts_it '1 ordered ops' \
    "$(jq -r .restarted <<<"$doc") $(of deb '.restarted | "\(.cause) \(.by)"')"

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
