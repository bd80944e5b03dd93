#!/usr/bin/env bash
# Proves the bed itself: a real kernel takes, shows, replaces, refuses and
# gives back the test patches, over OpenSSH, without hotfleet.
# shellcheck source=tests/vm/lib.sh disable=SC2016 # the guest expands it
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

vm_begin
vm_boot bed keep
vm_ready bed
for module in "${vm_image:?}"/ko/*.ko; do
    vm_put bed "$module" "/root/${module##*/}"
done
live=/sys/kernel/livepatch
settled="n=0; while grep -qs 1 $live/*/transition && [ \$n -lt 100 ]; do
    sleep 0.1; n=\$((n + 1)); done"
bed() { vm_ssh bed "$1"; }

expect runs_debians_kernel "^$(cat "${vm_image:?}/release")\$" "$(bed 'uname -r')"
expect_not shows_no_patch_at_first hotfleet "$(bed 'cat /proc/version')"
expect lets_the_viewer_only_look '^viewer$' \
    "$(vm_user=viewer vm_ssh bed 'id -un; dmesg -n 8 2>/dev/null')"
expect has_room_for_state ' /var/lib$' "$(bed 'df -P /var/lib')"

expect loads_the_first_patch 'hotfleet_fix_1$' \
    "$(bed "insmod /root/hotfleet_fix_1.ko && $settled; cat /proc/version")"
expect taints_the_kernel '^45056$' "$(bed 'cat /proc/sys/kernel/tainted')"
expect replaces_it_by_the_second 'hotfleet_fix_2$' \
    "$(bed "insmod /root/hotfleet_fix_2.ko && $settled; cat /proc/version")"
expect retires_the_first '^hotfleet_fix_2$' "$(bed "ls $live")"
expect_not takes_it_back hotfleet_fix "$(bed "echo 0 >$live/hotfleet_fix_2/enabled
    $settled; rmmod hotfleet_fix_2 hotfleet_fix_1 && cat /proc/version")"

expect refuses_a_missing_symbol 'Invalid parameters' \
    "$(bed 'insmod /root/hotfleet_fix_nosym.ko')"
expect refuses_by_callback 'Device or resource busy' \
    "$(bed 'insmod /root/hotfleet_fix_refuse.ko')"
expect refuses_a_wrong_checksum 'Invalid module format' \
    "$(bed 'insmod /root/hotfleet_fix_wrongcrc.ko')"
expect takes_another_releases_module 'hotfleet_fix_1$' \
    "$(bed "insmod /root/hotfleet_fix_other.ko && $settled; cat /proc/version
    echo 0 >$live/hotfleet_fix_1/enabled; $settled; rmmod hotfleet_fix_1")"

expect holds_a_transition_open '^1 cat$' "$(bed 'insmod /root/hotfleet_hold.ko
    (cat /proc/hotfleet_hold >/tmp/held 2>&1 </dev/null & echo $! >/tmp/pid)
    until grep -q hotfleet_hold /proc/$(cat /tmp/pid)/stack; do :; done
    insmod /root/hotfleet_fix_hold.ko; sleep 1
    for task in /proc/[0-9]*; do
        [ "$(cat $task/patch_state)" != 0 ] || holder=$(cat $task/comm)
    done
    echo "$(cat /sys/kernel/livepatch/hotfleet_fix_hold/transition) $holder"')"
expect finishes_when_let_go '^live-patched$' \
    "$(bed "echo >/proc/hotfleet_hold; $settled; cat /proc/hotfleet_hold")"

boot=$(bed 'cat /proc/sys/kernel/random/boot_id; touch /var/lib/kept')
vm_restart bed
expect_not forgets_patches_in_a_restart 'hotfleet|^'"$boot" \
    "$(bed "ls $live /root; cat /proc/sys/kernel/random/boot_id")"
expect keeps_its_disk '^/var/lib/kept$' "$(bed 'ls /var/lib/kept')"

vm_freeze bed
expect hangs_when_frozen '^124$' "$(timeout 2 ssh -F none -o BatchMode=yes \
    -o ConnectTimeout=20 -p "${vm_port[bed]}" root@127.0.0.1 true \
    >/dev/null 2>&1 </dev/null
    echo $?)"
vm_thaw bed
expect goes_on_when_thawed '^bed$' "$(bed hostname)"
vm_end
