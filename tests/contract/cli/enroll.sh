#!/usr/bin/env bash
# Host keys from a real sshd on loopback: shown, compared, changed, pinned.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
sshd=/usr/sbin/sshd
if [ ! -x "$sshd" ]; then
    echo "skip keys_come_from_a_real_sshd: no sshd"
    exit 77
fi
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
new_fleet
# start_sshd KEY PORT: listens on 127.0.0.1 to .12
start_sshd() {
    local key=$1 port=$2 n
    {
        echo "Port $port"
        for n in $(seq 12); do echo "ListenAddress 127.0.0.$n"; done
        printf '%s\n' "HostKey $work/$key" 'PidFile none' 'UsePAM no' \
            'MaxStartups 100'
    } >"$work/$key.conf"
    "$sshd" -D -f "$work/$key.conf" -E "$work/$key.log" &
    daemons[$key]=$!
    for _ in $(seq 200); do
        grep -q 'listening on 127.0.0.12' "$work/$key.log" 2>/dev/null && return
        kill -0 "${daemons[$key]}" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

stop_sshd() {
    kill "${daemons[$1]}" && wait "${daemons[$1]}" 2>/dev/null
    unset "daemons[$1]"
}

fingerprint() {
    ssh-keygen -lf "$work/$1.pub" | cut -d' ' -f2
}

# as_pattern TEXT: a plus sign is no operator
as_pattern() {
    echo "${1//+/[+]}"
}

pinned() {
    jq -r '.hostkey // "none"' "hosts/canary/$1.json"
}

public() {
    cut -d' ' -f1,2 "$work/$1.pub"
}

for key in one two new id; do
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/$key"
done
port1=0 port2=0
for try in $(seq 20); do
    port1=$((20000 + (RANDOM + try) % 20000)) port2=$((port1 + 1))
    start_sshd one "$port1" && start_sshd two "$port2" && break
    for key in "${!daemons[@]}"; do stop_sshd "$key"; done
done
[ "${#daemons[@]}" -eq 2 ] || { echo "not ok sshd_starts: no port"; exit 1; }

add_host web-01 127.0.0.1 canary \
    ", \"port\": $port1, \"identity\": \"$work/id\""
add_host web-02 127.0.0.2 canary ", \"port\": $port2"
add_host gone-01 127.0.0.1 canary ', "port": 1'
commit hosts
before=$(git rev-parse main)

gives without_a_pinned_key_nobody_is_asked 4 'web-01 +refused +.*no host key' \
    check web-01
gives a_dry_run_shows_the_fingerprint 4 \
    "web-01 .*ssh-ed25519 +$(as_pattern "$(fingerprint one)") +new" enroll --dry-run
says who_was_not_reached_is_listed 'gone-01 .*unreachable'
same a_dry_run_writes_nothing "$before" "$(git rev-parse main)"
gives nobody_is_believed_without_an_answer 1 'no terminal to ask on' \
    enroll web-01
gives yes_alone_is_no_answer 1 'expect-hosts 1' enroll web-01 --yes
gives a_wrong_count_is_refused 1 'says 2, but 1' \
    enroll web-01 --yes --expect-hosts 2
same still_nothing_is_written "$before" "$(git rev-parse main)"

# compared with what came by another way
cat >"$work/list" <<TEXT
# from the consoles
web-01 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
[127.0.0.2]:$port2 $(fingerprint two)
TEXT
gives a_wrong_fingerprint_refuses_its_host 4 'web-01 .*MISMATCH' \
    enroll 'web-01 or web-02' --from "$work/list"
same that_host_is_not_pinned none "$(pinned web-01)"
same the_other_one_is "$(public two)" "$(pinned web-02)"
says the_commit_is_named 'pinned 1 host key: commit' 'undo: git revert'
same the_commit_says_how_it_was_compared 1 \
    "$(git log -1 --format=%B | grep -c "compared with $work/list")"

mkdir -p "$HOME/.ssh"
echo "[127.0.0.1]:$port1 $(public one)" >"$HOME/.ssh/known_hosts"
ssh-keygen -q -H -f "$HOME/.ssh/known_hosts" >/dev/null 2>&1
gives hashed_known_hosts_confirm_it 0 'web-01 .*confirmed' \
    enroll web-01 --from known_hosts
same then_it_is_pinned "$(public one)" "$(pinned web-01)"
gives all_are_pinned_now 0 'every host has a pinned key' enroll 'web-*'
gives again_finds_the_same 0 'web-01 .*pinned' enroll --again web-01
gives again_wants_a_name 1 'named' enroll --again
echo "@revoked [127.0.0.1]:$port1 $(public one)" >"$work/revoked"
gives a_revoked_key_is_refused 4 'REVOKED' \
    enroll --again web-01 --from "$work/revoked"
gives a_host_that_the_file_lacks_is_refused 4 'not-listed' \
    enroll --again web-02 --from known_hosts

# another key than yesterday
stop_sshd one
mv "$work/new" "$work/one" && mv "$work/new.pub" "$work/one.pub"
start_sshd one "$port1" || no sshd_starts_again "$(cat "$work/one.log")"
before=$(git rev-parse main)
gives a_changed_key_stops_before_the_login 4 \
    'web-01 +refused +.*the host key changed' check web-01
gives a_changed_key_wants_a_reason 1 'rebuilt, or not the same machine' \
    enroll --again web-01 --yes --expect-hosts 1
says both_fingerprints_are_shown "$(as_pattern "$(fingerprint one)")" \
    'CHANGED +pinned SHA256:'
same without_one_it_stays_as_it_was "$before" \
    "$(git rev-parse main)"
gives with_a_reason_it_is_taken 0 'pinned 1 host key' \
    enroll --again web-01 --yes --expect-hosts 1 --reason 'disk replaced'
same the_reason_is_recorded 1 \
    "$(git log -1 --format=%B | grep -c 'trust on first use.*disk replaced')"

# many at once
for n in $(seq 2 12); do
    add_host "app-$n" "127.0.0.$n" early ", \"port\": $port1"
done
commit more
gives many_unseen_keys_want_a_reason 1 'more than 10' \
    enroll ring:early --yes --expect-hosts 11
gives with_a_reason_many_are_taken 0 'pinned 11 host keys' \
    enroll ring:early --yes --expect-hosts 11 --reason 'lab, first day'
hf enroll --again 'web-02 or gone-01' --json
same json_has_every_status 'unreachable pinned' \
    "$(jq -r '[.hosts[].status] | join(" ")' <<<"$out")"
same json_says_how_it_ended 4 "$(jq .exit <<<"$out")"
if command -v python3 >/dev/null; then
    add_host new-01 127.0.0.3 canary ", \"port\": $port2"
    commit new
    said=$(echo y | python3 "$here/terminal.py" \
        "$HOTFLEET_BINARY enroll new-01" 2>&1)
    same an_answer_is_enough_for_one "$(public two)" "$(pinned new-01)"
fi
finish
