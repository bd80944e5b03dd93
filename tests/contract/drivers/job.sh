#!/usr/bin/env bash
# The detached job: apply and rollback in all their ways, on a kernel that is
# made of files and takes the same turns as a real one.
# shellcheck disable=SC2016,SC2119,SC2317 source=tests/contract/drivers/jobs.bash
. "$(dirname "${BASH_SOURCE[0]}")/jobs.bash"

applies_patches_in_order() {
    module fix_1
    module fix_2 slow
    apply fix_1 fix_2
    expect applies_patches_in_order job.state=ended result.outcome=ok \
        result.code= 'result.done=fix_1 fix_2' result.already=none \
        result.reversed=none result.remaining=none result.blockers=none
    holds first_is_in_effect in_effect fix_1
    holds second_is_in_effect in_effect fix_2
    called loads_them_in_order 'insmod fix_1' 'insmod fix_2'
    holds says_at_what_time grep -qE \
        '^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z fix_1 is in effect$' \
        "$FAKE_ROOT/var/lib/hotfleet/job/log"
    case $(value result.klog) in
    *"livepatch: 'fix_2': patching complete"*) ok brings_the_kernel_log ;;
    *) no brings_the_kernel_log "$(value result.klog)" ;;
    esac
}

runs_as_a_unit_of_systemd() {
    module fix_1
    apply fix_1
    holds runs_as_a_unit_of_systemd grep -qx -e "--unit=hotfleet-$run" \
        "$FAKE_ROOT/.kernel/systemd-run"
    start_over
    touch "$FAKE_ROOT/.kernel/old-systemd"
    module fix_1
    started ACTION=apply "$(modules fix_1)"
    expect also_with_an_older_systemd job.how=systemd
    finished
    expect works_with_an_older_systemd result.outcome=ok
}

detaches_without_systemd() {
    module fix_1
    rm -r "$FAKE_ROOT/run/systemd"
    started ACTION=apply "$(modules fix_1)"
    expect detaches_without_systemd job.how=setsid job.started=now
    finished
    expect works_without_systemd result.outcome=ok
    start_over
    touch "$FAKE_ROOT/.kernel/no-systemd-run"
    module fix_1
    started ACTION=apply "$(modules fix_1)"
    expect falls_back_when_systemd_run_fails job.how=setsid
    finished
}

# without TOOL: what the host has by that name is hidden from the exchange.
without() {
    local real=$exchange
    exchange=$work/without
    printf '#!/bin/sh\nexec unshare -m sh -c %s "%s" "%s" "$@"\n' \
        "'mount --bind /dev/null \"\$0\" && exec \"\$@\"'" \
        "$(readlink -f "$(command -v "$1")")" "$real" >"$exchange"
    chmod +x "$exchange"
    "$exchange" - text livepatch/job.sh >/dev/null 2>&1 && return
    exchange=$real
    return 1
}

detaches_without_setsid() {
    local real=$exchange
    if ! without setsid; then
        echo "skip ${FUNCNAME[0]}_in_$shell: no right to hide it"
        return
    fi
    module fix_1
    rm -r "$FAKE_ROOT/run/systemd"
    started ACTION=apply "$(modules fix_1)"
    expect detaches_without_setsid job.how=nohup job.started=now
    finished
    expect works_without_setsid result.outcome=ok
    exchange=$real
}

starts_once() {
    module fix_1
    apply fix_1
    send sh/start.sh RUN="$run" BODY="$("$exchange" - sha livepatch/job.sh)"
    expect starts_once job.started=before job.state=ended exit=0
    upload fix_1.ko "$work/fix_1.ko"
    expect takes_no_file_any_more 'error=the job was started already' exit=1
    holds loads_once [ "$(grep -c insmod "$FAKE_ROOT/.kernel/calls")" = 1 ]
}

finds_a_patch_in_effect() {
    loaded fix_1
    module fix_1
    apply fix_1
    expect finds_a_patch_in_effect result.outcome=ok result.already=fix_1 \
        result.done=none
    holds loads_nothing [ ! -e "$FAKE_ROOT/.kernel/calls" ]
}

