# shellcheck shell=bash
# The engine, built once under the build folder; without the .NET SDK the bed
# is skipped, which a run in CI counts as failed.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bed=$HOTFLEET_BUILD/powershell
engine=$bed/out/engine
bad=0

result() { # NAME PROBLEM
    if [ -n "$2" ]; then
        printf '%s\n' "$2" | head -n 40 | sed 's/^/  /'
        echo "not ok $1: see above"
        bad=1
    else
        echo "ok $1"
    fi
}

finish() {
    exit "$bad"
}

skip_all() {
    echo "skip the_powershell_bed: $1"
    exit 77
}

build_engine() {
    local sum
    mkdir -p "$bed/src"
    exec 9>"$bed/lock"
    flock 9
    sum=$(cat "$here"/*.cs "$here"/engine.csproj | sha256sum)
    if [ ! -x "$engine" ] || [ "$sum" != "$(cat "$bed/sum" 2>/dev/null)" ]; then
        rm -f "$bed"/src/*.cs
        cp "$here"/*.cs "$here"/engine.csproj "$bed/src/"
        (cd "$bed/src" && DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 \
            dotnet publish -c Release -o ../out --nologo -v q) \
            >"$bed/build.log" 2>&1 </dev/null || return 1
        printf '%s\n' "$sum" >"$bed/sum"
    fi
    flock -u 9
}

command -v dotnet >/dev/null || skip_all 'no .NET SDK'
if ! build_engine; then
    tail -n 5 "$bed/build.log"
    # no network and no package cache is a lack; anything else a mistake
    grep -qE 'NU1301|NU1101' "$bed/build.log" &&
        skip_all 'the package System.Management.Automation is out of reach'
    echo 'not ok the_engine_builds: see above'
    exit 1
fi
