# The first part of every script: where tools and files are, and the reply
# that the last line of the script prints. docs/protocol.md has the format.
# shellcheck disable=SC2034
set -eu
LC_ALL=C
PATH=${HF_PATH:+$HF_PATH:}/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077
root=${HF_ROOT-}
reply='' lines=0
newline='
'
tab=$(printf '\t')

# tool NAME: $tool is its path; false when the host lacks it. Looked for by
# hand: busybox sh runs its own applet whatever PATH says.
tool() {
    tool_rest=$PATH:
    while [ -n "$tool_rest" ]; do
        tool=${tool_rest%%:*}/$1
        tool_rest=${tool_rest#*:}
        if [ -f "$tool" ] && [ -x "$tool" ]; then
            return 0
        fi
    done
    return 1
}

# run NAME ARGUMENT...: 127 when the host lacks the tool. Never reads the
# standard input, which is the script itself.
run() {
    tool "$1" || return 127
    shift
    "$tool" "$@" </dev/null
}

# escape TEXT: $escaped has every byte that is not printable ASCII, and "%",
# as %XX.
escape() {
    escaped=$1
    escape_unsafe='*[! -$&-~]*'
    # shellcheck disable=SC2254
    case $1 in
    $escape_unsafe)
        escaped=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' |
            sed 's/../%&/g')
        ;;
    esac
}

# escape_key TEXT: the same for a part of a key.
escape_key() {
    case $1 in
    *[!A-Za-z0-9._-]*)
        escaped=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' |
            sed 's/../%&/g')
        ;;
    *) escaped=$1 ;;
    esac
}

# line TEXT: a line of the reply that is encoded already.
line() {
    reply=$reply$1$newline
    lines=$((lines + 1))
}

# put_encoded KEY OPERATOR VALUE [SOURCE]
put_encoded() {
    put_line=$1$2$3
    if [ -n "${4-}" ]; then
        escape "$4"
        put_line=$put_line$tab$escaped
    fi
    line "$put_line"
}

# put KEY VALUE [SOURCE]
put() {
    escape "$2"
    put_encoded "$1" = "$escaped" "${3-}"
}

# unknown KEY WHY [SOURCE]
unknown() {
    escape "$2"
    put_encoded "$1" '?=' "$escaped" "${3-}"
}

# first FILE: $first is its first line; false when it cannot be read.
first() {
    first=
    { IFS= read -r first <"$root$1" || [ -n "$first" ]; } 2>/dev/null
}

# blame FILE: $why says why it could not be read.
blame() {
    if [ ! -e "$root$1" ]; then
        why=absent
    elif [ ! -r "$root$1" ]; then
        why='needs elevation'
    else
        why='cannot be read'
    fi
}

# put_file KEY FILE: its first line.
put_file() {
    if first "$2"; then
        put "$1" "$first" "$2"
    else
        blame "$2"
        unknown "$1" "$why" "$2"
    fi
}

# is_number TEXT: decimal digits and nothing else.
is_number() {
    case $1 in
    '' | *[!0-9]*) return 1 ;;
    esac
}

# is_run TEXT: could be a run's id.
is_run() {
    case $1 in
    '' | -* | *[!A-Za-z0-9-]*) return 1 ;;
    esac
}

# up: $up is the host's uptime in whole seconds: a clock nobody sets.
up() {
    first /proc/uptime || first=0
    up=${first%%.*}
    is_number "$up" || up=0
}

# refuse STATUS WHY: ends the script with "error".
refuse() {
    put error "$2"
    exit "$1"
}

# finish STATUS: the reply, when the script ends, however it does.
finish() {
    trap - EXIT
    printf 'hotfleet-1 %s\n%send %s %s %s\n' "$HF_NONCE" "$reply" \
        "$HF_NONCE" "$lines" "$1"
    exit "$1"
}

# answer FUNCTION: runs it and prints the reply. The last line of a script; cut
# short it must name no command that exists, hence "do_...".
answer() {
    trap 'finish $?' EXIT
    "$1"
    exit 0
}
