# shellcheck shell=bash disable=SC2034,SC2154
# Exchanges with the machine of the test: the real dialect, the real scripts.
# Needs common.bash and warm.bash.
exchange=$HOTFLEET_BUILD/tests/contract/drivers/exchange
export PATH=$work/bin:$PATH
run=20261123T012345Z-4f9a1c
# job_is SCRIPT: what `upload body.ps1` brings along
job_is() {
    body=$("$exchange" - sha "$1")
    "$exchange" - text "$1" >"$work/body.ps1"
}
job_is windows/job.ps1

# send SCRIPT NAME=VALUE...: the answer is in $answer
send() {
    local script=powershell/$1.ps1
    case $1 in
    probe | call_off) script=windows/$1.ps1 ;;
    esac
    answer=$("$exchange" powershell run "$script" "${@:2}" 2>"$work/stderr")
}
upload() {
    answer=$("$exchange" powershell upload "$1" "$2" 2>"$work/stderr")
}
value() {
    sed -n "s/^$1=//p" <<<"$answer"
}
# expect NAME LINE...: the last answer has those lines
expect() {
    local line lacks=
    for line in "${@:2}"; do
        grep -qxF -e "$line" <<<"$answer" || lacks+="no '$line'; "
    done
    [ -z "$lacks" ] || lacks+="in: $(tr '\n' ';' <<<"$answer") $(
        cat "$work/stderr")"
    result "$1" "$lacks"
}
# the job is over: $answer is the poll that says so
is_over() {
    send poll RUN="$run" OFFSET=0
    [ "$(value job.state)" != running ]
}
over() {
    wait_for is_over || echo "the job does not end: $answer"
}
