# shellcheck shell=sh
# A kernel made of files, for the tools beside it: what a real one does with
# live patches, as far as the scripts can see it. FAKE_ROOT is its root. A
# module is a text file: name=, vermagic=, does= (ok, replace, slow, stuck,
# stuck-out, stuck-both, badmagic, badcrc, badelf, badsym, refuse, busy, key).
# Patches that are there: .kernel/does/<name>; the log is .kernel/log.
set -eu
state=$FAKE_ROOT/.kernel
patches=$FAKE_ROOT/sys/kernel/livepatch

klog() {
    printf '[%5s.000000] %s\n' "$(cut -d. -f1 "$FAKE_ROOT/proc/uptime")" "$1" \
        >>"$state/log"
}

does() {
    cat "$state/does/$1" 2>/dev/null || echo ok
}

# forget NAME: its directory goes away, its module stays.
forget() {
    rm -rf "${patches:?}/$1"
    klog "livepatch: '$1': unpatching complete"
}

# arrived NAME: every task runs the new code.
arrived() {
    echo 0 >"$patches/$1/transition"
    echo 1 >"$patches/$1/vmlinux/patched"
    klog "livepatch: '$1': patching complete"
    [ "$(does "$1")" = replace ] || return 0
    for other in "$patches"/*/; do
        other=$(basename "$other")
        [ "$other" = "$1" ] || forget "$other"
    done
}

# tick: tasks move on, where they can.
tick() {
    for patch in "$patches"/*/; do
        [ -d "$patch" ] || continue
        name=$(basename "$patch")
        [ "$(cat "$patch/transition")" = 1 ] || continue
        how=$(does "$name")
        case $(cat "$patch/enabled"):$how in
        1:stuck | 1:stuck-both | 0:stuck-out | 0:stuck-both) ;;
        1:slow) echo ok >"$state/does/$name" ;;
        1:*) arrived "$name" ;;
        0:*) forget "$name" ;;
        esac
    done
}

# turned NAME: somebody wrote to its switch.
turned() {
    klog "livepatch: '$1': starting $2 transition"
    echo 1 >"$patches/$1/transition"
}

unload() {
    rm -rf "${FAKE_ROOT:?}/sys/module/$1"
    sed -i "/^$1 /d" "$FAKE_ROOT/proc/modules"
}

# locked COMMAND...: one change of the kernel at a time.
locked() {
    until mkdir "$state/lock" 2>/dev/null; do
        /bin/sleep 0.01
    done
    trap 'rmdir "$state/lock"' EXIT
    "$@"
}
