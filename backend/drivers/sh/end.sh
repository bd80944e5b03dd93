# Puts the job folder away under done/, which frees the lock, and removes what
# was put away more than KEEP_DAYS ago. In: RUN, KEEP_DAYS.
# shellcheck disable=SC2154

# move_to NAME: the folder keeps its name; a second one of a run gets a number.
move_to() {
    to=$folder/done/$1
    count=1
    while [ -e "$root$to" ]; do
        count=$((count + 1))
        to=$folder/done/$1.$count
    done
    rm -f "$root$job"/*.ko "$root$job"/klog* # large, and named in params
    touch "$root$job"
    mv "$root$job" "$root$to"
}

# Only what we named ourselves: "20261123T012345Z-4f9a1c", with ".2" or so.
purge() {
    purged=0 digit='[0-9]'
    date8=$digit$digit$digit$digit$digit$digit$digit$digit
    time6=$digit$digit$digit$digit$digit$digit
    # shellcheck disable=SC2231
    for old in "$root$folder/done/"${date8}T${time6}Z-*; do
        if [ -n "$(find "$old" -prune -mtime "+$keep" 2>/dev/null)" ]; then
            rm -rf "$old"
            purged=$((purged + 1))
        fi
    done
    put purged "$purged" "$folder/done"
}

# A folder without state: whoever made it was cut off before the next line.
end_nameless() {
    [ -n "$(find "$root$job" -prune -mmin +1 2>/dev/null)" ] ||
        refuse 1 "the job folder has no state yet"
    move_to "$(run date -u +%Y%m%dT%H%M%SZ)-nameless"
}

do_end() {
    keep=${HF_KEEP_DAYS:-30}
    is_number "$keep" || refuse 2 'KEEP_DAYS is malformed'
    [ -z "${HF_RUN-}" ] || is_run "$HF_RUN" || refuse 2 'RUN is malformed'
    job_look "$job"
    if [ "$job_state" = none ]; then
        put ended yes
    elif [ -z "$job_run" ] && [ -z "${HF_RUN-}" ]; then
        end_nameless
        put ended yes "$to"
    elif [ -n "${HF_RUN-}" ] && [ "$job_run" != "$HF_RUN" ] &&
        [ -d "$root$folder/done/$HF_RUN" ]; then
        put ended yes "$folder/done/$HF_RUN" # the next run did it for us
    elif [ "$job_run" != "${HF_RUN-}" ]; then
        put ended no
        refuse 3 "the job folder belongs to run '$job_run'"
    elif [ "$job_state" = running ]; then
        put ended no
        refuse 1 'the job still runs'
    else
        move_to "$HF_RUN"
        put ended yes "$to"
    fi
    purge
}

answer do_end
