#!/usr/bin/env bash
# The counting that the pipeline trusts: tally.py on made-up reports.
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# counts NAME WANTED EXIT BODY [OPTION]: what tally.py says about one test.
counts() {
    local said status=0
    printf '<testsuite>%s</testsuite>' "$4" >"$scratch/report.xml"
    said=$(python3 tests/tally.py ${5:+"$5"} "$scratch/report.xml") ||
        status=$?
    said="$(tail -n 1 <<<"$said"), exit $status"
    if [ "$said" = "$2, exit $3" ]; then
        report "$1" ""
    else
        report "$1" "wanted '$2, exit $3', got '$said'"
    fi
}

two_groups='<testcase name="t" status="run"><system-out>
[==========] Running 2 test(s).
[       OK ] a
[  SKIPPED ] b
[==========] 2 test(s) run.
[  PASSED  ] 1 test(s).
[  SKIPPED ] 1 test(s), listed below:
[  SKIPPED ] b
[==========] Running 1 test(s).
[       OK ] c
</system-out></testcase>'
counts counts_every_cmocka_test_once '2 passed, 0 failed, 1 skipped' 0 \
    "$two_groups"
counts counts_lines_of_scripts '1 passed, 1 failed, 1 skipped' 1 \
    '<testcase name="t" status="fail"><failure message=""/><system-out>ok a
not ok b: why
skip c: why
</system-out></testcase>'
counts counts_a_skip_with_its_reason_once '1 passed, 0 failed, 1 skipped' 0 \
    '<testcase name="t" status="run"><system-out>[       OK ] a
skip b: why
[  SKIPPED ] b
</system-out></testcase>'
counts counts_a_crash_after_good_checks '1 passed, 1 failed, 0 skipped' 1 \
    '<testcase name="t" status="fail"><failure message="SEGFAULT"/>
    <system-out>
ok a</system-out></testcase>'
counts counts_a_silent_program_as_one '1 passed, 0 failed, 0 skipped' 0 \
    '<testcase name="t" status="run"/>'
skipped='<testcase name="s" status="notrun"><skipped/></testcase>
    <testcase name="t" status="run"/>'
counts counts_a_skipped_program '1 passed, 0 failed, 1 skipped' 0 "$skipped"
counts fails_a_skip_when_strict '1 passed, 1 failed, 0 skipped' 1 \
    "$skipped" --strict
counts fails_when_nothing_ran '0 passed, 0 failed, 0 skipped' 1 ''
counts fails_a_broken_report '0 passed, 1 failed, 0 skipped' 1 '<'
exit "$bad"
