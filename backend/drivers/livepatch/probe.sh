# Reads everything there is to know about the host and changes nothing. What
# the login may not read is unknown, with the reason. In: HEALTH, HEALTH_<n>_*.
# shellcheck disable=SC2154

probe_system() {
    put_file kernel.release /proc/sys/kernel/osrelease
    release=$first
    put_file kernel.version /proc/sys/kernel/version
    if arch=$(run uname -m); then
        put arch "$arch" 'uname -m'
    else
        unknown arch 'absent: no uname'
    fi
    put_file machine.id /etc/machine-id
    put_file boot.id /proc/sys/kernel/random/boot_id
    at=/proc/sys/kernel/tainted
    # as a whole: "read" asks for single bytes, of which this file has one
    if taint=$(cat "$root$at" 2>/dev/null) && is_number "$taint"; then
        put taint "$taint" "$at"
    else
        blame "$at"
        unknown taint "$why" "$at"
    fi
    up
    put uptime "$up" /proc/uptime
    put clock "$(run date +%s)" date
    btime=
    if [ -r "$root/proc/stat" ]; then
        while read -r word value rest; do
            [ "$word" != btime ] || btime=$value
        done <"$root/proc/stat"
    fi
    if is_number "$btime"; then
        put boot.time "$btime" /proc/stat
    else
        unknown boot.time 'cannot be read' /proc/stat
    fi
}

# os_value TEXT: without the quotes that the file may have.
os_value() {
    value=${1#*=}
    value=${value#[\"\']}
    value=${value%[\"\']}
}

probe_os() {
    at=/etc/os-release os_id='' os_version='' os_name=''
    [ -r "$root$at" ] || at=/usr/lib/os-release
    if [ ! -r "$root$at" ]; then
        for key in os.id os.version os.name; do
            unknown "$key" absent "$at"
        done
        return 0
    fi
    while IFS= read -r text || [ -n "$text" ]; do
        os_value "$text"
        case $text in
        ID=*) os_id=$value ;;
        VERSION_ID=*) os_version=$value ;;
        PRETTY_NAME=*) os_name=$value ;;
        esac
    done <"$root$at"
    put os.id "$os_id" "$at"
    put os.version "$os_version" "$at"
    put os.name "$os_name" "$at"
}

probe_login() {
    uid=$(run id -u) || uid=
    user=$(run id -un) || user=
    if [ "$uid" = 0 ]; then
        put login.elevated yes 'id -u'
        uid=${SUDO_UID:-0} user=${SUDO_USER:-$user}
    elif ! tool sudo; then
        put login.elevated no 'no sudo'
    elif run sudo -n /bin/sh -s >/dev/null 2>&1; then
        put login.elevated yes 'sudo -n /bin/sh -s'
    else
        put login.elevated no 'sudo -n /bin/sh -s'
    fi
    put login.uid "$uid" 'id -u'
    put login.user "$user" 'id -un'
}

# config_has NAME: 0 it is set to y, 1 it is not, 2 nobody knows.
config_has() {
    for config in "/boot/config-$release" "/lib/modules/$release/config"; do
        if [ -r "$root$config" ]; then
            grep -q "^CONFIG_$1=y" "$root$config"
            return
        fi
    done
    config=/proc/config.gz
    [ -r "$root$config" ] && tool zcat || return 2
    "$tool" "$root$config" 2>/dev/null | grep -q "^CONFIG_$1=y"
}

probe_kernel() {
    if [ -d "$root$sysfs" ]; then
        put livepatch.supported yes "$sysfs"
    else
        put livepatch.supported no "$sysfs"
    fi
    has=0
    config_has LIVEPATCH || has=$?
    case $has in
    0) put livepatch.config y "$config" ;;
    1) put livepatch.config n "$config" ;;
    *) unknown livepatch.config absent "/boot/config-$release" ;;
    esac
    probe_lockdown
    at=/sys/module/module/parameters/sig_enforce
    if first "$at"; then
        case $first in
        Y | 1) put module.sig_enforce yes "$at" ;;
        *) put module.sig_enforce no "$at" ;;
        esac
    else
        has=0
        config_has MODULE_SIG || has=$?
        case $has in
        1) put module.sig_enforce no "$config" ;;
        *) unknown module.sig_enforce absent "$at" ;;
        esac
    fi
    probe_secureboot
}

