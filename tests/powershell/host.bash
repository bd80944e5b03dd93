# shellcheck shell=bash disable=SC2034,SC2154
# A host behind a real sshd whose banner is that of Windows, and a fleet that
# holds it as "sql". Needs common.bash and warm.bash.
mkdir -p /run/sshd "$work/home"
export HOME=$work/home XDG_STATE_HOME=$work/state GIT_CONFIG_NOSYSTEM=1
git config --global user.name Ann
git config --global user.email ann@example.org
git config --global init.defaultBranch main

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
        : >"$work/sshd.log"
        /usr/sbin/sshd -D -e -f "$work/sshd_config" -p "$port" \
            2>"$work/sshd.log" </dev/null &
        sshd=$!
        children+=("$sshd")
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
