# shellcheck shell=bash disable=SC2317 # callbacks of until_true
# What the terminal tests share: the program in a real terminal (tmux, its own
# server), waiting for text, screens compared with golden ones, verdicts.
# HOTFLEET_BINARY is the program. UPDATE_GOLDEN=1 writes golden screens anew.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/hotfleet-terminal.XXXXXX")
socket=hotfleet-test-$$ servers=0
bad=0 ran=0
CLOCK=2026-11-23T12:00:00Z

programs=() # every one that was started
mux() { tmux -L "$socket" -f /dev/null "$@" 2>/dev/null; }

remember_program() {
    [ ! -e "$work/shell" ] ||
        mapfile -t -O "${#programs[@]}" programs < <(pgrep -P "$(cat "$work/shell")")
}

# A console without a terminal finishes what is under way first; nobody waits
# for that any more.
tidy() {
    local pid
    remember_program
    mux kill-server
    for pid in "${programs[@]}"; do
        [ ! "/proc/$pid/exe" -ef "$HOTFLEET_BINARY" ] || kill -KILL "$pid"
    done
    rm -rf "$work"
}
trap tidy EXIT

ok() {
    echo "ok $1"
    ran=$((ran + 1))
}
no() {
    echo "not ok $1: $2"
    screen | sed 's/^/    |/'
    bad=1
}
finish() {
    [ "$ran" -gt 0 ] || [ "$bad" -ne 0 ] || exit 77
    exit "$bad"
}

if ! command -v tmux >/dev/null; then
    echo "skip terminal: tmux is not installed"
    exit 77
fi

# start COLS ROWS COMMAND: runs it in a new terminal of that size. TERM,
# clock, locale and other variables can be set before it in COMMAND.
start() {
    remember_program
    mux kill-server
    servers=$((servers + 1)) # the old one may take its time to go
    socket=hotfleet-test-$$-$servers
    mkdir -p "$work/home"
    # shellcheck disable=SC2016 # expanded inside
    mux new-session -d -x "$1" -y "$2" env -i PATH="$PATH" HOME="$work/home" \
        TMPDIR="$work" TERM=tmux-256color LC_ALL=C.UTF-8 TZ=UTC \
        HOTFLEET_CLOCK="$CLOCK" GIT_CONFIG_NOSYSTEM=1 \
        program="$HOTFLEET_BINARY" \
        bash --norc --noprofile -c "echo \$\$ >$work/shell; $3; ended=\$?
            echo \"ended with \$ended\"; exec sleep 600"
}

screen() { mux capture-pane -p; }
keys() { mux send-keys "$@"; }

# until_true COMMAND...: 1 when it has not succeeded after 20 s.
until_true() {
    local i
    for ((i = 0; i < 400; i++)); do
        "$@" && return 0
        read -rt 0.05 <> <(:) || :
    done
    return 1
}

shows() { screen | grep -qE -- "$1"; }
hides() { ! shows "$1"; }

# sees NAME PATTERN: the screen shows it within the time.
sees() {
    if until_true shows "$2"; then ok "$1"; else no "$1" "does not show: $2"; fi
}
# waits PATTERN: the same without a verdict of its own.
waits() {
    until_true shows "$1" || no "waiting" "does not show: $1"
}
# sees_not NAME PATTERN: the screen shows it no longer.
sees_not() {
    if until_true hides "$2"; then ok "$1"; else no "$1" "still shows: $2"; fi
}

# A form ignores keys at first; that time is its promise, nothing to wait for
# shows its end.
form_awakes() {
    waits "$1"
    read -rt 0.4 <> <(:) || :
}
# press_until PATTERN KEY: one at a time, each seen before the next.
press_until() {
    local i before
    changed() { [ "$(screen)" != "$before" ]; }
    for ((i = 0; i < 20; i++)); do
        shows "$1" && return
        before=$(screen)
        keys "$2"
        until_true changed
    done
    no "pressing $2" "does not show: $1"
}
# answer KEY: on the form's buttons, of which No is the default.
answer() {
    form_awakes 'Are you sure'
    press_until '\[ No \]' BTab
    keys "$1"
}

# What differs from run to run (commits, run ids, ports, spans), and what any
# new line further down moves.
mask() {
    sed -E 's/main@[0-9a-f]{7,10}/main@COMMIT/g
        s/[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}/RUN/g
        s/port [0-9]{4,5}/port PORT/g
        s/plan [0-9a-f]{12}/plan PLAN/
        s/^((──|--) Host .*) [0-9]{2}% /\1 NN% /
        s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/BOOTID/g
        s/(boot\.time +)[0-9]+/\1SECONDS/
        s/ +$//'
}

# golden NAME PATTERN: once PATTERN is shown, the screen is the golden one.
golden() {
    local file=$here/golden/$1.txt now
    until_true shows "$2" || { no "$1" "does not show: $2" && return; }
    if [ -n "${UPDATE_GOLDEN:-}" ]; then
        read -rt 1 <> <(:) || : # until it stands still
        screen | mask >"$file"
        ok "$1"
        return
    fi
    if [ ! -f "$file" ]; then
        no "$1" "there is no golden screen of it"
        return
    fi
    is_golden() { [ "$(screen | mask)" = "$(cat "$file")" ]; }
    if until_true is_golden; then
        ok "$1"
    else
        now=$(screen | mask | diff "$file" - | head -n 20)
        no "$1" "differs from its golden screen"
        printf '%s\n' "$now"
    fi
}
