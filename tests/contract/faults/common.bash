# shellcheck shell=bash disable=SC2034
# Faults of the real program on a simulated fleet that outlives it; on top of
# what all command-line tests share.
faults=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/contract/cli/common.bash
. "$HOTFLEET_SOURCE/tests/contract/cli/common.bash"
bin=$HOTFLEET_BUILD/tests/contract/faults
run=
states=$XDG_STATE_HOME/hotfleet

# start_faultsim well|unwell JOB_MS REPLY_MS: a fleet in $work/sim, and there
# we are; all of it checked once.
start_faultsim() {
    local line
    mkfifo "$work/sim.in" "$work/sim.out"
    "$bin/faultsim" "$work/sim" "$@" <"$work/sim.in" >"$work/sim.out" &
    sim_pid=$!
    exec 7>"$work/sim.in" 8<"$work/sim.out"
    read -r -t 60 line <&8
    if [ "$line" != ready ]; then
        echo 'not ok the_simulated_fleet_starts: it does not'
        exit 1
    fi
    cd "$work/sim" || exit 1
    hf check
}

# sim WORD ARG: what the simulator answers.
sim() {
    local line
    echo "$1 $2" >&7
    read -r -t 60 line <&8
    echo "$line"
}

# behind N: the n-th host that lacks a patch (counted from 1).
behind() {
    "$HOTFLEET_BINARY" hosts 'patch:behind and not held' --json |
        jq -r ".hosts[$1 - 1].name"
}

# strike SIGNAL TEXT COUNT ARGS...: runs the program, signal at that line of
# the journal. $struck is "struck" or "missed", $status its exit status.
strike() {
    local signal=$1 text=$2 count=$3
    shift 3
    said=$("$bin/strike" "$signal" "$states" "$text" "$count" \
        "$HOTFLEET_BINARY" "$@" </dev/null 2>&1)
    read -r struck status <<<"$(tail -n 1 <<<"$said")"
}

# outcome HOST: what the ledger's evidence says of it in run $run.
outcome() {
    local path
    path=$(git ls-tree -r --name-only ledger | grep "/$1/.*/$run.json")
    [ -z "$path" ] || git show "ledger:$path" | jq -r .outcome
}

# How many files of the ledger, or commits that touch them, have such a path.
recorded() {
    git ls-tree -r --name-only ledger | grep -cE "$1"
}
commits_of() {
    git log --format=%h ledger -- "$1" | wc -l
}

# The id of the newest run that the journal or its put-away parts know.
newest_run() {
    # by number: the ids of two runs of one second sort by chance
    cat "$states"/*/journal*.jsonl* | jq -r 'select(.kind == "run-started") |
        "\(.seq) \(.run)"' | sort -n | tail -n 1 | cut -d' ' -f2
}

# settled: the journal is away, or every intent in it has an outcome and the
# ledger has all of it.
settled() {
    local journal
    journal=$(echo "$states"/*/journal.jsonl)
    [ -s "$journal" ] || return 0
    jq -es '([.[] | select(.kind == "host-intent") | .host] -
            [.[] | select(.kind == "host-outcome") | .host] == []) and
        ([.[] | select(.kind == "recorded") | .data.seq] | max) >=
        ([.[] | select(.kind == "run-ended") | .seq] | max)' \
        "$journal" >/dev/null
}
