#!/usr/bin/env bash
# Plans: who is in, in which order, who is left out and why; kept in the
# ledger; fresh or stale.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
gives asks_first 0 '' check

gives shows_everything 0 'carry it out: hotfleet run' plan monthly-hotpatch
says names_rings_price_and_order '^canary' '^pilot' '^broad' \
    'taking it back would restart' 'plan [0-9]{8}T'

hf plan monthly-hotpatch --json
plan=$(jq -r .plan.id <<<"$out")
hash=$(jq -r .plan.hash <<<"$out")
kept=$out
holds the_hash_can_be_recomputed test "$hash" = "$(jq -cSj .plan.decides \
    <<<"$out" | sha256sum | cut -d' ' -f1)"
holds each_host_stands_in_one_place test "$(jq '[.plan.decides.hosts[].name,
    .plan.left_out[].name, .plan.decides.rings[].controls[]] | length ==
    (unique | length)' <<<"$out")" = true
holds every_target_is_somewhere test "$(jq '[.plan.decides.hosts[]] | length' \
    <<<"$out")" -gt 0
holds the_ledger_has_it git cat-file -e \
    "ledger:plans/${plan:0:4}-${plan:4:2}/$plan.json"
holds its_commit_says_so test "$(git log -1 --format=%s ledger)" = \
    "plan $plan: monthly-hotpatch on $(jq '.plan.decides.hosts | length' \
        <<<"$out") hosts"

hf plan monthly-hotpatch --json
holds the_same_twice test "$(jq -r .plan.hash <<<"$out")" = "$hash"

gives is_fresh_by_id 0 'is fresh' plan --fresh "$plan"
gives is_fresh_by_hash 0 'is fresh' plan --fresh "${hash:0:10}"

host=$(jq -r '.plan.decides.hosts[0].name' <<<"$kept")
file=$(git grep -l "\"name\": \"$host\"" -- hosts)
jq '.note = "nothing that counts"' "$file" >"$work/file" && mv "$work/file" "$file"
commit "a note"
gives a_note_makes_nothing_stale 0 'is fresh' plan --fresh "$plan"
jq '.site = "elsewhere"' "$file" >"$work/file" && mv "$work/file" "$file"
commit "a site"
gives a_setting_does 7 "$host: its settings changed" plan --fresh "$plan"
git revert --no-edit HEAD >/dev/null
gives hold_it 0 '' hold "$host" --reason "year end"
gives a_hold_takes_the_host_away 0 "$host: would be left out now" \
    plan --fresh "$plan"
gives who_is_left_out_is_told 0 'skipped: .*year end' plan monthly-hotpatch
hf unhold "$host"

mkdir -p playbooks
cat >playbooks/mine.json <<'EOF'
{"extends": "monthly-hotpatch", "targets": {"expect_hosts": {"max": 1}}}
EOF
commit mine
gives too_many_hosts_are_refused 1 'expects at most 1' plan mine
cat >playbooks/mine.json <<'EOF'
{"extends": "monthly-hotpatch", "change": {"approvals": {"need": 1}}}
EOF
commit mine
gives approvals_cannot_be_enforced_yet 5 'wants 1 approvals' plan mine
cat >playbooks/mine.json <<'EOF'
{"extends": "quarterly-restart", "rollback": {"when": "gate-failed"}}
EOF
commit mine
gives a_restart_is_not_taken_back 1 'only a rollout can be taken back' plan mine
cat >playbooks/mine.json <<'EOF'
{"extends": "monthly-hotpatch", "ring": []}
EOF
commit mine
gives a_wrong_key_is_told_with_its_place 1 \
    "playbooks/mine.json:1:[0-9]+: .*unknown key 'ring'" plan mine
cat >playbooks/mine.json <<'EOF'
{"extends": "monthly-hotpatch", "limits": {"per_domain":
 [{"domain": "cluster", "at_most": 1}]}, "rings": [
 {"name": "one", "size": "3", "batches": ["1", "rest"], "soak": "1h"},
 {"name": "two", "size": "rest", "batches": ["50%"], "control": "2"}]}
EOF
commit mine
hf plan mine --json
holds sizes_are_kept test "$(jq -c '[.plan.decides.rings[] |
    [.hosts, (.controls | length)]] | .[0]' <<<"$out")" = '[3,0]'
holds controls_are_left_alone test "$(jq '.plan.decides.rings[1].controls |
    length' <<<"$out")" = 2
gives no_such_playbook 1 "no playbook 'nope'" plan nope
gives no_such_plan 1 "no plan '20200101T000000Z-000000'" \
    plan --fresh 20200101T000000Z-000000
gives looks_without_writing 0 'price:' plan mine --read-only
before=$(git rev-parse ledger)
gives dry_run_writes_nothing 0 'price:' plan mine --dry-run
holds the_ledger_stood_still test "$before" = "$(git rev-parse ledger)"
finish
