#!/usr/bin/env bash
# Every JSON document of the command line against its schema in docs/schemas,
# and every table of a report against its document.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
for python in python3 /usr/bin/python3; do
    "$python" -W ignore -c 'import jsonschema' 2>/dev/null && break
    python=
done
if [ -z "$python" ]; then
    echo "skip documents_match_their_schemas: no python3-jsonschema"
    exit 77
fi
docs=$work/docs
mkdir "$docs"

# doc NAME ARGS...: keeps what it prints; its status must be the document's.
doc() {
    local name=$1 inside
    shift
    hf "$@" --json
    printf '%s\n' "$out" >"$docs/$name.json"
    inside=$(jq '.exit // 0' <<<"$out" 2>/dev/null)
    [ "$inside" = "$status" ] ||
        no "${name}_knows_its_exit_status" "$inside instead of $status"
}

# a small fleet that is being kept
cd "$work" || exit 1
doc init init fleet
cd fleet || exit 1
doc hosts_of_an_empty_fleet hosts
doc today_of_an_empty_fleet today
doc catalogue_of_an_empty_fleet catalogue list
doc audit_of_an_empty_fleet audit
printf 'name,address,ring,secret\nweb-01,127.0.0.1,canary,x\nbad name,1,,\n' \
    >"$work/hosts.csv"
doc import import csv "$work/hosts.csv"
doc hold hold web-01 --reason 'year end'
doc unhold unhold web-01
doc ring_move ring move broad web-01
doc exception_add exception add books web-01 --owner dba --ticket CHG-1 \
    --reason 'year end' --control 'no way in' --until 2027-01-31
doc exception_list exception list
doc report_exposure_of_hosts_never_asked report exposure
doc exception_end exception end books --reason 'open again'
doc window_add window add outage web-01 --kind freeze --from 2026-12-18 \
    --to 2026-12-20 --reason 'network works'
doc window_end window end outage --reason 'the network is back'
doc lint_of_warnings lint
"$simfleet" module "$work/fix.ko" fix_1 6.1.0-1-amd64
doc catalogue_add catalogue add "$work/fix.ko" --kernel 6.1.0-1-amd64 \
    --cve CVE-2026-1234 --cve CVE-2026-1235 --until 2027-01-01 --replaces '*'
doc block block fix_1 --reason 'oops under load' --until 2999-01-01
doc catalogue_with_a_block catalogue list linux
doc unblock unblock fix_1 --reason mended
doc catalogue_import catalogue import "$here/2026-Sep.json"
doc catalogue_with_cves catalogue list ws2025
doc enroll enroll --dry-run
doc playbooks playbook list
doc playbook playbook explain monthly-hotpatch
doc show_of_a_host_never_asked show web-01
doc why_of_a_host_never_asked why web-01
echo '{"name": 1, "surplus": []}' >hosts/broken.json
commit broken
doc lint_of_errors lint
doc version version

# one that is patched
start_sim unwell
doc check check
doc plan plan monthly-hotpatch
doc rehearse rehearse emergency --faults sick,down
mkdir -p playbooks
echo '{"kind": "check", "targets": {"select": "ring:canary"}, "budget":
 {"unreachable": {"run": 99}, "unverified": {"run": 99}}, "rings":
 [{"name": "one", "size": "1", "soak": "0s"},
  {"name": "two", "size": "rest", "soak": "0s", "approve": true}]}' \
    >playbooks/look.json
commit look
hf plan look --json
n=$(jq '.plan.decides.hosts | length' <<<"$out")
last=$(jq -r '.plan.decides.hosts[-1].name' <<<"$out")
doc run_that_waits run look --tick --yes --expect-hosts "$n"
run=$(jq -r .run "$docs/run_that_waits.json")
doc skipped skip "$run" "$last" --reason x
hf ring approve "$run" two
doc run run "$run"
doc retry_of_a_run retry "$run" all --dry-run
doc said pause --all
doc plan_that_is_fresh plan --fresh "$(jq -r .plan.id "$docs/plan.json")"
doc plan_that_is_not_another plan --diff "$(jq -r .plan.id "$docs/plan.json")"
hf check ring:pilot --jsonl
printf '%s\n' "$out" >"$docs/check_events.jsonl"
doc hosts hosts
doc schedule_without_a_calendar schedule
doc report_exposure report exposure
doc report_exposure_of_a_cve report exposure --cve CVE-2026-1234
doc check_cve check web-01 --cve CVE-2026-1234
doc report_compliance report compliance
doc report_savings report savings
doc report_memory report memory
doc report_quarter report quarter
jq -n '{source: "arc", taken: "2026-11-20", hosts: {"web-01": "Enabled", x: "Disabled"}}' \
    >"$work/arc.json" && mkdir -p entitlements && cp "$work/arc.json" entitlements/
commit arc
doc report_coverage report coverage
git rm -qr entitlements && commit 'no arc'
jq -n '{windows: [{name: "w", kind: "restart", weekly: ["sunday"], at: "03:00",
    length: "2h"}], freezes: [{name: "f", from: "2020-01-01",
    to: "2020-01-31"}]}' >calendar.json
commit calendar
doc schedule schedule
doc report_reboots report reboots
doc report_reboots_what_if report reboots --what-if skip-baseline
doc schedule_of_a_freeze schedule ring:canary --from 2020-01-01 --to 2020-02-01
git rm -q calendar.json
commit 'no calendar'
doc today today
doc show show web-01
doc why_it_would_be_patched why web-01
doc why_it_is_held why db-02
doc catalogue catalogue list
doc forecast apply ring:canary --dry-run
n=$(jq .to_do <<<"$out")
doc apply apply ring:canary --yes --expect-hosts "$n" --change CHG001 --continue
doc verify verify web-01
doc forecast_of_a_rollback rollback web-01 --dry-run
doc report_rollback report rollback
doc rollback rollback web-01 --yes --expect-hosts 1 --reason latency
doc plan_of_a_rollback rollback --release hotfleet_fix_2 --dry-run
doc forecast_of_a_restart reboot web-01 --dry-run
doc reboot reboot web-01 --yes --expect-hosts 1 --reason 'new kernel'
doc forecast_of_a_call_off call-off web-01 --dry-run
doc forecast_of_staging stage web-01 --dry-run
doc call_off call-off web-01 --yes --expect-hosts 1 --reason 'not today'
hf apply 'ring:pilot and patch:behind and not held' --yes --expect-hosts "$(
    "$HOTFLEET_BINARY" apply 'ring:pilot and patch:behind and not held' \
        --dry-run --json | jq .to_do)" --jsonl --continue
printf '%s\n' "$out" >"$docs/apply_events.jsonl"
doc nothing_to_do apply web-02 --yes --expect-hosts 0
doc runs runs
doc a_run runs "$(jq -r '.runs[] | select(.action == "reboot") | .run' "$docs/runs.json" | head -n 1)"
doc audit audit
doc audit_of_a_host audit --host web-01

# tables for spreadsheets say what the documents say
tables=$work/tables
mkdir -p "$tables" entitlements && cp "$work/arc.json" entitlements/ && commit 'arc again'
for kind in $("$HOTFLEET_BINARY" help | sed -nE 's/^ *report ([a-z]+) .*/\1/p'); do
    for form in csv json; do
        hf report "$kind" "--$form"
        printf '%s\n' "$out" >"$tables/$kind.$form"
    done
done
"$python" "$here/csv_check.py" "$tables" || bad=1

"$python" -W ignore "$here/validate.py" "$HOTFLEET_SOURCE/docs/schemas" \
    "$docs"/* || bad=1
ran=1
finish
