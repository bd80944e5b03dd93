#!/usr/bin/env bash
# usage: boot.sh FOLDER PORT NAME SECONDS MEMORY [QEMU ARGUMENT...]
# One guest in the foreground, for at most that long: ssh on 127.0.0.1:PORT,
# console on standard output. FOLDER holds vmlinuz and initramfs.cpio. Plain
# emulation on purpose: a /dev/kvm that exists need not work.
set -euo pipefail

folder=$1 port=$2 name=$3 seconds=$4 memory=$5
shift 5
exec timeout -k 5 "$seconds" qemu-system-x86_64 \
    -nodefaults -no-user-config -nographic -serial stdio -monitor none \
    -machine q35 -accel tcg,tb-size=64 -cpu max -smp 1 -m "$memory" \
    -kernel "$folder/vmlinuz" -initrd "$folder/initramfs.cpio" \
    -append "console=ttyS0 quiet panic=-1 guest.name=$name ${APPEND:-}" \
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" \
    -device virtio-net-pci,romfile=,netdev=net "$@"
