#!/usr/bin/env bash
# Where somebody else may install, a hold or a freeze binds hotfleet alone: the
# hosts are named, with what would enforce it.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
command -v jq >/dev/null || skip_all 'no jq'
start_sim well

hf check --json
# with_others FILTER: the first host whose fact "others" passes
with_others() {
    jq -r "[.hosts[] | select(.facts.others.value $1)][0].name" <<<"$out"
}
other=$(with_others '!= "none"')
alone=$(with_others '== "none"')
holds there_is_a_host_with_a_second_hand test "$other" != null

# lacks NAME TEXT: the last answer does not say it
lacks() {
    if [[ $said == *$2* ]]; then
        no "$1" "it says: $2"
    else
        ok "$1"
    fi
}

gives a_hold_names_it 0 'others may not:' hold "$other" --reason 'year end'
says with_who_it_is "^  $other: unattended-upgrades" '^to enforce it: '
gives a_hold_elsewhere 0 'held 1 host' hold "$alone" --reason 'year end'
lacks names_nobody 'others may not'
hf unhold "name:$other or name:$alone"

jq -n --arg from "$(date -u +%F)" --arg to "$(date -u -d '+9 days' +%F)" '
    {windows: [], freezes: [{name: "year end", from: $from, to: $to}]}' \
    >calendar.json
commit freeze
gives schedule_names_the_hosts_of_a_freeze 0 \
    'others may install or restart in them:' schedule
says with_who_and_what_would_enforce_it \
    "^  $other: unattended-upgrades" '^to enforce it: '
lacks and_no_other "  $alone: "
gives one_that_nobody_else_patches 0 'freeze +1 +year end' schedule "$alone"
lacks is_not_named 'others may'
gives after_the_freeze 0 'no window and no freeze' schedule "$other" \
    --from "$(date -u -d '+20 days' +%F)"
lacks nobody_is_named 'others may'
hf schedule --json
same a_document_has_them yes "$(jq -r --arg host "$other" '.not_enforced |
    map(select(.name == $host and .others == "unattended-upgrades")) |
    if length == 1 then "yes" else . end' <<<"$out")"
gives a_plan_names_them_too 0 'others may install or restart in them:' \
    plan compliance-check
says with_who_it_is_there "^  $other: unattended-upgrades"
hf plan compliance-check --json
same and_its_document true \
    "$(jq --arg host "$other" '.not_enforced | any(.name == $host)' <<<"$out")"
gives why_says_so_of_the_host 0 \
    "frozen by 'year end'.*others may install here all the same: unattended" \
    why "$other"
finish
