#!/usr/bin/env bash
# Each scenario: what the real probe says there, and what the driver makes of
# it, beside the record that was read in review. UPDATE_GOLDEN=1 writes it.
# shellcheck source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scenarios=("$here"/scenarios/*.json)
if ! "$HOTFLEET_BUILD/tests/powershell/bed" "$engine" \
    "$HOTFLEET_SOURCE/inventory/catalogue" "$work" "${scenarios[@]}"; then
    echo 'not ok the_engine_answers: see above'
    exit 1
fi
for scenario in "${scenarios[@]}"; do
    name=$(basename "$scenario" .json)
    golden=$here/golden/$name.txt
    if [ -n "${UPDATE_GOLDEN:-}" ]; then
        mkdir -p "$here/golden"
        cp "$work/$name.txt" "$golden"
    fi
    result "${name//-/_}_is_told_truly" \
        "$(diff -u "$golden" "$work/$name.txt" 2>&1)"
done
finish
