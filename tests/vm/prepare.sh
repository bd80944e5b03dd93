#!/usr/bin/env bash
# Makes what the small guests boot from and prints its folder:
#   vmlinuz         Debian's own kernel, not rebuilt
#   initramfs.cpio  OpenSSH, dash, the real kmod and busybox; without keys
#   ko/             the test patches, built with the distribution's headers
#   release         the kernel's release, as uname -r says it
#   config          the kernel's configuration
#   busybox         which has a cpio
# Packages are downloaded and unpacked, not installed; needs no root. The
# result is kept under build/vm by kernel release and hash of the sources.
# Ends with 77 when the packages cannot be had.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
example=$top/docs/example-livepatch
cache=${HOTFLEET_VM_CACHE:-$top/build/vm}
mkdir -p "$cache"
exec 9>"$cache/lock.prepare"
flock 9

# depends PACKAGE PATTERN: the first dependency that matches.
depends() {
    apt-cache depends "$1" 2>/dev/null |
        sed -n "s/^ *Depends: \($2\)\$/\1/p" | head -n 1
}

# The release to test, from the package lists; without them the newest kept.
find_release() {
    local image
    image=$(depends linux-image-cloud-amd64 'linux-image-.*')
    if [ -n "$image" ]; then
        echo "${image#linux-image-}"
    else
        find "$cache" -maxdepth 1 -name 'packages-*' -printf '%f\n' |
            sort -V | sed -n '$s/packages-//p'
    fi
}

fetch() { # RELEASE FOLDER
    local common kbuild dir=$2
    common=linux-headers-${1%-cloud-amd64}-common
    kbuild=$(depends "linux-headers-$1" 'linux-kbuild-.*')
    mkdir -p "$dir.new/deb"
    (cd "$dir.new/deb" && apt-get -qq -o APT::Sandbox::User=root download \
        "linux-image-$1" "linux-headers-$1" "$common" "$kbuild" \
        busybox-static kmod >&2) || return 77
    for deb in "$dir.new"/deb/*.deb; do
        dpkg -x "$deb" "$dir.new" || return 77
    done
    rm -r "$dir.new/deb"
    mv "$dir.new" "$dir"
}

build_modules() { # RELEASE PACKAGES WORK
    local headers=$2/usr/src/linux-headers-$1 k
    # the headers name their other half by the place of an installation
    sed -i "s|^include .*/usr/src/|include $2/usr/src/|;
        s|^include /usr/src/|include $2/usr/src/|" "$headers/Makefile"
    mkdir -p "$3/mod" "$3/ko"
    cp "$here"/mod/* "$example/hotfleet_fix_1.c" "$3/mod"
    make -s -C "$headers" M="$3/mod" CONFIG_DEBUG_INFO_BTF_MODULES= \
        modules >&2
    for k in "$3"/mod/*.ko; do
        strip --strip-debug -o "$3/ko/${k##*/}" "$k"
    done
    mislabel "$1" "$3/ko"
    rm -r "$3/mod"
}

# Two copies of the example: one whose checksum of a symbol is wrong, which
# the kernel refuses; one that says it is for another release of the same
# kernel, which the kernel would take.
mislabel() { # RELEASE FOLDER
    python3 - "$1" "$2" <<'PY'
import re
import sys

release, folder = sys.argv[1].encode(), sys.argv[2]
good = open(f"{folder}/hotfleet_fix_1.ko", "rb").read()

wrong = bytearray(good)
wrong[wrong.index(b"module_layout\0") - 8] ^= 0xFF  # 8 bytes before the name
open(f"{folder}/hotfleet_fix_wrongcrc.ko", "wb").write(wrong)

number = re.search(rb"-(\d+)", release).group(1)
other = release.replace(b"-" + number, b"-" + b"9" * len(number), 1)
open(f"{folder}/hotfleet_fix_other.ko", "wb").write(
    good.replace(b"vermagic=" + release, b"vermagic=" + other))
PY
}

# In the order in which they must be loaded; built-in ones have no file.
virtio='virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev
    virtio_pci failover net_failover virtio_net virtio_blk'
