# shellcheck shell=bash disable=SC2034
# What the script tests share: a fake host, exchanges with it, verdicts.
# HOTFLEET_BUILD names the build folder.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exchange=$HOTFLEET_BUILD/tests/contract/drivers/exchange
work=$(mktemp -d "${TMPDIR:-/tmp}/hotfleet-drivers.XXXXXX")
trap 'rm -rf "$work"' EXIT
bad=0 ran=0
release=6.1.0-56-cloud-amd64
run=20261123T012345Z-4f9a1c
boot=11111111-2222-4333-8444-555555555555

# The shells that hosts have; one that this machine lacks is skipped aloud.
shells=()
for shell in dash bash busybox; do
    if command -v "$shell" >/dev/null; then
        shells+=("$shell")
    else
        echo "skip scripts_in_$shell: no $shell"
    fi
done

# ok NAME / no NAME WHY
ok() {
    echo "ok ${1}_in_$shell"
    ran=$((ran + 1))
}
no() {
    echo "not ok ${1}_in_$shell: $2"
    bad=1
}

# holds NAME COMMAND...: it succeeds.
holds() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        ok "$name"
    else
        no "$name" "$* fails: $said"
    fi
}

# use SHELL: commands run in it, also what the scripts start as "sh".
use() {
    shell=$1
    bin=$work/bin-$shell
    mkdir -p "$bin"
    ln -sf "$(command -v "$shell")" "$bin/sh"
    for tool in "$here"/fake/*; do
        ln -sf "$tool" "$bin/"
    done
    export FAKE_PATH=$bin
}

# new_host: a root with a kernel, no patch, systemd and nothing wrong.
new_host() {
    export FAKE_ROOT=$work/root
    rm -rf "$FAKE_ROOT"
    mkdir -p "$FAKE_ROOT"/{.kernel/{does,units,enabled},boot/grub,etc} \
        "$FAKE_ROOT"/proc/{net,sys/kernel/random} \
        "$FAKE_ROOT"/sys/{module/module/parameters,kernel/{livepatch,security}} \
        "$FAKE_ROOT/lib/modules/$release" "$FAKE_ROOT"/{var/lib,run/systemd/system}
    : >"$FAKE_ROOT/.kernel/log"
    echo 0 >"$FAKE_ROOT/.kernel/uid"
    echo "$release" >"$FAKE_ROOT/proc/sys/kernel/osrelease"
    echo '#1 SMP Debian 6.1.192-2' >"$FAKE_ROOT/proc/sys/kernel/version"
    echo "$boot" >"$FAKE_ROOT/proc/sys/kernel/random/boot_id"
    echo 0 >"$FAKE_ROOT/proc/sys/kernel/tainted"
    echo '1000.50 2000.00' >"$FAKE_ROOT/proc/uptime"
    printf 'cpu 1 2 3\nbtime 1795000000\n' >"$FAKE_ROOT/proc/stat"
    echo 'virtio_net 61440 0 - Live 0x0000000000000000' \
        >"$FAKE_ROOT/proc/modules"
    printf '  sl  local_address rem_address   st\n' >"$FAKE_ROOT/proc/net/tcp"
    echo '   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00' \
        >>"$FAKE_ROOT/proc/net/tcp"
    echo 0123456789abcdef0123456789abcdef >"$FAKE_ROOT/etc/machine-id"
    printf 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n' \
        >"$FAKE_ROOT/etc/os-release"
    printf 'CONFIG_LIVEPATCH=y\nCONFIG_MODULE_SIG=y\n' \
        >"$FAKE_ROOT/boot/config-$release"
    : >"$FAKE_ROOT/boot/vmlinuz-$release"
    : >"$FAKE_ROOT/lib/modules/$release/modules.dep"
    printf 'set default="0"\nmenuentry Debian {\n linux /vmlinuz-%s quiet\n}\n' \
        "$release" >"$FAKE_ROOT/boot/grub/grub.cfg"
    echo N >"$FAKE_ROOT/sys/module/module/parameters/sig_enforce"
    echo '[none] integrity confidentiality' \
        >"$FAKE_ROOT/sys/kernel/security/lockdown"
}

# module NAME [DOES] [RELEASE]: a module file, $work/NAME.ko.
module() {
    printf 'name=%s\nvermagic=%s SMP preempt mod_unload\ndoes=%s\n' "$1" \
        "${3:-$release}" "${2:-ok}" >"$work/$1.ko"
}

# send SCRIPT NAME=VALUE...: the answer, also in $answer.
send() {
    answer=$("$exchange" "$bin/sh" run "$@" 2>"$work/stderr")
}
upload() {
    answer=$("$exchange" "$bin/sh" upload "$1" "$2" 2>"$work/stderr")
}

# value KEY: of the last answer.
value() {
    sed -n "s/^$1=//p" <<<"$answer"
}

# expect NAME LINE...: the last answer has those lines.
expect() {
    local name=$1 line
    shift
    for line; do
        if ! grep -qxF -e "$line" <<<"$answer"; then
            no "$name" "no '$line' in: $(tr '\n' ';' <<<"$answer") $(
                cat "$work/stderr")"
            return 1
        fi
    done
    ok "$name"
}

# put PATH TEXT: a file of the fake root.
put() {
    mkdir -p "$(dirname "$FAKE_ROOT$1")"
    printf '%s\n' "$2" >"$FAKE_ROOT$1"
}

# loaded NAME [ENABLED] [TRANSITION]: a patch as an earlier load left it.
loaded() {
    put "/sys/kernel/livepatch/$1/enabled" "${2:-1}"
    put "/sys/kernel/livepatch/$1/transition" "${3:-0}"
    put "/sys/kernel/livepatch/$1/vmlinux/patched" 1
    put "/sys/module/$1/taint" OEK
    echo "$1 16384 1 - Live 0x0000000000000000 (OEK)" \
        >>"$FAKE_ROOT/proc/modules"
}

# task PID TID STATE COMM STACK
task() {
    local at=/proc/$1/task/$2
    put "$at/patch_state" "$3"
    put "$at/comm" "$4"
    put "$at/stack" "[<0>] $5+0x1f/0x40 [module]"
}

# in_all_shells FUNCTION...
in_all_shells() {
    local name
    for shell in "${shells[@]}"; do
        use "$shell"
        for name; do
            rm -f "$work"/*.ko
            new_host
            "$name"
        done
    done
    [ "${#shells[@]}" -gt 0 ] || exit 77
    exit "$bad"
}
