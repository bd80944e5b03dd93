#!/usr/bin/env bash
# What can be taken back, at what price: Linux hosts without a restart, Windows
# hosts with one, a held host, one that cannot be, one that was never asked, one
# with nothing; each number of the report against one of its own, from plan,
# ledger, catalogue and git.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

field() { jq -r "$1" <<<"$out"; }
# host NAME FILTER, group LIST NAME FILTER: of the report.
host() { field ".hosts[] | select(.name == \"$1\") | $2"; }
group() { field ".$1[] | select(.name == \"$2\") | $3"; }

start_sim several 50
jq '.releases |= map(if .patch == "hotfleet_fix_2"
    then .cves = ["CVE-2026-90001", "CVE-2026-90002", "CVE-2026-90003"]
    else . end)' catalogue/linux.json >"$work/c" && cp "$work/c" catalogue/linux.json
jq -n '{cves: [
    {id: "CVE-2026-90001", severity: "important", score: "7.8"},
    {id: "CVE-2026-90002", severity: "critical", score: "9.8", exploited: true},
    {id: "CVE-2026-90003", severity: "moderate", score: "5.5"}]}' \
    >catalogue/cves.json
mkdir -p playbooks
jq -n '{targets: {select: "name:linux-* and not name:linux-5 or name:windows-*"},
    limits: {ramp: 0}, rings: [{name: "all", size: "rest", soak: "0s"}]}' \
    >playbooks/early.json
commit 'what the patches close'

# ---- nothing, and nothing known ----

gives before_anybody_was_asked_nothing_is_known 0 \
    '^9 +never asked: nothing is known of it' report rollback
hf check 'not name:down'
hf report rollback --json
same what_nobody_put_in_is_nothing 'nothing' "$(host linux-5 .can)"
same who_was_never_asked_is_unknown \
    'unknown never asked: nothing is known of it' \
    "$(host down '"\(.can) \(.why)"')"

# ---- after a rollout ----

n=$("$HOTFLEET_BINARY" plan early --dry-run --json |
    jq '.plan.decides.hosts | length')
hf run early --yes --expect-hosts "$n" --json
run=$(field .run)
same the_rollout_patched "$n" \
    "$(field '[.hosts[] | select(.outcome == "verified")] | length')"
hf report rollback --json
same without_a_restart_window_plans_restart_nobody 'blocked yes' \
    "$(host windows-1 '"\(.can) \(.restart)"')"
says and_it_says_why 'only by name: it restarts'
jq -n '{windows: [{name: "any", kind: "restart", weekly: ["day"], at: "00:00",
    length: "24h"}]}' >calendar.json
commit 'restarts at any time'
hf hold linux-4 --reason 'month end'
hf report rollback --json
cp "$work/out" "$work/report"
same who_can_without_a_restart 'yes no linux-1 linux-2 linux-3' "$(field \
    '[.hosts[] | select(.can == "yes" and .restart == "no")] |
    "\(.[0].can) \(.[0].restart) \([.[].name] | sort | join(" "))"')"
same who_can_with_one 'windows-1 windows-2' "$(field \
    '[.hosts[] | select(.can == "yes" and .restart == "yes") | .name] |
    sort | join(" ")')"
same a_hold_keeps_its_host 'blocked held: month end' \
    "$(host linux-4 '"\(.can) \(.why)"')"
same what_was_never_put_in_as_a_hotpatch_stays never "$(host off .can)"
holds with_a_reason test -n "$(host off .why)"

# ---- the price ----

release=$(host linux-1 .release)
# Without its patch, and the one that it replaced, a kernel lacks what both
# close.
kernel=$(host linux-1 .to)
jq --arg k "$kernel" '[.releases[] | select(.kernel == $k) | .cves[]] | unique' \
    catalogue/linux.json >"$work/lost.linux"
same cves_are_those_of_the_catalogue "$(jq length "$work/lost.linux") 1 CVE-2026-90002" \
    "$(host linux-1 '"\(.cves) \(.exploited) \(.worst.id)"')"
same a_linux_host_stays_on_the_track false "$(host linux-1 .off_track)"
kb=$(host windows-1 .release)
jq --arg k "$kb" '[.releases[] | select(.kb == $k) | .cves[]] | unique' \
    catalogue/ws2025.json >"$work/lost.windows"
same a_hotpatch_opens_what_it_closed "$(jq length "$work/lost.windows")" \
    "$(host windows-1 .cves)"
# baselines are planned for the second Tuesday of each quarter's first month
for i in 0 1 2 3; do
    month=$(date -u -d "$(date -u +%Y-%m-01) +$i month" +%Y-%m-01)
    weekday=$(date -u -d "$month" +%u)
    baseline=$(date -u -d "$month +$(((9 - weekday) % 7 + 7)) days" +%F)
    [[ $month == *-0[147]-01 || $month == *-10-01 ]] || continue
    [[ $baseline < $(date -u +%F) ]] || break
done
same it_leaves_the_track_until_the_next_baseline "true $baseline" \
    "$(host windows-1 '"\(.off_track) \(.off_track_until[:10])"')"
