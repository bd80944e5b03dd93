#!/usr/bin/env bash
# A fleet from nothing: init, lint, hold, unhold, ring move; what each leaves
# in git.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

cd "$work" || exit 1
gives init_says_what_comes_next 0 'hotfleet enroll' init fleet --name production
gives init_leaves_what_is_there 1 'fleet' init fleet
cd fleet || exit 1
same init_is_one_commit 1 "$(git rev-list --count HEAD)"
same init_has_a_schema_for_every_kind_of_file \
    "$(cd "$HOTFLEET_SOURCE/inventory/schemas" && ls)" "$(ls schemas)"
same init_leaves_nothing_open '' "$(git status --short)"
same init_lets_nobody_else_write '' "$(find . -perm /022 ! -type l)"
# trouble that nobody waits for is told in a file of one's own
hf today
same there_is_a_log_for_oneself 600 \
    "$(stat -c %a "$XDG_STATE_HOME"/hotfleet/*/log.jsonl)"
gives a_new_fleet_has_no_problems 0 '0 errors, 0 warnings' lint
gives a_new_fleet_has_its_name 0 'fleet production' hosts
says an_empty_fleet_says_how_to_fill_it 'no hosts yet'
cd "$HOME" || exit 1
gives an_option_names_the_fleet 0 'fleet production' -C "$work/fleet" hosts
HOTFLEET_FLEET=$work/fleet gives the_environment_names_the_fleet 0 \
    'fleet production' hosts
cd "$work/fleet" || exit 1

# lint: all problems, with their places, also when nothing can be loaded
add_host web-01 127.0.0.1 canary
commit one
gives a_warning_alone_is_no_failure 0 'no pinned key.*enroll web-01' lint
add_host web-02 127.0.0.2 canary ', "adress": "x"'
add_host web-03 127.0.0.3 nowhere
commit broken
gives an_invalid_fleet_is_refused 1 'adress' hosts
gives lint_fails_on_errors 1 '2 errors' lint
says lint_names_every_place 'web-02.json:1:.*adress' \
    "did you mean 'address'" 'web-03.json:1:.*nowhere'
hf lint --json
same lint_json_has_all_of_them 2 \
    "$(jq '[.problems[] | select(.severity == "error")] | length' <<<"$out")"
same lint_json_has_the_place 'hosts/canary/web-02.json 1 $.adress' "$(jq -r \
    '.problems[] | select(.text | test("adress")) |
        "\(.file) \(.line) \(.path)"' <<<"$out")"
mkdir -p playbooks hooks
printf '{"ring": []}\n' >playbooks/slip.json
printf '{"extends": "slip"}\n' | tee playbooks/heir.json >playbooks/heiress.json
printf '{"extends": "nowhere"}\n' >playbooks/orphan.json
cat >playbooks/hooked.json <<'EOF'
{"rings": [{"name": "all", "size": "rest"}],
 "gates": [{"name": "well", "command": "judge"}],
 "hooks": {"on_halt": "mail", "on_finish": "tell", "before_run": "ask"}}
EOF
printf '#!/bin/sh\n' | tee hooks/tell >hooks/ask
chmod +x hooks/ask
commit playbooks
gives lint_reads_playbooks 1 '7 errors' lint
says lint_names_the_places_in_playbooks "slip.json:1:.*unknown key 'ring'" \
    "orphan.json: .*no playbook 'nowhere' .*playbook list" \
    "hooked.json: [$].hooks.on_halt: there is no file 'hooks/mail'" \
    "hooked.json: [$].hooks.on_finish: 'hooks/tell' is not executable" \
    "hooked.json: [$].gates.0..command: there is no file 'hooks/judge'"
git rm -q -r playbooks hooks
for n in 4 5 6; do add_host web-0$n 127.0.0.$n nowhere; done
commit more
gives many_problems_are_cut 1 'hotfleet lint lists all [0-9]+ problems' hosts
same three_are_shown 3 "$(grep -c '^hosts/' <<<"$said")"
git rm -q hosts/nowhere/web-0[456].json
add_host web-02 127.0.0.2 canary
git mv hosts/nowhere/web-03.json hosts/canary/
add_host web-03 127.0.0.3 canary
commit mended

