#!/usr/bin/env bash
# Every header compiles alone: it includes what it uses.
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

read -r -a flags <<<"$(pkg-config --cflags libcjson libssh libgit2 ncursesw \
    cmocka)"
# cmocka.h wants these before it (its documentation says so)
prelude=(-include stdarg.h -include stddef.h -include stdint.h
    -include setjmp.h)
lone() {
    local header=$1 extra=()
    shift
    case $header in tests/*) extra=("${prelude[@]}") ;; esac
    gcc -std=c11 -D_GNU_SOURCE -DHF_VERSION='"0"' -I. -Wall -Wextra -Werror \
        -fsyntax-only "${extra[@]}" "${flags[@]}" -x c "$header" 2>&1 |
        grep -E '(error|warning):' || true
}

# shellcheck disable=SC2046 # header names hold no blanks
failures=$(for header in $(sources '*.h' | grep -v '^tests/vm/mod/'); do
    lone "$header" &
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
done
wait)
report headers_compile_alone "$failures"
exit "$bad"
