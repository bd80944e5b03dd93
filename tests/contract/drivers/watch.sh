#!/usr/bin/env bash
# The detached job as those see it who ask: its log, its result, its end by
# signals and restarts, and orders that it does not take.
# shellcheck disable=SC2016,SC2317 source=tests/contract/drivers/jobs.bash
. "$(dirname "${BASH_SOURCE[0]}")/jobs.bash"

sends_the_log_in_pieces() {
    local whole
    module fix_1
    apply fix_1
    whole=$(value log)
    poll 20
    holds sends_the_rest_of_the_log test "${whole: -30}" = "$(value log | tail -c 31)"
    poll "$(value log.size)"
    expect sends_nothing_twice "log.offset=$(value log.size)"
    head -c 40000 /dev/zero | tr '\0' x >>"$FAKE_ROOT$job/log"
    poll
    expect caps_a_piece_of_the_log log.offset=16384
    poll 99999999
    expect bears_an_offset_behind_the_end log.offset=99999999
    poll x
    expect refuses_a_malformed_offset exit=2
}

keeps_the_result_when_put_away() {
    module fix_1
    apply fix_1
    send sh/end.sh RUN="$run"
    expect puts_it_away ended=yes
    poll
    expect keeps_the_result_when_put_away job.state=ended result.outcome=ok
    send sh/begin.sh RUN=20261124T000000Z-bbbbbb OPERATOR=bob ACTION=apply
    poll
    expect also_when_the_next_run_has_begun job.state=ended result.outcome=ok
    send sh/end.sh RUN="$run"
    expect and_says_that_it_is_put_away ended=yes exit=0
    holds without_touching_the_next_one [ -d "$FAKE_ROOT$job" ]
}

shows_the_result_whatever_happened_since() {
    module fix_1
    apply fix_1
    put /proc/sys/kernel/random/boot_id other
    poll
    expect shows_the_result_whatever_happened_since job.state=ended \
        boot.id=other result.outcome=ok
}

# stopped SIGNAL: a job in the middle of a long transition gets it.
stopped() {
    module fix_1 stuck
    started ACTION=apply "$(modules fix_1)" TRANSITION_S=100000
    for _ in $(seq 400); do
        [ ! -e "$FAKE_ROOT/sys/kernel/livepatch/fix_1" ] || break
        sleep 0.05
    done
    poll
    expect "is_running_before_$1" job.state=running
    send sh/end.sh RUN="$run"
    expect "does_not_put_a_running_job_away_$1" ended=no exit=1
    pid=$(cat "$FAKE_ROOT$job/pid")
    kill -"$1" "$pid"
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.05
    done
}

notices_a_job_that_was_killed() {
    stopped KILL
    poll
    expect notices_a_job_that_was_killed job.state=died exit=0
    send sh/begin.sh RUN=20261124T000000Z-bbbbbb OPERATOR=bob ACTION=apply
    expect tells_the_next_that_it_died locked=yes stale=died
    start_over
    stopped TERM
    poll
    expect a_stopped_job_says_so job.state=ended result.outcome=failed \
        result.code=internal
}

# A poll that looks for the result too early and for the process too late. The
# pipe holds it between the two: its reader is there once it can be opened.
believes_a_result_that_came_while_it_looked() {
    local pid
    stopped KILL
    pid=$(cat "$FAKE_ROOT$job/pid")
    rm "$FAKE_ROOT$job/pid"
    mkfifo "$FAKE_ROOT$job/pid"
    {
        exec 9>"$FAKE_ROOT$job/pid"
        printf 'outcome=ok\nend\n' >"$FAKE_ROOT$job/result"
        echo "$pid" >&9
        exec 9>&-
    } &
    poll
    wait $!
    expect believes_a_result_that_came_while_it_looked job.state=ended
}

sees_a_restart() {
    stopped KILL
    put /proc/sys/kernel/random/boot_id other
    poll
    expect sees_a_restart job.state=rebooted
}

beats_while_it_works() {
    local first
    module fix_1 stuck
    started ACTION=apply "$(modules fix_1)" TRANSITION_S=100000
    for _ in $(seq 400); do
        first=$(cat "$FAKE_ROOT$job/heartbeat" 2>/dev/null) && break
        sleep 0.05
    done
    for _ in $(seq 400); do
        [ "$(cat "$FAKE_ROOT$job/heartbeat")" = "$first" ] || break
        sleep 0.05
    done
    holds beats_while_it_works [ "$(cat "$FAKE_ROOT$job/heartbeat")" -gt "$first" ]
    kill -TERM "$(cat "$FAKE_ROOT$job/pid")"
    finished
}

refuses_malformed_orders() {
    local order
    for order in ACTION=x ACTION= 'ACTION=apply|MODULES=a;b=c' \
        'ACTION=apply|MODULES=' 'ACTION=rollback|PATCHES=../x' \
        'ACTION=rollback|PATCHES=$(x)' 'ACTION=apply|MODULES=a=b|TRANSITION_S=x'
    do
        start_over
        IFS='|' read -r -a words <<<"$order"
        started "${words[@]}"
        finished
        [ "$(value result.code)" = parameter ] || {
            no refuses_malformed_orders "$order: $answer"
            return
        }
    done
    ok refuses_malformed_orders
}

in_all_shells sends_the_log_in_pieces keeps_the_result_when_put_away \
    shows_the_result_whatever_happened_since notices_a_job_that_was_killed \
    believes_a_result_that_came_while_it_looked sees_a_restart \
    beats_while_it_works refuses_malformed_orders
