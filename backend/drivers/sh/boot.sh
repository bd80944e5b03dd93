# Who ended the run of the system before this one, and how: by the journal of
# that run, by wtmp, by what a crash left. What none of them tells is unknown.
# shellcheck disable=SC2034,SC2154
boot_journal=/var/log/journal
boot_last=/var/log/wtmp
# What systemd's manager of logins says of a shutdown, whatever the language.
boot_shutdown=98268866d1d54a499c4e98921d93bc40

# boot_ended HOW SOURCE: "ordered" or "unclean"; the first source counts.
boot_ended() {
    [ -n "$ended" ] || ended=$1 ended_at=$2
}

# boot_no WHY: nothing was found there; the first reason counts.
boot_no() {
    [ -n "$ended_why" ] || ended_why=$1
}

# ends_it COMMAND: it is one that ends the run of a system.
ends_it() {
    ends=${1%% *}
    case ${ends##*/} in
    reboot | shutdown | poweroff | halt | init | telinit | kexec) ;;
    systemctl)
        case $1 in
        *\ reboot* | *\ poweroff* | *\ halt* | *\ kexec* | *\ soft-reboot*) ;;
        *) return 1 ;;
        esac
        ;;
    *) return 1 ;;
    esac
}

# boot_asked: $asked_by and $asked_why by what was logged of a shutdown: the
# message of the order, and who raised himself for it.
boot_asked() {
    asked_by='' asked_why=''
    while IFS= read -r text; do
        case $text in
        *' : '*' COMMAND='*)
            ends_it "${text##* COMMAND=}" || continue
            asked_by=${text%% : *}
            asked_by=${asked_by##* }
            asked_why=${text##* COMMAND=}
            ;;
        'System is rebooting ('*')'* | 'System is powering down ('*')'*)
            asked_why=${text#*\(}
            asked_why=${asked_why%)*}
            ;;
        esac
    done
}

# boot_by_journal: only a journal that the login may read as a whole counts:
# of another one it sees nothing but its own messages.
boot_by_journal() {
    at=$boot_journal
    if ! tool journalctl || ! first /etc/machine-id ||
        [ ! -d "$root$at/$first" ]; then
        boot_no 'absent: no journal outlives a restart'
        return 0
    elif [ ! -r "$root$at/$first/system.journal" ]; then
        boot_no "needs elevation: $at"
        return 0
    fi
    last=$(run journalctl -q --no-pager -b -1 -n 1 -o cat 2>/dev/null) || last=
    if [ -z "$last" ]; then
        boot_no 'absent: the journal does not reach back to it'
        return 0
    fi
    asked=$(run journalctl -q --no-pager -b -1 -n 30 -o cat \
        "MESSAGE_ID=$boot_shutdown" + _COMM=sudo 2>/dev/null) || asked=
    boot_asked <<BOOT
$asked
BOOT
    case "$last$newline$asked" in
    'Journal stopped'* | *'System is '*) boot_ended ordered 'journalctl -b -1' ;;
    *) boot_ended unclean 'journalctl -b -1' ;;
    esac
}

# boot_by_wtmp: the newest start is this one, and the record below it tells.
boot_by_wtmp() {
    if [ ! -r "$root$boot_last" ] || ! tool last; then
        boot_no "absent: $boot_last"
        return 0
    fi
    records=$(run last -x -n 2 -f "$root$boot_last" reboot shutdown \
        2>/dev/null) || records=
    case $records in
    reboot*"$newline"shutdown*) boot_ended ordered 'last -x' ;;
    reboot*"$newline"reboot*) boot_ended unclean 'last -x' ;;
    *) boot_no 'absent: wtmp does not reach back to it' ;;
    esac
}

# boot_trace: $trace is what the crash left right before this start, if one
# did: the kernel's last words, or a dump.
boot_trace() {
    trace=
    is_number "$btime" || return 0
    for left in "$root"/sys/fs/pstore/dmesg-* "$root"/var/crash/* \
        "$root"/var/lib/systemd/pstore/*; do
        [ -e "$left" ] || continue
        left=${left#"$root"}
        mtime "$left"
        if is_number "$mtime" && [ "$mtime" -ge $((btime - 3600)) ] &&
            [ "$mtime" -le $((btime + 600)) ]; then
            trace=$left
        fi
    done
}

# trace_words: the panic's own line, where the trace holds it as text.
trace_words() {
    words=$(find "$root$trace" -type f \( -name '*dmesg*' -o -name '*.txt' \) \
        -exec grep -ahoE '(Kernel panic|BUG: |Oops: |Unable to handle).*' {} + \
        2>/dev/null | head -n 1) || words=
}

probe_boot() {
    ended='' ended_at='' ended_why='' asked_by='' asked_why=''
    boot_by_journal
    boot_by_wtmp
    [ "$ended" = ordered ] || boot_trace
    if [ "$ended" != ordered ] && [ -n "$trace" ]; then
        trace_words
        put boot.cause crash "$trace"
        put boot.why "${words:-it left $trace}" "$trace"
        return 0
    elif [ -z "$ended" ]; then
        unknown boot.cause "$ended_why" "$boot_journal, $boot_last"
        return 0
    fi
    put boot.cause "$ended" "$ended_at"
    [ "$ended" = ordered ] || return 0
    [ -z "$asked_by" ] || put boot.by "$asked_by" "$ended_at"
    [ -z "$asked_why" ] || put boot.why "$asked_why" "$ended_at"
}
