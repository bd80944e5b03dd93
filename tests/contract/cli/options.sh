#!/usr/bin/env bash
# Slips of the tongue: options, verbs, arguments, selectors; help.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
new_fleet

gives an_option_in_error_is_named 1 "no option '--jsom'" hosts --jsom
gives the_option_that_was_meant_is_named 1 'did you mean --json' hosts --jsom
gives a_value_does_not_hide_the_slip 1 'did you mean --reason' \
    hold x --raeson=y
gives a_letter_in_error_is_named 1 "no option '-z'" hosts -z
gives a_missing_value_is_said 1 'wants a value' hold x --reason
gives a_value_too_many_is_said 1 "'--json' takes no value" hosts --json=1
gives an_option_of_another_verb_is_refused 1 'see: hotfleet hosts --help' \
    hosts --cve CVE-2026-1
gives an_option_before_the_verb_counts 1 "version has no option '--read-only'" \
    --read-only version
gives a_verb_in_error_is_named 1 "no verb 'chekc'" chekc
gives the_verb_that_was_meant_is_named 1 "did you mean 'check'" chekc
gives two_words_that_one_verb_needs 1 'catalogue list, catalogue add' catalogue
gives a_missing_argument_is_said 1 'usage: hotfleet show HOST' show
gives an_argument_too_many_is_said 1 "verb show does not take 'b'" show a b
gives usage_ends_with_its_last_word 1 'usage: hotfleet version$' version x
gives a_second_word_in_error_is_named 1 "no verb 'catalogue lst'" catalogue lst
says and_the_one_that_was_meant "did you mean 'catalogue list'"
gives a_family_of_verbs_is_named_too 1 "did you mean 'report'" rport
gives the_whole_of_two_words_is_named 1 "did you mean 'exception list'" exeption list
gives a_known_family_lists_its_verbs 1 'one of: report exposure' report xxxxxxxx
gives a_run_wants_a_name 1 'hotfleet playbook list' run
gives what_is_no_run_is_said 1 'hotfleet runs names them' abort nothing
gives a_playbook_that_was_meant_is_named 1 "did you mean 'emergency'" \
    plan emergncy
gives a_number_must_be_one 1 'whole number' runs --limit many
gives a_folder_that_is_no_fleet_is_named 1 "$HOME" -C "$HOME" hosts

add_host web-01 127.0.0.1 canary
commit hosts
gives a_broken_selector_is_quoted 1 'age:' hosts 'age:'
gives an_unfinished_selector_is_refused 1 'and' hosts 'ring:canary and'
gives an_unknown_field_has_a_neighbour 1 'ring' hosts 'rnig:canary'
gives a_selector_without_hosts_is_said 1 'no host matches' hosts ring:broad
says and_where_hosts_are 'see: hotfleet hosts'
gives a_name_that_was_meant_is_proposed 1 "did you mean 'web-01'" hosts web-1
gives a_host_that_was_meant_is_named 1 "did you mean 'web-01'" show web-1

gives help_lists_every_group 0 '^keep$' help
gives help_of_a_verb_of_two_words 0 'usage: hotfleet catalogue add' \
    help catalogue add
gives help_of_selectors_has_the_fields 0 'ring' help selectors
gives help_of_exit_codes_has_130 0 '^ *130 ' help exit-codes
gives help_of_a_family_lists_it 0 'catalogue add +[a-z]' help catalogue
gives help_of_two_words_in_one 0 'usage: hotfleet catalogue add' \
    help 'catalogue add'
gives a_family_has_help 0 'ring move +[a-z]' ring --help
gives a_family_has_help_by_letter 0 'catalogue list +[a-z]' catalogue -h
gives version_is_an_option_too 0 '^hotfleet [0-9]' --version
gives what_is_not_there_yet_is_said 1 "'approve' is not in this version" approve
says and_what_is_there_instead 'there is: .*ring approve'
gives help_on_nothing_is_refused 1 'no help on' help nothing
gives the_console_needs_a_terminal 1 'needs a terminal'

# every verb explains itself, with examples that start with its own words
lacking=$("$HOTFLEET_BINARY" help | sed -nE 's/^  ([a-z-]+( [a-z-]+)?)  .*/\1/p' |
    while read -r verb; do
        # shellcheck disable=SC2086
        "$HOTFLEET_BINARY" $verb --help >"$work/help" || echo "$verb: fails"
        grep -q "^  .*hotfleet $verb" "$work/help" || echo "$verb: no example"
        grep -q -- '--help ' "$work/help" || echo "$verb: no options"
        sed '1,/^usage/d; /^options$/,$d' "$work/help" | grep -E '.{80}' &&
            echo "$verb: prose beyond 79 columns"
    done)
same every_verb_has_help_with_examples '' "$lacking"

# a reader that goes away is no reason for words or for a crash
said=$({ "$HOTFLEET_BINARY" help selectors 2>&1 1>&3 3>&-; } 3> >(:))
same a_closed_pipe_is_taken_in_silence '' "$said"
"$HOTFLEET_BINARY" hosts >/dev/full 2>"$work/err"
same a_full_disk_is_no_success 2 "$?"

export NO_COLOR=1
hf hosts
same no_color_means_no_escapes '' "$(tr -d '\n[:print:]' <<<"$out")"
finish
