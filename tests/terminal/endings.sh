#!/usr/bin/env bash
# Every way out gives the terminal back, and a terminal that goes away leaves
# no process that spins.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# The program's own process.
program_pid() {
    pid=$(pgrep -P "$(cat "$work/shell")" | head -n 1)
    [ -n "$pid" ]
}
is_gone() { ! kill -0 "$pid" 2>/dev/null; }

# ends NAME STATUS: with this exit status, and a terminal as before.
ends() {
    sees "$1" "ended with $2"
    if shows '^before .' &&
        [ "$(screen | sed -n 's/^before //p')" = \
            "$(screen | sed -n 's/^after //p')" ]; then
        ok "$1_and_gives_the_terminal_back"
    else
        no "$1_and_gives_the_terminal_back" 'settings differ'
    fi
}
demo='echo "before $(stty -g)"; $program demo; r=$?
    echo "after $(stty -g)"; (exit $r)'

start 130 24 "$demo"
waits 'never asked'
keys q
ends leaving 0

start 130 24 "$demo"
waits 'never asked'
keys C-c
ends an_interrupt 130

for signal in TERM HUP; do
    start 130 24 "$demo"
    waits 'never asked'
    program_pid && kill -s "$signal" "$pid"
    ends "sig$signal" 130
done

for signal in SEGV QUIT; do
    start 130 24 "$demo"
    waits 'never asked'
    program_pid && kill -s "$signal" "$pid"
    if [ "$signal" = SEGV ]; then
        ends "sig$signal" 139
    else
        ends "sig$signal" 131
    fi
done

# ---- stopped and continued ----

start 80 24 'set -m; $program demo; echo stopped; read -r; fg >/dev/null'
waits 'never asked'
keys C-z
sees stopping_gives_the_terminal_back '^stopped'
keys Enter
sees continuing_draws_again 'never asked'
keys q
sees and_it_still_listens 'ended with 0'

# ---- terminals that will not do ----

start 100 60 'mkdir -p fleet; TERM=dumb $program demo'
sees a_dumb_terminal_gets_plain_text 'cannot place its cursor: no console'
sees plain_text_is_the_first_screen 'never asked'
start 100 60 'TERM=nosuchterm $program demo'
sees an_unknown_terminal_gets_plain_text "terminal 'nosuchterm' is not known"

# ---- the terminal goes away ----

start 80 24 '$program demo'
waits 'never asked'
program_pid
mux kill-server
if until_true is_gone; then
    ok a_terminal_that_is_gone_ends_the_console
else
    no a_terminal_that_is_gone_ends_the_console 'it still runs'
    kill "$pid"
fi

# With hosts in flight it finishes them first, without spinning.
start 100 24 '$program demo'
waits 'never asked'
keys R
waits 'check [0-9]+/120'
program_pid
mux kill-server
if until_true is_gone; then
    ok hosts_in_flight_are_finished_first
else
    ticks=$(awk '{print $14 + $15}' "/proc/$pid/stat")
    no hosts_in_flight_are_finished_first "still runs, $ticks ticks"
    kill "$pid"
fi
finish