# hold
gives a_hold_wants_a_reason 1 'reason' hold web-01
gives blanks_are_no_reason 1 'wants a reason' hold web-01 --reason '  '
gives a_hold_is_a_commit 0 'undo: git revert [0-9a-f]{10}' \
    hold web-01 --reason 'year end'
same its_subject_reads_well 'hold web-01: year end' "$(git log -1 --format=%s)"
same work_tree_and_index_follow '' "$(git status --short)"
same the_reason_is_in_the_file 'year end Ann' \
    "$(jq -r '.hold | "\(.reason) \(.by)"' hosts/canary/web-01.json)"
gives another_reason_is_not_overwritten_unasked 1 'add --yes' \
    hold web-01 --reason other
gives a_held_host_is_shown 0 'web-01 .*held' hosts held
gives why_names_the_hold 0 "held: year end  \[hosts/canary/web-01.json $(
    git rev-parse --short=10 HEAD)\]" why web-01
gives why_ends_in_a_sentence 0 '^web-01 is left out because held: year end' \
    why web-01
undo=$(sed -n 's/^undo: //p' <<<"$("$HOTFLEET_BINARY" hold web-02 --reason x)")
holds the_undo_that_is_named_works bash -c "$undo --no-edit"
gives it_is_undone_then 1 'no host matches' hosts 'held and web-02'

for blank in '' ' '; do
    gives hold_of_a_blank_is_not_every_host 1 'selector is blank' \
        hold "$blank" --reason x --yes --expect-hosts 3
    gives unhold_of_a_blank_is_not_every_host 1 'selector is blank' \
        unhold "$blank" --yes --expect-hosts 3
    gives moving_a_blank_is_not_every_host 1 'selector is blank' \
        ring move broad "$blank" --yes --expect-hosts 3
    gives enrolling_a_blank_again_is_not_every_host 1 'selector is blank' \
        enroll --again "$blank" --yes --expect-hosts 3
done
gives the_hint_for_every_host_works 1 'expect-hosts 3' hold '*' --reason x
gives several_hosts_are_asked_about 1 'add --yes --expect-hosts 3' \
    hold ring:canary --reason x
gives yes_alone_is_not_enough 1 'wants --expect-hosts' \
    hold ring:canary --reason x --yes
gives a_wrong_count_is_refused 1 'says 2, but 3' \
    hold ring:canary --reason x --yes --expect-hosts 2
gives the_right_count_is_taken 0 'held 3 hosts' \
    hold ring:canary --reason x --yes --expect-hosts 3
gives everything_is_held_already 0 'so already' \
    hold web-02 --reason x
gives unhold_is_a_commit 0 'released 1 host' unhold web-02
same unhold_takes_the_key null "$(jq .hold hosts/canary/web-02.json)"

# ring move: the key, not the path
gives a_ring_that_is_none_is_refused 1 'nowhere' ring move nowhere web-02
gives moving_is_a_commit 0 'moved 1 host to ring broad' ring move broad web-02
same the_key_is_changed broad "$(jq -r .ring hosts/canary/web-02.json)"

# an edit that somebody has under way is not overwritten
echo '{"name": "web-02", "address": "127.0.0.9"}' >hosts/canary/web-02.json
before=$(refs)
gives a_dirty_file_is_left_alone 1 'hosts/canary/web-02.json' \
    hold web-02 --reason x
same then_nothing_is_committed "$before" "$(refs)"
git checkout -q hosts
git checkout -q --detach
gives a_detached_head_is_refused 1 'detached' hold web-02 --reason x
git checkout -q main
git config --global --unset user.name
gives without_identity_the_commands_are_named 1 'git config' \
    hold web-02 --reason x
finish
