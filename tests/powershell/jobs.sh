#!/usr/bin/env bash
# The job protocol in the real engine: the lock, uploads, the task, polls,
# putting away; and what it refuses. The scripts are sent by the real dialect.
# shellcheck disable=SC2317 source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
command -v jq >/dev/null || skip_all 'no jq'
command -v setsid >/dev/null || skip_all 'no setsid'
# shellcheck source=tests/powershell/warm.bash
. "$here/warm.bash"
# shellcheck source=tests/powershell/exchange.bash
. "$here/exchange.bash"
other=20261120T000000Z-aaaaaa

begin() {
    send begin RUN="${1:-$run}" OPERATOR='Ada <ada@example.org>' ACTION=apply
}
start() {
    send start RUN="$run" BODY="$body" ACTION=apply FROM=26100.33158 \
        KBS=KB5120228
}
begun() {
    begin
    upload body.ps1 "$work/body.ps1"
}
# holds NAME COMMAND...: it succeeds
holds() {
    local said
    said=$("${@:2}" 2>&1) && said='' || said="${*:2} fails: $said"
    result "$1" "$said"
}

# ---- the lock ----

machine
send poll RUN="$run" OFFSET=0
expect without_a_folder_there_is_no_job job.state=none exit=0
begin
expect takes_the_lock_with_a_name_on_it locked=no attached=no \
    "job.run=$run" 'job.operator=Ada <ada@example.org>' job.action=apply \
    job.state=begun 'job.heartbeat?=absent' stale=no exit=0
holds gives_the_folder_to_administrators_alone \
    grep -qxF 'O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)' "$folder/.sddl"
begin
expect takes_its_own_lock_again locked=no attached=yes job.state=begun exit=0
jq '.cim.Win32_OperatingSystem[0].LastBootUpTime = "@2026-07-15T02:10:20Z"' \
    "$host/machine.json" >"$host/set" && mv "$host/set" "$host/machine.json"
begin
expect a_clock_that_is_corrected_frees_no_lock job.state=begun stale=no exit=0
begin "$other"
expect tells_the_second_who_was_first locked=yes "job.run=$run" \
    'job.operator=Ada <ada@example.org>' stale=no exit=3
send poll RUN="$other" OFFSET=0
expect tells_the_second_nothing_else "job.run=$run" exit=3
send end RUN="$other"
expect lets_nobody_else_put_it_away ended=no exit=3
n=0
for id in '' '../x' "a'b" '20261123T012345Z-4f9a1c\..'; do
    n=$((n + 1))
    send begin RUN="$id"
    expect "refuses_malformed_run_$n" 'error=RUN is missing or malformed' exit=2
done

# several at once, each in an engine of its own
machine
for n in 1 2 3; do
    id=20261123T01234${n}Z-aaaaaa
    (
        engine_alone() { # as the shim, without the warm engine
            cat >"$work/alone.$n"
            echo "$host/machine.json $work/alone.$n $work/said.$n $*" |
                "$engine" serve >/dev/null
            cat "$work/said.$n"
        }
        mkdir "$work/alone$n"
        declare -f engine_alone >"$work/alone$n/functions"
        printf '#!/bin/bash\nwork=%q host=%q n=%q engine=%q\n. %q\nengine_alone powershell.exe "$@"\n' \
            "$work" "$host" "$n" "$engine" "$work/alone$n/functions" \
            >"$work/alone$n/powershell.exe"
        chmod +x "$work/alone$n/powershell.exe"
        PATH=$work/alone$n:$PATH begin "$id"
        value locked >"$work/lock.$n"
    ) &
    waiting[n]=$!
done
wait "${waiting[@]}"
result only_one_of_many_gets_the_lock \
    "$(sort "$work"/lock.? | tr '\n' ' ' | grep -vxF 'no yes yes ')"

# ---- who else could write there ----