# "none [integrity] confidentiality": the word in brackets holds.
probe_lockdown() {
    at=/sys/kernel/security/lockdown
    if first "$at"; then
        first=${first#*\[}
        put lockdown "${first%%\]*}" "$at"
    elif [ -e "$root$at" ]; then
        unknown lockdown 'needs elevation' "$at"
    elif [ -e "$root/sys/kernel/security/lsm" ]; then
        put lockdown none "${at%/*}" # mounted, and the module is not there
    else
        unknown lockdown 'absent: securityfs is not mounted' "$at"
    fi
}

probe_secureboot() {
    at=/sys/firmware/efi
    if [ ! -d "$root$at" ]; then
        put secureboot no "no $at"
        return 0
    fi
    at=$at/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
    if [ ! -r "$root$at" ]; then
        blame "$at"
        unknown secureboot "$why" "$at"
        return 0
    fi
    case $(od -An -v -tu1 -j4 -N1 "$root$at" | tr -d ' ') in
    1) put secureboot yes "$at" ;;
    *) put secureboot no "$at" ;;
    esac
}

# The kernel log, only lines that matter: $klog; $klog_why when it may not be
# read.
probe_klog() {
    klog='' klog_why=
    tool dmesg || {
        klog_why='absent: no dmesg'
        return 0
    }
    klog=$({ "$tool" 2>&1 </dev/null || echo 'hotfleet: denied'; } | grep -E \
        '^dmesg: |^hotfleet: denied|livepatch: |BUG: |Oops|WARNING: |general protection|lockup|LOCKUP|Call Trace|refusing to load') ||
        klog=
    case $klog in
    *'hotfleet: denied'*)
        klog_why='needs elevation'
        klog=
        ;;
    esac
}

probe_klog_errors() {
    if [ -n "$klog_why" ]; then
        unknown klog.errors "$klog_why" dmesg
        unknown klog.last "$klog_why" dmesg
        return 0
    fi
    errors=$(printf '%s\n' "$klog" | grep -E \
        'livepatch: .*(fail|not found|forcing)|BUG: |Oops|WARNING: |general protection|lockup|LOCKUP|Call Trace|refusing to load') || :
    put klog.errors "$(printf '%s' "${errors:+$errors$newline}" | wc -l | tr -d ' ')" dmesg
    put klog.last "$(printf '%s\n' "${errors:-none}" | tail -n 1)" dmesg
}

# Names whose transition was forced: the last one named before the line.
probe_forced() {
    forced=$(printf '%s\n' "$klog" | sed -n \
        -e "s/.*livepatch: '\\([^']*\\)': starting .*/\\1/" -e 't keep' \
        -e '/livepatch: forcing/{' -e 'g' -e 'p' -e '}' -e 'b' \
        -e ':keep' -e 'h')
}

# named_for_boot NAME: does modules-load.d name it?
named_for_boot() {
    dash=$(printf '%s' "$1" | tr _ -)
    for conf in "$root"/etc/modules "$root"/etc/modules-load.d/*.conf \
        "$root"/run/modules-load.d/*.conf \
        "$root"/usr/lib/modules-load.d/*.conf; do
        if [ -r "$conf" ] && grep -qxF -e "$1" -e "$dash" "$conf"; then
            return 0
        fi
    done
    return 1
}

# survives_by NAME: $survives says who loads it again after a restart.
survives_by() {
    survives=none
    if [ -n "$kpatch_enabled" ] &&
        [ -e "$root/var/lib/kpatch/$release/$1.ko" ]; then
        survives=kpatch.service
    elif named_for_boot "$1"; then
        survives=modules-load.d
    fi
}

# patch_objects DIRECTORY: $objects is "vmlinux:1 ext4:0".
patch_objects() {
    objects=
    for object in "$root$1"/*/; do
        [ -d "$object" ] || continue
        object=${object%/}
        object=${object##*/}
        first "$1/$object/patched" || first=-
        objects=${objects:+$objects }$object:$first
    done
}

# probe_patch NAME: everything about one directory.
probe_patch() {
    at=$sysfs/$1
    escape_key "$1"
    key=patch.$escaped
    patch_look "$1"
    if [ -z "$enabled" ]; then
        [ -d "$root$at" ] || return 0 # went away meanwhile
        blame "$at/enabled"
        unknown "$key.enabled" "$why" "$at/enabled"
        unread="$why: $1/enabled"
        return 0
    fi
    put "$key.enabled" "$enabled" "$at/enabled"
    put "$key.transition" "${transition:-0}" "$at/transition"
    for file in replace stack_order; do
        if first "$at/$file"; then
            put "$key.$file" "$first" "$at/$file"
        fi
    done
    if first "/sys/module/$1/taint"; then
        put "$key.taint" "$first" "/sys/module/$1/taint"
    fi
    patch_objects "$at"
    put "$key.objects" "${objects:-none}" "$at"
    if [ -n "$klog_why" ]; then
        unknown "$key.forced" "$klog_why" dmesg
    elif printf '%s\n' "$forced" | grep -qxF -e "$1"; then
        put "$key.forced" yes dmesg
    else
        put "$key.forced" no dmesg
    fi
    survives_by "$1"
    put "$key.survives" "$survives" 'kpatch.service, modules-load.d'
    if [ "$transition" = 1 ]; then
        moving=$1 moving_to=$enabled
    elif [ "$enabled" = 1 ]; then
        in_effect=${in_effect:+$in_effect }$1
        case " $all_survive " in
        ' none ') ;;
        *" $survives "*) ;;
        *) all_survive=$survives${all_survive:+ $all_survive} ;;
        esac
        [ "$survives" != none ] || all_survive=none
    fi
}