add_virtio() { # PACKAGES ROOT
    local module file
    mkdir -p "$2/lib/virtio"
    for module in $virtio; do
        file=$(find "$1/lib/modules" -name "$module.ko" -o \
            -name "$module.ko.xz" | head -n 1)
        case $file in
        '') continue ;;
        *.xz) xz -dc "$file" >"$2/lib/virtio/$module.ko" ;;
        *) cp "$file" "$2/lib/virtio/$module.ko" ;;
        esac
        echo "$module" >>"$2/lib/virtio/order"
    done
}

# add_program ROOT FILE PLACE: with the libraries it is linked with.
add_program() {
    local library place
    install -D -m 755 "$2" "$1$3"
    for library in $(ldd "$2" 2>/dev/null | grep -o '/[^ ]*'); do
        case $library in
        /lib64/*) place=$1$library ;;
        *) place=$1/lib/x86_64-linux-gnu/${library##*/} ;;
        esac
        [ -e "$place" ] || install -D -m 755 "$library" "$place"
    done
}

add_names() { # ROOT
    install -m 644 "$here/guest/passwd" "$1/etc/passwd"
    sed 's/\([^:]*\):.*/\1:*:19000:0:99999:7:::/' "$here/guest/passwd" \
        >"$1/etc/shadow"
    printf 'root:x:0:\nviewer:x:1000:\nnogroup:x:65534:\n' >"$1/etc/group"
    echo 'passwd: files' >"$1/etc/nsswitch.conf"
    echo /bin/sh >"$1/etc/shells"
    cp -L /etc/os-release "$1/etc/os-release"
    install -m 644 "$here/guest/sshd_config" "$1/etc/ssh/sshd_config"
}

make_initramfs() { # RELEASE PACKAGES WORK
    local root=$3/root busybox=$3/root/bin/busybox name
    mkdir -p "$root"/{dev,proc,sys,run,tmp,newroot,overlay,bin,sbin,usr/bin} \
        "$root"/{etc/ssh,root,home/viewer,var/log,var/lib,var/empty}
    chmod 700 "$root/root"
    install -m 755 "$here/guest/init.sh" "$root/init"
    install -D -m 755 "$2/bin/busybox" "$busybox"
    add_virtio "$2" "$root"
    add_program "$root" /usr/sbin/sshd /usr/sbin/sshd
    add_program "$root" /usr/lib/openssh/sftp-server \
        /usr/lib/openssh/sftp-server
    add_program "$root" /bin/dash /bin/dash
    add_program "$root" "$2/bin/kmod" /sbin/kmod
    install -D /lib/x86_64-linux-gnu/libnss_files.so.2 \
        "$root/lib/x86_64-linux-gnu/libnss_files.so.2"
    add_names "$root"
    # busybox as sh would run its own insmod, with words of its own
    ln -s dash "$root/bin/sh"
    for name in insmod rmmod lsmod modinfo modprobe; do
        ln -s kmod "$root/sbin/$name"
    done
    for name in $("$busybox" --list); do
        [ -e "$root/bin/$name" ] || [ -L "$root/sbin/$name" ] ||
            ln -s busybox "$root/bin/$name"
    done
    find "$root" -type f \( -name '*.so*' -o -perm -u+x \) \
        -exec strip -s {} + 2>/dev/null || true
    (cd "$root" && find . | LC_ALL=C sort | bin/busybox cpio -o -H newc \
        -R 0:0 2>/dev/null) >"$3/initramfs.cpio"
    rm -r "$root"
}

release=$(find_release)
[ -n "$release" ] || {
    echo "prepare: no package lists: run apt-get update" >&2
    exit 77
}
sources=$(cat "$here"/mod/* "$here"/guest/* "$example"/* "$here/prepare.sh" |
    sha256sum)
out=$cache/guest-$release-${sources:0:12}
if [ ! -e "$out" ]; then
    packages=$cache/packages-$release
    rm -rf "$cache"/*.new
    [ -e "$packages" ] || fetch "$release" "$packages" || exit
    mkdir -p "$out.new"
    build_modules "$release" "$packages" "$out.new"
    make_initramfs "$release" "$packages" "$out.new"
    cp "$packages/boot/vmlinuz-$release" "$out.new/vmlinuz"
    cp "$packages/boot/config-$release" "$out.new/config"
    cp "$packages/bin/busybox" "$out.new/busybox"
    echo "$release" >"$out.new/release"
    mv "$out.new" "$out"
fi
echo "$out"