# refused NAME WHY: neither begin nor poll believe the folder
refused() {
    begin
    expect "begin_refuses_$1" exit=1
    grep -qF "$2" <<<"$(value error)" || result "begin_names_$1" "$answer"
    send poll RUN="$run" OFFSET=0
    if [ "$(value exit)" = 0 ] && [ "$(value job.state)" != none ]; then
        result "poll_refuses_$1" "$answer"
    fi
    send probe
    case $(value job.state) in
    '' | none) ;;
    *) result "the_probe_says_so_of_$1" "$(value job.state)" ;;
    esac
    result "${1}_changes_nothing" "$(find "$data" -name '*.new-*' -o -name body.ps1)"
}
ours='O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
machine
mkdir "$folder" && echo "${ours/BA/S-1-5-21-1-2-3-1001}" >"$folder/.sddl"
refused a_folder_that_a_user_made 'belongs to somebody else'
machine
mkdir "$folder"
refused a_folder_that_users_may_write 'others than SYSTEM and Administrators have rights'
machine
mkdir "$folder" && echo "$ours(A;OICI;FA;;;S-1-5-21-1-2-3-1001)" >"$folder/.sddl"
refused a_folder_with_one_right_too_many 'others than SYSTEM and Administrators'
machine
mkdir "$folder" && echo 'O:BAG:SYD:NO_ACCESS_CONTROL' >"$folder/.sddl"
refused a_folder_without_a_list_of_rights 'others than SYSTEM and Administrators'
machine
mkdir "$host/elsewhere" && echo "$ours" >"$host/elsewhere/.sddl"
ln -s "$host/elsewhere" "$folder"
refused a_folder_that_is_a_link 'is a link to another place'
machine
begin && rm -r "$job"
mkdir "$host/elsewhere" && ln -s "$host/elsewhere" "$job"
refused a_job_folder_that_is_a_link 'is a link to another place'
machine
begin && echo "${ours/BA/S-1-5-21-1-2-3-1001}" >"$job/.sddl"
refused a_job_folder_that_changed_hands 'belongs to somebody else'
expect the_probe_tells_who_changed_it \
    "job.state?=cannot: tampered with: $job belongs to somebody else than SYSTEM and Administrators"
send end RUN="$run"
expect end_refuses_it_too exit=1
upload body.ps1 "$work/body.ps1"
expect upload_refuses_it_too exit=1
machine
: >"$folder"
refused a_file_in_the_folders_place 'is no folder'
machine
echo 'O:S-1-5-21-1-2-3-1001G:SYD:(A;;FA;;;SY)' >"$data/.sddl"
refused a_data_folder_of_a_user 'belongs to somebody else'
machine '{"tools": {"whoami.exe /groups /fo csv /nh": "S-1-16-8192"}}'
begin
expect a_login_without_rights_makes_nothing exit=1
result and_leaves_no_folder_of_its_own "$(ls -A "$data")"

# ---- uploads ----

machine
upload body.ps1 "$work/body.ps1"
expect takes_no_file_without_a_folder 'error=there is no job folder' exit=1
begin
start
expect starts_nothing_without_a_body exit=1
upload body.ps1 "$work/body.ps1"
expect takes_a_file upload.name=body.ps1 \
    "upload.bytes=$(stat -c %s "$work/body.ps1")" exit=0
holds keeps_it_byte_for_byte cmp "$work/body.ps1" "$job/body.ps1"
head -c 65536 /dev/urandom >"$work/bytes"
upload extra.bin "$work/bytes"
expect takes_any_bytes upload.bytes=65536 exit=0
holds keeps_any_byte cmp "$work/bytes" "$job/extra.bin"
upload ../extra.bin "$work/bytes"
expect refuses_a_path 'error=malformed name' exit=2
printf '# more\n' >>"$job/body.ps1"
start
expect starts_nothing_but_what_was_sent exit=1
holds which_leaves_it_unstarted [ ! -e "$job/started" ]

# ---- the job ----

machine
begun
start
expect starts_it_once job.started=now job.how=task job.state=running exit=0
start
expect and_not_twice job.started=before exit=0
holds as_a_task_with_the_runs_name jq -e ".registered | keys == [\"hotfleet-$run\"]" \
    "$host/machine.json"
over
expect tells_that_it_ended job.state=ended "job.run=$run" exit=0
expect tells_what_was_installed result.outcome=ok result.code= \
    result.done=KB5120228 result.already=none result.restart=no \
    result.other=none result.hresult=0x00000000 result.before=26100.33158
result logs_what_it_does "$(for text in 'searching for KB5120228' downloading \
    'installing x' 'ok: installed: KB5120228'; do
    grep -qF "$text" <<<"$(value log)" || echo "no '$text' in $(value log)"
