# The job: loads live patches, or takes them out, on its own, detached from
# any connection. Its folder is its first argument; its parameters were read
# from "params" there. It leaves "result" and never uses "force".
# shellcheck disable=SC2154
here=$1
result='' started_up=0 klog_before=0
loaded='' already='' undone='' reversed='' remaining=''

# say TEXT: one line of the log, with the host's own time of day.
say() {
    printf '%s %s\n' "$(date -u +%H:%M:%SZ)" "$1"
}

# result_put KEY VALUE
result_put() {
    escape "$2"
    result=$result$1=$escaped$newline
}

# klog_lines: lines of the kernel log about modules and live patches; false
# when they may not be read.
klog_lines() {
    run dmesg >"$here/klog" 2>/dev/null || return 1
    grep -iE 'livepatch|module|version magic|Invalid ELF|lockdown' \
        "$here/klog" || :
}

klog_put() {
    if ! text=$(klog_lines); then
        escape 'needs elevation'
        result="${result}klog?=$escaped$newline"
        return 0
    fi
    result_put klog "$(printf '%s\n' "$text" |
        tail -n +"$((klog_before + 1))" | tail -n 20)"
}

# leave OUTCOME CODE TEXT: writes the result and ends the job.
leave() {
    trap - EXIT
    if kill "$beat" 2>/dev/null; then
        wait "$beat" || :
    fi
    say "$1${2:+ ($2)}: $3"
    result_put outcome "$1"
    result_put code "$2"
    result_put text "$3"
    result_put patch "$patch"
    result_put 'done' "${loaded:-${undone:-none}}"
    result_put already "${already:-none}"
    result_put reversed "${reversed:-none}"
    result_put remaining "${remaining:-none}"
    result_put blockers "${held_by:-none}"
    result_put tool "$said"
    klog_put
    up
    result_put seconds $((up - started_up))
    printf '%send\n' "$result" >"$here/result.new"
    mv "$here/result.new" "$here/result"
    [ "$1" = ok ] || exit 1
    exit 0
}

# fail CODE TEXT: takes back what this job loaded, then leaves.
fail() {
    take_back
    leave "$failed_as" "$1" "$2"
}

# sign: of life; whoever looks finds a whole one. $up is the time.
sign() {
    up
    printf '%s\n' "$up" >"$here/heartbeat.new"
    mv "$here/heartbeat.new" "$here/heartbeat"
}

# beat PID: signs, for as long as the job lives.
beat() {
    while kill -0 "$1" 2>/dev/null && [ ! -e "$here/result" ]; do
        sign
        sleep 1
    done
}

# settled NAME WANTED: the patch is where it should be (1 in effect, 0 out).
settled() {
    patch_look "$1"
    case $2 in
    1) [ "$enabled" = 1 ] && [ "$transition" != 1 ] ;;
    0) [ "$enabled" != 1 ] && [ "$transition" != 1 ] ;;
    esac
}

# settle NAME WANTED: waits for it until the deadline.
settle() {
    up
    deadline=$((up + limit))
    while ! settled "$1" "$2"; do
        up
        if [ "$up" -ge "$deadline" ]; then
            return 1
        fi
        run sleep 1
    done
}

# turn NAME VALUE: writes the patch's switch. By tee, since shells do not say
# why the kernel refused.
turn() {
    say "writing $2 to $sysfs/$1/enabled"
    tool tee || return 1
    said=$(echo "$2" | "$tool" "$root$sysfs/$1/enabled" 2>&1 >/dev/null)
}

# name_blockers TARGET: $held_by, also in the log.
name_blockers() {
    blockers_find "$1" || blockers='nobody may look'
    held_by=${blockers:-none}
    say "held by: $held_by"
}

# unload NAME: removes its module; the kernel may need a moment to let go.
unload() {
    tries=0
    while module_is_loaded "$1"; do
        said=$(run rmmod "$1" 2>&1) && break
        tries=$((tries + 1))
        [ "$tries" -lt 5 ] || return 1
        run sleep 1
    done
    say "module $1 removed"
}

# take_out NAME: disables a patch and removes its module. 1: stuck and turned
# back, so that it is in effect as before; 2: the switch refused; 3: only the
# module stays, out of effect.
take_out() {
    patch_look "$1"
    if [ "$enabled" = 1 ]; then
        turn "$1" 0 || return 2
    fi
    if ! settle "$1" 0; then
        name_blockers 0
        if turn "$1" 1; then
            settle "$1" 1 || return 2
            return 1
        fi
        settled "$1" 0 || return 2 # or it ended just now
    fi
    say "patch $1 is out of effect"
    unload "$1" || return 3
}

