# How the job is: its state, what it logged since OFFSET, its result. In: RUN,
# OFFSET. Changes nothing.
# shellcheck disable=SC2154

# poll_log FOLDER: a piece of the log, capped.
poll_log() {
    offset=${HF_OFFSET:-0}
    is_number "$offset" || refuse 2 'OFFSET is malformed'
    if [ ! -r "$root$1/log" ]; then
        put log.size 0
        put log.offset "$offset"
        return 0
    fi
    size=$(wc -c <"$root$1/log")
    size=$((size))
    piece=$((size - offset))
    [ "$piece" -ge 0 ] || piece=0
    [ "$piece" -le 16384 ] || piece=16384
    put log.size "$size" "$1/log"
    put log.offset $((offset + piece))
    [ "$piece" -gt 0 ] || return 0
    escaped=$(tail -c +$((offset + 1)) "$root$1/log" | head -c "$piece" |
        od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')
    put_encoded log = "$escaped" "$1/log"
}

# poll_result FOLDER: its lines are those of a reply already.
poll_result() {
    [ -r "$root$1/result" ] || return 0
    while IFS= read -r poll_line; do
        case $poll_line in
        end) break ;;
        *=*) line "result.$poll_line" ;;
        esac
    done <"$root$1/result"
}

# poll_newest: $at is the last folder of the run that was put away.
poll_newest() {
    at=$folder/done/$HF_RUN count=2
    while [ -d "$root$folder/done/$HF_RUN.$count" ]; do
        at=$folder/done/$HF_RUN.$count
        count=$((count + 1))
    done
}

do_poll() {
    is_run "${HF_RUN-}" || refuse 2 'RUN is missing or malformed'
    put_file boot.id /proc/sys/kernel/random/boot_id
    at=$job
    job_look "$at"
    if [ "$job_run" != "$HF_RUN" ] && [ -d "$root$folder/done/$HF_RUN" ]; then
        poll_newest
        job_look "$at"
    fi
    job_put "$at"
    [ "$job_state" != none ] || return 0
    [ "$job_state" != denied ] || refuse 1 "needs elevation: $job"
    if [ "$job_run" != "$HF_RUN" ]; then
        refuse 3 "the job folder belongs to run '$job_run'"
    fi
    poll_log "$at"
    poll_result "$at"
}

job_run=
answer do_poll