reloads_a_leftover_module() {
    loaded fix_1
    rm -r "$FAKE_ROOT/sys/kernel/livepatch/fix_1"
    module fix_1
    apply fix_1
    expect reloads_a_leftover_module result.outcome=ok result.done=fix_1
    called removes_it_first 'rmmod fix_1' 'insmod fix_1'
    start_over
    loaded fix_1 0 0 # kernels before 5.1 keep the directory
    rm -r "$FAKE_ROOT/sys/module/fix_1"
    rm -r "$FAKE_ROOT/sys/kernel/livepatch/fix_1"
    module fix_1
    apply fix_1
    expect loads_what_was_disabled result.outcome=ok
}

replaces_atomically() {
    loaded fix_1
    module fix_2 replace
    apply fix_2
    expect replaces_atomically result.outcome=ok result.done=fix_2
    holds retires_the_older [ ! -e "$FAKE_ROOT/sys/kernel/livepatch/fix_1" ]
}

# refuses NAME CODE DOES WORDS: the kernel's own refusals.
refuses() {
    start_over
    module fix_1 "$3"
    apply fix_1
    expect "$1" result.outcome=failed "result.code=$2" result.done=none \
        result.remaining=none result.patch=fix_1 exit=0
    case $(value result.tool) in
    *"$4"*) ok "$1_in_its_words" ;;
    *) no "$1_in_its_words" "$(value result.tool)" ;;
    esac
    holds "$1_and_leaves_nothing" gone fix_1
}

reports_what_the_kernel_refused() {
    refuses wrong_version load badmagic 'Invalid module format'
    refuses wrong_checksum_of_symbols load badcrc 'Invalid module format'
    refuses damaged_module load badelf 'Invalid module format'
    refuses missing_function load badsym 'Invalid parameters'
    refuses unsigned_module load key 'Key was rejected by service'
    refuses callback_says_no load refuse 'Device or resource busy'
    holds asks_a_refusing_patch_once [ "$(grep -c insmod \
        "$FAKE_ROOT/.kernel/calls")" = 1 ]
    refuses kernel_stays_busy load busy 'Device or resource busy'
    holds asks_a_busy_kernel_five_times [ "$(grep -c insmod \
        "$FAKE_ROOT/.kernel/calls")" = 5 ]
}

understands_busybox_insmod() {
    touch "$FAKE_ROOT/.kernel/busybox"
    module fix_1 badmagic
    apply fix_1
    case $(value result.tool) in
    "insmod: can't insert '"*"invalid module format") ok understands_busybox ;;
    *) no understands_busybox "$answer" ;;
    esac
    start_over
    touch "$FAKE_ROOT/.kernel/busybox"
    module fix_1 busy
    apply fix_1
    holds also_busy_in_busybox [ "$(grep -c insmod \
        "$FAKE_ROOT/.kernel/calls")" = 5 ]
    start_over
    touch "$FAKE_ROOT/.kernel/busybox"
    module fix_1
    apply fix_1
    expect lives_with_busybox_modinfo result.outcome=ok
}

waits_for_a_transition_of_others() {
    loaded fix_0 1 1
    module fix_1
    apply fix_1
    expect waits_for_a_transition_of_others result.outcome=ok result.done=fix_1
}

looks_at_the_file_first() {
    module fix_1
    module fix_2 ok 6.1.0-55-cloud-amd64
    apply fix_1 fix_2
    expect compares_the_release_itself result.outcome=failed \
        result.code=release result.done=none result.reversed=none \
        "result.text=fix_2.ko is built for '6.1.0-55-cloud-amd64', the host runs '$release'"
    holds loads_none_when_one_is_wrong [ ! -e "$FAKE_ROOT/.kernel/calls" ]
    start_over
    module fix_1
    sed -i s/name=fix_1/name=other/ "$work/fix_1.ko"
    apply fix_1
    expect compares_the_name_inside result.code=name \
        "result.text=the module inside fix_1.ko is called 'other'"
    start_over
    module fix_1
    started ACTION=apply MODULES=fix_1=0123
    finished
    expect compares_the_checksum result.code=checksum
    start_over
    started ACTION=apply MODULES=fix_1=0123
    finished
    expect misses_the_file result.code=file
    start_over
    echo rubbish >"$work/fix_1.ko"
    apply fix_1
    expect refuses_what_is_no_module result.code=file
}

refuses_another_kernel() {
    module fix_1
    started ACTION=apply "$(modules fix_1)" KERNEL=6.1.0-55-cloud-amd64
    finished
    expect refuses_another_kernel result.outcome=failed result.code=kernel
}

