# shellcheck shell=bash
# Functions for tests that run on real kernels. A script sources this, calls
# vm_begin, boots guests by name, and ends with vm_end. Everything it leaves
# behind is killed by pid and removed when the script ends, however it ends.
#
#   vm_work         scratch folder; keys/ in it holds the login key 'client'
#   vm_image        what prepare.sh made; its ko/ holds the test patches
#   vm_port[NAME]   port of the guest's sshd on 127.0.0.1
set -uo pipefail

vm_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vm_limit=${HOTFLEET_VM_SECONDS:-900} # no guest outlives this
vm_lost='vm_ssh: no answer' # what vm_ssh says when the login failed
vm_failed=0
declare -Ag vm_port vm_pid vm_boots

ok() { echo "ok $1"; }

not_ok() { # NAME WHY
    vm_failed=1
    printf '%s\n' "$2" | sed 's/^/    /'
    echo "not ok $1: see above"
}

# expect NAME PATTERN TEXT: some line of the text matches (extended regex).
expect() {
    if grep -qE -- "$2" <<<"$3"; then
        ok "$1"
    else
        not_ok "$1" "wanted a match for '$2' in: $3"
    fi
}

# expect_not NAME PATTERN TEXT
expect_not() {
    if grep -qE -- "$2|$vm_lost" <<<"$3"; then
        not_ok "$1" "wanted no match for '$2' in: $3"
    else
        ok "$1"
    fi
}

# vm_until SECONDS COMMAND...: polls until it succeeds; 1 when time is up.
vm_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

vm_skip() { # WHY
    echo "skip ${0##*/}: $1"
    exit 77
}

# vm_unmade WHAT STATUS: a preparation ended with that status.
vm_unmade() {
    [ "$2" -ne 77 ] || vm_skip "$1: its packages cannot be had"
    echo "not ok prepare: $1 cannot be made: see above"
    exit 1
}

vm_begin() {
    local tool
    for tool in qemu-system-x86_64 ssh ssh-keygen setpriv gcc-12 \
        /usr/sbin/sshd; do
        command -v "$tool" >/dev/null || vm_skip "no $tool"
    done
    vm_image=$("$vm_here/prepare.sh") || vm_unmade "the guest" $?
    vm_work=$(mktemp -d "${TMPDIR:-/tmp}/hotfleet-vm.XXXXXX")
    trap vm_clean EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir "$vm_work/keys"
    for tool in client viewer; do
        ssh-keygen -q -t ed25519 -N '' -C "$tool" -f "$vm_work/keys/$tool"
    done
    : >"$vm_work/known_hosts"
}

vm_clean() {
    local name
    trap - EXIT
    for name in "${!vm_pid[@]}"; do vm_stop "$name"; done
    rm -rf "$vm_work"
}

vm_end() {
    exit "$vm_failed"
}

# What an installed kernel leaves in /boot; the image itself is not needed.
vm_boot_folder() { # FOLDER
    local release
    release=$(cat "$vm_image/release")
    mkdir -p "$1/grub"
    cp "$vm_image/config" "$1/config-$release"
    : >"$1/vmlinuz-$release"
    printf 'set default="0"\nmenuentry Debian {\n\tlinux /boot/%s\n}\n' \
        "vmlinuz-$release" >"$1/grub/grub.cfg"
}

# Adds a guest's own keys and names to the initramfs: a second archive behind
# the first, whose /overlay the guest's init copies over its root.
vm_overlay() { # NAME FOLDER
    local name=$1 dir=$2 root=$2/extra/overlay
    mkdir -p "$root"/{etc/ssh,root/.ssh,home/viewer/.ssh,home/ops/.ssh}
    ssh-keygen -q -t ed25519 -N '' -C "$name" \
        -f "$root/etc/ssh/ssh_host_ed25519_key"
    cp "$vm_work/keys/client.pub" "$root/root/.ssh/authorized_keys"
    cp "$vm_work/keys/client.pub" "$root/home/ops/.ssh/authorized_keys"
    cp "$vm_work/keys/viewer.pub" "$root/home/viewer/.ssh/authorized_keys"
    chmod 700 "$root/root"
    tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    chmod 444 "$root/etc/machine-id"
    echo "$name" >"$root/etc/hostname"
    printf "127.0.0.1 localhost\n127.0.1.1 %s\n" "$name" >"$root/etc/hosts"
    vm_boot_folder "$root/boot"
    cp "$vm_image/vmlinuz" "$dir/"
    {
        cat "$vm_image/initramfs.cpio"
        cd "$dir/extra" && find . | LC_ALL=C sort |
            "$vm_image/busybox" cpio -o -H newc -R 0:0 2>/dev/null
    } >"$dir/initramfs.cpio"
}

# A port that nobody listens on; somebody may still take it before the guest.
vm_free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 40000))
        grep -qi ":$(printf %04X "$port") " /proc/net/tcp || break
    done
    echo "$port"
}

vm_started() { # NAME PID: its firmware has spoken, or it has ended
    [ -s "$vm_work/$1/console" ] || ! kill -0 "$2" 2>/dev/null
}

