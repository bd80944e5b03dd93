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

if command -v shellcheck >/dev/null; then
    holds hooks_are_posix_sh shellcheck -s sh "$hooks/mail" "$hooks/webhook"
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