reverses_a_stuck_transition() {
    module fix_1
    module fix_2 stuck
    task 1423 1423 0 cat lab_hold_read
    task 1424 1424 1 sh wait
    apply fix_1 fix_2
    expect reverses_a_stuck_transition result.outcome=stuck \
        result.code=transition result.patch=fix_2 \
        'result.blockers=1423/1423 cat lab_hold_read' \
        'result.reversed=fix_2 fix_1' result.done=none result.remaining=none
    holds takes_it_back gone fix_2
    holds all_or_nothing gone fix_1
}

keeps_what_was_there_before() {
    loaded fix_1
    module fix_1
    module fix_2
    module fix_3 badsym
    apply fix_1 fix_2 fix_3
    expect keeps_what_was_there_before result.outcome=failed \
        result.already=fix_1 result.reversed=fix_2 result.done=none
    holds it_is_still_in_effect in_effect fix_1
    holds the_new_one_is_gone gone fix_2
}

says_what_it_cannot_bring_back() {
    module fix_1 stuck-both
    apply fix_1
    expect says_what_it_cannot_bring_back result.outcome=stuck \
        result.remaining=fix_1 result.reversed=none
    start_over
    module fix_1 stuck-out
    module fix_2 badsym
    apply fix_1 fix_2
    expect says_which_one_stays result.outcome=failed result.remaining=fix_1 \
        result.code=load
    holds which_is_in_effect in_effect fix_1
}

leaves_the_transition_of_others_alone() {
    loaded fix_1 1 1
    mkdir -p "$FAKE_ROOT/.kernel/does"
    echo stuck >"$FAKE_ROOT/.kernel/does/fix_1"
    module fix_1
    apply fix_1
    expect leaves_the_transition_of_others_alone result.outcome=stuck \
        result.reversed=none
    holds writes_nothing [ ! -e "$FAKE_ROOT/.kernel/calls" ]
}

never_forces() {
    module fix_1 stuck-both
    apply fix_1
    poll
    holds never_forces [ ! -e "$FAKE_ROOT/sys/kernel/livepatch/fix_1/force" ]
}

rolls_back() {
    loaded fix_1
    loaded fix_2
    rollback fix_2 fix_1
    expect rolls_back result.outcome=ok 'result.done=fix_2 fix_1' \
        result.remaining=none
    holds the_patch_is_gone gone fix_2
    called top_first 'write 0 fix_2' 'rmmod fix_2' 'write 0 fix_1' 'rmmod fix_1'
}

rolls_back_what_is_gone() {
    rollback fix_1
    expect rolls_back_what_is_gone result.outcome=ok result.already=fix_1 \
        result.done=none
}

turns_a_stuck_rollback_round() {
    loaded fix_1
    echo stuck-out >"$FAKE_ROOT/.kernel/does/fix_1"
    task 99 100 1 nfsd svc_recv
    rollback fix_1
    expect turns_a_stuck_rollback_round result.outcome=stuck \
        result.code=transition result.remaining=fix_1 \
        'result.blockers=99/100 nfsd svc_recv'
    holds it_stays_in_effect in_effect fix_1
}

reports_a_switch_that_refuses() {
    loaded fix_1
    touch "$FAKE_ROOT/.kernel/einval"
    rollback fix_1
    expect reports_a_switch_that_refuses result.outcome=failed \
        result.code=disable result.remaining=fix_1
    case $(value result.tool) in
    *'Invalid argument') ok says_why_it_refused ;;
    *) no says_why_it_refused "$(value result.tool)" ;;
    esac
}

lives_with_a_module_that_stays() {
    loaded fix_1
    touch "$FAKE_ROOT/.kernel/pinned"
    rollback fix_1
    expect lives_with_a_module_that_stays result.outcome=ok result.done=fix_1
}

in_all_shells applies_patches_in_order runs_as_a_unit_of_systemd \
    detaches_without_systemd detaches_without_setsid starts_once finds_a_patch_in_effect \
    reloads_a_leftover_module replaces_atomically \
    reports_what_the_kernel_refused understands_busybox_insmod \
    waits_for_a_transition_of_others looks_at_the_file_first \
    refuses_another_kernel reverses_a_stuck_transition \
    keeps_what_was_there_before says_what_it_cannot_bring_back \
    leaves_the_transition_of_others_alone never_forces rolls_back \
    rolls_back_what_is_gone turns_a_stuck_rollback_round \
    reports_a_switch_that_refuses lives_with_a_module_that_stays