# take_back: all or nothing: what this job loaded goes out again, last first.
take_back() {
    while [ -n "$loaded" ]; do
        name=${loaded##* }
        case $loaded in
        *' '*) loaded=${loaded% *} ;;
        *) loaded='' ;;
        esac
        say "taking $name back"
        kept_said=$said kept_by=$held_by status=0
        take_out "$name" || status=$?
        said=$kept_said held_by=$kept_by
        case $status in
        0 | 3) reversed=${reversed:+$reversed }$name ;;
        *) remaining=${remaining:+$remaining }$name ;;
        esac
    done
}

# give_up NAME: the transition did not end; the opposite value reverses it.
give_up() {
    name_blockers 1
    said=
    failed_as=stuck
    text="the transition of $1 did not end within $limit s"
    if turn "$1" 0 && settle "$1" 0; then
        unload "$1" || :
        reversed=$1
        fail transition "$text and was reversed"
    fi
    remaining=$1
    fail transition "$text and could not be reversed"
}

# not_ours NAME: somebody else's transition is not ours to reverse.
not_ours() {
    name_blockers 1
    failed_as=stuck
    fail transition "$1 was in transition before and did not get out of it"
}

# check_file NAME SUM: is it the file that was sent, for this kernel?
check_file() {
    patch=$1
    file=$here/$1.ko
    [ -r "$file" ] || fail file "$1.ko was not uploaded"
    sum=$(run sha256sum "$file") || fail file "$1.ko cannot be read"
    [ "${sum%% *}" = "$2" ] || fail checksum "$1.ko is not the file of the order"
    inside=$(run modinfo -F name "$file" 2>/dev/null) || inside=
    # busybox has no such field
    if [ -n "$inside" ] && [ "$inside" != "$1" ]; then
        fail name "the module inside $1.ko is called '$inside'"
    fi
    magic=$(run modinfo -F vermagic "$file" 2>&1) ||
        fail file "modinfo cannot read $1.ko: $magic"
    magic=${magic%% *}
    # the kernel itself may accept another release
    [ "$magic" = "$release" ] ||
        fail release "$1.ko is built for '$magic', the host runs '$release'"
}

# insert NAME: insmod, again when the kernel is busy with another patch.
insert() {
    tries=0
    while :; do
        say "loading $1"
        if said=$(run insmod "$here/$1.ko" 2>&1); then
            loaded=${loaded:+$loaded }$1
            return 0
        fi
        say "insmod: $said"
        case $said in
        *[Bb]'usy'*) ;;
        *'File exists'*)
            settled "$1" 1 && return 0
            return 1
            ;;
        *) return 1 ;;
        esac
        tries=$((tries + 1))
        if [ "$tries" -ge 5 ] || refused_by_itself "$1"; then
            return 1
        fi
        run sleep 2
    done
}

# refused_by_itself NAME: busy can also be the patch's own answer.
refused_by_itself() {
    klog_lines >"$here/klog.now" 2>/dev/null || return 1
    tail -n +"$((klog_before + 1))" "$here/klog.now" |
        grep -q 'pre-patch callback failed'
}

# apply_one NAME: in effect when it returns.
apply_one() {
    patch=$1
    patch_look "$1"
    if [ "$enabled" = 1 ]; then
        settle "$1" 1 || not_ours "$1"
        already=${already:+$already }$1
        return 0
    fi
    if [ -n "$enabled" ]; then
        settle "$1" 0 || fail transition "$1 is being removed by somebody else"
    fi
    if module_is_loaded "$1"; then # left over from a rollback or a replacement
        unload "$1" || fail remove "the old module $1 cannot be removed: $said"
    fi
    # what insmod says before the reason is the path of the file
    insert "$1" || fail load "the kernel refused $1: ${said##*.ko: }"
    if ! settle "$1" 1; then
        patch_look "$1"
        [ -n "$enabled" ] || fail foreign "$1 was taken out by somebody else"
        loaded=${loaded%"$1"}
        loaded=${loaded% }
        give_up "$1"
    fi
    say "$1 is in effect"
}

apply() {
    for pair in $HF_MODULES; do
        check_file "${pair%%=*}" "${pair#*=}"
    done
    for pair in $HF_MODULES; do
        apply_one "${pair%%=*}"
    done
    patch=
    leave ok '' "in effect: ${loaded:-nothing new}"
}

rollback() {
    for name in $HF_PATCHES; do
        patch=$name status=0
        patch_look "$name"
        if [ -z "$enabled" ]; then
            unload "$name" || :
            already=${already:+$already }$name
            continue
        fi
        take_out "$name" || status=$?
        case $status in
        0) ;;
        1)
            remaining=$name
            leave stuck transition "$name could not be taken out within $limit s and stays in effect"
            ;;
        2)
            remaining=$name
            leave failed disable "$name cannot be disabled: $said"
            ;;
        3) say "module $name stays loaded, out of effect: $said" ;;
        esac
        undone=${undone:+$undone }$name
    done
    patch=
    leave ok '' "taken out: ${undone:-nothing}"
}

