# Takes the job folder, which is the lock of the host: mkdir either makes it
# or says that somebody else was first. In: RUN, OPERATOR, ACTION.
# shellcheck disable=SC2154

# state_write: who holds the folder, complete or not at all.
state_write() {
    first /proc/sys/kernel/random/boot_id || first=
    state_boot=$first
    {
        printf 'run=%s\n' "$HF_RUN"
        escape "${HF_OPERATOR-}"
        printf 'operator=%s\n' "$escaped"
        escape "${HF_ACTION-}"
        printf 'action=%s\n' "$escaped"
        printf 'boot=%s\n' "$state_boot"
        printf 'since=%s\n' "$(run date +%s)"
    } >"$root$job/state.new" && mv "$root$job/state.new" "$root$job/state"
}

begin_take() {
    state_write 2>/dev/null && return 0
    rm -rf "$root$job"
    refuse 1 "cannot write $job/state: is the disk full?"
}

begin_stale() {
    case $job_state in
    rebooted) put stale boot ;;
    died) put stale died ;;
    ended) put stale 'done' ;;
    *) put stale no ;;
    esac
}

do_begin() {
    is_run "${HF_RUN-}" || refuse 2 'RUN is missing or malformed'
    (umask 022 && mkdir -p "$root$folder/done") 2>/dev/null ||
        refuse 1 "cannot make $folder: needs elevation, or the disk is full"
    chmod 700 "$root$folder/done"
    if mkdir "$root$job" 2>/dev/null; then
        begin_take
        put attached no
    elif [ -d "$root$job" ]; then
        put attached yes
    else
        refuse 1 "cannot make $job"
    fi
    job_look "$job"
    job_put "$job"
    begin_stale
    if [ "$job_run" != "$HF_RUN" ]; then
        put locked yes "$job"
        exit 3
    fi
    put locked no "$job"
}

answer do_begin
