#!/usr/bin/env bash
# The program asks a host over a real sshd whose banner is that of Windows:
# 'auto' finds the platform, and check, show and apply tell what the scenario
# says. A shim called powershell.exe hands command and input to the engine.
# shellcheck source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
for tool in jq ssh-keygen git; do
    command -v "$tool" >/dev/null || skip_all "no $tool"
done
[ -x /usr/sbin/sshd ] || skip_all 'no sshd'
[ "$(id -u)" -eq 0 ] || skip_all 'sshd wants root here'

work=$(mktemp -d)
sshd=
# shellcheck disable=SC2317 # the trap calls it
tidy() {
    [ -z "$sshd" ] || { kill "$sshd" && wait "$sshd"; } 2>/dev/null
    rm -rf "$work"
}
trap tidy EXIT
export HOME=$work/home XDG_STATE_HOME=$work/state GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME" "$work/bin" /run/sshd
git config --global user.name Ann
git config --global user.email ann@example.org
git config --global init.defaultBranch main

# ---- the host ----

cat >"$work/bin/powershell.exe" <<SHIM
#!/bin/bash
d=\$(mktemp -d "$work/ask.XXXXXX")
cat >"\$d/in"
status=\$(echo "$here/scenarios/\$(cat "$work/scenario").json \$d/in \$d/out powershell.exe \$*" | "$engine" serve)
printf '#< CLIXML\r\n' >&2
sed 's/\$/\r/' "\$d/out"
exit "\$status"
SHIM
chmod +x "$work/bin/powershell.exe"
ssh-keygen -q -t ed25519 -N '' -f "$work/host"
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
cp "$work/key.pub" "$work/authorized"
cat >"$work/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/authorized
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PrintMotd no
VersionAddendum OpenSSH_for_Windows_9.5
SetEnv PATH=$work/bin:/usr/bin:/bin
CONFIG

start_sshd() {
    local try
    for try in 1 2 3 4 5; do
        port=$((20000 + (RANDOM + try) % 20000))
        /usr/sbin/sshd -D -e -f "$work/sshd_config" -p "$port" \
            2>"$work/sshd.log" </dev/null &
        sshd=$!
        while kill -0 "$sshd" 2>/dev/null; do
            grep -q 'Server listening' "$work/sshd.log" && return
        done
    done
    cat "$work/sshd.log"
    exit 1
}
start_sshd

# ---- the fleet ----

fleet=$work/fleet
git init -q "$fleet"
mkdir -p "$fleet/hosts" "$fleet/catalogue"
echo '{"name": "f", "rings": [{"name": "r"}]}' >"$fleet/hotfleet.json"
cat >"$fleet/hosts/sql.json" <<HOST
{"name": "sql", "address": "127.0.0.1", "port": $port, "ring": "r",
 "user": "root", "identity": "$work/key", "platform": "auto",
 "hostkey": "$(cut -d' ' -f1,2 "$work/host.pub")",
 "health": [{"name": "web", "unit": "W3SVC"}]}
HOST
git -C "$fleet" add -A
git -C "$fleet" commit -qm fleet

hf() {
    "$HOTFLEET_BINARY" "$@" -C "$fleet" </dev/null >"$work/out" 2>"$work/err"
    status=$?
}

# says NAME STATUS FILTER: how it ended, and what jq must find true.
says() {
    local problem=
    if [ "$status" -ne "$2" ] || ! jq -e "$3" "$work/out" >/dev/null 2>&1; then
        problem="exit $status, wanted $2 and $3
$(cat "$work/err") $(jq -c '.hosts[0] | del(.facts, .checks)' "$work/out" 2>&1)"
    fi
    result "$1" "$problem"
}

check() {
    echo "$1" >"$work/scenario"
    hf check --json
}

check ws2025-current
says the_banner_tells_the_platform 0 \
    '.hosts[0].facts["os.family"].value == "windows"'
says facts_have_source_and_time 0 '.hosts[0].facts["os.ubr"] |
    .value == "33222" and (.source | contains("UBR")) and .at'
says an_old_catalogue_calls_nobody_current 0 '.hosts[0] |
    .coverage.state == "covered" and .patch.state == "unknown"'
says health_checks_are_asked 0 '.hosts[0].facts["health.web"].value == "yes"'
check ws2025-behind
says a_missing_hotpatch_is_named 0 '.hosts[0].patch |
    .state == "behind" and (.why | contains("KB5120228"))'
hf apply sql --yes --expect-hosts 1 --old-catalogue --reason test
result apply_is_refused_with_the_reason \
    "$(grep -q 'cannot patch them yet' "$work/out" "$work/err" ||
        cat "$work/out" "$work/err")"
check ws2025-constrained
says a_constrained_host_is_explained 0 '.hosts[0] |
    .coverage.state == "ineligible" and
    (.checks[] | select(.name == "language") | .verdict == "block")'
check ws2025-vbs-off
says a_check_that_blocks_is_named 0 '.hosts[0].coverage |
    .state == "ineligible" and (.why | contains("Virtualization"))'
finish