vm_launch() { # NAME MEMORY [QEMU ARGUMENT...]
    local name=$1 memory=$2 dir=$vm_work/$1 try
    shift 2
    for try in 1 2 3 4 5 6 7 8; do
        vm_port[$name]=$(vm_free_port)
        : >"$dir/console"
        setpriv --pdeathsig TERM "$vm_here/boot.sh" "$dir" \
            "${vm_port[$name]}" "$name" "$vm_limit" "$memory" \
            -pidfile "$dir/pid" "$@" </dev/null >"$dir/console" \
            2>"$dir/qemu" &
        vm_pid[$name]=$!
        vm_boots[$name]=0
        vm_until 20 vm_started "$name" "${vm_pid[$name]}"
        kill -0 "${vm_pid[$name]}" 2>/dev/null && return
        grep -q 'host forwarding' "$dir/qemu" || break
    done
    echo "not ok boot_$name: attempt $try: $(cat "$dir/qemu")"
    exit 1
}

# vm_boot NAME [keep]: starts a small guest; does not wait for it. With
# 'keep', /var/lib is a disk that outlives restarts. root and viewer may log
# in.
vm_boot() {
    local name=$1 dir=$vm_work/$1
    mkdir "$dir"
    vm_overlay "$name" "$dir"
    if [ "${2:-}" = keep ]; then
        mkdir "$dir/empty"
        truncate -s 64M "$dir/disk"
        mkfs.ext4 -q -F -d "$dir/empty" "$dir/disk"
        APPEND=guest.disk=keep vm_launch "$name" 256 \
            -drive "file=$dir/disk,format=raw,if=none,id=disk" \
            -device virtio-blk-pci,drive=disk
    else
        vm_launch "$name" 256
    fi
    vm_trust "$name"
}

# vm_boot_debian NAME: a whole Debian with systemd, its root on a disk of its
# own. root, ops and viewer may log in; ops may sudo.
vm_boot_debian() {
    local name=$1 dir=$vm_work/$1 disk
    [ "$(id -u)" -eq 0 ] || vm_skip "debootstrap needs root"
    command -v debootstrap >/dev/null || vm_skip "no debootstrap"
    disk=$("$vm_here/prepare-debian.sh") || vm_unmade "the Debian guest" $?
    mkdir "$dir"
    vm_overlay "$name" "$dir"
    cp --sparse=always "$disk" "$dir/disk"
    APPEND=guest.disk=system vm_launch "$name" 512 \
        -drive "file=$dir/disk,format=raw,if=none,id=disk" \
        -device virtio-blk-pci,drive=disk
    vm_trust "$name"
}

# vm_trust NAME: writes the guest's host key to the work folder's known_hosts.
vm_trust() {
    local key
    key=$(cut -d ' ' -f 1,2 \
        "$vm_work/$1/extra/overlay/etc/ssh/ssh_host_ed25519_key.pub")
    echo "[127.0.0.1]:${vm_port[$1]} $key" >>"$vm_work/known_hosts"
}

vm_said_ready() { # NAME COUNT
    [ "$(grep -ac GUEST-READY "$vm_work/$1/console")" -ge "$2" ]
}

# vm_ready NAME: waits until the guest has come up once more.
vm_ready() {
    local name=$1
    vm_boots[$name]=$((vm_boots[$name] + 1))
    vm_until 150 vm_said_ready "$name" "${vm_boots[$name]}" && return
    echo "not ok ready_$name: the console's end follows"
    tail -n 20 "$vm_work/$name/console"
    exit 1
}

# vm_ssh NAME COMMAND...: what it prints, both streams; at most 60 s. vm_user
# chooses the account.
vm_ssh() {
    local name=$1 user=${vm_user:-root} key=client
    shift
    [ "$user" != viewer ] || key=viewer
    timeout -k 5 60 ssh -F none -i "$vm_work/keys/$key" \
        -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=30 \
        -o UserKnownHostsFile="$vm_work/known_hosts" -o LogLevel=ERROR \
        -o KexAlgorithms=curve25519-sha256 -p "${vm_port[$name]}" \
        "$user@127.0.0.1" "$@" </dev/null 2>&1
    case $? in 124 | 255) echo "$vm_lost from $name" ;; esac
}

# vm_put NAME FILE PLACE: a file into the guest.
vm_put() {
    timeout -k 5 60 ssh -F none -i "$vm_work/keys/client" \
        -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=30 \
        -o UserKnownHostsFile="$vm_work/known_hosts" -o LogLevel=ERROR \
        -p "${vm_port[$1]}" root@127.0.0.1 "cat >'$3'" <"$2"
}

# vm_restart NAME: the guest restarts itself; returns when it is up again.
vm_restart() {
    vm_ssh "$1" 'sync; (sleep 0.2; reboot -f) >/dev/null 2>&1 </dev/null &'
    vm_ready "$1"
}

# The machine hangs and goes on, as seen from outside.
vm_freeze() { kill -STOP "$(cat "$vm_work/$1/pid")"; }
vm_thaw() { kill -CONT "$(cat "$vm_work/$1/pid")"; }

# vm_stop NAME: power off without warning.
vm_stop() {
    local pid=${vm_pid[$1]}
    kill -CONT "$(cat "$vm_work/$1/pid" 2>/dev/null)" 2>/dev/null
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    unset "vm_pid[$1]"
}
