# What the kernel says about live patches; used by the probe and by the job.
# shellcheck disable=SC2034,SC2154
sysfs=/sys/kernel/livepatch

# patch_look NAME: $enabled and $transition, each "1", "0" or empty when the
# directory is gone (which after a rollback means "done").
patch_look() {
    first "$sysfs/$1/enabled" || :
    enabled=$first
    first "$sysfs/$1/transition" || :
    transition=$first
    if [ ! -d "$root$sysfs/$1" ]; then
        enabled='' transition=''
    fi
}

# module_is_loaded NAME
module_is_loaded() {
    [ -d "$root/sys/module/$1" ]
}

# blockers_find TARGET: $blockers names the threads that did not reach TARGET
# (1 patching, 0 unpatching), as "pid/tid comm function; ...", at most 20;
# false when no thread may be read.
blockers_find() {
    blockers='' blockers_n=0 blockers_read=0
    for task in "$root"/proc/[0-9]*/task/[0-9]*; do
        { read -r state <"$task/patch_state"; } 2>/dev/null || continue
        blockers_read=$((blockers_read + 1))
        case $state in
        -1 | "$1") continue ;;
        esac
        blockers_n=$((blockers_n + 1))
        [ "$blockers_n" -le 20 ] || continue
        blocker_add "${task#"$root"}"
    done
    if [ "$blockers_n" -gt 20 ]; then
        blockers="$blockers; and $((blockers_n - 20)) more"
    fi
    [ "$blockers_read" -gt 0 ]
}

# blocker_add TASK: its numbers, name and where it sleeps.
blocker_add() {
    pid=${1#/proc/}
    pid=${pid%%/*}
    first "$1/comm" || first='?'
    comm=$first
    first "$1/stack" || first='? ?' # "[<0>] function+0x1f/0x40 [module]"
    where=${first#* }
    where=${where%% *}
    blockers=${blockers:+$blockers; }$pid/${1##*/}" $comm ${where%%+*}"
}
