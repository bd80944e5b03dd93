#!/usr/bin/env bash
# The simulated hosts as the system's own ssh client sees them.
set -uo pipefail

command -v ssh >/dev/null || {
    echo 'skip sim_openssh: no ssh client'
    exit 77
}
work=$(mktemp -d)
serve=${HOTFLEET_BUILD:?}/tests/bench/sim_serve
failed=0
served=
identity=$work/fleet/.keys/id_ed25519

# shellcheck disable=SC2317 # called by trap
clean_up() {
    exec 7>&-
    [ -z "$served" ] || wait "$served"
    rm -rf "$work"
}
trap clean_up EXIT

ok() { echo "ok $1"; }

not_ok() { # NAME WHY
    failed=1
    echo "not ok $1: $2"
}

# expect NAME STATUS PATTERN: of the last `client`.
expect() {
    if [ "$status" -eq "$2" ] && grep -qE -- "$3" "$work/said"; then
        ok "$1"
    else
        not_ok "$1" "status $status, said: $(tr '\n' ' ' <"$work/said")"
    fi
}

# It serves until our end of its input is closed.
start() {
    local i
    mkfifo "$work/input"
    exec 7<>"$work/input"
    "$serve" "$work/fleet" 40 <"$work/input" >"$work/served" 7>&- &
    served=$!
    for ((i = 0; i < 300; i++)); do
        grep -q '^ready' "$work/served" && break
        sleep 0.1
    done
    port=$(sed -n 's/^port //p' "$work/served")
    read -r _ _ address key < <(grep '^host ' "$work/served")
    other=$(grep '^host ' "$work/served" | sed -n '2s/^host [^ ]* [^ ]* //p')
}

# client ARGUMENT...: one ssh, its words and its status.
client() {
    ssh -F none -p "$port" -l ops -i "$identity" \
        -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=20 \
        -o UserKnownHostsFile="$work/known_hosts" \
        -o StrictHostKeyChecking=yes "$@" </dev/null >"$work/said" 2>&1
    status=$?
}

start
[ -n "$port" ] || {
    not_ok it_serves 'sim_serve did not say "ready" within 30 s'
    exit 1
}

client "$address" true
expect an_unknown_host_key_stops_the_client 255 'verification failed'

printf '[%s]:%s %s\n' "$address" "$port" "$other" >"$work/known_hosts"
client "$address" true
expect another_host_key_stops_the_client 255 'verification failed'

printf '[127.*]:%s %s\n' "$port" "$key" >"$work/known_hosts"
client "$address" true
expect a_command_that_is_none_of_ours_is_not_found 127 'simulated host'

ssh-keygen -q -t ed25519 -N '' -f "$work/other"
identity=$work/other
client "$address" true
expect another_key_may_not_log_in 255 'Permission denied \(publickey\)'
identity=$work/fleet/.keys/id_ed25519

client "$address"
expect there_is_no_shell 255 'shell request failed'

client -M -S "$work/mux" -o ControlPersist=30 "$address" true
for i in 1 2 3 4 5; do
    client -S "$work/mux" "$address" "word-$i"
done
expect commands_share_a_connection 127 'simulated host'
ssh -F none -S "$work/mux" -O exit "$address" 2>/dev/null

exit "$failed"