# note_restart: says ahead that this run orders a restart, and when it is due.
note_restart() {
    first /proc/sys/kernel/random/boot_id || :
    boot=$first
    up
    printf 'run=%s\nboot=%s\ndue=%s\n' "${HF_RUN-}" "$boot" \
        "$((up + restart_in))" >"$root$ordered.new"
    mv "$root$ordered.new" "$root$ordered"
}

# restart_later: by systemd, which warns the users and can be told to leave it
# ("shutdown -c"); else by a process that waits, and looks whether somebody
# called it off.
restart_later() {
    if [ -d "$root/run/systemd/system" ] && tool shutdown; then
        minutes=$(((HF_DELAY_S + 59) / 60))
        restart_in=$((minutes * 60))
        note_restart
        said=$("$tool" -r "+$minutes" "hotfleet ${HF_RUN-}: ${HF_REASON:-restart}" 2>&1)
        return
    fi
    restart_in=$HF_DELAY_S
    note_restart
    tool reboot || return 1
    reboot=$tool
    tool sh || return 1
    shell=$tool
    tool setsid || tool nohup || return 1
    # shellcheck disable=SC2016
    "$tool" "$shell" -c \
        'sleep "$1"; grep -qx "run=$3" "$4" 2>/dev/null || exec "$2"' hotfleet \
        "$restart_in" "$reboot" "${HF_RUN-}" "$root$called_off" \
        </dev/null >/dev/null 2>&1 &
}

# stop_if_called_off: somebody does not want it. Asked before and after the
# order: one of the two sees who comes in between.
stop_if_called_off() {
    restart_look
    [ -n "$off_run" ] && [ "$off_run" = "${HF_RUN-}" ] || return 0
    if [ -e "$root$scheduled" ]; then
        said=$(run shutdown -c 2>&1) || :
    fi
    leave failed called-off 'the restart was called off'
}

# stop_if_in_use: leaves the host as it is while one of UNLESS_RUNNING runs, or
# (with UNLESS_LOGGED_ON) somebody is logged on.
stop_if_in_use() {
    for name in ${HF_UNLESS_RUNNING-}; do
        for comm in "$root"/proc/[0-9]*/comm; do
            is=
            if [ -r "$comm" ]; then read -r is <"$comm" || :; fi
            # the kernel keeps 15 bytes
            [ "$is" = "$(printf %.15s "$name")" ] &&
                leave failed in-use "in use: '$name' runs"
        done
    done
    [ "${HF_UNLESS_LOGGED_ON-}" = yes ] || return 0
    tool who || leave failed in-use 'nobody can say who is logged on: there is no "who"'
    said=$("$tool" 2>/dev/null) || said=
    [ -z "$said" ] ||
        leave failed in-use "in use: ${said%%[ 	]*} is logged on"
}

restart() {
    stop_if_in_use
    first "$scheduled" &&
        leave failed scheduled 'a shutdown or restart is scheduled already'
    stop_if_called_off
    if ! restart_later; then
        rm -f "$root$ordered"
        leave failed restart "the restart cannot be ordered: $said"
    fi
    stop_if_called_off
    result_put restart_in "$restart_in"
    leave ok '' "restarts in $restart_in s"
}

# words NAME VALUE: refuses what is no list of plain words.
words() {
    case $2 in
    '' | *[!A-Za-z0-9_=\ -]*) leave failed parameter "$1 is missing or malformed" ;;
    esac
}

prepare() {
    exec >>"$here/log" 2>&1 </dev/null
    patch='' said='' held_by='' failed_as=failed beat=''
    printf '%s\n' "$$" >"$here/pid"
    sign
    started_up=$up
    beat $$ & # before there are traps, which it would inherit
    beat=$!
    trap 'leave failed internal "the job ended unexpectedly"' EXIT
    trap 'exit 1' HUP INT TERM
    limit=${HF_TRANSITION_S:-75}
    is_number "$limit" || leave failed parameter 'TRANSITION_S is malformed'
    klog_before=$(klog_lines | wc -l) || klog_before=0
    first /proc/sys/kernel/osrelease || :
    release=$first
    say "job ${HF_RUN-}: ${HF_ACTION-} on $release"
    [ "$release" = "${HF_KERNEL-}" ] || leave failed kernel \
        "the host runs '$release', the order was made for '${HF_KERNEL-}'"
}

work() {
    prepare
    case ${HF_ACTION-} in
    apply)
        words MODULES "${HF_MODULES-}"
        apply
        ;;
    rollback)
        words PATCHES "${HF_PATCHES-}"
        rollback
        ;;
    reboot)
        is_number "${HF_DELAY_S-}" ||
            leave failed parameter 'DELAY_S is missing or malformed'
        restart
        ;;
    *) leave failed parameter "ACTION is '${HF_ACTION-}'" ;;
    esac
}

work
