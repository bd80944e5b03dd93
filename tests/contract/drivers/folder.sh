#!/usr/bin/env bash
# The job folder: the lock, uploads, putting away; without a job in it.
# shellcheck disable=SC2317 source=tests/contract/drivers/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
other=20261120T000000Z-aaaaaa

begin() {
    send sh/begin.sh RUN="${1:-$run}" OPERATOR='Ada <ada@example.org>' \
        ACTION=apply
}
folder() {
    stat -c %a "$FAKE_ROOT/var/lib/hotfleet$1"
}

takes_the_lock_with_a_name_on_it() {
    begin
    expect takes_the_lock_with_a_name_on_it locked=no attached=no \
        "job.run=$run" 'job.operator=Ada <ada@example.org>' job.action=apply \
        "job.boot=$boot" job.state=begun 'job.heartbeat?=absent' stale=no exit=0
    if [ "$(folder '') $(folder /job) $(folder /done)" = '755 700 700' ]; then
        ok keeps_the_folder_to_root
    else
        no keeps_the_folder_to_root "$(folder '') $(folder /job)"
    fi
}

takes_its_own_lock_again() {
    begin
    begin
    expect takes_its_own_lock_again locked=no attached=yes job.state=begun exit=0
}

tells_the_second_who_was_first() {
    begin "$other"
    begin
    expect tells_the_second_who_was_first locked=yes "job.run=$other" \
        'job.operator=Ada <ada@example.org>' stale=no exit=3
}

only_one_of_many_gets_the_lock() {
    local i n
    for i in 1 2 3 4 5 6; do
        (begin "$run$i" && value locked) >"$work/lock.$i" &
    done
    wait
    n=$(cat "$work"/lock.[1-6] | grep -c '^no$')
    if [ "$n" = 1 ]; then
        ok only_one_of_many_gets_the_lock
    else
        no only_one_of_many_gets_the_lock "$n got it"
    fi
}

sees_that_a_restart_ended_the_job() {
    begin "$other"
    put /proc/sys/kernel/random/boot_id 99999999-2222-4333-8444-555555555555
    begin
    expect sees_that_a_restart_ended_the_job locked=yes stale=boot \
        job.state=rebooted "job.boot=$boot" exit=3
    send sh/end.sh RUN="$other"
    expect puts_the_stale_folder_away ended=yes exit=0
    begin
    expect then_takes_the_lock locked=no attached=no exit=0
}

refuses_a_malformed_run() {
    local id
    for id in '' '../x' 'a b' '-x' "a'b" 'a;b'; do
        send sh/begin.sh RUN="$id"
        [ "$(value exit)" = 2 ] || {
            no refuses_a_malformed_run "$id: $answer"
            return
        }
    done
    holds refuses_a_malformed_run [ ! -e "$FAKE_ROOT/var/lib/hotfleet" ]
}

says_when_the_folder_cannot_be_made() {
    : >"$FAKE_ROOT/var/lib/hotfleet"
    begin
    expect says_when_the_folder_cannot_be_made exit=1 \
        'error=cannot make /var/lib/hotfleet: needs elevation, or the disk is full'
}

receives_a_file() {
    begin
    head -c 100000 /dev/urandom | tr -d '\0' >"$work/file"
    upload fix_1.ko "$work/file"
    expect receives_a_file upload.name=fix_1.ko \
        "upload.bytes=$(wc -c <"$work/file")" exit=0
    if cmp -s "$work/file" "$FAKE_ROOT/var/lib/hotfleet/job/fix_1.ko" &&
        [ "$(folder /job/fix_1.ko)" = 600 ]; then
        ok every_byte_arrives
    else
        no every_byte_arrives 'the file differs'
    fi
}

refuses_half_a_file() {
    begin
    printf '0123456789' >"$work/file"
    EXCHANGE_CUT=3 upload fix_1.ko "$work/file"
    expect refuses_half_a_file 'error=only 7 of 10 bytes came' exit=1
    holds leaves_nothing_of_it [ "$(ls -A "$FAKE_ROOT/var/lib/hotfleet/job")" \
        = state ]
}

# raw HEADER BODY: an upload that our encoder would never send.
raw() {
    printf '%s\n%s' "$1" "$2" | HF_ROOT=$FAKE_ROOT HF_PATH=$FAKE_PATH "$bin/sh" \
        -c "$("$exchange" - text sh/upload.sh)"
}

