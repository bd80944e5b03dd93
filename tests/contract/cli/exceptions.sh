#!/usr/bin/env bash
# Exceptions: who is excused is left out, also of a run under way; what each
# change leaves in git.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

full=(--owner dba --ticket CHG-1 --reason 'year end' --control 'no way in')
later=$(date -u -d '+90 days' +%F)
start_sim well
canary=$(jq -r '.hosts[0].name' <<<"$("$HOTFLEET_BINARY" hosts ring:canary --json)")
hf check ring:canary

gives an_exception_wants_its_owner 1 'add --owner' \
    exception add books "$canary" --until "$later"
gives an_exception_must_end 1 'an exception must end' \
    exception add books "$canary" "${full[@]}"
gives it_must_not_be_over_already 1 'would have ended with 2020-01-31' \
    exception add books "$canary" "${full[@]}" --until 2020-01-31
gives several_hosts_are_asked_about 1 'add --yes --expect-hosts' \
    exception add books ring:canary "${full[@]}" --until "$later"
gives an_exception_is_a_commit 0 'undo: git revert [0-9a-f]{10}' \
    exception add books "$canary" "${full[@]}" --until "$later"
same its_subject_reads_well "except $canary until $later: year end" \
    "$(git log -1 --format=%s)"
same its_trailers_can_be_asked_for 'dba CHG-1' "$(git log -1 \
    --format='%(trailers:key=Owner,valueonly,separator=) %(trailers:key=Ticket,valueonly,separator=)')"
same work_tree_and_index_follow '' "$(git status --short)"

unasked=$("$HOTFLEET_BINARY" hosts 'not ring:canary' --json | jq -r '.hosts[0].name')
gives what_is_not_known_is_no_number 0 'leaves an unknown number of CVEs open' \
    exception add unseen "$unasked" "${full[@]}" --until "$later"
hf exception end unseen

gives an_excepted_host_has_the_flag 0 "$canary .*excepted" hosts excepted
gives check_shows_the_flag 0 "$canary .*excepted" check "$canary"
gives the_list_names_end_ticket_and_owner 0 \
    "books +$later +holds +1 +[0-9]+ +[0-9]+ +CHG-1 +dba +year end" exception list
gives why_names_the_exception 0 \
    "excepted until $later \(CHG-1, dba\): year end  \[exceptions/books.json" \
    why "$canary"
gives an_excepted_host_is_not_patched 2 'excepted until' \
    apply "$canary" --yes --expect-hosts 0
gives today_counts_it_apart 10 '1 host excepted' today

soon=$(date -u -d '+3 days' +%F)
gives renewing_is_a_commit 0 "exception books until $soon" \
    exception add books --again --until "$soon"
gives today_tells_of_an_end_within_a_week 10 \
    "exception 'books' of dba ends with $soon" today
gives lint_tells_of_it 0 "the exception ends with $soon" lint
gives the_list_tells_of_it 0 "books .*ends-soon" exception list

git show HEAD:exceptions/books.json | jq '.until = "2020-01-31"' \
    >exceptions/books.json
commit 'by hand'
gives the_list_keeps_what_is_over 0 "books +2020-01-31 +over" exception list
hf apply "$canary" --dry-run --json
same what_is_over_excuses_nobody 1 "$(jq .to_do <<<"$out")"

gives ending_is_a_commit 0 'undo: git revert' exception end books \
    --reason 'open again'
same the_file_is_gone '' "$(git ls-files exceptions)"
gives a_slip_is_understood 1 "did you mean" \
    exception add shelves "$canary" "${full[@]}" --until "$later" --onwer x
gives nothing_is_ended_twice 1 "no exception 'books'" exception end books

# files by hand, and a rollout whose last host somebody excepts meanwhile
mkdir -p playbooks exceptions
cat >playbooks/two.json <<'END'
{"targets": {"select": "patch:behind and name:web*"}, "limits": {"ramp": 0},
 "rings": [{"name": "first", "size": "1", "soak": "2s", "gates": ["well"]},
           {"name": "rest", "size": "rest", "soak": "0s", "gates": ["well"]}],
 "gates": [{"name": "well", "checks": ["criteria"], "every": "1s", "count": 1}]}
END
commit 'two rings'
hf check
hf plan two --json
last=$(jq -r '.plan.decides.hosts[-1].name' <<<"$out")
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
printf '{"id": "x", "owner": "o", "ticket": "t", "reason": "r", "control": "c",
    "for": {"hosts": ["%s"]}}\n' "$last" >exceptions/x.json
commit 'no end'
gives a_file_without_end_starts_nothing 1 "'until' is missing" \
    run two --yes --expect-hosts "$hosts"
git rm -q exceptions/x.json
commit 'without it'

hf run two --tick --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same the_rollout_goes_on_later going "$(jq -r .state <<<"$out")"
gives the_last_host_is_excepted 0 "until $later: commit" exception add late "name:$last" \
    "${full[@]}" --until "$later" --yes
for _ in $(seq 150); do
    hf run "$run" --tick --json
    [ "$(jq -r .state <<<"$out")" = over ] && break
    sleep 0.1 # between two ticks of a timer
done
same an_exception_binds_a_run_under_way skipped \
    "$(jq -r --arg h "$last" '.hosts[] | select(.name == $h) | .outcome' <<<"$out")"
holds and_the_log_says_why grep -q "excepted until $later" \
    "$XDG_STATE_HOME"/hotfleet/*/rollouts/"$run"/log.jsonl
finish
