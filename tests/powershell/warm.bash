# shellcheck shell=bash disable=SC2034,SC2154
# A warm engine, and a powershell.exe that hands it what sshd would run. Needs
# common.bash. The machine that answers is the file named in $work/scenario.
work=$(mktemp -d "${TMPDIR:-/tmp}/hotfleet-powershell.XXXXXX")
warm=''
children=()
# end_all: what this test started, and the jobs that still run
# shellcheck disable=SC2317 # the trap calls it
end_all() {
    local file id
    for file in "$work"/*/ProgramData/hotfleet/job/pid; do
        [ -r "$file" ] && children+=("$(cat "$file")")
    done
    for id in "${children[@]}" $warm; do
        kill "$id" 2>/dev/null && wait "$id" 2>/dev/null
    done
    [ "$bad" -eq 0 ] || head -n 20 "$work/engine.log"
    rm -rf "$work"
}
trap end_all EXIT

# wait_for COMMAND...: until it succeeds, for a minute at most
wait_for() {
    local end=$((SECONDS + 60))
    until "$@" 2>/dev/null; do
        [ "$SECONDS" -lt "$end" ] || return 1
        read -rt 0.05 <> <(:) || :
    done
}

"$engine" serve "$work/port" >"$work/engine.log" 2>&1 </dev/null &
warm=$!
wait_for test -s "$work/port" || {
    cat "$work/engine.log"
    echo 'not ok the_engine_listens: see above'
    exit 1
}

mkdir -p "$work/bin"
cat >"$work/bin/powershell.exe" <<SHIM
#!/bin/bash
d=\$(mktemp -d "$work/ask.XXXXXX")
cat >"\$d/in"
read -r port <"$work/port"
exec 3<>"/dev/tcp/127.0.0.1/\$port"
echo "\$(cat "$work/scenario") \$d/in \$d/out powershell.exe \$*" >&3
read -r status <&3
printf '#< CLIXML\r\n' >&2
sed 's/\$/\r/' "\$d/out"
rm -rf "\$d"
exit "\$status"
SHIM
chmod +x "$work/bin/powershell.exe"

# machine [JSON]: a fresh one, as $scenario has it, with $under and then JSON
# laid over it
scenario=ws2025-behind
under={}
machines=0
machine() {
    machines=$((machines + 1))
    host=$work/host$machines
    data=$host/ProgramData
    folder=$data/hotfleet
    job=$folder/job
    mkdir -p "$data"
    jq -n --arg base "$here/scenarios/$scenario" \
        '{base: $base} * $ARGS.positional[0] * ($ARGS.positional[1] // {})' \
        --jsonargs "$under" "${1:-null}" >"$host/machine.json"
    echo "$host/machine.json" >"$work/scenario"
}
