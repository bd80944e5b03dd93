#!/usr/bin/env bash
# Another machine behind a known name: its key is the pinned one, its machine
# id is not the recorded one. Looking is free; changing waits for a person.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim well 50 0
host=$(behind 1)

# As if another machine had been there before.
path=$(git ls-tree -r --name-only ledger | grep "/$host/facts.json")
blob=$(git show "ledger:$path" | jq '.identity.machine_id = "feedbeef"' |
    git hash-object -w --stdin)
export GIT_INDEX_FILE=$work/index
git read-tree ledger
git update-index --add --cacheinfo "100644,$blob,$path"
commit=$(git commit-tree "$(git write-tree)" -p ledger -m 'another machine')
git update-ref refs/heads/ledger "$commit"
unset GIT_INDEX_FILE

hf check "$host" --json
same the_flag_is_set true \
    "$(jq '.hosts[0].flags | index("identity-changed") != null' <<<"$out")"
gives nothing_is_done_to_another_machine 2 'identity' \
    apply "$host" --yes --expect-hosts 1
same not_even_begun 0 "$(sim jobs "$host")"
gives to_adopt_it_wants_a_reason 1 'another machine' \
    enroll --again "$host" --yes --expect-hosts 1
gives with_a_reason_it_is_adopted 0 'another machine id' \
    enroll --again "$host" --yes --expect-hosts 1 --reason reinstalled
hf check "$host" --json
same the_flag_is_gone null "$(jq '.hosts[0].flags |
    index("identity-changed")' <<<"$out")"
gives and_it_can_be_patched 0 '1 verified' apply "$host" --yes --expect-hosts 1
finish
