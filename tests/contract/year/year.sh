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

# the year is over: somebody is excused, a host is held, a source is imported
cd "$fleet" || exit 1
later=$(date -u -d "$HOTFLEET_CLOCK +90 days" +%F)
who='coverage:ineligible or patch:behind'
n=$("$HOTFLEET_BINARY" hosts "$who" --json | jq '.hosts | length')
hf exception add books "$who" --owner dba --ticket CHG-7 --control none \
    --reason 'books are open' --until "$later" --yes --expect-hosts "$n"
jq '.id = "over" | .until = "2027-06-30"' exceptions/books.json \
    >exceptions/over.json
held=$(jq -r '[.hosts | to_entries[] | select(.value.product == "ws2025")
    .key][2]' "$work/truth.json")
hf hold "$held" --reason 'vendor asks for it'
mkdir -p entitlements
jq '[.hosts | to_entries[] | select(.value.product | test("^ws"))] |
    {source: "arc", taken: "2027-06-20", hosts: ([.[5:][] |
        {(.key): "Enabled"}] + [{(.[9].key): "Disabled", stranger: "Enabled"}] |
        add)}' "$work/truth.json" >entitlements/arc.json
commit 'what Arc says'

for kind in compliance savings reboots exposure quarter memory coverage \
    rollback; do
    days=()
    [[ $kind != @(compliance|savings|quarter) ]] || days=(--days 366)
    gives "there_is_a_report_of_$kind" 0 '"simulated": true' \
        report "$kind" "${days[@]}" --json
    cp "$work/out" "$reports/$kind.json"
done

export PYTHONDONTWRITEBYTECODE=1
python3 "$year/year_check.py" "$fleet" "$reports" "$work/truth.json" \
    "$HOTFLEET_SOURCE/inventory/catalogue" || bad=1
finish
