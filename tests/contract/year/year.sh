#!/usr/bin/env bash
# A year of 500 Windows and 100 Linux hosts, by the real engine and the shipped
# playbooks; then every number of the reports is computed a second time from
# the ledger's files, by Python's standard library and git alone.

# A year of journals is synced ten thousand times: in memory, where it fits.
room=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
[ "${room:-0}" -lt 1000000 ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm

# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/../cli/common.bash"

year=$HOTFLEET_SOURCE/tests/contract/year
reports=$work/reports
mkdir "$reports"
if ! fleet=$(TMPDIR=$work "$HOTFLEET_BUILD/tests/contract/year/year" \
    "$year/fleet" "$work/truth.json" 500 100 2>"$work/err"); then
    said=$(cat "$work/err")
    no a_year_goes_by 'it does not come to its end'
    finish
fi
ok a_year_goes_by

export HOTFLEET_FLEET=$fleet HOTFLEET_CLOCK
HOTFLEET_CLOCK=$(jq -r .at "$work/truth.json")
for kind in compliance savings reboots exposure; do
    days=()
    [[ $kind != [cs]* ]] || days=(--days 366)
    gives "there_is_a_report_of_$kind" 0 '"simulated": true' \
        report "$kind" "${days[@]}" --json
    cp "$work/out" "$reports/$kind.json"
done

export PYTHONDONTWRITEBYTECODE=1
python3 "$year/year_check.py" "$fleet" "$reports" "$work/truth.json" \
    "$HOTFLEET_SOURCE/inventory/catalogue" || bad=1
finish
