# Calls off the restart that a run has ordered here, or is about to order. In:
# OPERATOR. Takes no lock, since it is meant for the run that holds it: that
# one looks into "called-off" before and after it orders.
# shellcheck disable=SC2154
HOUR=3600

# find_restart: $of is the run whose restart it is; false when there is none.
find_restart() {
    job_look "$job"
    restart_look
    if [ "$job_state" = running ] && [ "$job_action" = reboot ]; then
        of=$job_run
    elif restart_waits; then
        of=$restart_run
    else
        return 1
    fi
}

# none_left: none that can be called off; one that was carried out just now, or
# is being so, came too late.
none_left() {
    off=none
    up
    if [ -z "$restart_run" ] || [ "$restart_run" = "$off_run" ]; then
        :
    elif ! restart_is_of_now; then
        [ "$up" -ge "$HOUR" ] || off=late
    else
        [ "$up" -ge "$((restart_due + HOUR))" ] || off=late
    fi
    put off "$off" "$ordered"
    [ -z "$restart_run" ] || put off.run "$restart_run" "$ordered"
}

# note: who does it, for the run and for whoever asks later.
note() {
    escape "${HF_OPERATOR-}"
    text="run=$of${newline}operator=$escaped"
    { printf '%s\n' "$text" >"$root$called_off.new"; } 2>/dev/null ||
        refuse 1 "cannot write $called_off: needs elevation, or the disk is full"
    mv "$root$called_off.new" "$root$called_off"
}

# cancel: what systemd has scheduled; what waits by itself looks at the note.
cancel() {
    [ "$restart_run" = "$of" ] && [ -e "$root$scheduled" ] || return 0
    said=$(run shutdown -c 2>&1) ||
        refuse 1 "shutdown -c: $said"
    [ ! -e "$root$scheduled" ] ||
        refuse 1 'shutdown -c left the restart scheduled'
}

do_call_off() {
    if ! find_restart; then
        none_left
        return 0
    fi
    note
    restart_look
    cancel
    up
    if [ "$restart_run" = "$of" ] && [ "$up" -ge "$restart_due" ]; then
        put off late "$ordered"
    else
        put off yes "$ordered"
    fi
    put off.run "$of" "$ordered"
}

answer do_call_off
