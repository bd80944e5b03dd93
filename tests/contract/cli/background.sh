#!/usr/bin/env bash
# A selector that the shell cut at an unquoted "&" starts its first half in
# the background: nothing may happen there.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
if ! command -v python3 >/dev/null; then
    echo "skip nothing_starts_in_the_background: no python3"
    exit 77
fi
new_fleet
add_host web-01 127.0.0.1 canary
add_host web-02 127.0.0.2 canary
commit hosts
before=$(refs)

# interactive LINE: what a shell with job control on a terminal makes of it
interactive() {
    said=$(python3 "$here/terminal.py" "$1" 2>&1)
}

interactive "$HOTFLEET_BINARY hold ring:canary & role:web --reason x"
case $said in
*"started in the background"*) ok a_cut_selector_is_noticed ;;
*) no a_cut_selector_is_noticed "no word of the background" ;;
esac
case $said in
*"write 'and' instead of '&'"*) ok the_spelling_that_helps_is_named ;;
*) no the_spelling_that_helps_is_named "no hint" ;;
esac
for verb in apply rollback reboot call-off stage enroll unhold 'ring move broad'; do
    interactive "$HOTFLEET_BINARY $verb ring:canary & role:web"
    case $said in
    *"started in the background"*) ok "${verb%% *}_does_not_start_there" ;;
    *) no "${verb%% *}_does_not_start_there" "it started" ;;
    esac
done
same nothing_was_written "$before" "$(refs)"

interactive "echo n | $HOTFLEET_BINARY hold ring:canary --reason x"
same no_terminal_means_no "$before" "$(refs)"
interactive "$HOTFLEET_BINARY hold ring:canary --reason x; echo status \$?" \
    <<<n
same no_is_the_answer_that_is_heard "$before" "$(refs)"
says no_is_a_refusal_and_no_interruption 'nothing was changed' 'status 5'
interactive "$HOTFLEET_BINARY hold ring:canary --reason x" <<<''
same an_empty_answer_is_no "$before" "$(refs)"
interactive "$HOTFLEET_BINARY hold ring:canary --reason x" <<<y
same yes_is_heard_too 'hold 2 hosts: x' "$(git log -1 --format=%s)"
finish
