#!/usr/bin/env bash
# --read-only: every verb of the program is walked; those that write refuse,
# the others leave fleet, ledger and state folder as they were.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# Arguments with which each verb would do something.
declare -A args=(
    [today]='' [hosts]='' [show]=web-01 [why]=web-01 [check]=ring:canary
    [runs]='' [audit]='' [lint]='' ['catalogue list']='' [schedule]=''
    ['report reboots']='' ['report rollback']='' ['report compliance']='' ['report savings']='' ['report memory']='' ['report quarter']='' ['report coverage']=''
    [plan]=compliance-check ['playbook list']=''
    ['playbook explain']=monthly-hotpatch
    [run]='compliance-check --yes' [rehearse]=compliance-check
    [pause]=--all [abort]=--all
    [resume]='20261123T060000Z-77aa01 --yes'
    ['ring approve']='20261123T060000Z-77aa01 broad'
    [skip]='20261123T060000Z-77aa01 web-01 --reason x'
    [retry]='20261123T060000Z-77aa01 failed --dry-run'
    [apply]='ring:canary --yes --expect-hosts 1' [verify]=web-01
    [rollback]='ring:canary --yes --expect-hosts 1'
    [reboot]='ring:canary --yes --expect-hosts 1'
    [stage]='ring:canary --yes --expect-hosts 1'
    [call-off]='ring:canary --yes --expect-hosts 1'
    [init]="$work/other" [import]="csv $work/hosts.csv"
    [enroll]='--yes --expect-hosts 1' [hold]='web-01 --reason x'
    [block]='fix_1 --reason x'
    [unblock]='fix_1 --reason x' [unhold]=db-02 ['ring move']='broad web-01'
    ['exception add']='books web-01 --owner a --ticket b --reason c --control d
        --until 2030-01-01'
    ['window add']='x web-01 --kind freeze --from 2030-01-01 --to 2030-01-02'
    ['window end']=none
    ['exception end']=none ['exception list']='' ['report exposure']=''
    ['catalogue add']="$work/fix.ko --kernel 6.1.0-1-amd64"
    ['catalogue import']="$here/2026-Sep.json"
    [demo]=- [help]=- [version]=- # know nothing of a fleet
)
writers='apply rollback reboot call-off stage run pause resume abort ring-approve skip retry init import enroll hold unhold block unblock ring-move exception-add exception-end window-add window-end catalogue-add catalogue-import'

printf 'name,address\nnew-01,127.0.0.1\n' >"$work/hosts.csv"
"$simfleet" module "$work/fix.ko" fix_x 6.1.0-1-amd64
start_sim well
printf 'name,hotpatch\nweb-01,Enabled\n' >"$work/arc.csv"
hf import arc "$work/arc.csv" # something to cover

snapshot() {
    refs
    git status --short
    find "$XDG_STATE_HOME" -type f 2>/dev/null | sort | xargs -r sha256sum
}
before=$(snapshot)

"$HOTFLEET_BINARY" help |
    sed -nE 's/^  ([a-z-]+( [a-z-]+)?)  .*/\1/p' >"$work/verbs"
while read -r verb; do
    name=${verb// /_}
    if [ -z "${args[$verb]+there}" ]; then
        no "${name}_is_walked" "this test has no arguments for it"
        continue
    fi
    [ "${args[$verb]}" != - ] || continue
    # shellcheck disable=SC2086
    hf $verb ${args[$verb]} --read-only
    case " $writers " in
    *" ${verb// /-} "*)
        if [ "$status" -eq 1 ] && [[ $said == *read-only:* ]]; then
            ok "${name}_refuses"
        else
            no "${name}_refuses" "exit $status"
        fi
        ;;
    *)
        if [ "$status" -ne 1 ]; then
            ok "${name}_works"
        else
            no "${name}_works" "exit $status"
        fi
        ;;
    esac
    same "${name}_leaves_everything" "$before" "$(snapshot)"
done <"$work/verbs"
holds nothing_was_made test ! -e "$work/other"
finish
