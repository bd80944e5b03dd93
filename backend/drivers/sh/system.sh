# What every Linux host can be asked, whatever patches it: a pending restart,
# the kernel that boots next, who else patches here, units and health.
# shellcheck disable=SC2034,SC2154

# flavour RELEASE: $flavour is the part that kernels of one kind share:
# "-cloud-amd64", "-generic", ".x86_64".
flavour() {
    flavour=$(printf '%s\n' "$1" | sed \
        -e 's/.*[0-9]\(-[a-z][a-z0-9_-]*\)$/\1/' -e t \
        -e 's/.*\(\.[a-z][a-z0-9_]*\(+[a-z]*\)*\)$/\1/' -e t -e 's/.*//')
}

# newest_kernel: $newest of the running one's kind among those installed;
# $newest_at is where they were listed; false when nothing is listed.
newest_kernel() {
    newest_at=/boot newest=
    flavour "$release"
    mine=$flavour
    for kernel in "$root"/boot/vmlinuz-*; do
        [ ! -e "$kernel" ] || newest=$newest${kernel##*/vmlinuz-}$newline
    done
    if [ -z "$newest" ]; then
        newest_at=/lib/modules
        for kernel in "$root"/lib/modules/*/modules.dep; do
            [ -e "$kernel" ] || continue
            kernel=${kernel%/modules.dep}
            newest=$newest${kernel##*/}$newline
        done
    fi
    kernels=$newest newest=
    for kernel in $(printf '%s' "$kernels" | sort -V); do
        flavour "$kernel"
        [ "$flavour" != "$mine" ] || newest=$kernel
    done
    [ -n "$newest" ]
}

# mtime FILE: $mtime in epoch seconds.
mtime() {
    mtime=$(run stat -c %Y "$root$1" 2>/dev/null) || mtime=
}

# pending FILE REASON: a restart waits, since that file was written.
pending() {
    put restart.pending yes "$1"
    put restart.reason "$2" "$1"
    mtime "$1"
    if is_number "$mtime"; then
        put restart.since "$mtime" "$1"
    else
        unknown restart.since 'cannot be read' "$1"
    fi
}

# flag_reason FILE: the packages that asked, on one line.
flag_reason() {
    flag_reason='a package asked for it'
    [ -r "$root$1.pkgs" ] || return 0
    packages=$(sort -u "$root$1.pkgs" | tr '\n' ' ')
    [ -z "$packages" ] || flag_reason="asked for by ${packages% }"
}

# probe_called_off: the last restart of ours that somebody called off.
probe_called_off() {
    if [ -e "$root$called_off" ] && [ ! -r "$root$called_off" ]; then
        unknown restart.calledoff 'needs elevation' "$called_off"
    elif [ -n "$off_run" ]; then
        put restart.calledoff "$off_run" "$called_off"
        put_encoded restart.calledoff.by = "$off_by" "$called_off"
    fi
}

probe_scheduled() {
    at=$scheduled
    restart_look
    probe_called_off
    if [ ! -r "$root$at" ]; then
        restart_waits || return 0
        put restart.scheduled $(($(date +%s) + restart_due - up)) "$ordered"
        return 0
    fi
    while IFS= read -r text; do
        case $text in
        USEC=*)
            text=${text#USEC=}
            if is_number "$text"; then
                put restart.scheduled $((text / 1000000)) "$at"
            fi
            ;;
        esac
    done <"$root$at"
}

# cannot_list FOLDER
cannot_list() {
    [ -d "$root$1" ] && [ ! -r "$root$1" ]
}

probe_restart() {
    probe_scheduled
    for flag in /run/reboot-required /var/run/reboot-required \
        /run/reboot-needed; do
        if [ -e "$root$flag" ]; then
            flag_reason "$flag"
            pending "$flag" "$flag_reason"
            return 0
        fi
    done
    if newest_kernel; then
        if [ "$newest" != "$release" ] && [ "$(printf '%s\n%s\n' "$newest" \
            "$release" | sort -V | tail -n 1)" = "$newest" ]; then
            at=/lib/modules/$newest/modules.dep
            [ -e "$root$at" ] || at=$newest_at/vmlinuz-$newest
            pending "$at" "kernel $newest is installed, $release runs"
            return 0
        fi
    fi
    if tool needs-restarting; then
        status=0
        answer=$(run timeout 30 "$tool" -r 2>/dev/null) || status=$?
        case $status in
        0) put restart.pending no 'needs-restarting -r' ;;
        1)
            put restart.pending yes 'needs-restarting -r'
            answer=$(printf '%s' "$answer" | sed -n 's/^ *\* //p' | tr '\n' ' ')
            put restart.reason "updated since boot: $answer" \
                'needs-restarting -r'
            ;;
        *) unknown restart.pending 'cannot be read' 'needs-restarting -r' ;;
        esac
    elif [ -n "$newest" ]; then
        put restart.pending no "/run/reboot-required, $newest_at"
    elif cannot_list /boot || cannot_list /lib/modules; then
        unknown restart.pending 'needs elevation: the list of kernels' "$newest_at"
    else
        put restart.pending no '/run/reboot-required, no kernel is kept here'
    fi
}

