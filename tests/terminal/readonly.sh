#!/usr/bin/env bash
# Read-only: looking works, everything that writes is refused and says so.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

export HOME=$work/home GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"
git config --global user.name Ann
git config --global user.email ann@example.org
git config --global init.defaultBranch main

# A fleet of three hosts, nobody listens there.
make_fleet() {
    mkdir -p "$work/fleet/hosts"
    cd "$work/fleet" || exit 1
    printf '{"name": "small", "rings": [{"name": "canary"}]}\n' >hotfleet.json
    for n in 1 2 3; do
        printf '{"name": "web-%s", "address": "127.0.0.1", "port": 1, "ring": "canary"}\n' \
            "$n" >"hosts/web-$n.json"
    done
    git init -q . && git add -A && git commit -qm fleet
    cd / || exit 1
}
make_fleet >/dev/null 2>&1

start 80 24 "\$program -C $work/fleet --read-only"
golden readonly_80x24 'read-only'
keys 1
waits 'web-3'
for verb in apply rollback reboot call-off stage hold unhold; do
    keys ":$verb web-1" Enter
    sees "refuses_to_$verb" 'read-only: this writes'
done
keys 1 j a
waits 'Actions'
keys p
sees the_menu_refuses_too 'read-only: this writes'
keys ':show web-2' Enter
sees looking_works 'Host .*web-2'
keys q
sees leaves_well 'ended with 0'
if [ -z "$(git -C "$work/fleet" branch --list ledger)" ]; then
    ok wrote_nothing
else
    no wrote_nothing 'there is a ledger'
fi

# ---- the same fleet, writable: a hold is a commit ----

start 80 24 "\$program -C $work/fleet"
waits 'Needs you'
keys 1
waits 'web-3'
keys ':hold web-1' Enter
sees a_hold_asks_why 'why hold'
keys 'year end' Enter
sees a_hold_is_a_commit 'held 1 host: commit'
sees the_list_knows_it 'held'
if git -C "$work/fleet" log -1 --format=%s | grep -q web-1; then
    ok the_commit_names_the_host
else
    no the_commit_names_the_host 'it does not'
fi
keys ':hold web-2' Enter
waits 'why hold'
keys Enter
sees a_hold_without_reason_is_none 'wants a reason'
keys ':unhold web-1' Enter
sees taking_it_away_asks 'Take the hold away'
form_awakes 'Take the hold away'
keys y
sees and_is_a_commit_too 'released 1 host: commit'

# An admin's own commit is seen, the cursor stays on its host.
keys ':fleet' Enter j j
sees the_cursor_is_on_a_host '^ web-2'
(cd "$work/fleet" && sed 's/web-1/aaa-1/' hosts/web-1.json >hosts/aaa-1.json &&
    git add -A && git commit -qm more) >/dev/null 2>&1
sees a_commit_from_elsewhere_is_seen 'aaa-1'
keys C-l
sees the_cursor_stays_on_its_host '^ web-2'
finish
