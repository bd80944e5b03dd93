# shellcheck shell=bash disable=SC2034
# What the command-line tests share: an empty home, a fleet, runs of the
# program with what it said and how it ended, verdicts.
# HOTFLEET_BINARY is the program, HOTFLEET_BUILD the build folder.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
simfleet=$HOTFLEET_BUILD/tests/contract/cli/simfleet
work=$(mktemp -d "${TMPDIR:-/tmp}/hotfleet-cli.XXXXXX")
sim_pid=
bad=0 ran=0

declare -A daemons=() # pids by name, of what must not outlive the test

tidy() {
    [ -z "$sim_pid" ] || { exec 7>&- && wait "$sim_pid"; }
    for pid in "${daemons[@]}"; do kill "$pid" && wait "$pid"; done 2>/dev/null
    rm -rf "$work"
}
trap tidy EXIT

export HOME=$work/home XDG_STATE_HOME=$work/state
mkdir -p "$HOME"
for name in $(compgen -e | grep -E '^(GIT|HOTFLEET)_|^SSH_|^NO_COLOR$' |
    grep -vE '^HOTFLEET_(BINARY|BUILD|SOURCE)$'); do
    unset "$name"
done
export GIT_CONFIG_NOSYSTEM=1
git config --global user.name Ann
git config --global user.email ann@example.org
git config --global init.defaultBranch main

ok() {
    echo "ok $1"
    ran=$((ran + 1))
}
no() {
    echo "not ok $1: $2"
    printf '%s\n' "$said" | head -n 30 | sed 's/^/    /'
    bad=1
}

# hf ARGS...: runs the program without a terminal; its stdout, what it said on
# both, and its exit status are in $out, $said and $status.
hf() {
    "$HOTFLEET_BINARY" "$@" </dev/null >"$work/out" 2>"$work/err"
    status=$?
    out=$(cat "$work/out")
    said=$(cat "$work/out" "$work/err")
}

# gives NAME STATUS PATTERN ARGS...: it ends so and says so (an extended
# regular expression; '' for anything).
gives() {
    local name=$1 want=$2 pattern=$3
    shift 3
    hf "$@"
    if [ "$status" -ne "$want" ]; then
        no "$name" "exit $status instead of $want"
    elif ! grep -qE -- "$pattern" <<<"$said"; then
        no "$name" "does not say: $pattern"
    else
        ok "$name"
    fi
}

# says NAME PATTERN...: all of these stand in what was said last.
says() {
    local name=$1 pattern
    shift
    for pattern in "$@"; do
        if ! grep -qE -- "$pattern" <<<"$said"; then
            no "$name" "does not say: $pattern"
            return
        fi
    done
    ok "$name"
}

# holds NAME COMMAND...: it succeeds.
holds() {
    local name=$1
    shift
    if said=$("$@" 2>&1); then
        ok "$name"
    else
        no "$name" "fails: $*"
    fi
}

# same NAME WANT GOT
same() {
    if [ "$2" = "$3" ]; then ok "$1"; else no "$1" "wanted: $2; got: $3"; fi
}

# Locks of git that a killed process left are for people to remove; the program
# says so, and keeps what it cannot record.
unlock() { rm -f .git/refs/heads/ledger.lock .git/index.lock; }

# new_fleet: an empty fleet in $work/fleet, and there we are.
new_fleet() {
    cd "$work" || exit 1
    rm -rf "$work/fleet"
    "$HOTFLEET_BINARY" init fleet >/dev/null || exit 1
    cd fleet || exit 1
}

# add_host NAME ADDRESS RING [MORE]: one host file, not yet committed.
add_host() {
    mkdir -p "hosts/$3"
    printf '{"name": "%s", "address": "%s", "ring": "%s"%s}\n' \
        "$1" "$2" "$3" "${4:-}" >"hosts/$3/$1.json"
}

commit() {
    git add -A && git commit -q -m "$1"
}

refs() {
    git for-each-ref --format='%(refname) %(objectname)'
}

# start_sim well|unwell [JOB_MS], start_sim windows|mixed JOB_MS: a simulated
# fleet in $work/sim, and there we are.
start_sim() {
    local what=(fleet "$work/sim" "$@")
    [[ $1 == *well ]] || what=("$1" "$work/sim" "$2")
    mkfifo "$work/sim.in"
    "$simfleet" "${what[@]}" <"$work/sim.in" >"$work/sim.out" \
        2>"$work/sim.err" &
    sim_pid=$!
    exec 7>"$work/sim.in"
    for _ in $(seq 600); do
        grep -q ready "$work/sim.out" && cd "$work/sim" && return
        kill -0 "$sim_pid" 2>/dev/null || break
        sleep 0.05
    done
    echo "not ok the_simulated_fleet_starts: $(cat "$work/sim.err")"
    exit 1
}

finish() {
    [ "$bad" -eq 0 ] || exit 1
    [ "$ran" -gt 0 ] || exit 77
    exit 0
}
