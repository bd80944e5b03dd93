# shellcheck shell=bash disable=SC2016
# A fleet repository of guests, and the real program driven on it.
#
#   fleet          the repository that hf works in
#   said, status   what the last hf printed (both streams), and its exit code
#   doc            the document of the last hf_json
# shellcheck source=tests/vm/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

hf_program=${HOTFLEET_BINARY:-$vm_here/../../build/dev/hotfleet}

fleet_begin() {
    command -v git >/dev/null || vm_skip "no git"
    command -v jq >/dev/null || vm_skip "no jq"
    [ -x "$hf_program" ] || vm_skip "no $hf_program"
    vm_begin
    mkdir "$vm_work/home"
    export HOME=$vm_work/home XDG_STATE_HOME=$vm_work/state
    export GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1
    unset SSH_AUTH_SOCK XDG_CONFIG_HOME HOTFLEET_FLEET
    git config --global user.name 'Test Operator'
    git config --global user.email operator@example.org
    release=$(cat "$vm_image/release")
}

# hf ARGUMENT...: the program in the fleet's folder, without a terminal.
hf() {
    said=$(cd "$fleet" && timeout -k 5 300 "$hf_program" "$@" </dev/null 2>&1)
    status=$?
}

# hf_json VERB ARGUMENT...: its document in $doc, messages in $said.
hf_json() {
    doc=$(cd "$fleet" && timeout -k 5 300 "$hf_program" "$@" --json \
        </dev/null 2>"$vm_work/stderr")
    status=$?
    said=$(cat "$vm_work/stderr")
}

# of HOST FILTER: that part of the host's entry in $doc.
of() {
    jq -r --arg name "$1" ".hosts[] | select(.name == \$name) | $2" \
        <<<"$doc" 2>&1
}

# is NAME WANTED GOT: equal, else what was said is shown as well.
is() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        not_ok "$1" "wanted '$2', got '$3'; said: ${said:-} ${doc:-}"
    fi
}

# fleet_new NAME GUEST...: the first guest is the ring canary, the others are
# the ring rest; host keys are pinned from what the bed knows.
fleet_new() {
    local name=$1 ring=canary guest
    shift
    fleet=$vm_work
    hf init "fleet-$name"
    is "init_$name" 0 "$status"
    fleet=$vm_work/fleet-$name
    jq '.rings = [{name: "canary"}, {name: "rest"}]' "$fleet/hotfleet.json" \
        >"$vm_work/json" && mv "$vm_work/json" "$fleet/hotfleet.json"
    rm -rf "$fleet/hosts" && mkdir "$fleet/hosts"
    for guest in "$@"; do
        jq -n --arg name "$guest" --argjson port "${vm_port[$guest]}" \
            --arg ring "$ring" --arg key "$vm_work/keys/client" \
            '{name: $name, address: "127.0.0.1", port: $port, ring: $ring,
              user: "root", identity: $key}' >"$fleet/hosts/$guest.json"
        ring=rest
    done
    git -C "$fleet" add -A
    git -C "$fleet" commit -q -m 'fleet: the guests'
    hf enroll 'ring:canary or ring:rest' --from "$vm_work/known_hosts" --yes
    is "enroll_$name" 0 "$status"
}

# fleet_offer PATCH [ARGUMENT...]: the module becomes the newest release.
fleet_offer() {
    local patch=$1
    shift
    hf catalogue add "$vm_image/ko/$patch.ko" --kernel "$release" \
        --cve CVE-2026-0001 --until 2099-12-31 "$@"
    is "catalogue_takes_$patch" 0 "$status"
}

# settled GUEST: no transition is open there.
settled() {
    ! vm_ssh "$1" 'cat /sys/kernel/livepatch/*/transition' | grep -q 1
}

# park GUEST: a process sleeps in the function that hotfleet_fix_hold replaces.
park() {
    vm_put "$1" "$vm_image/ko/hotfleet_hold.ko" /tmp/hotfleet_hold.ko
    vm_ssh "$1" '[ -e /proc/hotfleet_hold ] || insmod /tmp/hotfleet_hold.ko
        (cat /proc/hotfleet_hold >/tmp/held 2>&1 </dev/null & echo $! >/tmp/pid)
        until grep -q hotfleet_hold /proc/$(cat /tmp/pid)/stack; do :; done'
}

# let_go GUEST: wakes whoever sleeps there.
let_go() { vm_ssh "$1" 'echo >/proc/hotfleet_hold'; }
