#!/usr/bin/env bash
# In what two plans differ: hosts, rings, releases, settings, who is left out,
# price; a stored one and what would be planned now, or two stored ones.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks
playbook() {
    jq -n --argjson m "$1" '{kind: "rollout", limits: {ramp: 0},
        targets: {select: "patch:behind and name:web* and not tag:out"},
        rings: [{name: "one", select: "tag:early", soak: "0s"},
                {name: "two", size: "rest", soak: "0s"}]} * $m' \
        >playbooks/mine.json
    commit playbook
}
# edit HOST PROGRAM: its file, committed.
edit() {
    local file
    file=$(git grep -l "\"name\": \"$1\"" -- hosts)
    jq "$2" "$file" >"$work/edited" && mv "$work/edited" "$file"
    commit "$1"
}
changes() { jq -c "[.changes[] | select(.kind == \"$1\") |
    [.what, .was, .is, .stale]]" <<<"$out"; }

playbook '{}'
hf plan mine --json
first=$(jq -r .plan.id <<<"$out")
n=$(jq '.plan.decides.hosts | length' <<<"$out")
mapfile -t name < <(jq -r '.plan.decides.hosts[].name' <<<"$out")
gives the_same_do_not_differ 0 'they do not differ' plan --diff "$first"
says with_its_totals "^$first +$n +0" "^now +$n +0"

before=$(git rev-parse ledger)
edit "${name[0]}" '.tags = ((.tags // []) + ["early"])'
edit "${name[1]}" '.tags = ((.tags // []) + ["out"])'
edit "${name[2]}" '.site = "elsewhere"'
hf hold "${name[3]}" --reason 'year end'
hf plan --diff "$first" --json
same it_writes_nothing "$before" "$(git rev-parse ledger)"
same who_moved_to_another_ring "[[\"${name[0]}\",\"two\",\"one\",true]]" \
    "$(changes ring)"
same whose_settings_changed "[[\"${name[2]}\",null,null,true]]" \
    "$(changes settings)"
same who_is_gone_and_why "$(jq -cn --arg a "${name[1]}" --arg b "${name[3]}" \
    '[[$a, "two", "it is no target of the playbook any more", false],
      [$b, "two", "held: year end", false]] | sort')" \
    "$(changes host-gone | jq -c sort)"
same the_totals_are_of_both "true $n false $((n - 2)) 1" \
    "$(jq -r '"\(.was.recorded) \(.was.hosts) \(.is.recorded) \(.is.hosts) \(.is.left_out)"' \
        <<<"$out")"
gives the_table_says_so_too 0 "ring +${name[0]} +two +one" plan --diff "$first"
says with_the_reason "host-gone +${name[3]} +two +held: year end" \
    "settings +${name[2]} +- +-"
gives as_does_fresh 7 "${name[0]}: ring 'one' instead of 'two'" \
    plan --fresh "$first"
says in_its_own_words "^\(${name[3]}: would be left out now: held: year end\)"

# two that are stored, and back again
hf plan mine --json
second=$(jq -r .plan.id <<<"$out")
hf plan --diff "$second" "$first" --json
same back_again_they_are_new "$(jq -cn --arg a "${name[1]}" --arg b "${name[3]}" \
    '[[$a, null, "two", false], [$b, "held: year end", "two", false]] | sort')" \
    "$(changes host-new | jq -c sort)"
same both_are_recorded 'true true' \
    "$(jq -r '"\(.was.recorded) \(.is.recorded)"' <<<"$out")"

# what decides for all of them
playbook '{"limits": {"parallel": 3}, "rings": [
    {"name": "one", "select": "tag:early", "soak": "0s"},
    {"name": "two", "size": "rest", "control": "1", "soak": "0s"}]}'
jq -n '{windows: [{name: "w", kind: "change", weekly: ["sunday"], at: "03:00",
    length: "2h"}]}' >calendar.json
commit calendar
hf plan --diff "$second" --json
same which_keys_of_the_playbook '["limits","rings"]' \
    "$(changes playbook | jq -c 'map(.[0]) | sort')"
same that_the_calendar_moved '[["calendar",null,null,true]]' "$(changes calendar)"
same who_is_a_control_host_now '["two","control host of its ring"]' \
    "$(changes host-gone | jq -c '.[0][1:3]')"

# another release
hf unhold "${name[3]}"
hf plan mine --json
third=$(jq -r .plan.id <<<"$out")
hf hold "${name[3]}" --reason 'another'
hf plan mine --json
fourth=$(jq -r .plan.id <<<"$out")
hf unhold "${name[3]}"
hf hold "${name[3]}" --reason 'a third'
hf plan --diff "$fourth" --json
same a_new_reason_is_told \
    "[[\"${name[3]}\",\"held: another\",\"held: a third\",false]]" \
    "$(changes left-out)"
gives three_are_too_many 1 '' plan --diff "$first" "$second" "$third"
gives two_are_for_diff 1 'two plans are for --diff' plan mine "$third"
gives no_such_plan 1 "no plan 'nope'" plan --diff nope
finish
