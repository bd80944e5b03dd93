#!/usr/bin/env bash
# Values and host text that try to become commands, and scripts cut short.
# shellcheck disable=SC2016,SC2317 source=tests/contract/drivers/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
canary=$work/canary

# What an inventory, an operator's name or a host may hold.
values=(
    "'; touch $canary; '"
    "\$(touch $canary)"
    "\`touch $canary\`"
    "a\"; touch $canary; \""
    "x'\$(touch $canary)'y"
    "\\'; touch $canary #"
    $'line\n'"touch $canary"$'\n'
    $'\r\n\t\a\e[31mred\e[0m'
    '| & ; < > ( ) { } * ? [ ] ! # ~ = %41 % %%%'
    $'Gr\xc3\xbc\xc3\x9fe \xe2\x80\xae rtl \xf0\x9f\x92\xa5'
    $'\xff\xfe not utf-8 \x81\x88\x9b'
    "''''"
    "\\"
    '-n'
    '--help'
    "$(printf 'x%.0s' $(seq 3000))"
)

# untouched NAME: no value became a command.
untouched() {
    holds "$1" [ ! -e "$canary" ]
    rm -f "$canary"
}

carries_every_value_to_the_host_and_back() {
    local value shown
    for value in "${values[@]}"; do
        new_host
        send sh/begin.sh RUN="$run" OPERATOR="$value" ACTION="$value"
        shown=$(value job.operator)
        if [ "$(value exit)" != 0 ] || [ "$shown" != "$(value job.action)" ]
        then
            no carries_every_value_to_the_host_and_back "$value: $answer"
            return
        fi
        case $value in
        *[![:print:]]* | *$'\u202e'*) ;; # shown escaped
        *) [ "$shown" = "$value" ] || {
            no carries_every_value_to_the_host_and_back "$value is $shown"
            return
        } ;;
        esac
    done
    ok carries_every_value_to_the_host_and_back
    untouched no_value_is_run
}

keeps_every_value_for_the_job() {
    local value
    printf 'printf %%s "$HF_NOTE" >"$1/got"\n' >"$work/body.sh"
    for value in "${values[@]}"; do
        new_host
        send sh/begin.sh RUN="$run" OPERATOR=ada ACTION=apply
        upload body.sh "$work/body.sh"
        send sh/start.sh RUN="$run" NOTE="$value" \
            BODY="$(sha256sum <"$work/body.sh" | cut -d' ' -f1)"
        for _ in $(seq 400); do
            [ ! -s "$FAKE_ROOT/var/lib/hotfleet/job/got" ] || break
            sleep 0.02
        done
        if ! printf %s "$value" |
            cmp -s - "$FAKE_ROOT/var/lib/hotfleet/job/got"; then
            no keeps_every_value_for_the_job "$value"
            return
        fi
    done
    ok keeps_every_value_for_the_job
    untouched no_parameter_is_run
}

runs_nothing_that_the_host_says() {
    local value
    for value in "${values[@]}"; do
        new_host
        loaded fix_1 1 1
        task 5 5 0 "$value" "$value"
        put /etc/machine-id "$value"
        put /etc/os-release "ID=$value"
        put /sys/kernel/security/lockdown "$value"
        put /run/reboot-required x
        put /run/reboot-required.pkgs "$value"
        printf '%s\n' "$value" "livepatch: '$value': starting" \
            >>"$FAKE_ROOT/.kernel/log"
        put /boot/grub/grub.cfg "set default=\"$value\""
        mkdir -p "$FAKE_ROOT/var/lib/hotfleet/job"
        printf 'run=%s\noperator=%s\n' 'x$(id)' "${value//[$'\n\r\t']/ }" |
            LC_ALL=C tr -cd ' -~\n' >"$FAKE_ROOT/var/lib/hotfleet/job/state"
        send livepatch/probe.sh HEALTH=1 HEALTH_1_KEY=x HEALTH_1_UNIT="$value"
        if [ "$(value exit)" != 0 ] && ! grep -q '^bad=' <<<"$answer"; then
            no runs_nothing_that_the_host_says "$value: $answer $(
                cat "$work/stderr")"
            return
        fi
    done
    ok runs_nothing_that_the_host_says
    untouched no_fact_is_run
}

survives_odd_names_in_sysfs() {
    local odd
    for odd in 'a b=c?' "\$(touch $(basename "$canary"))"; do
        mkdir -p "$FAKE_ROOT/sys/kernel/livepatch/$odd"
        echo 0 >"$FAKE_ROOT/sys/kernel/livepatch/$odd/enabled"
        echo 0 >"$FAKE_ROOT/sys/kernel/livepatch/$odd/transition"
    done
    loaded fix_1
    send livepatch/probe.sh
    expect survives_odd_names_in_sysfs patches=fix_1 exit=0
    untouched no_name_is_run
}

ignores_the_environment_of_the_host() {
    HF_ROOT=/nonexistent HF_PATH=/nonexistent HF_NAMES=x HF_NONCE=x \
        IFS=e CDPATH=/ send livepatch/probe.sh
    expect ignores_the_environment_of_the_host "kernel.release=$release"
}

does_nothing_when_cut_short() {
    local script whole size
    for script in sh/begin.sh sh/start.sh sh/end.sh livepatch/probe.sh; do
        new_host
        whole="HF_ROOT='$FAKE_ROOT'
HF_PATH='$FAKE_PATH'
HF_NONCE='0'
HF_RUN='$run'
$("$exchange" - text "$script")"
        for size in $((${#whole} / 3)) $((${#whole} / 2)) \
            $(seq $((${#whole} - 15)) $((${#whole} - 1))); do
            printf %s "${whole:0:size}" | "$bin/sh" -s >"$work/out" 2>&1
            if [ -e "$FAKE_ROOT/var/lib/hotfleet" ] ||
                grep -q '^end .* 0$' "$work/out"; then
                no does_nothing_when_cut_short "$script at $size"
                return
            fi
        done
    done
    ok does_nothing_when_cut_short
}

leaves_standard_input_alone() {
    send livepatch/probe.sh
    holds leaves_standard_input_alone [ ! -s "$work/stderr" ]
}

in_all_shells carries_every_value_to_the_host_and_back \
    keeps_every_value_for_the_job runs_nothing_that_the_host_says \
    survives_odd_names_in_sysfs ignores_the_environment_of_the_host \
    does_nothing_when_cut_short leaves_standard_input_alone
