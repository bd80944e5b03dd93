# The restart that a job orders here, and who called it off: two files beside
# the job folder, which is put away before the restart is due.
# shellcheck disable=SC2034,SC2154
ordered=/var/lib/hotfleet/restart
called_off=/var/lib/hotfleet/called-off
scheduled=/run/systemd/shutdown/scheduled

# restart_look: $restart_run, $restart_boot and $restart_due (an uptime) of the
# last one ordered, $off_run and $off_by (still encoded) of the last one called
# off; empty where there is none.
restart_look() {
    restart_run='' restart_boot='' restart_due='' off_run='' off_by=''
    [ ! -r "$root$ordered" ] || while IFS= read -r restart_line; do
        case $restart_line in
        run=*) restart_run=${restart_line#*=} ;;
        boot=*) restart_boot=${restart_line#*=} ;;
        due=*) restart_due=${restart_line#*=} ;;
        esac
    done <"$root$ordered"
    is_number "$restart_due" || restart_run=
    [ ! -r "$root$called_off" ] || while IFS= read -r restart_line; do
        case $restart_line in
        run=*) off_run=${restart_line#*=} ;;
        operator=*) off_by=${restart_line#*=} ;;
        esac
    done <"$root$called_off"
}

# restart_is_of_now: it was ordered since the host started.
restart_is_of_now() {
    first /proc/sys/kernel/random/boot_id || return 1
    [ -n "$restart_run" ] && [ "$restart_boot" = "$first" ]
}

# restart_waits: one is ordered, and neither due nor called off.
restart_waits() {
    restart_is_of_now || return 1
    [ "$restart_run" != "$off_run" ] || return 1
    up
    [ "$up" -lt "$restart_due" ]
}
