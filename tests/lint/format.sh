#!/usr/bin/env bash
# The layout is clang-format's ('./dev format' settles it). Kernel modules
# keep the kernel's own style.
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

if ! command -v clang-format >/dev/null; then
    echo "skip layout_is_clang_formats: no clang-format"
    exit 77
fi
files=$(sources '*.c' '*.h' | grep -vE '^(tests/vm/mod|docs)/' |
    xargs -r clang-format --dry-run 2>&1 |
    sed -n 's/^\([^:]*\.[ch]\):[0-9]*:.*/\1/p' | sort | uniq -c |
    awk '{print $2 ": " $1 " places"}')
report layout_is_clang_formats "$files"
exit "$bad"
