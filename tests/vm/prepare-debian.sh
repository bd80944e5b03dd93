#!/usr/bin/env bash
# Makes the disk of a guest that is a whole small Debian with systemd and
# sudo, and prints its path. Accounts besides root: ops may sudo without a
# password, viewer may not. Holds no keys: the initramfs brings them. Needs
# root for debootstrap; kept under build/vm by hash of its sources. Ends with
# 77 when the packages cannot be had.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${HOTFLEET_VM_CACHE:-$here/../../build/vm}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
exec 9>"$cache/lock.debian"
flock 9

# The archive this machine installs from: its address and its release's name.
# shellcheck disable=SC2016 # apt fills these in
archive() {
    apt-get indextargets --format '$(COMPONENT) $(REPO_URI) $(CODENAME)' \
        'Created-By: Packages' | awk '$1 == "main" && $2 ~ /debian\/?$/ &&
        $3 !~ /-/ { print $2, $3; exit }'
}

configure() { # ROOT
    local user
    printf 'root:*\n' | chroot "$1" chpasswd -e
    for user in ops viewer; do
        chroot "$1" useradd -m -s /bin/bash -p '*' "$user"
    done
    echo 'ops ALL=(ALL) NOPASSWD: ALL' >"$1/etc/sudoers.d/ops"
    chmod 440 "$1/etc/sudoers.d/ops"
    install -m 644 "$here/guest/sshd_config" "$1/etc/ssh/sshd_config"
    echo 'UsePAM yes' >>"$1/etc/ssh/sshd_config"
    rm -f "$1"/etc/ssh/ssh_host_* "$1"/var/cache/apt/archives/*.deb
    cat >"$1/etc/systemd/system/guest-ready.service" <<'UNIT'
[Unit]
After=ssh.service

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo "GUEST-READY $(hostname) $(uname -r)" >/dev/console'

[Install]
WantedBy=multi-user.target
UNIT
    # There is no udev: whatever waits for a device would wait for ever.
    for unit in serial-getty@ttyS0 getty@tty1 getty-static; do
        ln -sf /dev/null "$1/etc/systemd/system/$unit.service"
    done
    for unit in apt-daily apt-daily-upgrade dpkg-db-backup fstrim \
        e2scrub_all systemd-tmpfiles-clean; do
        ln -sf /dev/null "$1/etc/systemd/system/$unit.timer"
    done
    chroot "$1" systemctl -q enable guest-ready.service
    chroot "$1" systemctl -q set-default multi-user.target
}

sources=$(cat "$here/guest/sshd_config" "$here/prepare-debian.sh" | sha256sum)
out=$cache/debian-${sources:0:12}.ext4
if [ ! -e "$out" ]; then
    read -r mirror codename <<<"$(archive)"
    [ -n "$codename" ] || {
        echo "prepare-debian: no package lists: run apt-get update" >&2
        exit 77
    }
    root=$(mktemp -d "$cache/debian.XXXXXX")
    trap 'rm -rf "$root" "$out.new"' EXIT
    debootstrap --variant=minbase \
        --include=openssh-server,systemd-sysv,sudo,kmod,dbus \
        "$codename" "$root" "$mirror" >"$cache/debootstrap.log" 2>&1 || {
        tail -n 20 "$cache/debootstrap.log" >&2
        exit 77
    }
    configure "$root" >&2
    truncate -s 700M "$out.new"
    mkfs.ext4 -q -F -d "$root" "$out.new" >&2
    mv "$out.new" "$out"
fi
echo "$out"