probe_patches() {
    in_effect='' moving='' all_survive='' unread=''
    probe_forced
    for directory in "$root$sysfs"/*/; do
        [ -d "$directory" ] || continue
        directory=${directory%/}
        probe_patch "${directory##*/}"
    done
    if [ -n "$unread" ]; then # it may be in effect, or not
        for key in patches survive transition transition.blockers; do
            unknown "$key" "$unread" "$sysfs"
        done
        return 0
    fi
    put patches "${in_effect:-none}" "$sysfs"
    put survive "${all_survive:-none}" 'kpatch.service, modules-load.d'
    put transition "${moving:-none}" "$sysfs"
    if [ -z "$moving" ]; then
        put transition.blockers none "$sysfs"
    elif blockers_find "$moving_to"; then
        put transition.blockers "${blockers:-none}" '/proc/*/task/*/patch_state'
    else
        unknown transition.blockers 'needs elevation' \
            '/proc/*/task/*/patch_state'
    fi
}

# Modules: their bytes in all, and of livepatch modules (taint letter K), and
# which of these are loaded without a directory.
probe_modules() {
    leftover='' bytes=0 patches=0 odd=
    if [ ! -e "$root/proc/modules" ]; then
        put modules.leftover none 'a kernel without modules'
        put memory.modules 0 'a kernel without modules'
        put memory.patches 0 'a kernel without modules'
        return 0
    fi
    while read -r name size rest; do
        if is_number "$size"; then
            bytes=$((bytes + size))
        else
            size=0 odd=$name
        fi
        case $rest in
        *'('*K*')'*)
            patches=$((patches + size))
            escape_key "$name"
            [ "$odd" = "$name" ] ||
                put "memory.patch.$escaped" "$size" /proc/modules
            [ -d "$root$sysfs/$name" ] ||
                leftover=${leftover:+$leftover }$name
            ;;
        esac
    done <"$root/proc/modules"
    put modules.leftover "${leftover:-none}" /proc/modules
    if [ -z "$odd" ]; then
        put memory.modules "$bytes" /proc/modules
        put memory.patches "$patches" /proc/modules
    else
        unknown memory.modules "cannot be read: $odd" /proc/modules
        unknown memory.patches "cannot be read: $odd" /proc/modules
    fi
}

probe_space() {
    at=$folder
    while [ ! -d "$root$at" ] && [ -n "$at" ]; do
        at=${at%/*}
    done
    free=$(run df -Pk "$root$at/" 2>/dev/null | sed -n '2p') || free=
    # shellcheck disable=SC2086
    set -- $free
    if is_number "${4-}"; then
        put space.bytes "$(($4 * 1024))" "df ${at:-/}"
    else
        unknown space.bytes 'cannot be read' "df ${at:-/}"
    fi
}

do_probe() {
    probe_system
    probe_os
    probe_login
    probe_kernel
    probe_klog
    probe_klog_errors
    probe_others
    probe_patches
    probe_modules
    probe_restart
    probe_boot_next
    probe_boot
    probe_space
    probe_units
    probe_ports
    probe_memory
    probe_health
    job_look "$job"
    job_put "$job"
}

answer do_probe
