#!/usr/bin/env bash
# What keys do: filter, marks, forms whose default is no, typed-ahead and
# pasted text, tiny screens.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start 80 24 '$program demo'
waits 'never asked'

# ---- before anything is known ----

keys 1
waits 'HOST.*FACTS'
keys R
waits 'check ended'

# ---- filter ----

keys /
keys 'patch:behnd'
sees a_wrong_word_is_explained_while_it_is_typed 'did you mean'
keys Enter
sees a_wrong_filter_is_not_taken 'did you mean'
keys C-u
keys 'ring:canary and patch:behind'
sees a_filter_works_while_it_is_typed 'Fleet  [0-9]+ of 120 hosts'
keys Enter
sees the_filter_stays_in_view '/ring:canary and patch:behind'
keys Escape
sees escape_takes_it_away 'Fleet  120 hosts'
keys / rin Tab Tab
sees tab_completes_from_what_is_there 'ring:canary +ring:pilot'
keys Escape
sees escape_leaves_the_list_as_it_was 'Fleet  120 hosts'

# ---- marks, groups, order ----

keys Space
sees a_group_is_marked_as_a_whole '\* [0-9]+ marked'
keys U
sees_not marks_can_be_taken_away 'marked'
keys '>'
sees sorts_by_the_next_column 'sorted by ring'
keys '<' I
sees turns_the_order_around 'sorted by name, reversed'
keys I b
sees groups_by_coverage 'grouped by coverage'
keys b b b
sees groups_by_patch_again 'grouped by patch'

# ---- the cursor follows the host ----

keys ':fleet name:web-01' Enter
sees a_verb_can_filter '1 of 120 hosts'
keys j
sees what_is_under_the_cursor_is_explained '^ web-01  '
keys Escape
sees the_cursor_follows_its_host '^ web-01  '

# ---- forms ----

keys ':apply name:web-01' Enter
waits 'Are you sure'
sees restarts_are_said_first 'restarts  none'
sees the_price_of_going_back_is_said 'rollback  without restart'
sees the_command_line_is_said "hotfleet apply 'web-01'"
keys Escape
sees escape_is_no 'nothing was changed'
# Enter through all fields ends at the default answer.
keys ':apply name:web-01' Enter
form_awakes 'Are you sure'
keys Enter Enter Enter Enter
waits '\[ No \]'
keys Enter
sees the_default_is_no 'nothing was changed'
# Typed ahead: the form opens after these keys have been sent.
keys ':apply name:web-01' Enter y y y
waits 'Are you sure'
if shows 'Yes, apply' && ! shows 'apply [0-9]+/'; then
    ok typed_ahead_keys_decide_nothing
else
    no typed_ahead_keys_decide_nothing 'the form is gone'
fi
keys Escape
waits 'nothing was changed|Fleet'

keys ':apply patch:behind' Enter
sees large_actions_want_the_number_typed 'how many hosts'
keys Escape
waits 'Fleet'
keys ':rollback name:web-01' Enter
sees a_form_says_what_rollback_would_do 'rollback on|left out'
keys Escape
waits 'nothing was changed'

# An exception is a form: half of one is none.
keys ':exception add name:term-069' Enter
form_awakes 'Are you sure'
sees an_exception_says_what_it_leaves_open 'leaves +[0-9]+ CVEs? open'
keys books Enter Enter
answer y
sees half_an_exception_is_none "wants all of it: type 'owner'"
for answer in dba CHG-1 'year end' 'no way in' 2026-12-31; do
    keys "$answer" Enter
done
sees it_is_a_command "exception add 'books' 'term-069' --owner 'dba'"
answer y
sees an_exception_is_a_commit 'exception books until 2026-12-31, 1 host: commit [0-9a-f]{10}'
keys ':fleet excepted and name:term-069' Enter
sees its_host_is_excepted_at_once '1 of 120 hosts'
keys Escape
waits 'Fleet  120 hosts'

# A filter and a group are said as such, not host by host.
keys 1 ':fleet ring:canary' Enter
waits '/ring:canary'
keys g a
waits 'Actions'
keys p
sees a_group_is_named_by_words "apply 'ring:canary and patch:behind'"
keys Escape
waits 'nothing was changed'
keys Escape
waits 'Fleet  120 hosts'

# ---- pasted text ----

mux set-buffer $'q\nR!:quit\n\e[31m'
mux paste-buffer -p
sees pasted_text_on_a_screen_does_nothing 'Fleet'
keys /
mux set-buffer 'ring:pilot'
mux paste-buffer -p
sees pasted_text_goes_into_a_typed_line '/ring:pilot'
keys Escape

# ---- sizes ----

mux resize-window -x 1 -y 1
mux resize-window -x 20 -y 5
mux resize-window -x 3 -y 2
keys '?'
keys Escape
keys a
keys Escape
keys ':apply name:web-01' Enter
mux resize-window -x 40 -y 10
sees a_form_leaves_the_bottom_line_alone '^Tab Next  Enter Go on  PgDn Hosts  Esc N$'
mux resize-window -x 60 -y 15
sees what_a_form_has_no_room_for_is_counted '[0-9] more lines on a taller screen'
keys Escape
mux resize-window -x 80 -y 24
sees a_tiny_screen_and_back 'HOST +RING|HOST.*FACTS'

# ---- verbs and screens ----

keys ':nosuch' Enter
sees an_unknown_verb_is_explained "no verb 'nosuch'"
keys ':fleett' Enter
sees a_near_verb_is_named "did you mean 'fleet'"
keys Z
sees the_zone_switches 'times in UTC'
keys '!'
sees there_is_no_run_to_hold 'no run is under way'
keys 0
sees a_digit_opens_a_screen 'Needs you'
keys Enter
sees enter_lists_the_hosts_behind_a_line 'only: '
keys q
sees q_leaves 'ended with 0'
finish
