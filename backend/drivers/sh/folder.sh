# The job folder as others see it: who holds it and how the job is.
# shellcheck disable=SC2034,SC2154
folder=/var/lib/hotfleet
job=$folder/job

# job_read FOLDER: job_* from its state file, values still encoded.
job_read() {
    job_run='' job_operator='' job_action='' job_boot='' job_since=''
    [ -r "$root$1/state" ] || return 0
    while IFS= read -r job_line; do
        case $job_line in
        run=*) job_run=${job_line#*=} ;;
        operator=*) job_operator=${job_line#*=} ;;
        action=*) job_action=${job_line#*=} ;;
        boot=*) job_boot=${job_line#*=} ;;
        since=*) job_since=${job_line#*=} ;;
        esac
    done <"$root$1/state"
}

# job_age FILE: $job_age is how many seconds ago the uptime in it was.
job_age() {
    job_age=
    first "$1" || return 1
    first=${first%% *}
    is_number "$first" || return 1
    job_age=$first
    up
    job_age=$((up - job_age))
}

# job_lives FOLDER: is its process there? A beat long ago means that the
# number belongs to somebody else by now.
job_lives() {
    if first "$1/pid"; then
        job_pid=$first
        is_number "$job_pid" || return 1
        kill -0 "$job_pid" 2>/dev/null || return 1
        job_age "$1/heartbeat" || return 0
        [ "$job_age" -le 120 ]
    else # detached, and did not come so far
        job_age "$1/started" && [ "$job_age" -le 30 ]
    fi
}

# job_look FOLDER: $job_state ("denied" when only root may look), and what
# job_read sets.
job_look() {
    job_state=none
    [ -d "$root$1" ] || return 0
    if [ ! -x "$root$1" ]; then
        job_state=denied
        return 0
    fi
    job_read "$1"
    first /proc/sys/kernel/random/boot_id || :
    if [ -e "$root$1/result" ]; then
        job_state=ended
    elif [ -n "$job_boot" ] && [ "$job_boot" != "$first" ]; then
        job_state=rebooted
    elif [ ! -e "$root$1/started" ]; then
        job_state=begun
    elif job_lives "$1"; then
        job_state=running
    elif [ -e "$root$1/result" ]; then # it ended since the first look
        job_state=ended
    else
        job_state=died
    fi
}

# job_put FOLDER: what job_look found, as facts.
job_put() {
    if [ "$job_state" = denied ]; then
        unknown job.state 'needs elevation' "$1"
        return 0
    fi
    put job.state "$job_state" "$1"
    [ "$job_state" != none ] || return 0
    for job_key in run operator action since boot; do
        case $job_key in
        run) job_value=$job_run ;;
        operator) job_value=$job_operator ;;
        action) job_value=$job_action ;;
        since) job_value=$job_since ;;
        boot) job_value=$job_boot ;;
        esac
        if [ -n "$job_value" ]; then
            put_encoded "job.$job_key" = "$job_value" "$1/state"
        else
            unknown "job.$job_key" absent "$1/state"
        fi
    done
    if job_age "$1/heartbeat"; then
        put job.heartbeat "$job_age" "$1/heartbeat"
    else
        unknown job.heartbeat absent "$1/heartbeat"
    fi
}

# job_is_ours: refuses unless the folder is this run's.
job_is_ours() {
    is_run "${HF_RUN-}" || refuse 2 'RUN is missing or malformed'
    job_look "$job"
    [ "$job_state" != none ] || refuse 3 "there is no job folder $job"
    [ "$job_run" = "$HF_RUN" ] ||
        refuse 3 "the job folder belongs to run '$job_run'"
}
