#!/usr/bin/env bash
# Who restarted a Linux host, as far as it tells: by the journal of the run
# before, by wtmp, by what a crash left.
# shellcheck disable=SC2016,SC2317 source=tests/contract/drivers/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

probe() {
    send livepatch/probe.sh
}

# journal MESSAGE...: of the run before, readable. asked MESSAGE...: those of
# them that tell of an order.
journal() {
    put /var/log/journal/0123456789abcdef0123456789abcdef/system.journal x
    printf '%s\n' "$@" >"$FAKE_ROOT/.kernel/journal"
    : >"$FAKE_ROOT/.kernel/journal-asked"
}
asked() {
    printf '%s\n' "$@" >"$FAKE_ROOT/.kernel/journal-asked"
}

# silent NAME KEY...: the last answer does not have them.
silent() {
    local name=$1 key
    shift
    for key; do
        if grep -q "^${key}[=?]" <<<"$answer"; then
            no "$name" "$(grep "^$key" <<<"$answer")"
            return
        fi
    done
    ok "$name"
}

knows_nothing_where_nothing_is_kept() {
    probe
    expect knows_nothing_where_nothing_is_kept exit=0 \
        'boot.cause?=absent: no journal outlives a restart'
    silent and_blames_nobody boot.by boot.why
}

names_who_raised_himself_for_it() {
    journal 'Session opened' 'Journal stopped'
    asked '   alice : PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/apt update' \
        '   alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/sbin/reboot'
    probe
    expect names_who_raised_himself_for_it boot.cause=ordered boot.by=alice \
        boot.why=/usr/sbin/reboot
    asked '     bob : PWD=/ ; USER=root ; COMMAND=/bin/systemctl --no-wall reboot' \
        'System is rebooting (disk swap).'
    probe
    expect and_what_he_said_about_it boot.cause=ordered boot.by=bob \
        'boot.why=disk swap'
    asked '     bob : PWD=/ ; USER=root ; COMMAND=/bin/cat /etc/rebooting.conf' \
        'System is rebooting.'
    probe
    expect who_did_something_else_is_not_blamed boot.cause=ordered
    silent who_ordered_it_is_not_known boot.by boot.why
}

tells_an_end_without_shutdown() {
    journal 'Session opened' 'Started a thing'
    asked '   alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/shutdown -r +60'
    probe
    expect tells_an_end_without_shutdown boot.cause=unclean
    silent and_nobody_is_blamed_for_that boot.by boot.why
}

asks_wtmp_where_the_journal_may_not_be_read() {
    mkdir -p "$FAKE_ROOT"/var/log/journal/0123456789abcdef0123456789abcdef
    probe
    expect a_journal_that_may_not_be_read_tells_nothing \
        'boot.cause?=needs elevation: /var/log/journal'
    put /var/log/wtmp 'reboot   system boot  6.1 still running
shutdown system down 6.1
reboot   system boot  6.1'
    probe
    expect wtmp_tells_of_an_order boot.cause=ordered
    silent wtmp_names_nobody boot.by boot.why
    put /var/log/wtmp 'reboot   system boot  6.1 still running
reboot   system boot  6.1'
    probe
    expect wtmp_tells_of_none boot.cause=unclean
    put /var/log/wtmp 'reboot   system boot  6.1 still running'
    probe
    expect a_first_start_tells_nothing \
        'boot.cause?=needs elevation: /var/log/journal'
}

tells_a_crash_by_what_it_left() {
    journal 'Started a thing'
    put /sys/fs/pstore/dmesg-efi-1 'Panic#1 Part1
<0>[  12.5] Kernel panic - not syncing: Fatal exception'
    touch -d @1794999990 "$FAKE_ROOT/sys/fs/pstore/dmesg-efi-1"
    probe
    expect tells_a_crash_by_what_it_left boot.cause=crash \
        'boot.why=Kernel panic - not syncing: Fatal exception'
    touch -d @1794000000 "$FAKE_ROOT/sys/fs/pstore/dmesg-efi-1"
    probe
    expect an_old_crash_is_not_this_one boot.cause=unclean
    rm -r "$FAKE_ROOT/sys/fs"
    put /var/crash/202611180000/dump x
    touch -d @1794999900 "$FAKE_ROOT/var/crash/202611180000"
    probe
    expect a_dump_without_words_is_named boot.cause=crash \
        'boot.why=it left /var/crash/202611180000'
    journal 'Journal stopped'
    probe
    expect an_order_after_a_crash_is_an_order boot.cause=ordered
}

hostile_words_stay_words() {
    journal 'Journal stopped'
    asked '   $(id) : PWD=/ ; USER=root ; COMMAND=/sbin/reboot `id`;$(touch /tmp/x)%0A'
    probe
    expect hostile_words_stay_words 'boot.by=$(id)' \
        'boot.why=/sbin/reboot `id`;$(touch /tmp/x)%0A'
}

in_all_shells knows_nothing_where_nothing_is_kept \
    names_who_raised_himself_for_it tells_an_end_without_shutdown \
    asks_wtmp_where_the_journal_may_not_be_read \
    tells_a_crash_by_what_it_left hostile_words_stay_words
