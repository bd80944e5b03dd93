#!/usr/bin/env bash
# The probe: every fact, every refusal, and that it changes nothing.
# shellcheck disable=SC2016,SC2317 source=tests/contract/drivers/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

probe() {
    send livepatch/probe.sh "$@"
}

reads_a_healthy_host() {
    probe
    expect reads_a_healthy_host "kernel.release=$release" arch=x86_64 \
        'kernel.version=#1 SMP Debian 6.1.192-2' os.id=debian os.version=12 \
        'os.name=Debian GNU/Linux 12' uptime=1000 boot.time=1795000000 \
        machine.id=0123456789abcdef0123456789abcdef "boot.id=$boot" taint=0 \
        login.uid=0 login.user=admin login.elevated=yes \
        livepatch.supported=yes livepatch.config=y lockdown=none \
        module.sig_enforce=no secureboot=no patches=none transition=none \
        transition.blockers=none modules.leftover=none restart.pending=no \
        "boot.next=$release" survive=none others=none \
        space.bytes=11264000000 units.failed=none klog.errors=0 klog.last=none \
        job.state=none exit=0
}

reads_patches_of_every_kind() {
    loaded fix_1
    loaded fix_2 0 0
    put /sys/kernel/livepatch/fix_1/replace 1
    put /sys/kernel/livepatch/fix_1/stack_order 3
    mkdir "$FAKE_ROOT/sys/kernel/livepatch/fix_1/ext4"
    echo 'old_fix 16384 0 - Live 0x0000000000000000 (OEK)' \
        >>"$FAKE_ROOT/proc/modules"
    probe
    expect reads_patches_of_every_kind patches=fix_1 patch.fix_1.enabled=1 \
        patch.fix_1.transition=0 patch.fix_1.replace=1 \
        patch.fix_1.stack_order=3 patch.fix_1.taint=OEK \
        'patch.fix_1.objects=ext4:- vmlinux:1' patch.fix_1.forced=no \
        patch.fix_1.survives=none patch.fix_2.enabled=0 \
        modules.leftover=old_fix
}

reads_memory_and_the_sizes_of_modules() {
    put /proc/meminfo 'MemTotal:       16384 kB
MemFree:         1024 kB
MemAvailable:    8192 kB
Committed_AS:    4096 kB'
    loaded fix_1
    echo 'old_fix 20480 0 - Live 0x0000000000000000 (OEK)' \
        >>"$FAKE_ROOT/proc/modules"
    probe
    expect reads_memory_and_the_sizes_of_modules memory.total=16777216 \
        memory.free=8388608 memory.committed=4194304 memory.modules=98304 \
        memory.patches=36864 \
        memory.patch.fix_1=16384 memory.patch.old_fix=20480
}

does_not_guess_a_size_that_is_no_number() {
    echo 'odd_fix - 0 - Live 0x0000000000000000 (OEK)' \
        >>"$FAKE_ROOT/proc/modules"
    probe
    expect does_not_guess_a_size_that_is_no_number \
        'memory.modules?=cannot be read: odd_fix' \
        'memory.patches?=cannot be read: odd_fix' modules.leftover=odd_fix exit=0
}

knows_nothing_of_patches_when_one_cannot_be_read() {
    loaded fix_1
    loaded fix_2
    : >"$FAKE_ROOT/sys/kernel/livepatch/fix_2/enabled"
    probe
    expect knows_nothing_of_patches_when_one_cannot_be_read \
        patch.fix_1.enabled=1 'patch.fix_2.enabled?=cannot be read' \
        'patches?=cannot be read: fix_2/enabled' \
        'transition?=cannot be read: fix_2/enabled' \
        'survive?=cannot be read: fix_2/enabled' exit=0
}

names_who_holds_a_transition() {
    loaded fix_1 1 1
    task 1423 1423 0 'na sty; $(x)' svc_recv
    task 1423 1424 1 other schedule
    task 2 2 -1 kthreadd kthreadd
    probe
    expect names_who_holds_a_transition transition=fix_1 patches=none \
        'transition.blockers=1423/1423 na sty; $(x) svc_recv'
}

caps_the_list_of_blockers() {
    local i
    loaded fix_1 1 1
    for i in $(seq 100 130); do
        task "$i" "$i" 0 worker wait
    done
    probe
    case $(value transition.blockers) in
    '100/100 worker wait; '*'; and 11 more') ok caps_the_list_of_blockers ;;
    *) no caps_the_list_of_blockers "$(value transition.blockers)" ;;
    esac
}