# Which kernel boots next, when GRUB's or the distribution's tool says so.
probe_boot_next() {
    at=/boot/grub/grub.cfg
    if tool grubby && next=$(run grubby --default-kernel 2>/dev/null) &&
        [ -n "$next" ]; then
        put boot.next "${next#*vmlinuz-}" 'grubby --default-kernel'
        return 0
    fi
    if [ ! -r "$root$at" ]; then
        blame "$at"
        unknown boot.next "$why" "$at"
        return 0
    fi
    next=$(sed -n 's/^ *set default="\([^$"]*\)".*/\1/p' "$root$at" |
        tail -n 1)
    if [ "$next" != 0 ]; then
        unknown boot.next "cannot be told: the default entry is '$next'" "$at"
        return 0
    fi
    next=$(sed -n 's/^[[:space:]]*linux[a-z]*[[:space:]].*vmlinuz-\([^[:space:]]*\).*/\1/p' \
        "$root$at" | head -n 1)
    if [ -n "$next" ]; then
        put boot.next "$next" "$at"
    else
        unknown boot.next 'cannot be told: no entry names a kernel' "$at"
    fi
}

has_systemd() {
    [ -d "$root/run/systemd/system" ] && tool systemctl
}

# unit_enabled UNIT
unit_enabled() {
    has_systemd && run systemctl is-enabled --quiet "$1" >/dev/null 2>&1
}

# other NAME TEXT: one more who patches here.
other() {
    others=${others:+$others }$1
    put "others.$1" "$2"
}

probe_others() {
    others='' kpatch_enabled=''
    if unit_enabled kpatch.service; then
        kpatch_enabled=yes
        other kpatch.service 'loads the modules of its folder at every start'
    fi
    [ ! -x "$root/snap/bin/canonical-livepatch" ] ||
        other canonical-livepatch 'pulls live patches by itself, every hour'
    [ ! -x "$root/usr/bin/kcarectl" ] ||
        other kernelcare 'pulls patches by itself, every four hours'
    if [ -d "$root/var/lib/uptrack" ] || tool uptrack-upgrade; then
        other ksplice 'may pull updates by itself, see uptrack.conf'
    fi
    if unit_enabled unattended-upgrades.service; then
        other unattended-upgrades 'installs packages daily, kernels too'
    fi
    if unit_enabled dnf-automatic.timer ||
        unit_enabled dnf-automatic-install.timer; then
        other dnf-automatic 'installs packages by a timer'
    fi
    put others "${others:-none}" 'systemctl, known paths'
}

probe_units() {
    if [ ! -d "$root/run/systemd/system" ]; then
        put units.failed none 'no systemd here'
    elif ! tool systemctl; then
        unknown units.failed 'absent: no systemctl'
    elif failed=$(run systemctl list-units --failed --no-legend --plain \
        --no-pager 2>/dev/null); then
        failed=$(printf '%s\n' "$failed" | sed 's/^ *\([^ ]*\).*/\1/' |
            tr '\n' ' ')
        failed=${failed% }
        put units.failed "${failed:-none}" 'systemctl --failed'
    else
        unknown units.failed 'cannot be read' 'systemctl --failed'
    fi
}

# probe_ports: every TCP port on which somebody listens, by number.
probe_ports() {
    if [ ! -r "$root/proc/net/tcp" ]; then
        blame /proc/net/tcp
        unknown ports "$why" /proc/net/tcp
        return 0
    fi
    ports=''
    listening=$(cat "$root/proc/net/tcp" "$root/proc/net/tcp6" 2>/dev/null |
        sed -nE 's/^ *[0-9]+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]+ 0A .*/\1/p' |
        sort -u)
    for hex in $listening; do
        ports="${ports:+$ports }$((0x$hex))"
    done
    put ports "${ports:-none}" /proc/net/tcp
}

# probe_memory: bytes in all, bytes that a new program could have, and bytes
# that programs were promised.
probe_memory() {
    while read -r key value unit; do
        case $key.$unit in
        MemTotal:.kB) put memory.total "$((value * 1024))" /proc/meminfo ;;
        MemAvailable:.kB) put memory.free "$((value * 1024))" /proc/meminfo ;;
        Committed_AS:.kB)
            put memory.committed "$((value * 1024))" /proc/meminfo
            ;;
        esac
    done 2>/dev/null <"$root/proc/meminfo" || unknown memory.total \
        'cannot be read' /proc/meminfo
}

# health_unit KEY UNIT
health_unit() {
    if ! has_systemd; then
        unknown "health.$1" 'absent: no systemd here'
        return 0
    fi
    answer=$(run systemctl is-active -- "$2" 2>/dev/null) || :
    case $answer in
    active) put "health.$1" yes "systemctl is-active $2: active" ;;
    '') unknown "health.$1" 'cannot be read' "systemctl is-active $2" ;;
    *) put "health.$1" no "systemctl is-active $2: $answer" ;;
    esac
}

# health_port KEY NUMBER: does anybody listen there?
health_port() {
    is_number "$2" || {
        unknown "health.$1" 'cannot be read: no port number'
        return 0
    }
    hex=$(printf '%04X' "$2")
    if [ ! -r "$root/proc/net/tcp" ]; then
        blame /proc/net/tcp
        unknown "health.$1" "$why" /proc/net/tcp
    elif cat "$root/proc/net/tcp" "$root/proc/net/tcp6" 2>/dev/null |
        grep -qE "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F]+:[0-9A-F]+ 0A "; then
        put "health.$1" yes "port $2 is listening"
    else
        put "health.$1" no "nobody listens on port $2"
    fi
}

probe_health() {
    n=0
    while [ "$n" -lt "${HF_HEALTH:-0}" ]; do
        n=$((n + 1))
        eval "key=\${HF_HEALTH_${n}_KEY-} unit=\${HF_HEALTH_${n}_UNIT-} \
            port=\${HF_HEALTH_${n}_PORT-}"
        if [ -n "$unit" ]; then
            health_unit "$key" "$unit"
        else
            health_port "$key" "$port"
        fi
    done
}
