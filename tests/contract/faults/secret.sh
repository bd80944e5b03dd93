#!/usr/bin/env bash
# A passphrase and a key never stand in arguments, environment, output, logs,
# state folder, fleet or ledger.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
canary=kanarienvogel-7291
start_faultsim well 300 0
ssh-keygen -q -p -N "$canary" -P '' -f .keys/id_ed25519 >/dev/null
secret=$(sed -n 3p .keys/id_ed25519)

said=$(python3 "$faults/typing.py" "$canary" "$states" \
    "$HOTFLEET_BINARY" apply "$(behind 1)" --yes --expect-hosts 1)
status=$?
same the_passphrase_lets_it_log_in 0 "$status"
says and_the_host_is_patched '1 verified'
printf '%s\n' "$said" >"$work/shown"
git ls-tree -r --name-only ledger | while read -r path; do
    git show "ledger:$path"
done >"$work/records"
git log --all --format=%B >"$work/messages"

# shellcheck disable=SC2317 # called by holds
absent() { ! grep -qF -e "$canary" -e "$secret" "$@"; }
holds it_is_not_shown absent "$work/shown"
holds it_is_not_recorded absent "$work/records" "$work/messages"
holds it_is_not_in_the_state_folder absent -r "$states"
holds it_is_not_in_the_fleet absent -r --exclude-dir=.keys .
said=$(python3 "$faults/typing.py" wrong "$states" "$HOTFLEET_BINARY" \
    check "$(behind 1)")
status=$?
same a_wrong_passphrase_is_a_refusal 4 "$status"
finish