same nobody_measured_it_yet 'false false' \
    "$(host linux-1 .measured) $(host windows-1 .measured)"
holds so_it_is_the_drivers_guess test "$(host windows-1 .minutes)" -gt 1

# ---- sums, made again from the hosts ----

# sums LIST KEY: a line for each group of the report and of its hosts.
sums() {
    jq -r --arg key "$2" --arg list "$1" '
        [.hosts[] | select(.can != "nothing")] | group_by(.[$key])[] |
        [.[] | select(.can == "yes")] as $can |
        "\(.[0][$key]) \(length) \($can | length) " +
        "\([.[] | select(.can == "blocked")] | length) " +
        "\([.[] | select(.can == "never")] | length) " +
        "\([.[] | select(.can == "unknown")] | length) " +
        (if $can == [] then "" else
            "\([$can[] | select(.restart == "yes")] | length) " +
            "\([$can[].minutes] | max) " +
            "\([$can[] | select(.off_track)] | length) " +
            "\([$can[].off_track_until // ""] | max)" end)' "$work/report" |
        sort
}
groups() {
    jq -r --arg list "$1" '.[$list][] | select(.hosts > 0) |
        "\(.name) \(.hosts) \(.yes) \(.blocked) \(.never) \(.unknown) " +
        (if .yes == 0 then "" else "\(.restarts) \(.minutes) \(.off_track) " +
        "\(.off_track_until // "")" end)' "$work/report" | sort
}
same releases_add_up "$(sums releases release)" "$(groups releases)"
same runs_add_up "$(sums runs run)" "$(groups runs)"
same rings_add_up "$(sums rings ring)" "$(groups rings)"
same the_run_has_all_that_it_put_in "$n" "$(group runs "$run" .hosts)"
same with_its_name early "$(group runs "$run" .what)"
same cves_of_a_run_count_once \
    "$(jq -s 'add | unique | length' "$work"/lost.*)" "$(group runs "$run" .cves)"
same and_the_commands_can_be_run "hotfleet rollback --run '$run'" \
    "$(group runs "$run" .command)"

# ---- as text, and as rows ----

gives text_says_it_too 0 "^$release +4 +3 +0 +0\\? +4 +1 +- +-$" report rollback
says with_restarts_and_the_day "^$kb +2 +2 +2 +[0-9]+\\? +[0-9]+ +0 +$baseline" \
    "^$run +$n .* early$"
says and_why_not '^1 +held: month end' '^1 +never asked'
says and_how_many_have_nothing '^1 host with nothing to take back'
hf report rollback --csv
same csv_has_a_row_for_each_host 10 "$(wc -l <<<"$out")"
says rows_say_the_price "^windows-1,[a-z]*,yes,$kb,$run,.*,yes,[0-9]+,no,.*,yes,${baseline}T[0-9:]+Z,,$"
says rows_say_why_not '^linux-4,[a-z]*,blocked,.*held: month end'
hf report rollback 'name:linux-1' --json
same a_selection_has_its_hosts 'linux-1' "$(field '[.hosts[].name] | join(" ")')"

# ---- measured ----

hf rollback linux-1 --yes --expect-hosts 1 --reason 'latency up'
hf report rollback --json
same what_is_taken_back_has_nothing nothing "$(host linux-1 .can)"
same once_done_it_is_measured true "$(host linux-2 .measured)"
took=$(git show "ledger:$(git ls-tree -r --name-only ledger hosts |
    grep '/linux-1/.*T.*\.json$' | tail -n 1)" |
    jq 'def at: sub("\\.[0-9]+"; "") | fromdateiso8601;
        ((.ended | at) - (.started | at) + 59) / 60 | floor')
holds as_long_as_it_took test "$(host linux-2 .minutes)" -ge "$took" -a \
    "$(host linux-2 .minutes)" -le "$((took + 1))"

# ---- one switch ----

hf block "$release" --reason 'eats disks'
same a_block_is_a_commit "block $release: eats disks" "$(git log -1 --format=%s)"
same with_its_trailers "block $release" "$(git log -1 \
    --format='%(trailers:key=Action,valueonly,separator=%x20) %(trailers:key=Release,valueonly,separator=%x20)')"
hf report rollback --json
same the_report_shows_it 'eats disks' "$(group releases "$release" .block.reason)"
same taking_it_back_is_not_blocked 2 "$(group releases "$release" .yes)"
gives text_shows_it 0 "^$release .* eats disks$" report rollback
mine=$(git config user.name)
git config user.name Bob
gives somebody_elses_block_stays 1 \
    "is blocked already by $mine since .*: eats disks" \
    block "$release" --reason 'worse'
git config user.name "$mine"
echo >>"blocks/$release.json"
gives what_is_not_committed_stays 1 "'blocks/$release.json'.*not committed" \
    unblock "$release" --reason mended
git checkout -q "blocks/$release.json"
gives unblock_ends_it 0 'unblocked' unblock "$release" --reason mended
same that_is_a_commit_too "unblock $release: mended" "$(git log -1 --format=%s)"
hf report rollback --json
same and_the_report_forgets_it null "$(group releases "$release" .block)"
finish