says_when_nobody_may_look() {
    loaded fix_1 1 1
    touch "$FAKE_ROOT/.kernel/dmesg-denied" "$FAKE_ROOT/.kernel/sudo-denied"
    echo 1000 >"$FAKE_ROOT/.kernel/uid"
    probe
    expect says_when_nobody_may_look 'transition.blockers?=needs elevation' \
        'klog.errors?=needs elevation' 'patch.fix_1.forced?=needs elevation' \
        login.elevated=no login.uid=1000
}

sees_that_sudo_works() {
    echo 1000 >"$FAKE_ROOT/.kernel/uid"
    probe
    expect sees_that_sudo_works login.elevated=yes login.uid=1000
}

tells_absent_from_no() {
    rm -r "${FAKE_ROOT:?}"/{etc/machine-id,etc/os-release,proc/sys/kernel/tainted} \
        "$FAKE_ROOT"/sys/kernel/{security/lockdown,livepatch} \
        "${FAKE_ROOT:?}"/{boot,sys/module/module} "$FAKE_ROOT/proc/stat"
    probe
    expect tells_absent_from_no 'machine.id?=absent' 'os.id?=absent' \
        'taint?=absent' 'lockdown?=absent: securityfs is not mounted' \
        livepatch.supported=no 'livepatch.config?=absent' \
        'module.sig_enforce?=absent' 'boot.next?=absent' \
        'boot.time?=cannot be read' exit=0
}

knows_that_lockdown_is_not_built_in() {
    rm "$FAKE_ROOT/sys/kernel/security/lockdown"
    put /sys/kernel/security/lsm capability
    probe
    expect knows_that_lockdown_is_not_built_in lockdown=none
}

reads_lockdown_and_signatures() {
    put /sys/kernel/security/lockdown 'none [integrity] confidentiality'
    put /sys/module/module/parameters/sig_enforce Y
    mkdir -p "$FAKE_ROOT/sys/firmware/efi/efivars"
    printf '\6\0\0\0\1' >"$FAKE_ROOT/sys/firmware/efi/efivars/$(:
        )SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    probe
    expect reads_lockdown_and_signatures lockdown=integrity \
        module.sig_enforce=yes secureboot=yes
}

sees_a_restart_flag() {
    put /run/reboot-required '*** restart ***'
    printf 'linux-image-1\nlibc6\nlibc6\n' >"$FAKE_ROOT/run/reboot-required.pkgs"
    touch -d @1795000123 "$FAKE_ROOT/run/reboot-required"
    probe
    expect sees_a_restart_flag restart.pending=yes \
        'restart.reason=asked for by libc6 linux-image-1' \
        restart.since=1795000123
}

sees_a_newer_kernel_of_its_kind() {
    : >"$FAKE_ROOT/boot/vmlinuz-6.1.0-57-cloud-amd64"
    : >"$FAKE_ROOT/boot/vmlinuz-6.12.95-amd64"
    : >"$FAKE_ROOT/boot/vmlinuz-6.1.0-9-cloud-amd64"
    probe
    expect sees_a_newer_kernel_of_its_kind restart.pending=yes \
        "restart.reason=kernel 6.1.0-57-cloud-amd64 is installed, $release runs"
}

passes_over_kernels_of_another_kind() {
    : >"$FAKE_ROOT/boot/vmlinuz-6.12.95-amd64"
    : >"$FAKE_ROOT/boot/vmlinuz-6.1.0-9-cloud-amd64"
    probe
    expect passes_over_kernels_of_another_kind restart.pending=no
}

compares_kernels_of_the_rhel_family() {
    put /proc/sys/kernel/osrelease 5.14.0-70.13.1.el9_0.x86_64
    rm "$FAKE_ROOT"/boot/vmlinuz-*
    : >"$FAKE_ROOT/boot/vmlinuz-5.14.0-70.13.1.el9_0.x86_64"
    : >"$FAKE_ROOT/boot/vmlinuz-5.14.0-162.6.1.el9_1.x86_64"
    : >"$FAKE_ROOT/boot/vmlinuz-0-rescue-0123456789abcdef"
    probe
    expect compares_kernels_of_the_rhel_family restart.pending=yes \
        'restart.reason=kernel 5.14.0-162.6.1.el9_1.x86_64 is installed, 5.14.0-70.13.1.el9_0.x86_64 runs'
}

sees_a_scheduled_shutdown() {
    put /run/systemd/shutdown/scheduled 'USEC=1795000500000000'
    probe
    expect sees_a_scheduled_shutdown restart.scheduled=1795000500
}

says_who_loads_patches_again() {
    loaded fix_1
    loaded fix_2
    mkdir -p "$FAKE_ROOT/var/lib/kpatch/$release"
    : >"$FAKE_ROOT/var/lib/kpatch/$release/fix_1.ko"
    : >"$FAKE_ROOT/.kernel/enabled/kpatch.service"
    put /etc/modules-load.d/fix.conf fix-2
    probe
    expect says_who_loads_patches_again patch.fix_1.survives=kpatch.service \
        patch.fix_2.survives=modules-load.d \
        'survive=modules-load.d kpatch.service' others=kpatch.service
    rm "$FAKE_ROOT/etc/modules-load.d/fix.conf"
    probe
    expect one_that_nobody_loads_is_enough patch.fix_2.survives=none \
        survive=none
}

