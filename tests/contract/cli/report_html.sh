#!/usr/bin/env bash
# Reports as pages, in a real browser: they ask for nothing else, show what the
# report says in JSON with plots that can be seen, and print.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

for tool in chromium pdfinfo pdftotext; do
    if ! command -v "$tool" >/dev/null; then
        echo "skip reports_in_a_browser: no $tool"
        exit 77
    fi
done

# at DAY: it is noon of that day in November 2026.
at() {
    export HOTFLEET_CLOCK=2026-11-${1}T12:00:00Z
}

# Some past, so that there is something to draw: patches, one taken back, and
# a release that is blocked.
at 03
start_sim well
hf check
at 06
n=$("$HOTFLEET_BINARY" apply 'ring:canary and patch:behind' --dry-run --json |
    jq .to_do)
hf apply 'ring:canary and patch:behind' --yes --expect-hosts "$n"
same canaries_are_patched 0 "$status"
at 09
hf rollback web-01 --yes --expect-hosts 1 --reason 'latency up'
same one_is_taken_back 0 "$status"
hf block hotfleet_fix_2 --reason 'latency up'
same the_release_is_blocked 0 "$status"
jq '.goal = {percent: 50, days: 2}' hotfleet.json >"$work/h" &&
    cp "$work/h" hotfleet.json
commit 'a goal'
at 12
hf check

pages=0
for kind in $("$HOTFLEET_BINARY" help report | grep -oE '^  report [a-z]+' |
    awk '{print $2}'); do
    "$HOTFLEET_BINARY" report "$kind" --help | grep -q -- --html || continue
    pages=$((pages + 1))
    "$HOTFLEET_BINARY" report "$kind" --html >"$work/$kind.html" 2>/dev/null
    "$HOTFLEET_BINARY" report "$kind" --json >"$work/$kind.json" 2>/dev/null
    if said=$(python3 "$here/page_check.py" "$kind" "$work/$kind.html" \
        "$work/$kind.json" "$work/$kind.pdf" 2>&1); then
        echo "$said"
        ran=$((ran + 1))
    else
        printf '%s\n' "$said"
        no "the_page_of_${kind}_is_good" 'see above'
    fi
done
same every_kind_with_a_page_was_looked_at \
    "$(grep -l HF_OPTS_REPORT_PAGE "$HOTFLEET_SOURCE"/tui/cli/verb_report_*.c |
        wc -l)" "$pages"
finish
