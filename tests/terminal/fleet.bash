# shellcheck shell=bash disable=SC2154 # common.bash sets work, coproc sim
# A terminal test's fleet of simulated hosts, which lives as long as the test.

# Git, the program and the simulated fleet see the same home as the terminal.
export HOME=$work/home XDG_STATE_HOME=$work/home/.local/state
export HOTFLEET_CLOCK=$CLOCK GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"
git config --global user.name Ann
git config --global user.email ann@example.org

# start_fleet KIND ARGUMENT...: as simfleet has it, in $work/sim.
start_fleet() {
    local kind=$1 ready
    shift
    coproc sim { "$HOTFLEET_BUILD/tests/contract/cli/simfleet" "$kind" \
        "$work/sim" "$@" 2>"$work/sim.err"; }
    read -rt 60 ready <&"${sim[0]}"
    if [ "${ready:-}" != ready ]; then
        no the_simulated_fleet_starts "$(cat "$work/sim.err")"
        finish
    fi
}
end_fleet() {
    local fd=${sim[1]}
    exec {fd}>&-
}
hf() { "$HOTFLEET_BINARY" -C "$work/sim" "$@" </dev/null; }
