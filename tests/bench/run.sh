#!/usr/bin/env bash
# Runs every benchmark of a build folder: tables for people, or with --json one
# document {"schema", "at", "machine", "benches": [...]} for machines.
#   run.sh BUILD [--json]
set -euo pipefail
build=$1
shift
programs=()
for program in "$build"/tests/bench/bench_*; do
    [ ! -f "$program" ] || [ ! -x "$program" ] || programs+=("$program")
done
[ ${#programs[@]} -gt 0 ] || { echo "run.sh: no benchmark in $build" >&2; exit 1; }

if [ "${1-}" != --json ]; then
    for program in "${programs[@]}"; do
        "$program"
        echo
    done
    exit
fi
lines=
for program in "${programs[@]}"; do
    while IFS= read -r line; do
        lines+=${lines:+,}$line
    done < <("$program" --json)
done
printf '{"schema":"hotfleet.bench/1","at":"%s","machine":"%s, %s cores","benches":[%s]}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(uname -m)" "$(nproc)" "$lines"
