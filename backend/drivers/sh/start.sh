# Detaches the uploaded job so that it outlives the connection. In: RUN, BODY
# (the checksum of body.sh) and the job's own parameters, which are kept for
# it as quoted assignments. A second call for the same run starts nothing.
# shellcheck disable=SC2154

# quote TEXT: $quoted is the text as one word of a shell.
quote() {
    quote_rest=$1 quoted=
    while :; do
        case $quote_rest in
        *\'*)
            quoted=$quoted${quote_rest%%\'*}"'\\''"
            quote_rest=${quote_rest#*\'}
            ;;
        *) break ;;
        esac
    done
    quoted="'$quoted$quote_rest'"
}

params_write() {
    for name in ROOT PATH NONCE $HF_NAMES; do
        eval "value=\${HF_$name-}"
        quote "$value"
        printf 'HF_%s=%s\n' "$name" "$quoted"
    done >"$root$job/params.new" &&
        mv "$root$job/params.new" "$root$job/params"
}

# detach: $how says by what means.
detach() {
    tool sh || return 1
    shell=$tool
    # shellcheck disable=SC2016
    set -- "$shell" -c '. "$1/params" && . "$1/body.sh"' hotfleet "$root$job"
    if [ -d "$root/run/systemd/system" ] && tool systemd-run; then
        how=systemd
        for collect in --collect ''; do # older ones do not know it
            # shellcheck disable=SC2086
            if "$tool" --quiet $collect --unit="hotfleet-$HF_RUN" \
                --description="hotfleet job $HF_RUN" \
                --property=KillMode=mixed --property=Restart=no \
                "$@" </dev/null >/dev/null 2>&1; then
                return 0
            fi
        done
    fi
    if tool setsid; then
        how=setsid
    elif tool nohup; then
        how='nohup'
    else
        return 1
    fi
    "$tool" "$@" </dev/null >/dev/null 2>&1 &
}

check_body() {
    case ${HF_BODY-} in
    '' | *[!0-9a-f]*) refuse 2 'BODY is missing or malformed' ;;
    esac
    body=$(run sha256sum "$root$job/body.sh" 2>/dev/null) ||
        refuse 1 "cannot read $job/body.sh: it was not uploaded"
    [ "${body%% *}" = "$HF_BODY" ] ||
        refuse 1 "$job/body.sh is not the file that was sent"
}

do_start() {
    job_is_ours
    if [ "$job_state" != begun ]; then
        put job.started before
        put job.state "$job_state"
        return 0
    fi
    check_body
    params_write || refuse 1 "cannot write $job/params: is the disk full?"
    up
    # made exclusively: of two calls at the same time one goes on
    if ! (set -C && printf '%s\n' "$up" >"$root$job/started") 2>/dev/null; then
        put job.started before
        put job.state running
        return 0
    fi
    if ! detach; then
        rm -f "$root$job/started"
        refuse 1 'cannot detach: neither systemd-run nor setsid nor nohup works'
    fi
    put job.started now
    put job.how "$how"
    put job.state running
}

answer do_start
