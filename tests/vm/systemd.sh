#!/usr/bin/env bash
# Proves the Debian guest: systemd runs a detached job, sudo raises one
# account and not the other. privilege.sh restarts it.
# shellcheck source=tests/vm/lib.sh disable=SC2016 # the guest expands it
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

vm_begin
vm_boot_debian deb
vm_ready deb
as() { # USER COMMAND
    vm_user=$1 vm_ssh deb "$2"
}

expect systemd_is_the_first_process '^systemd$' "$(as ops 'cat /proc/1/comm')"
expect the_operator_may_raise_itself '^0$' "$(as ops 'sudo -n id -u')"
expect the_viewer_may_not 'password is required' \
    "$(as viewer 'sudo -n id -u')"
expect a_job_outlives_its_login '^active$' "$(as ops 'sudo -n systemd-run \
    --quiet --unit=hotfleet-bed sh -c "until [ -e /run/go ]; do sleep 0.1; done
        echo done >/var/lib/job"
    exit' && as ops 'systemctl is-active hotfleet-bed; sudo -n touch /run/go')"
expect the_job_ends_by_itself '^done$' "$(as ops 'n=0
    until [ -s /var/lib/job ] || [ $n -ge 200 ]; do sleep 0.1; n=$((n + 1)); done
    cat /var/lib/job')"
vm_put deb "${vm_image:?}/ko/hotfleet_fix_1.ko" /root/hotfleet_fix_1.ko
expect takes_the_patch 'hotfleet_fix_1$' "$(as ops \
    'sudo -n insmod /root/hotfleet_fix_1.ko; n=0
    until grep hotfleet /proc/version || [ $n -ge 100 ]; do n=$((n + 1)); done')"
vm_end
