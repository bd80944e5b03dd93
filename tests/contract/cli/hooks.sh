#!/usr/bin/env bash
# What is shipped beside the program: hooks against a made-up sendmail and a
# server on loopback, units for timers.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

hooks=$HOTFLEET_SOURCE/playbooks/hooks
# shellcheck disable=SC2016 # a value that looks like a command
event='{"what":"halted","why":"a \"moment\":\"x\nBcc: all\" $(touch '$work'/bad)","moment":"on_halt","run":"20261123T060000Z-77aa01","playbook":"monthly-hotpatch"}'

mkdir "$work/bin"
cat >"$work/bin/sendmail" <<'EOF'
#!/bin/sh
printf '%s\n' "$*" >"$MAILED.args"
cat >"$MAILED"
EOF
chmod +x "$work/bin/sendmail"
said=$(printf '%s' "$event" | MAILED=$work/mail HOTFLEET_MAIL_TO=ops@example.org \
    PATH=$work/bin:$PATH "$hooks/mail" 2>&1)
same mail_is_sent 0 $?
same its_receiver_stands_in_it '-t -oi' "$(cat "$work/mail.args")"
same its_headers_are_ours 'To: ops@example.org
Subject: hotfleet on_halt: monthly-hotpatch 20261123T060000Z-77aa01' \
    "$(head -n 2 "$work/mail")"
same nothing_becomes_a_header 5 "$(sed '/^$/q' "$work/mail" | grep -c .)"
same the_event_is_all_there "$event" "$(sed '1,/^$/d' "$work/mail" | tr -d '\n')"
holds nothing_of_it_was_run test ! -e "$work/bad"

# serve STATUS: answers one request with it; its port in $work/port.
cat >"$work/serve.py" <<'EOF'
import http.server
import os
import sys

class Once(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(sys.argv[3], "wb") as file:
            file.write(self.headers["Content-Type"].encode() + b"\n" + body)
        self.send_response(int(sys.argv[1]))
        self.end_headers()

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Once)
server.timeout = 30
with open(sys.argv[2] + ".new", "w") as file:
    print(server.server_port, file=file)
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.handle_request()
EOF
serve() {
    rm -f "$work/port" "$work/posted"
    python3 "$work/serve.py" "$1" "$work/port" "$work/posted" &
    daemons[server]=$!
    for _ in $(seq 200); do
        [ ! -e "$work/port" ] || break
        sleep 0.05
    done
    printf 'url = "http://127.0.0.1:%s/hook"\n' "$(cat "$work/port")" \
        >"$work/webhook"
}
post() {
    said=$(printf '%s' "$event" |
        HOTFLEET_WEBHOOK=$1 http_proxy='' "$hooks/webhook" 2>&1)
}

if command -v curl >/dev/null; then
    serve 204
    post "$work/webhook"
    same a_webhook_is_posted 0 $?
    same it_gets_the_event "application/json
$event" "$(cat "$work/posted")"
    serve 500
    post "$work/webhook"
    same a_webhook_that_says_no_has_failed 22 $?
    post "$work/none"
    same without_an_address_it_fails 1 $?
    says and_says_what_it_lacks 'cannot read .*none'
else
    echo "skip a_webhook_is_posted: no curl"
fi

# ---- drain and return ----

export HOTFLEET_HOOK_STATE=$work/notes
# at MOMENT HOOK [HOST]: what it is told then
at() {
    said=$(printf '{"moment":"%s","run":"20261123T060000Z-77aa01","host":"%s","address":"192.0.2.1"}' \
        "$1" "${3-web-01}" | "$hooks/$2" 2>&1)
}
cat >"$work/bin/node" <<'EOF'
#!/bin/sh
printf '%s\n' "$*" >>"$NODES"
[ ! -e "$NODES.no" ] || [ "$1" = resume ]
EOF
chmod +x "$work/bin/node"
printf '%s\n' "drain $work/bin/node" 'drain suspend' 'drain {host} at {address}' \
    "return $work/bin/node" 'return resume' 'return {host}' >"$work/cluster"
export HOTFLEET_CLUSTER=$work/cluster NODES=$work/nodes
at before_host cluster
same a_cluster_drains_the_host '0 suspend web-01 at 192.0.2.1' "$? $(cat "$NODES")"
at after_host cluster
same and_takes_it_back '0 resume web-01' "$? $(tail -n 1 "$NODES")"
at after_host cluster
same what_was_not_drained_is_not_returned '0 2' "$? $(wc -l <"$NODES")"
touch "$NODES.no"
at before_host cluster
same one_that_cannot_be_drained_fails '1 resume web-01' "$? $(tail -n 1 "$NODES")"
says and_says_so 'web-01 could not be drained'
at before_host cluster '-rf;'
same a_name_that_is_none_is_refused 1 $?
at before_run cluster
same it_belongs_to_hosts 1 $?

