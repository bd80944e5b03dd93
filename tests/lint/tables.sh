#!/usr/bin/env bash
# Tables in the documents say what the program says: a line
# '<!-- hotfleet help TOPIC -->' stands before each, and every row of it is a
# line of that help. Where the table is meant to be complete (verbs, exit
# codes), every line of the help is a row, too.
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

program=${HOTFLEET_BINARY:-build/dev/hotfleet}
if [ ! -x "$program" ]; then
    echo "skip tables_match_the_program: no $program"
    exit 77
fi

# rows FILE COMMAND: the table behind that mark, without its head, plain.
rows() {
    awk -v mark="<!-- hotfleet $2 -->" '
        $0 == mark { on = 1; next }
        on && /^\|/ && ++line > 2 { print }
        on && line && !/^\|/ { exit }' "$1" |
        sed 's/^| *//; s/ *|$//; s/ *| */ /g; s/`//g'
}

# plain COMMAND...: the indented lines of the help, blanks made one.
plain() {
    "$program" "$@" </dev/null |
        sed -n 's/^  *\([^ ]\)/\1/p' | tr -s ' '
}

while IFS=: read -r file mark; do
    topic=${mark#<!-- hotfleet }
    topic=${topic% -->}
    read -r -a words <<<"$topic"
    name=$(tr '[:upper:]' '[:lower:]' <<<"${topic}_in_${file##*/}" |
        tr -cs 'a-z\n' _)
    missing=$(plain "${words[@]}" | grep -vxF -f <(rows "$file" "$topic") || true)
    case $topic in
    help) missing=$(grep -v '^hotfleet ' <<<"$missing" || true) ;;
    help\ exit-codes) ;;
    *) missing='' ;; # a selection
    esac
    odd=$(rows "$file" "$topic" |
        grep -vxF -f <(plain "${words[@]}") || true)
    report "${name}_matches_the_program" \
        "$(sed '/./!d; s/^/not in the program: /' <<<"$odd"
            sed '/./!d; s/^/not in the table: /' <<<"$missing")"
done < <(sources '*.md' | xargs -r grep -o '^<!-- hotfleet help.* -->$' /dev/null)
exit "$bad"