done)"
size=$(value log.size)
send poll RUN="$run" OFFSET="$size"
expect tells_the_log_from_where_one_is "log.offset=$size" exit=0
result and_nothing_twice "$(value log)"
send poll RUN="$run" OFFSET=x
expect refuses_a_malformed_offset exit=2
upload body.ps1 "$work/body.ps1"
expect takes_nothing_once_it_is_started 'error=the job was started already' exit=1
begin "$other"
expect a_job_that_ended_is_stale locked=yes stale=done exit=3
send end RUN="$run"
expect puts_it_away ended=yes purged=0 exit=0
holds keeps_what_it_did [ -s "$folder/done/$run/result" ]
holds takes_its_task_away jq -e '.registered == {}' "$host/machine.json"
holds frees_the_lock [ ! -e "$job" ]
send end RUN="$run"
expect puts_it_away_once ended=yes exit=0
send poll RUN="$run" OFFSET=0
expect tells_the_result_afterwards job.state=ended result.outcome=ok exit=0

begin
send end RUN="$run"
holds numbers_the_second_of_a_run [ -d "$folder/done/$run.2" ]
touch -d '-31 days' "$folder/done/$run"
mkdir "$folder/job.new-0123456789abcdef0123456789abcdef" "$folder/done/kept"
touch -d '-31 days' "$folder/job.new-0123456789abcdef0123456789abcdef" \
    "$folder/done/kept"
send end RUN="$run"
expect removes_what_is_old purged=2 exit=0
holds and_nothing_of_others [ -d "$folder/done/kept" ]

# ---- while it runs ----

machine '{"update": {"offered": [{"KBArticleIDs": ["5120228"], "Title": "x",
    "does": {"wait": true, "ubr": 33222}}]}}'
begun
start
beats() {
    send poll RUN="$run" OFFSET=0
    [ -n "$(value job.heartbeat)" ] && grep -qF installing <<<"$(value log)"
}
wait_for beats || result it_beats "$answer"
expect shows_a_sign_of_life job.state=running exit=0
send probe
expect the_probe_tells_who_holds_the_host job.state=running "job.run=$run" exit=0
send end RUN="$run"
expect a_job_that_runs_stays ended=no 'error=the job still runs' exit=1
begin "$other"
expect a_job_that_runs_is_not_stale locked=yes stale=no job.state=running exit=3
# a clock that is set moves the boot time, not the job
jq '.cim.Win32_OperatingSystem[0].LastBootUpTime = "@2026-07-15T03:10:00Z"' \
    "$host/machine.json" >"$host/set" && mv "$host/set" "$host/machine.json"
send poll RUN="$run" OFFSET=0
expect a_clock_that_is_set_ends_no_job job.state=running exit=0
: >"$host/go"
over
expect and_goes_on_to_its_end job.state=ended result.outcome=ok

machine '{"update": {"offered": [{"KBArticleIDs": ["5120228"], "Title": "x",
    "does": {"end": "die"}}]}}'
begun
start
over
expect a_job_that_dies_is_seen job.state=died exit=0
begin "$other"
expect a_job_that_died_is_stale locked=yes stale=died exit=3

machine '{"update": {"offered": [{"KBArticleIDs": ["5120228"], "Title": "x",
    "does": {"end": "restart"}}]}}'
begun
start
over
expect a_restart_is_seen job.state=rebooted exit=0
begin "$other"
expect a_restart_makes_it_stale locked=yes stale=boot exit=3

# ---- whose job lives, by the clock that nobody sets ----

up=$(cut -d. -f1 /proc/uptime)
machine '{"tasks.lost": "never started"}'
begun
start
send poll RUN="$run" OFFSET=0
expect a_task_may_take_a_while_to_begin job.state=running 'job.heartbeat?=absent'
echo $((up - 61)) >"$job/started"
send poll RUN="$run" OFFSET=0
expect but_not_for_ever job.state=died
echo $$ >"$job/pid"
echo "$up" >"$job/heartbeat"
send poll RUN="$run" OFFSET=0
expect a_process_that_beats_lives job.state=running
echo $((up - 100)) >"$job/heartbeat"
send poll RUN="$run" OFFSET=0
expect one_that_does_not_is_another_of_that_number job.state=died
rm "$job/pid"
jq '.up = "999999999"' "$job/state" >"$host/set" && mv "$host/set" "$job/state"
send poll RUN="$run" OFFSET=0
expect a_clock_that_began_anew_is_a_restart job.state=rebooted