if command -v curl >/dev/null; then
    mkdir "$work/balancer"
    printf 'url = "http://127.0.0.1:PORT/{host}"\nrequest = "POST"\ndata = "{host} {address} drain"\n' \
        >"$work/balancer/balancer-drain"
    sed 's/ drain"/ back"/' "$work/balancer/balancer-drain" \
        >"$work/balancer/balancer-return"
    export HOTFLEET_BALANCER=$work/balancer
    ask_balancer() { # STATUS MOMENT
        serve "$1"
        sed -i "s/127.0.0.1:[^/]*/127.0.0.1:$(cat "$work/port")/" "$work/balancer"/*
        http_proxy='' at "$2" balancer
    }
    ask_balancer 200 before_host
    same a_balancer_is_asked_to_drain '0 web-01 192.0.2.1 drain' \
        "$? $(tail -n 1 "$work/posted")"
    ask_balancer 200 after_host
    same and_to_take_it_back '0 web-01 192.0.2.1 back' \
        "$? $(tail -n 1 "$work/posted")"
    ask_balancer 403 before_host
    same a_balancer_that_says_no_keeps_the_host 1 $?
else
    echo "skip a_balancer_is_asked_to_drain: no curl"
fi

# ---- silence ----

mkdir "$work/quiet"
for verb in begin end; do
    cat >"$work/quiet/silence-$verb" <<EOF
#!/bin/sh
echo "$verb \$*" >>"$work/quiet/said"
[ ! -e "$work/quiet/no" ]
EOF
done
chmod +x "$work/quiet"/silence-*
export HOTFLEET_SILENCE=$work/quiet
quiet() { paste -sd ',' "$work/quiet/said"; }
at before_host silence
at after_host silence
same monitoring_is_silenced_and_speaks_again 'begin web-01 240,end web-01 240' "$(quiet)"
touch "$work/quiet/no"
at before_host silence
same what_cannot_be_silenced_fails 1 $?
rm "$work/quiet/no"
at on_finish silence
same it_is_taken_back_all_the_same 'end web-01 240' "$(tail -n 1 "$work/quiet/said")"
left=$HOTFLEET_HOOK_STATE/silence/20261101T000000Z-0a0b0c.db-01
touch -d '5 hours ago' "$left"
at before_host silence
same what_a_killed_run_left_is_taken_back 'end db-01 240' \
    "$(tail -n 2 "$work/quiet/said" | head -n 1)"
at after_host silence

# ---- backup ----

mkdir "$work/backups"
cat >"$work/backups/backup" <<EOF
#!/bin/sh
cat "$work/backups/\$1"
EOF
chmod +x "$work/backups/backup"
export HOTFLEET_BACKUP=$work/backups
date +%s >"$work/backups/web-01"
at before_host backup
same a_young_backup_lets_the_host_start 0 $?
date -d '30 hours ago' +%s >"$work/backups/web-01"
at before_host backup
same an_old_one_does_not 1 $?
says and_says_how_old_it_is '30 h old, at most 24 h'
rm "$work/backups/web-01"
at before_host backup
same nor_one_that_nobody_knows 1 $?
echo "$(date +%s) snapshot" >"$work/backups/web-01"
at before_host backup
same a_snapshot_counts_as_well 0 $?
echo WEB-01 >"$work/backups/domain-controllers"
at before_host backup
same but_not_of_a_domain_controller 1 $?
export HOTFLEET_SNAPSHOT_DC=yes
at before_host backup
same unless_somebody_says_so 0 $?

if command -v shellcheck >/dev/null; then
    holds hooks_are_posix_sh shellcheck -s sh "$hooks"/*
else
    echo "skip hooks_are_posix_sh: no shellcheck"
fi

mkdir "$work/units"
cp "$HOTFLEET_BUILD"/playbooks/systemd/* \
    "$HOTFLEET_SOURCE"/playbooks/systemd/*.timer "$work/units"
holds units_name_the_program grep -qE \
    '^ExecStart=/.*/hotfleet -C %f run --tick --all$' \
    "$work/units/hotfleet-tick@.service"
# a container has no systemd: there the units are only compared above
if command -v systemd-analyze >/dev/null; then
    sed -i "s|^ExecStart=[^ ]*|ExecStart=$HOTFLEET_BINARY|" \
        "$work/units/hotfleet-tick@.service"
    cp "$work/units/hotfleet-tick@.service" \
        "$work/units/hotfleet-tick@srv-fleet.service"
    cp "$work/units/hotfleet-tick@.timer" \
        "$work/units/hotfleet-tick@srv-fleet.timer"
    holds units_are_sound systemd-analyze verify --man=no \
        "$work/units/hotfleet-tick@srv-fleet.service" \
        "$work/units/hotfleet-tick@srv-fleet.timer"
fi

finish
