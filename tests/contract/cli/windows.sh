#!/usr/bin/env bash
# 500 simulated Windows hosts, eight with each fault that one can have, from
# check to rollback by the real program: each kind ends as it should, all of
# its hosts, in each step.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

command -v python3 >/dev/null || {
    echo 'skip windows: python3 is not installed'
    exit 77
}

start_sim windows 100
sort >"$work/wanted" <<'END'
check agent-denies covered behind 8
check arc-lost ineligible behind 8
check bios ineligible behind 8
check changed-key unknown unknown 8
check chpe ineligible behind 8
check clock covered behind 8
check constrained ineligible unknown 8
check crash covered behind 8
check crash-later covered behind 8
check down unknown unknown 8
check drop covered behind 8
check edition ineligible behind 8
check endless unknown unknown 8
check fallback covered behind 8
check half-reply unknown unknown 8
check install-fails covered behind 8
check job-dies covered behind 8
check lie covered behind 8
check memory covered behind 8
check monitor-off covered behind 8
check no-arc ineligible behind 8
check no-disk covered behind 8
check no-login unknown unknown 8
check no-secureboot covered behind 8
check no-sudo covered behind 8
check not-enrolled covered behind 8
check off-track off-track behind 8
check old-baseline restart-due behind 8
check old-build ineligible behind 8
check poison unknown unknown 8
check policy-off ineligible behind 8
check reboots covered behind 8
check restart-appears covered behind 8
check restart-due covered behind 8
check restart-mid covered behind 8
check result-locked covered behind 8
check servicing covered behind 8
check sick covered behind 8
check silent unknown unknown 8
check slow covered behind 8
check slow-connect covered behind 8
check vbs-idle ineligible behind 8
check vbs-off ineligible behind 8
check well covered behind 156
apply agent-denies failed 8
apply arc-lost ineligible 8
apply bios ineligible 8
apply chpe ineligible 8
apply clock verified 8
apply crash failed 8
apply crash-later verified 8
apply drop verified 8
apply edition ineligible 8
apply fallback failed 8
apply install-fails failed 8
apply job-dies failed 8
apply lie failed 8
apply memory verified 8
apply monitor-off verified 8
apply no-arc ineligible 8
apply no-disk ineligible 8
apply no-secureboot verified 8
apply no-sudo unverified 8
apply not-enrolled failed 8
apply off-track ineligible 8
apply old-baseline ineligible 8
apply old-build ineligible 8
apply policy-off ineligible 8
apply reboots verified 8
apply restart-appears verified 8
apply restart-due failed 8
apply restart-mid failed 8
apply result-locked unverified 8
apply servicing ineligible 8
apply sick verified 8
apply slow verified 8
apply slow-connect verified 8
apply vbs-idle ineligible 8
apply vbs-off ineligible 8
apply well verified 156
verify clock verified 8
verify crash failed 8
verify crash-later verified 8
verify drop verified 8
verify fallback unverified 8
verify memory verified 8
verify monitor-off verified 8
verify no-secureboot verified 8
verify reboots verified 8
verify restart-appears verified 8
verify result-locked verified 8
verify sick verified 8
verify slow verified 8
verify slow-connect verified 8
verify well verified 156
rollback clock verified 8
rollback crash verified 8
rollback crash-later verified 8
rollback drop verified 8
rollback fallback ineligible 8
rollback memory verified 8
rollback monitor-off verified 8
rollback no-secureboot verified 8
rollback reboots verified 8
rollback restart-appears verified 8
rollback result-locked unverified 8
rollback sick verified 8
rollback slow verified 8
rollback slow-connect verified 8
rollback well verified 156
reboot off-track verified 8
reboot restart-due verified 8
reboot servicing ineligible 8
reboot vbs-off verified 8
reboot well verified 156
END

# tell STEP: "STEP FAULT OUTCOME HOSTS", of a JSON document.
tell() {
    python3 -c '
import collections, json, re, sys
n = collections.Counter()
for h in json.load(sys.stdin)["hosts"]:
    end = h.get("outcome") or h["coverage"]["state"] + " " + h["patch"]["state"]
    n[re.sub(r"-[0-9]+$", "", h["name"]), end] += 1
for (fault, end), hosts in sorted(n.items()):
    print(sys.argv[1], fault, end, hosts)' "$1"
}

# step WANTED_EXIT VERB [ARG...]
step() {
    local want=$1 verb=$2
    shift
    hf "$@" --parallel 200 --json
    same "${verb}_ends_with_its_exit_code" "$want" "$status"
    tell "$verb" <<<"$out" | sort >"$work/got"
    said=$(grep "^$verb " "$work/wanted" | diff - "$work/got")
    same "${verb}_ends_each_kind_as_it_should" '' "$said"
}

acting=(--change C1 --reason proof --yes --continue)
step 4 check
hf hosts 'check.vbs:block and name:vbs-*' --json
same a_check_and_its_verdict_choose_hosts 16 "$(jq '.hosts | length' <<<"$out")"
hf hosts 'check.vbs:pass and name:vbs-*'
same no_host_has_two_verdicts 1 "$status"
gives what_does_not_pass_is_counted 0 '^vbs +8 +0 +0 +Virtualization' \
    check 'name:vbs-off-*'
gives what_is_not_known_beforehand_is_no_zero 0 \
    'restarts: 0, not known for 1$' apply name:well-001 --dry-run
says going_back_would_restart_it '^taking it back: possible, 1 host may restart'
step 2 apply patch:behind "${acting[@]}" --expect-hosts 332
verified=$(jq '[.hosts[] | select(.outcome == "verified")] | length' <<<"$out")
hf report savings --json
same what_went_in_without_a_restart_was_one_avoided "$verified" \
    "$(jq .all.avoided <<<"$out")"
hf report memory --json
same windows_tells_its_pool_and_no_patch_modules 'true 0' \
    "$(jq -r '.products[] | select(.product == "ws2025").kinds |
        "\(.pool.told > 0) \(.patches.told)"' <<<"$out")"
same memory_is_compared_where_no_restart_was "$verified" \
    "$(jq '[.patches[] | select(.compared)] | length' <<<"$out")"
step 2 verify patch:current
step 4 rollback patch:current "${acting[@]}" --expect-hosts 260
step 0 reboot 'name:well-* or name:off-track-* or name:restart-due-* or name:servicing-* or name:vbs-off-*' \
    "${acting[@]}" --expect-hosts 180
finish
