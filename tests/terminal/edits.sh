#!/usr/bin/env bash
# Edits of the fleet's files from the console: ring move, windows, exceptions.
# Each is a small commit; what somebody else did to the same files meanwhile is
# said, and neither that nor what was typed is lost.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

start_fleet fleet well
inside() { git -C "$work/sim" "$@"; }
is() { if [ "$2" = "$3" ]; then ok "$1"; else no "$1" "not '$2' but '$3'"; fi; }
newest() { inside log -1 --format="$1"; }
file=$(cd "$work/sim" && grep -lR '"canary"' hosts | head -n 1)
host=$(jq -r .name "$work/sim/$file")
ring() { jq -r .ring "$work/sim/$file"; }
# by_hand RING: what a person writes in an editor
by_hand() {
    jq --arg ring "$1" '.ring = $ring' "$work/sim/$file" >"$work/new"
    cp "$work/new" "$work/sim/$file"
}

# ---- into another ring ----

start 80 24 "\$program -C $work/sim"
waits 'Needs you|NEEDS YOU'
keys ":fleet name:$host" Enter
waits '1 of 40 hosts'
keys g a
waits 'm  ring move'
keys m
sees its_rings_are_offered 'Into which ring'
keys Escape
waits '1 of 40 hosts'
keys ":ring move broad name:$host" Enter
form_awakes 'Are you sure'
golden ring_move_form_80x24 'canary → broad'
answer y
sees a_host_is_moved "moved 1 host to ring broad: commit [0-9a-f]{10}"
is it_is_a_commit_with_trailers \
    "move $host to ring broad Action: ring-move Ring: broad" \
    "$(newest '%s %(trailers:unfold,separator=%x20)')"
is and_one_line_of_one_file '1 file changed, 1 insertion(+), 1 deletion(-)' \
    "$(inside show --shortstat --format= | sed 's/^ //')"

# Somebody else's commit while the form is open: it is not run over.
keys ":ring move canary name:$host" Enter
waits 'broad → canary'
by_hand pilot
inside commit -qam 'pilots need one more'
sees the_form_follows 'pilot → canary'
answer y
sees what_was_shown_has_moved_and_by_whom 'pilots need one more - '
sees and_what_to_do_then 'read this anew, then Yes'
is nothing_was_written pilot "$(ring)"
answer y
sees once_it_was_read_it_goes_on 'moved 1 host to ring canary: commit'

# What is not committed is not run over either.
keys ":ring move broad name:$host" Enter
waits 'canary → broad'
by_hand pilot
answer y
sees an_uncommitted_change_is_respected 'has changes that are not committed'
sees with_the_way_out 'git status'
is it_stays pilot "$(ring)"
inside checkout -q -- .
answer y
sees the_form_is_still_there 'moved 1 host to ring broad: commit'

keys ":ring move canary name:$host" Enter
waits 'broad → canary'
inside switch -q --detach
answer y
sees without_a_branch_it_says_so 'is detached'
inside switch -q -
answer y
sees on_a_branch_it_goes_on 'moved 1 host to ring canary: commit'

# ---- a window more, a window less ----

keys 5
waits 'F4Times'
keys j j W
sees screen_5_asks_for_the_kind 'f  freeze'
keys f
form_awakes 'Are you sure'
keys outage Enter
sees half_a_rule_is_explained "wants one of 'monthly', 'weekly'"
keys Enter Enter Enter Enter 2026-12-18 Enter 2026-12-20 Enter
keys 'network works' Enter
sees what_it_comes_to_is_said 'when +2026-12-18 00:00 to 2026-12-21 00:00'
golden window_form_80x24 'reason +network works'
# Somebody else makes one of that name while it is typed.
hf window add outage --kind freeze --from 2027-02-01 --to 2027-02-02 \
    --yes --expect-hosts 40 >/dev/null
answer y
sees the_later_is_told "a freeze 'outage' already|somebody else"
sees what_was_typed_is_not_lost 'reason +network works'
press_until '> name' BTab
keys 2 Enter
answer y
sees a_freeze_is_added "freeze 'outage2' for 1 host: commit"
is it_is_a_commit_with_trailers \
    'Action: window-add Window: outage2 Kind: freeze' \
    "$(newest '%(trailers:unfold,separator=%x20)')"

keys ':window end outage' Enter
form_awakes 'Are you sure'
sees what_goes_is_shown '2027-02-01 00:00 to 2027-02-03 00:00'
sed -i s/2027-02-01/2027-01-31/ "$work/sim/calendar.json"
inside commit -qam 'a day earlier'
sees the_form_follows '2027-01-31 00:00 to'
answer y
sees what_was_shown_has_moved "'calendar.json' has changed: .*, a day earlier"
answer y
sees it_is_ended "ended freeze 'outage': commit"
is the_other_one_stays outage2 "$(jq -r '.freezes[].name' "$work/sim/calendar.json")"

# ---- an exception ----

keys ":exception add name:$host" Enter
form_awakes 'Are you sure'
for answer in books dba CHG-1 'year end' 'no way in' 2026-12-31; do
    keys "$answer" Enter
done
hf exception add books "$host" --owner ann --ticket T --reason r --control c \
    --until 2026-12-30 >/dev/null
answer y
sees two_of_one_name_meet "an exception 'books' already|somebody else"
sees and_the_owner_typed_is_still_there 'owner +dba'
keys Escape
keys ':exception end books' Enter
form_awakes 'Are you sure'
sees whom_it_excuses_is_shown '1 host may be patched again'
hf exception add books --again --until 2026-12-31 >/dev/null
sees the_form_follows_a_renewal 'until 2026-12-31'
answer y
sees what_was_shown_has_moved_there_too 'books.json. has changed: [0-9a-f]{10} of'
answer y
sees an_exception_is_ended 'ended exception books: commit'
is nothing_is_left_over '' "$(inside status --porcelain)"
finish