refuses_headers_that_lie() {
    local header sum said
    local nonce=00000000000000000000000000000000
    begin
    sum=$(printf abc | sha256sum | cut -d' ' -f1)
    for header in "3 $sum $nonce ../x" "3 $sum $nonce .x" "3 $sum $nonce -x" \
        "3 $sum $nonce a/b" "3 $sum $nonce " "3 $sum $nonce a b" \
        "-3 $sum $nonce x" "x $sum $nonce x" "3 $sum; $nonce x" \
        "3 ${sum%?}0 $nonce x" "4 $sum $nonce x" "3 $sum \$(id) x" ''; do
        said=$(raw "$header" abc)
        if ! grep -q '^error=' <<<"$said" || ! grep -q ' 1$' <<<"$said"; then
            no refuses_headers_that_lie "$header: $said"
            return
        fi
    done
    ok refuses_headers_that_lie
}

puts_the_folder_away() {
    begin
    send sh/end.sh RUN="$run"
    expect puts_the_folder_away ended=yes exit=0
    holds keeps_its_state [ -e "$FAKE_ROOT/var/lib/hotfleet/done/$run/state" ]
    holds frees_the_lock [ ! -e "$FAKE_ROOT/var/lib/hotfleet/job" ]
    send sh/end.sh RUN="$run"
    expect says_so_the_second_time ended=yes exit=0
    begin
    send sh/end.sh RUN="$run"
    expect keeps_both_of_one_run ended=yes exit=0
    holds numbers_the_second [ -d "$FAKE_ROOT/var/lib/hotfleet/done/$run.2" ]
}

leaves_the_folder_of_others() {
    begin "$other"
    send sh/end.sh RUN="$run"
    expect leaves_the_folder_of_others ended=no exit=3
    send sh/start.sh RUN="$run" BODY=aa
    expect starts_nothing_in_it exit=3 \
        "error=the job folder belongs to run '$other'"
    send sh/poll.sh RUN="$run"
    expect does_not_take_its_result exit=3 "job.run=$other"
}

puts_away_a_folder_without_a_name() {
    mkdir -p "$FAKE_ROOT/var/lib/hotfleet/job" "$FAKE_ROOT/var/lib/hotfleet/done"
    begin
    expect waits_for_a_folder_without_a_name locked=yes 'job.run?=absent' exit=3
    send sh/end.sh RUN=
    expect gives_it_a_minute exit=1
    touch -d '-5 minutes' "$FAKE_ROOT/var/lib/hotfleet/job"
    send sh/end.sh RUN=
    expect puts_away_a_folder_without_a_name ended=yes exit=0
}

removes_only_old_folders_of_its_own() {
    local done=$FAKE_ROOT/var/lib/hotfleet/done
    begin
    mkdir -p "$done/20250101T000000Z-abcdef/x" "$done/20250102T000000Z-abcdef.2" \
        "$done/notes" "$done/2025" "$done/20261101T000000Z-abcdef"
    touch -d '-40 days' "$done"/20250101T* "$done"/20250102T* "$done/notes" \
        "$done/2025"
    ln -s "$work" "$done/20250103T000000Z-abcdef"
    send sh/end.sh RUN="$run"
    expect removes_only_old_folders_of_its_own purged=2 exit=0
    if [ "$(cd "$done" && echo *)" = "2025 20250103T000000Z-abcdef 20261101T000000Z-abcdef $run notes" ]; then
        ok keeps_the_others
    else
        no keeps_the_others "$(cd "$done" && echo *)"
    fi
}

polls_nothing() {
    send sh/poll.sh RUN="$run"
    expect polls_nothing job.state=none "boot.id=$boot" exit=0
}

refuses_a_body_that_is_not_ours() {
    begin
    echo 'echo hello' >"$work/body"
    upload body.sh "$work/body"
    send sh/start.sh RUN="$run" BODY="$("$exchange" - sha livepatch/job.sh)"
    expect refuses_a_body_that_is_not_ours exit=1 \
        'error=/var/lib/hotfleet/job/body.sh is not the file that was sent'
    send sh/poll.sh RUN="$run"
    expect nothing_was_started job.state=begun
}

refuses_a_body_that_did_not_come() {
    begin
    send sh/start.sh RUN="$run" BODY=0123456789abcdef
    expect refuses_a_body_that_did_not_come exit=1 \
        'error=cannot read /var/lib/hotfleet/job/body.sh: it was not uploaded'
}

in_all_shells takes_the_lock_with_a_name_on_it takes_its_own_lock_again \
    tells_the_second_who_was_first only_one_of_many_gets_the_lock \
    sees_that_a_restart_ended_the_job refuses_a_malformed_run \
    says_when_the_folder_cannot_be_made receives_a_file refuses_half_a_file \
    refuses_headers_that_lie puts_the_folder_away leaves_the_folder_of_others \
    puts_away_a_folder_without_a_name removes_only_old_folders_of_its_own \
    polls_nothing refuses_a_body_that_is_not_ours \
    refuses_a_body_that_did_not_come
