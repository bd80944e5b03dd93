#!/usr/bin/env bash
# One true story: for each scenario `check --json` and the ledger say what the
# record says that was read in review (facts, checks, verdicts; the host's screen
# stands in it, too).
# shellcheck source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
for tool in jq ssh-keygen git; do
    command -v "$tool" >/dev/null || skip_all "no $tool"
done
[ -x /usr/sbin/sshd ] || skip_all 'no sshd'
[ "$(id -u)" -eq 0 ] || skip_all 'sshd wants root here'
# shellcheck source=tests/powershell/warm.bash
. "$here/warm.bash"
# shellcheck source=tests/powershell/host.bash
. "$here/host.bash"
export HOTFLEET_CLOCK=2026-08-20T12:00:00Z

# What depends on the host's place in a fleet, its login there, and the moment.
own='^(clock|health\.[^ ]*) |^[a-z]+ +(clock|elevation|identity|known-issue) |^product '

# facts_of FILTER: "key value", "key? why" of that object of the document
facts_of() {
    jq -r "$1"' | to_entries[] | "\(.key)\(if .value.unknown then "?" else ""
        end) \(.value.value // .value.unknown)"' | LC_ALL=C sort
}
told() {
    facts_of '.hosts[0].facts' <"$work/out"
    echo
    jq -r '.hosts[0].checks[] | "\(.verdict)\t\(.name)\t\(.found)"' "$work/out" |
        while IFS=$'\t' read -r verdict name found; do
            printf '%-8s%-11s %s\n' "$verdict" "$name" "$found"
        done
    jq -r '.hosts[0] | "\nlevel    \(.level)", "target   \(.target)",
        "coverage \(.coverage.state): \(.coverage.why // "")",
        "patch    \(.patch.state): \(.patch.why // "")",
        "reboot   \(.reboot.state) \(.reboot.why // "")"' "$work/out"
}
recorded() {
    local file
    file=$(git -C "$fleet" ls-tree -r --name-only ledger |
        grep '/facts.json$') || return
    git -C "$fleet" show "ledger:$file" | facts_of .facts
}

for scenario in "$here"/scenarios/*.json; do
    name=$(basename "$scenario" .json)
    [ "$(head -c 8 "$here/golden/$name.txt")" != 'no reply' ] || continue
    git -C "$fleet" update-ref -d refs/heads/ledger
    rm -rf "$XDG_STATE_HOME"
    echo "$scenario" >"$work/scenario"
    hf check --json
    sed '/^screen$/,$d' "$here/golden/$name.txt" | grep -vE "$own" |
        LC_ALL=C sort >"$work/golden"
    told | grep -vE "$own" | LC_ALL=C sort >"$work/told"
    result "${name//-/_}_is_told_by_check" \
        "$(diff <(grep . "$work/golden") <(grep . "$work/told"))"
    result "${name//-/_}_is_recorded" "$(diff <(recorded) <(
        facts_of '.hosts[0].facts' <"$work/out"))"
done
finish
