#!/usr/bin/env bash
# Nothing for shellcheck to find; what runs on hosts is held to POSIX sh.
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

if ! command -v shellcheck >/dev/null; then
    echo "skip scripts_are_shellcheck_clean: no shellcheck"
    exit 77
fi
remote=$(sources 'backend/drivers/*.sh' | xargs -r shellcheck -s sh -f gcc) ||
    true
report scripts_for_hosts_are_posix_sh "$remote"
ours=$({
    echo dev
    echo .ci/run
    sources '*.sh' '*.bash' | grep -v '^backend/drivers/'
} | xargs -r -n 8 -P "$(nproc)" shellcheck -x -f gcc) || true
report scripts_are_shellcheck_clean "$ours"
exit "$bad"
