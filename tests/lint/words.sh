#!/usr/bin/env bash
# The tree names no machine it was made on, leaves nothing marked as open,
# and keeps files short (tables between clang-format off and on do not count).
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# search PATTERN: lines of text files that match; split so as not to find
# itself, and seeds and golden screens are data, not prose
search() {
    sources '*' | grep -vE '^tests/(fuzz/seeds|terminal/golden)/' |
        xargs -r -d '\n' grep -nIE "$1" -- || true
}
report no_path_of_a_build_machine "$(search \
    '(^|[^[:alnum:]_.}/-])/(wo''rk|fa''rm)/')"
report nothing_is_marked_open "$(search \
    '(^|[^[:alnum:]_])(TO''DO|FIX''ME|XX''X)([^[:alnum:]_]|$)')"

long=$(sources '*.c' '*.h' '*.sh' '*.py' 'dev' | xargs -r awk '
    function flush() { if (lines > 500) print name ": " lines " lines" }
    FNR == 1 { flush(); name = FILENAME; lines = table = 0 }
    /clang-format off/ { table = 1 }
    !table { lines++ }
    /clang-format on/ { table = 0 }
    END { flush() }')
report files_stay_within_500_lines "$long"
exit "$bad"
