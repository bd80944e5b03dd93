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

in_all_shells orders_a_restart_that_can_be_called_off gives_whole_minutes \
    leaves_a_scheduled_one_alone says_why_it_cannot \
    waits_by_itself_without_systemd refuses_another_kernel \
    refuses_a_malformed_delay
