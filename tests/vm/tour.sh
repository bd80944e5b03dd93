#!/usr/bin/env bash
# The README's five minutes, as written there, on a real kernel: the key is in
# an agent, hosts come from a table, and the module is the documents' example.
# shellcheck source=tests/vm/fleet.sh
. "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

fleet_begin
vm_boot lab-01
vm_ready lab-01
export SSH_AUTH_SOCK=$vm_work/agent
setpriv --pdeathsig TERM ssh-agent -D -a "$SSH_AUTH_SOCK" >/dev/null 2>&1 &
agent=$!
vm_until 10 test -S "$SSH_AUTH_SOCK"
ssh-add -q "$vm_work/keys/client" 2>/dev/null

# step NAME PATTERN ARGUMENT...: succeeds, and says that.
step() {
    hf "${@:3}"
    is "$1" 0 "$status"
    expect "$1_says_so" "$2" "$said"
}

fleet=$vm_work
step init '.' init fleet
fleet=$vm_work/fleet
printf 'name,address,port,user,ring\nlab-01,127.0.0.1,%s,root,canary\n' \
    "${vm_port[lab-01]}" >"$vm_work/hosts.csv"
step import 'lab-01' import csv ../hosts.csv
step lint '.' lint
step enroll 'lab-01' enroll --from "$vm_work/known_hosts" --yes \
    --expect-hosts 1
step check 'lab-01 .*unknown' check
step why 'lab-01' why lab-01
step catalogue_add 'hotfleet_fix_1' catalogue add \
    "${vm_image:?}/ko/hotfleet_fix_1.ko" --kernel "${release:?}" \
    --source 'the tour'
step check_again 'lab-01 .*behind' check
step apply 'lab-01 .*verified' apply lab-01 --change CHG001 --yes \
    --expect-hosts 1
expect it_is_patched 'hotfleet_fix_1$' "$(vm_ssh lab-01 'cat /proc/version')"
step verify 'lab-01 .*verified' verify lab-01
step rollback 'lab-01 .*verified' rollback lab-01 \
    --reason 'end of the tour' --yes --expect-hosts 1
expect_not it_is_as_before hotfleet "$(vm_ssh lab-01 'cat /proc/version')"
step audit 'CHG001' audit --host lab-01
expect git_log_tells_the_same 'Change: CHG001' "$(git -C "$fleet" log ledger)"
expect the_ledger_keeps_the_reason 'end of the tour' \
    "$(git -C "$fleet" grep -h reason ledger)"
kill "$agent"
vm_end
