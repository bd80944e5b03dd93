# Receives one file into the job folder. This text is the command itself, since
# standard input is the data: so it must hold no single quote.
set -eu
PATH=${HF_PATH:+$HF_PATH:}/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 077
job=${HF_ROOT-}/var/lib/hotfleet/job
reply="" lines=0 nonce=none name=none length=0 sum=none part=""

put() {
    reply="$reply$1=$2
"
    lines=$((lines + 1))
}

# shellcheck disable=SC2317
finish() {
    trap - EXIT
    [ -z "$part" ] || rm -f "$part"
    printf "hotfleet-1 %s\n%send %s %s %s\n" "$nonce" "$reply" "$nonce" \
        "$lines" "$1"
    exit "$1"
}

refuse() {
    put error "$1"
    exit 1
}

receive() {
    IFS=" " read -r length sum nonce name || refuse "no header line"
    case $nonce in "" | *[!0-9a-f]*)
        nonce=none
        refuse "malformed nonce"
        ;;
    esac
    case $length in "" | *[!0-9]*) refuse "malformed length" ;; esac
    case $sum in "" | *[!0-9a-f]*) refuse "malformed checksum" ;; esac
    case $name in "" | [.-]* | *[!A-Za-z0-9._-]*) refuse "malformed name" ;; esac
    [ -d "$job" ] || refuse "there is no job folder"
    [ ! -e "$job/started" ] || refuse "the job was started already"
    part=$job/.part.$$
    head -c "$length" >"$part" 2>/dev/null || refuse "cannot write: disk full?"
    size=$(wc -c <"$part")
    [ "$((size))" -eq "$length" ] || refuse "only $((size)) of $length bytes came"
    found=$(sha256sum "$part") || refuse "no sha256sum on this host"
    [ "${found%% *}" = "$sum" ] || refuse "checksum differs"
    mv "$part" "$job/$name"
    part=""
    put upload.name "$name"
    put upload.bytes "$length"
}

trap "finish \$?" EXIT
receive
exit 0
