#!/usr/bin/env bash
# A restart that waits is called off by somebody else, while the run that
# ordered it goes on: a Linux and a Windows host, two accounts.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
command -v jq >/dev/null || skip_all 'no jq'
start_sim mixed 20000 # ms until a restart comes, and that it takes
linux=linux windows=windows both='name:linux or name:windows'
hf check

"$HOTFLEET_BINARY" reboot "$both" --yes --expect-hosts 2 --reason 'new kernel' \
    --jsonl >"$work/events" 2>"$work/reboot.err" &
run=$!
for _ in $(seq 600); do
    [ "$(grep -c '"step":"restarting"' "$work/events")" -lt 2 ] || break
    kill -0 "$run" 2>/dev/null || break
    sleep 0.05
done
same both_wait_for_their_restart 2 \
    "$(grep -c '"step":"restarting"' "$work/events")"

# the same account: its journal belongs to the run
gives it_asks_for_hosts 1 'say which hosts' call-off
gives the_price_is_no_restart 0 'called off on 1 of 1 host' \
    call-off "name:$linux" --dry-run
gives it_is_called_off_from_another_terminal 0 'call-off: 1 verified' \
    call-off "name:$linux" --yes --expect-hosts 1 --reason 'the batch runs'
# another one, with a state folder of its own
export XDG_STATE_HOME=$work/ben
git config user.name Ben
gives and_by_somebody_else 0 'call-off: 1 verified' \
    call-off "name:$windows" --yes --expect-hosts 1
wait "$run"
same the_run_says_that_it_was_stopped 3 "$?"

# ended HOST: how the run says that it ended there
ended() {
    jq -r --arg host "$1" 'select(.kind == "host-outcome" and .host == $host) |
        .data | "\(.outcome): \(.why)"' "$work/events"
}
said=$(ended "$linux") status=0
says the_run_says_by_whom '^called-off: its restart was called off by '
said=$(ended "$windows")
says and_by_the_other '^called-off: its restart was called off by Ben'
same nothing_restarted '' "$(jq -r 'select(.kind == "host-outcome") |
    .data.boot_id | select(.before != .after)' "$work/events")"

gives once_more_there_is_none 0 'call-off: 2 already' \
    call-off "$both" --yes --expect-hosts 2
says and_it_says_so 'no restart of hotfleet is ordered here'
gives the_record_has_both 0 'call-off +verified' audit --host "$windows"
says and_the_run 'reboot +called-off'
hf check "$both" --json
same the_hosts_wait_for_nothing 'none none' \
    "$(jq -r '[.hosts[].reboot.state] | join(" ")' <<<"$out")"
finish