# ---- what apply finds ----

# finds NAME UPDATE LINE...: KB5120228 is that to the agent
finds() {
    machine "{\"update\": {\"offered\": [{\"KBArticleIDs\": [\"5120228\"],
        \"Title\": \"x\", $2}]}}"
    begun
    start
    over
    expect "$1" job.state=ended "${@:3}"
}
finds tells_what_was_installed_before '"IsInstalled": true' \
    result.outcome=ok result.already=KB5120228 result.done=none
finds tells_what_was_hidden '"IsHidden": true' \
    result.outcome=failed result.code=hidden result.done=none
finds tells_what_is_superseded '"IsSuperseded": true' \
    result.outcome=failed result.code=superseded

machine '{"update": {"pending": true}}'
begun
start
over
expect installs_nothing_before_a_restart result.code=restart-pending result.done=none
machine
begun
send start RUN="$run" BODY="$body" ACTION=apply FROM=26100.32000 KBS=KB5120228
over
expect does_nothing_at_another_level result.code=level result.before=26100.33158
machine
begun
send start RUN="$run" BODY="$body" ACTION=apply FROM=26100.33158 KBS='KB5120228;KB1'
over
expect refuses_a_malformed_list result.code=parameter
machine
begun
send start RUN="$run" BODY="$body" ACTION=format FROM=26100.33158
over
expect refuses_an_action_it_does_not_know result.code=parameter

machine '{"update": {"offered": [{"KBArticleIDs": ["5120228"], "Title": "x",
    "does": {"ubr": 33222, "servicing": true}}]}}'
begun
start
waits() {
    send poll RUN="$run" OFFSET=0
    grep -qF settled <<<"$(value log)"
}
wait_for waits
expect waits_until_windows_has_settled job.state=running
: >"$host/go"
over
expect and_ends_then job.state=ended result.outcome=ok

# the same script in the logon itself: what Windows refuses there
machine
begun
printf '{"v":1,"params":{"ACTION":"apply","FROM":"26100.33158","KBS":"KB5120228"}}\n' \
    >"$job/params"
"$exchange" powershell run windows/job.ps1 >/dev/null 2>&1
result a_logon_may_not_install "$(jq -r .hresult "$job/result" 2>&1 |
    grep -vxF 0x80070005)"
rm "$job/pid" # of the engine

# ---- what is not there ----

machine '{"tasks.off": "0x80041315"}'
begun
start
result a_scheduler_that_is_off_is_named "$(grep -q '80041315' \
    <<<"$(value error)" || echo "$answer")"
holds and_nothing_is_started [ ! -e "$job/started" ]

# ---- what is locked, half or huge ----

machine
begun
mkdir -p "$job/result/locked" # a virus scanner, which lets go
start
locked() {
    [ -e "$job/result.new" ]
}
wait_for locked
send poll RUN="$run" OFFSET=0
expect a_result_that_is_locked_is_waited_for job.state=running
rm -r "$job/result"
over
expect and_written_then job.state=ended result.outcome=ok

machine
begun
mkdir -p "$job/log" # for good
start
over
expect a_log_that_is_locked_stops_nothing job.state=ended result.outcome=ok

machine
begun
for n in $(seq 3000); do
    printf '12:00:00Z line %d of a log that is long, with an \xc3\xa4\n' "$n"
done >"$job/log"
: >"$job/result"
offset=0 got=''
for n in $(seq 40); do
    send poll RUN="$run" OFFSET="$offset"
    got+=$(value log)
    offset=$(value log.offset)
    [ "$offset" != "$(value log.size)" ] || break
done
result a_huge_log_comes_in_pieces "$(printf '%b' "$got" | cmp - "$job/log" 2>&1)"
expect half_a_result_is_unknown job.state=ended exit=0
result and_says_so "$(grep -q 'result.outcome?=' <<<"$answer" || echo "$answer")"
printf '12:00:00Z half a li' >>"$job/log"
send poll RUN="$run" OFFSET="$offset"
result half_a_line_waits "$(value log)"
printf '{"run": ' >"$job/state"
send poll RUN="$run" OFFSET=0
expect half_a_state_is_an_error exit=1
finish
