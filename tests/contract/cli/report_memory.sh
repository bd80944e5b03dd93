#!/usr/bin/env bash
# Memory: before and after each patch and over the time, against a second count
# over the ledger's files; what nobody told is unknown.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# runs FILTER: over all evidence of the ledger, as one array.
runs() {
    git ls-tree -r --name-only ledger hosts | grep -v '/facts\.json$' |
        while read -r file; do git show "ledger:$file"; done | jq -cs "$1"
}

field() {
    jq -cr "$1" <<<"$out"
}

# facts FILTER: over the newest facts of all hosts, as one array.
facts() {
    git ls-tree -r --name-only ledger hosts | grep '/facts\.json$' |
        while read -r file; do git show "ledger:$file"; done | jq -cs "$1"
}

proven='select(.action == "apply" and .outcome == "verified"
    and .boot_id.before == .boot_id.after)'
bytes='def bytes(f): (.after[f].value | tonumber) -
    (.before[f].value | tonumber); '
median='sort | .[(length - 1) / 2 | floor]'

# growth FACT: the median growth over all proven patches.
growth() {
    runs "$bytes [.[] | $proven | bytes(\"$1\")] | $median"
}

linux='.products[] | select(.product == "linux")'

start_sim unwell
hf report memory --json
same nothing_is_known_of_hosts_never_asked '0 0' \
    "$(field '"\(.patches | length) \(.hosts | length)"')"
gives for_people_nothing_is_known 0 'no host has told it yet' report memory

hf check
hf report memory --json
same who_told_nothing_is_counted \
    "$(facts '[.[] | select(.facts["memory.committed"].value)] | length') 40" \
    "$(field "$linux | \"\\(.kinds.committed.told) \\(.hosts)\"")"
same one_moment_is_no_growth 0 "$(field "$linux | .kinds.committed.over_time.known")"

hf apply 'ring:canary and patch:behind' --yes --expect-hosts 5
same the_patches_went_in 0 "$status"
hf report memory --json
same each_patch_is_there "$(runs "[.[] | $proven] | length")" \
    "$(field '.patches | length')"
same there_are_some 5 "$(field "$linux | .kinds.committed.over_patch.known")"
for pair in committed:memory.committed modules:memory.modules \
    patches:memory.patches; do
    kind=${pair%%:*}
    same "${kind}_grow_as_the_ledger_says" "$(growth "${pair#*:}")" \
        "$(field "$linux | .kinds.$kind.over_patch.median")"
done
same a_module_has_a_size 24576 "$(field "$linux | .kinds.patches.over_patch.most")"
host=$(field '.patches[0].host')
same before_and_after_are_those_of_the_evidence \
    "$(runs "[.[] | select(.host == \"$host\")][0] |
        [.before, .after] | map(.[\"memory.committed\"].value | tonumber)")" \
    "$(field '.patches[0] | [.before.committed, .after.committed]')"
same the_newest_facts_are_the_end \
    "$(facts ".[] | select(.host == \"$host\") |
        .facts[\"memory.committed\"].value | tonumber")" \
    "$(field ".hosts[] | select(.host == \"$host\") | .after.committed")"
same linux_has_no_pool 0 "$(field "$linux | .kinds.pool.told")"
same alike_hosts_do_not_stand_out 0 \
    "$(field '[.patches[], .hosts[] | .outlier[]] | length')"
same the_last_day_is_the_mean \
    "$(facts '[.[].facts["memory.committed"].value | select(.) | tonumber] |
        add / length | floor')" \
    "$(field "$linux | .days[-1].committed")"

hf report memory ring:broad --json
same of_others_nothing_is_counted '0' "$(field '.patches | length')"
hf reboot "$host" --yes --expect-hosts 1 --reason 'tried'
hf report memory --json
same after_a_restart_nothing_is_compared false \
    "$(field ".hosts[] | select(.host == \"$host\") | .compared")"
gives for_people 0 '^5 patches put into effect' report memory
says the_kinds_are_named 'committed memory' 'live patch modules' \
    'nobody stands out' 'linux committed'
gives the_page_is_one 0 '</html>' report memory --html
says it_has_plots '<svg'
hf report memory --json
same csv_has_a_row_a_change "$(field '(.patches | length) + (.hosts | length) + 1')" \
    "$("$HOTFLEET_BINARY" report memory --csv | wc -l)"
finish
