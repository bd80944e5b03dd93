#!/usr/bin/env bash
# Which CVEs are open: a small fleet of Linux hosts whose patches close some,
# and a fleet of Windows hosts with a month's document imported.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
jq '.releases |= map(.cves = if .patch | test("[23]$")
    then ["CVE-2026-1234"] else [] end)' catalogue/linux.json \
    >"$work/linux.json"
mv "$work/linux.json" catalogue/linux.json
jq -n '{cves: [{id: "CVE-2026-1234", severity: "critical", score: "9.1",
    exploited: true}]}' >catalogue/cves.json
commit 'what the patches close'

gives hosts_never_asked_are_unknown 0 'all hosts +([0-9]+) +\1 ' report exposure
hf check
gives open_cves_are_counted 0 'all hosts .* 1 +1 +1 +0 +9.1 CVE-2026-1234' \
    report exposure
says the_worst_are_listed 'CVE-2026-1234 +critical +9.1 +yes'
gives a_cve_names_its_hosts 0 \
    'CVE-2026-1234: severity critical, score 9.1, EXPLOITED' \
    report exposure --cve CVE-2026-1234
same those_that_are_behind_have_it_open \
    "$("$HOTFLEET_BINARY" hosts patch:behind --json | jq -r '.hosts[].name')" \
    "$(sed -n 's/ .* open  *[0-9].*//p' <<<"$out")"
gives check_asks_and_tells 0 'web-01 .*open' check web-01 --cve CVE-2026-1234
gives a_cve_that_nothing_closes_is_not_listed 0 'no release of the catalogue' \
    report exposure --cve CVE-2026-9999
gives a_slip_is_no_cve 1 "'CVE-26-1' is no CVE number" \
    report exposure --cve CVE-26-1

n=$("$HOTFLEET_BINARY" apply web-01 --dry-run --json | jq .to_do)
hf apply web-01 --yes --expect-hosts "$n"
gives patching_closes_it 0 'web-01 .*|^0 open, 1 closed' \
    report exposure web-01 --cve CVE-2026-1234
says it_is_closed_now '^0 open, 1 closed'

gives a_hold_says_what_it_leaves_open 0 'this hold leaves 1 CVE open, 1 exploited' \
    hold web-02 --reason 'year end'
later=$(date -u -d '+90 days' +%F)
gives an_exception_says_so_too 0 'this exception leaves 1 CVE open, 1 exploited' \
    exception add books web-03 --owner dba --ticket CHG-1 --reason closed \
    --control none --until "$later"
gives the_report_names_both 0 "exception books +1 +0 +1 +1 +$later" \
    report exposure
says and_holds_have_no_end 'hold +1 +0 +1 +1 +no end +year end'
gives the_list_has_the_numbers 0 'books .* 1 +1 +1 +CHG-1' exception list
hf report exposure --csv
same csv_has_a_row_for_each_host \
    "$(($("$HOTFLEET_BINARY" hosts --json | jq '.hosts | length') + 1))" \
    "$(wc -l <<<"$out")"
says csv_can_be_read_by_programs '^web-03,[a-z]+,linux,.*,0,1,1,1,0,CVE-2026-1234,9.1,$'
hf report exposure --json
same hosts_share_sets_and_point_at_them CVE-2026-1234 "$(jq -r '. as $d |
    .hosts[] | select(.name == "web-03") | $d.sets[.set].cves[]' <<<"$out")"
finish