sees_who_else_patches() {
    : >"$FAKE_ROOT/.kernel/enabled/unattended-upgrades.service"
    mkdir -p "$FAKE_ROOT/snap/bin" "$FAKE_ROOT/usr/bin" \
        "$FAKE_ROOT/var/lib/uptrack"
    cp /bin/true "$FAKE_ROOT/snap/bin/canonical-livepatch"
    cp /bin/true "$FAKE_ROOT/usr/bin/kcarectl"
    probe
    expect sees_who_else_patches \
        'others=canonical-livepatch kernelcare ksplice unattended-upgrades' \
        'others.unattended-upgrades=installs packages daily, kernels too'
}

counts_trouble_in_the_log() {
    printf '%s\n' "[1] livepatch: 'fix_1': patching complete" \
        '[2] BUG: kernel NULL pointer dereference' \
        '[3] livepatch: failed to enable patch' \
        '[4] usb 1-1: new device' >"$FAKE_ROOT/.kernel/log"
    probe
    expect counts_trouble_in_the_log klog.errors=2 \
        'klog.last=[3] livepatch: failed to enable patch'
}

sees_a_forced_patch() {
    loaded fix_1
    loaded fix_2
    printf '%s\n' "[1] livepatch: 'fix_2': starting patching transition" \
        "[1] livepatch: 'fix_2': patching complete" \
        "[2] livepatch: 'fix_1': starting patching transition" \
        '[3] livepatch: forcing remaining tasks to the patched state' \
        >"$FAKE_ROOT/.kernel/log"
    probe
    expect sees_a_forced_patch patch.fix_1.forced=yes patch.fix_2.forced=no
}

runs_the_health_checks() {
    echo active >"$FAKE_ROOT/.kernel/units/nginx.service"
    echo failed >"$FAKE_ROOT/.kernel/units/db.service"
    probe HEALTH=4 HEALTH_1_KEY=the%20web HEALTH_1_UNIT=nginx.service \
        HEALTH_2_KEY=db HEALTH_2_UNIT=db.service \
        HEALTH_3_KEY=http HEALTH_3_PORT=8080 HEALTH_4_KEY=ssh HEALTH_4_PORT=22
    expect runs_the_health_checks 'health.the web=yes' health.db=no \
        health.http=yes health.ssh=no units.failed=db.service
}

lives_without_systemd() {
    rm -r "$FAKE_ROOT/run/systemd"
    probe HEALTH=1 HEALTH_1_KEY=web HEALTH_1_UNIT=nginx.service
    expect lives_without_systemd units.failed=none \
        'health.web?=absent: no systemd here'
}

says_which_kernel_boots() {
    printf 'set default="saved"\n' >"$FAKE_ROOT/boot/grub/grub.cfg"
    probe
    expect says_which_kernel_boots \
        "boot.next?=cannot be told: the default entry is 'saved'"
}

changes_nothing() {
    local before after
    loaded fix_1
    task 7 7 0 cat lab
    look() { (cd "$FAKE_ROOT" && find . -printf '%p %m %T@ %y\n' | sort &&
        find . -type f -exec sha256sum {} + | sort); }
    before=$(look)
    probe HEALTH=1 HEALTH_1_KEY=a HEALTH_1_PORT=1
    after=$(look)
    if [ "$before" = "$after" ] && [ "$(value exit)" = 0 ]; then
        ok changes_nothing
    else
        no changes_nothing "$(diff <(echo "$before") <(echo "$after"))"
    fi
}

in_all_shells reads_a_healthy_host reads_patches_of_every_kind \
    reads_memory_and_the_sizes_of_modules does_not_guess_a_size_that_is_no_number \
    knows_nothing_of_patches_when_one_cannot_be_read \
    names_who_holds_a_transition caps_the_list_of_blockers \
    says_when_nobody_may_look sees_that_sudo_works tells_absent_from_no \
    knows_that_lockdown_is_not_built_in reads_lockdown_and_signatures \
    sees_a_restart_flag sees_a_newer_kernel_of_its_kind \
    passes_over_kernels_of_another_kind compares_kernels_of_the_rhel_family \
    sees_a_scheduled_shutdown says_who_loads_patches_again \
    sees_who_else_patches counts_trouble_in_the_log sees_a_forced_patch \
    runs_the_health_checks lives_without_systemd says_which_kernel_boots \
    changes_nothing
