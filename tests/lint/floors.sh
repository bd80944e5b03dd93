#!/usr/bin/env bash
# Every file includes its own folder and lower levels only, always written
# from the source root; a source file's own header comes first.
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# shellcheck disable=SC2016 # awk's $0, not the shell's
slips=$(sources 'backend/*.[ch]' 'inventory/*.[ch]' 'playbooks/*.[ch]' \
    'tui/*.[ch]' | xargs -r awk '
    BEGIN {
        split("backend/base 0 backend/model 1 backend/checks 2 " \
              "backend/drivers 3 backend/ssh 3 inventory 3 " \
              "backend/engine 4 playbooks 5 backend/sim 5 tui/rows 6 " \
              "tui/term 6 tui/panes 7 tui/cli 7 tui 8", word, " ")
        for (i = 1; i in word; i += 2)
            level[word[i]] = word[i + 1]
    }
    # the listed folder that holds a path: drivers/livepatch is in drivers
    function home(path) {
        while (sub(/\/[^\/]*$/, "", path))
            if (path in level)
                return path
        return ""
    }
    function exists(path,    line, there) {
        there = (getline line < path) >= 0
        close(path)
        return there
    }
    function slip(text) { print FILENAME ":" FNR ": " text }
    FNR == 1 { mine = home(FILENAME); first = 1 }
    /^#include "/ {
        split($0, part, "\"")
        path = part[2]
        theirs = home(path)
        if (theirs == "" || path ~ /\.\./ || !exists(path))
            slip("\"" path "\" is not a path from the source root")
        else if (theirs != mine && level[theirs] >= level[mine])
            slip(mine " (level " level[mine] ") includes " path \
                 " (level " level[theirs] ")")
    }
    /^#include/ {
        own = FILENAME
        sub(/\.c$/, ".h", own)
        if (first && own != FILENAME && exists(own) &&
            $0 != "#include \"" own "\"")
            slip("its own header comes first")
        first = 0
    }')
report includes_go_down_the_levels "$slips"
exit "$bad"
