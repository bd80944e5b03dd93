#!/bin/busybox sh
# shellcheck shell=dash
# PID 1 of a test guest. Words it takes from the kernel's command line:
#   guest.name=NAME     host name
#   guest.disk=keep     /dev/vda keeps /var/lib over restarts
#   guest.disk=system   /dev/vda is a whole system: hand over to its init
# Says 'GUEST-READY NAME RELEASE' on the console when sshd listens.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root

mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t securityfs security /sys/kernel/security
mount -t tmpfs -o mode=755 run /run
ln -sf /proc/self/fd /dev/fd

name=guest disk=
# shellcheck disable=SC2013 # words are meant
for word in $(cat /proc/cmdline); do
    case $word in
    guest.name=*) name=${word#*=} ;;
    guest.disk=*) disk=${word#*=} ;;
    esac
done
hostname "$name"

# wait_for SECONDS CONDITION...
wait_for() {
    left=$(($1 * 20))
    shift
    until "$@" || [ "$left" -eq 0 ]; do
        usleep 50000
        left=$((left - 1))
    done
}

while read -r module; do
    insmod "/lib/virtio/$module.ko"
done </lib/virtio/order
ip link set lo up
wait_for 5 test -e /sys/class/net/eth0
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up

[ -z "$disk" ] || wait_for 5 test -b /dev/vda
if [ "$disk" = system ]; then
    mount -t ext4 /dev/vda /newroot
    # this run's keys and names, made on the host, over those of the image
    cp -a /overlay/. /newroot/
    for dir in dev proc sys run; do
        mount --move "/$dir" "/newroot/$dir"
    done
    exec switch_root /newroot /sbin/init </dev/console >/dev/console 2>&1
fi
cp -a /overlay/. /
if [ "$disk" = keep ]; then
    mount -t ext4 /dev/vda /var/lib
else
    mount -t tmpfs -o size=64m,mode=755 state /var/lib
fi
mount -t tmpfs -o size=64m,mode=1777 tmp /tmp

mkdir -p /run/sshd
/usr/sbin/sshd -E /var/log/sshd.log
echo "GUEST-READY $name $(uname -r)"
while :; do sleep 3600; done
