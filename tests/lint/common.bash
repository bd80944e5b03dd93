# shellcheck shell=bash disable=SC2034
# What the lint tests share: the files to look at, and one verdict each.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bad=0

# sources PATTERN...: the project's files, also in a tree without git.
sources() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files -- "$@"
    else
        local args=() pattern
        for pattern in "$@"; do
            args+=(-o -path "./$pattern")
        done
        find . -path ./build -prune -o -type f \( "${args[@]:1}" \) -print |
            sed 's|^\./||'
    fi | while read -r file; do
        [ ! -f "$file" ] || printf '%s\n' "$file"
    done
}

# report NAME TEXT: 'ok NAME' when the text is empty, else its lines and why.
report() {
    if [ -z "$2" ]; then
        echo "ok $1"
    else
        printf '%s\n' "$2" | sed 's/^/  /'
        echo "not ok $1: $(printf '%s\n' "$2" | wc -l) findings above"
        bad=1 # the exit code of the script that sourced this
    fi
}
