# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154 source=tests/contract/drivers/common.bash
# What the tests of jobs share: orders, polls, and what the fake kernel got.
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
job=/var/lib/hotfleet/job

# started NAME=VALUE...: lock, uploads of the modules named, start.
started() {
    local file
    send sh/begin.sh RUN="$run" OPERATOR=ada ACTION=apply
    "$exchange" - text livepatch/job.sh >"$work/body.sh"
    upload body.sh "$work/body.sh"
    for file in "$work"/*.ko; do
        [ -e "$file" ] && upload "${file##*/}" "$file"
    done
    send sh/start.sh RUN="$run" BODY="$("$exchange" - sha livepatch/job.sh)" \
        KERNEL="$release" TRANSITION_S=5 "$@"
}

poll() {
    send sh/poll.sh RUN="$run" OFFSET="${1:-0}"
}

# finished: polls until the job is no longer running.
finished() {
    for _ in $(seq 400); do
        poll
        [ "$(value job.state)" = running ] || return 0
        sleep 0.05
    done
    no "${FUNCNAME[1]}" "the job did not end"
}

# modules NAME...: MODULES= for the files of those names.
modules() {
    local name list=
    for name; do
        list+="${list:+ }$name=$(sha256sum <"$work/$name.ko" | cut -d' ' -f1)"
    done
    printf 'MODULES=%s' "$list"
}

apply() {
    started ACTION=apply "$(modules "$@")"
    finished
}
rollback() {
    started ACTION=rollback PATCHES="$*"
    finished
}

in_effect() {
    [ "$(cat "$FAKE_ROOT/sys/kernel/livepatch/$1/enabled")" = 1 ] &&
        [ "$(cat "$FAKE_ROOT/sys/kernel/livepatch/$1/transition")" = 0 ]
}
gone() {
    [ ! -e "$FAKE_ROOT/sys/kernel/livepatch/$1" ] &&
        [ ! -e "$FAKE_ROOT/sys/module/$1" ]
}

# called NAME CALL...: the kernel got these calls and no other.
called() {
    local name=$1
    shift
    holds "$name" [ "$(printf '%s\n' "$@")" = \
        "$(cat "$FAKE_ROOT/.kernel/calls")" ]
}

# start_over: a new host for the next case of a test.
start_over() {
    rm -f "$work"/*.ko
    new_host
}
