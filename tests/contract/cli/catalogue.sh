#!/usr/bin/env bash
# The catalogue: an empty one, a module added to it, one that must not be.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
new_fleet
kernel=6.1.0-56-amd64
"$simfleet" module "$work/fix_1.ko" fix_1 "$kernel"
"$simfleet" module "$work/fix_2.ko" fix_2 "$kernel"

gives a_catalogue_without_modules_says_how_to_add_one 0 'catalogue add' catalogue list linux
gives without_hosts_none_is_shown 0 'catalogue list PRODUCT' catalogue list
gives a_product_that_is_none_is_named 1 'one of: linux' catalogue list linus
gives a_module_wants_its_kernel 1 'kernel' catalogue add "$work/fix_1.ko"
gives another_kernel_is_refused 1 "built for kernel '$kernel'" \
    catalogue add "$work/fix_1.ko" --kernel 6.1.0-57-amd64
gives a_file_that_is_no_module_is_refused 1 'module' \
    catalogue add hotfleet.json --kernel "$kernel"
gives a_cve_must_look_like_one 1 'CVE' \
    catalogue add "$work/fix_1.ko" --kernel "$kernel" --cve 2026
same nothing_was_committed_yet 1 "$(git rev-list --count HEAD)"

gives a_module_is_added 0 "vermagic *$kernel" \
    catalogue add "$work/fix_1.ko" --kernel "$kernel" --cve CVE-2026-1234 \
    --cve CVE-2026-1235 --until 2027-03-31 --source 'built by hand'
sum=$(sha256sum <"$work/fix_1.ko" | cut -d' ' -f1)
says its_sum_is_said "$sum"
holds it_is_stored cmp "$work/fix_1.ko" "patches/$sum.ko"
same it_is_one_commit 2 "$(git rev-list --count HEAD)"
gives it_is_listed 0 "linux +hotpatch +$kernel +fix_1 +1 +2 +- +0 d +2027-03-31" \
    catalogue list linux
same the_row_has_its_source 'built by hand' \
    "$(jq -r '.releases[0].source' catalogue/linux.json)"
gives the_same_again_is_refused 1 'already' \
    catalogue add "$work/fix_1.ko" --kernel "$kernel"
gives a_later_one_may_replace_it 0 'fix_2' \
    catalogue add "$work/fix_2.ko" --kernel "$kernel" --replaces '*' \
    --complete-until 2026-01
gives the_fleet_still_lints 0 '0 errors' lint
HOTFLEET_CLOCK=2026-11-20T00:00:00Z gives \
    an_old_catalogue_is_called_overdue 0 'linux.*2026-01, OVERDUE since 2026-' \
    catalogue list linux
hf catalogue list linux --json
same json_has_both_rows '["fix_1","fix_2"]' \
    "$(jq -c '[.releases[].patch]' <<<"$out")"

# Microsoft's monthly documents
hf catalogue import "$here/2026-Sep.json" --dry-run
same a_dry_run_is_no_failure 0 "$status"
says it_says_what_would_be_added 'KB5199001 \(ws2025, hotpatch 2026-09, 26100.34000\), 2 CVEs'
before=$(git rev-list --count HEAD)
gives a_month_is_imported 0 'ws2025: complete until 2026-09' \
    catalogue import "$here/2026-Sep.json"
same it_is_one_commit_too "$((before + 1))" "$(git rev-list --count HEAD)"
gives its_releases_are_listed_with_what_is_exploited 0 \
    'ws2025 +update +2026-09 +KB5199002 +26100.34100 +2 +1 ' \
    catalogue list ws2025
says known_issues_are_a_mark_beside_it 'KB5199002 .*known issues are published'
gives again_there_is_nothing_to_write 0 'it is so already' \
    catalogue import "$here/2026-Sep.json"
echo '<html>not published</html>' >"$work/2026-Dec.json"
gives a_page_is_no_document 1 "'2026-Dec.json' is a web page" \
    catalogue import "$work/2026-Dec.json"
gives a_month_of_a_read_only_fleet_is_refused 1 'read-only' \
    catalogue import "$here/2026-Sep.json" --read-only
finish
