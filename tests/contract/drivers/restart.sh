#!/usr/bin/env bash
# The job that orders a restart, on a host that only notes it down.
# shellcheck disable=SC2016,SC2119,SC2317 source=tests/contract/drivers/jobs.bash
. "$(dirname "${BASH_SOURCE[0]}")/jobs.bash"

reboot() {
    started ACTION=reboot "$@"
    finished
}
asked() {
    cat "$FAKE_ROOT/.kernel/shutdown" 2>/dev/null
}

orders_a_restart_that_can_be_called_off() {
    reboot DELAY_S=60 REASON="new kernel; it's due"
    expect orders_a_restart job.state=ended result.outcome=ok \
        result.restart_in=60 'result.text=restarts in 60 s'
    holds tells_the_users_why [ "$(asked)" = "-r
+1
hotfleet $run: new kernel; it's due" ]
}

leaves_a_host_in_use_alone() {
    mkdir -p "$FAKE_ROOT/proc/4711"
    put /proc/4711/comm backup-agent
    reboot DELAY_S=60 UNLESS_RUNNING='setup backup-agent'
    expect leaves_a_host_in_use_alone result.outcome=failed \
        result.code=in-use "result.text=in use: 'backup-agent' runs"
    holds and_orders_no_restart_there [ -z "$(asked)" ]
    rm -r "$FAKE_ROOT/proc/4711"
}

leaves_who_is_logged_on_alone() {
    echo 'ada      pts/0        2026-11-23 06:00 (192.0.2.9)' \
        >"$FAKE_ROOT/.kernel/who"
    reboot DELAY_S=60 UNLESS_LOGGED_ON=yes
    expect leaves_who_is_logged_on_alone result.outcome=failed \
        result.code=in-use 'result.text=in use: ada is logged on'
    holds and_orders_no_restart_for_them [ -z "$(asked)" ]
    rm "$FAKE_ROOT/.kernel/who"
    start_over
    reboot DELAY_S=60 UNLESS_LOGGED_ON=yes
    expect restarts_when_nobody_is_logged_on result.outcome=ok
}

gives_whole_minutes() {
    reboot DELAY_S=61
    expect gives_whole_minutes result.outcome=ok result.restart_in=120
    holds without_a_reason_it_says_so [ "$(asked)" = "-r
+2
hotfleet $run: restart" ]
}

leaves_a_scheduled_one_alone() {
    put /run/systemd/shutdown/scheduled 'USEC=1795000500000000'
    reboot DELAY_S=60
    expect leaves_a_scheduled_one_alone result.outcome=failed \
        result.code=scheduled
    holds and_orders_none [ -z "$(asked)" ]
}

says_why_it_cannot() {
    touch "$FAKE_ROOT/.kernel/no-shutdown"
    reboot DELAY_S=60
    expect says_why_it_cannot result.outcome=failed result.code=restart \
        'result.text=the restart cannot be ordered: Failed to schedule shutdown: Access denied'
}

waits_by_itself_without_systemd() {
    rm -r "$FAKE_ROOT/run/systemd"
    reboot DELAY_S=0
    expect waits_by_itself_without_systemd result.outcome=ok result.restart_in=0
    for _ in $(seq 100); do
        [ -e "$FAKE_ROOT/.kernel/calls" ] && break
        sleep 0.05
    done
    called then_restarts reboot
}

refuses_another_kernel() {
    send sh/begin.sh RUN="$run" OPERATOR=ada ACTION=reboot
    "$exchange" - text livepatch/job.sh >"$work/body.sh"
    upload body.sh "$work/body.sh"
    send sh/start.sh RUN="$run" BODY="$("$exchange" - sha livepatch/job.sh)" \
        KERNEL=5.10.0-1-amd64 ACTION=reboot DELAY_S=60
    finished
    expect refuses_another_kernel result.code=kernel
    holds and_orders_nothing_there [ -z "$(asked)" ]
}

refuses_a_malformed_delay() {
    reboot DELAY_S='1; reboot'
    expect refuses_a_malformed_delay result.code=parameter
    start_over
    reboot
    expect refuses_no_delay result.code=parameter
}

# ---- calling it off ----

call_off() {
    send sh/call_off.sh OPERATOR='ben, 100%'
}
waits_for_restart() {
    [ -e "$FAKE_ROOT/run/systemd/shutdown/scheduled" ]
}

a_restart_is_called_off() {
    reboot DELAY_S=60
    holds a_restart_waits waits_for_restart
    call_off
    expect a_restart_is_called_off off=yes off.run="$run"
    holds nothing_waits_any_more eval '! waits_for_restart'
    called and_it_was_told_to_the_host called-off
    send livepatch/probe.sh
    expect the_probe_says_which_and_by_whom restart.calledoff="$run" \
        restart.calledoff.by='ben, 100%'
    call_off
    expect once_more_there_is_none off=none off.run="$run"
}

the_run_that_holds_the_folder_is_called_off() {
    send sh/begin.sh RUN="$run" OPERATOR=ada ACTION=reboot
    put /var/lib/hotfleet/job/started 1
    echo $$ >"$FAKE_ROOT/var/lib/hotfleet/job/pid"
    call_off
    expect the_run_that_holds_the_folder_is_called_off off=yes off.run="$run"
    start_over
    put /var/lib/hotfleet/called-off "run=$run
operator=ben"
    reboot DELAY_S=60
    expect and_it_orders_nothing result.outcome=failed result.code=called-off
    holds for_nothing_was_asked [ -z "$(asked)" ]
}

who_comes_in_between_is_heard() {
    printf 'run=%s\noperator=ben\n' "$run" >"$FAKE_ROOT/.kernel/called-off"
    reboot DELAY_S=60
    expect who_comes_in_between_is_heard result.outcome=failed \
        result.code=called-off
    holds and_the_order_is_taken_back eval '! waits_for_restart'
}

without_an_order_there_is_none() {
    call_off
    expect without_an_order_there_is_none off=none
    put /run/systemd/shutdown/scheduled 'USEC=1795000500000000'
    call_off
    expect that_of_others_is_left_alone off=none
    holds and_still_waits waits_for_restart
}

another_run_is_not_called_off() {
    put /var/lib/hotfleet/called-off "run=20261123T000000Z-000000
operator=ben"
    reboot DELAY_S=60
    expect another_run_is_not_called_off result.outcome=ok
}

too_late_is_told() {
    reboot DELAY_S=60
    put /proc/sys/kernel/random/boot_id 11111111-2222-3333-4444-555555555555
    put /proc/uptime '20.00 1.00'
    call_off
    expect too_late_is_told off=late off.run="$run"
    put /proc/uptime '90000.00 1.00'
    call_off
    expect long_ago_is_none off=none
}

a_host_that_does_not_let_go_is_told() {
    reboot DELAY_S=60
    touch "$FAKE_ROOT/.kernel/deaf"
    call_off
    expect a_host_that_does_not_let_go_is_told \
        'error=shutdown -c left the restart scheduled'
}

# somebody_waits: the process that would restart this host is still there
somebody_waits() {
    local line
    for line in /proc/[0-9]*/cmdline; do
        line=$(tr '\0' ' ' 2>/dev/null <"$line")
        case $line in
        *"hotfleet 8 "*"$FAKE_ROOT"*) return 0 ;;
        esac
    done
    return 1
}

without_systemd_it_waits_and_looks() {
    rm -r "$FAKE_ROOT/run/systemd"
    touch "$FAKE_ROOT/.kernel/patient" # busybox has a sleep of its own
    reboot DELAY_S=8
    holds without_systemd_somebody_waits somebody_waits
    send livepatch/probe.sh
    holds and_the_probe_says_until_when [ -n "$(value restart.scheduled)" ]
    call_off
    expect without_systemd_it_is_called_off off=yes off.run="$run"
    rm "$FAKE_ROOT/.kernel/patient"
    for _ in $(seq 600); do
        somebody_waits || break
        sleep 0.05
    done
    holds it_waited_and_did_nothing [ ! -e "$FAKE_ROOT/.kernel/calls" ]
}

in_all_shells orders_a_restart_that_can_be_called_off \
    leaves_a_host_in_use_alone leaves_who_is_logged_on_alone gives_whole_minutes \
    leaves_a_scheduled_one_alone says_why_it_cannot \
    waits_by_itself_without_systemd refuses_another_kernel \
    refuses_a_malformed_delay a_restart_is_called_off \
    the_run_that_holds_the_folder_is_called_off who_comes_in_between_is_heard \
    without_an_order_there_is_none another_run_is_not_called_off \
    too_late_is_told a_host_that_does_not_let_go_is_told \
    without_systemd_it_waits_and_looks
