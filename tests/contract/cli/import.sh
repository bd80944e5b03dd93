#!/usr/bin/env bash
# Hosts from Ansible, from a table, from an ssh configuration.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
new_fleet

cat >"$work/inventory.json" <<'TEXT'
{"_meta": {"hostvars": {
  "web-01": {"ansible_host": "127.0.0.1", "ansible_user": "root",
             "ansible_password": "hunter2", "vault_token": "hunter3"},
  "db-01": {"ansible_host": "127.0.0.2", "ansible_port": 2222}}},
 "all": {"children": ["canary", "db"]},
 "canary": {"hosts": ["web-01"]}, "db": {"hosts": ["db-01"]}}
TEXT
before=$(refs)
gives diff_shows_what_would_come 0 'nothing was written' \
    import ansible "$work/inventory.json" --diff
same diff_writes_nothing "$before" "$(refs)"
gives ansible_is_imported 0 '^2 added' import ansible "$work/inventory.json"
says what_was_left_out_is_named ansible_password vault_token 'undo: git revert'
same an_import_is_one_commit 2 "$(git rev-list --count HEAD)"
same no_secret_is_in_the_repository '' "$(git grep -l hunter HEAD)"
same a_group_that_is_a_ring_is_one canary \
    "$(jq -r .ring hosts/canary/web-01.json)"
gives another_group_is_a_tag 0 '^db-01' hosts tag:db
gives it_lints 0 '0 errors' lint
hf import ansible - <"$work/inventory.json"
gives an_import_again_changes_nothing 0 'so already' \
    import ansible "$work/inventory.json"
sed -i s/127.0.0.2/127.0.0.3/ "$work/inventory.json"
gives what_changed_is_named 0 'db-01.*address' \
    import ansible "$work/inventory.json"

cat >"$work/hosts.csv" <<'TEXT'
Server Name,IP,ring,tags,password
web-02,127.0.0.4,,web;prod,hunter4
bad host,127.0.0.5,,,
TEXT
printf 'name,hostname\na,b\n' >"$work/twice.csv"
gives two_columns_for_one_key_are_refused 1 "two columns for 'name'" \
    import csv "$work/twice.csv"
gives a_table_without_names_is_refused 1 "no column 'name'" \
    import csv "$work/hosts.csv"
gives a_column_that_is_none_is_named 1 "no column 'Nome'" \
    import csv "$work/hosts.csv" --map Nome=name
gives a_key_that_is_none_is_named 1 "no key 'nome'" \
    import csv "$work/hosts.csv" --map 'Server Name=nome'
gives a_ring_that_is_none_is_named 1 "ring 'nowhere'" \
    import csv "$work/hosts.csv" --map 'Server Name=name' --ring nowhere
gives hosts_that_do_not_fit_are_left_out 2 "bad host" \
    import csv "$work/hosts.csv" --map 'Server Name=name' --ring broad
same new_hosts_come_into_the_ring broad "$(jq -r .ring hosts/broad/web-02.json)"
same columns_with_secrets_are_left_out '' "$(git grep -l hunter HEAD)"
gives only_tables_have_columns 1 'columns' \
    import ansible "$work/inventory.json" --map a=b

printf 'Host jump-01\n  HostName 127.0.0.6\n  Port 2200\n  User ops\n' \
    >"$work/config"
gives an_ssh_configuration_is_imported 0 '^1 added' \
    import ssh-config "$work/config" --ring early
same its_port_comes_along 2200 "$(jq .port hosts/early/jump-01.json)"
gives another_source_is_refused 1 'ansible, csv, ssh-config' \
    import yaml "$work/config"
gives a_file_that_is_missing_is_named 1 'none.csv' import csv "$work/none.csv"
hf import csv "$work/hosts.csv" --map 'Server Name=name' --json
same json_lists_what_was_unchanged '["web-02"]' "$(jq -c .unchanged <<<"$out")"

gives without_a_source_there_is_no_coverage 1 'no source was imported' \
    report coverage

# what Azure says of machines
printf 'name,hotpatch\nweb-01,Enabled\nnobody,Disabled\n' >"$work/arc.csv"
gives an_export_of_arc_is_compared 0 '2 added' \
    import arc "$work/arc.csv" --diff --taken 2026-11-20
gives an_export_of_arc_is_kept 0 'imported: commit' \
    import arc "$work/arc.csv" --taken 2026-11-20
says who_is_no_host_is_said '1 in the file, and no host of the fleet'
same it_is_kept_with_its_day 2026-11-20 "$(jq -r .taken entitlements/arc.json)"
gives again_nothing_is_written 0 'it is so already' \
    import arc "$work/arc.csv" --taken 2026-11-20
hf report coverage --json
same who_is_in_both_and_who_is_not '1 1 nobody' "$(jq -r '.sources[0] |
    "\(.both) \(.["source-only"]) \(.hosts[] |
        select(.known == "source-only") | .name)"' <<<"$out")"
same whom_arc_does_not_name "$(("$(find hosts -name '*.json' | wc -l)" - 1))" \
    "$(jq '.sources[0]["fleet-only"]' <<<"$out")"
jq . <<<"$out" >"$work/coverage.json"
gives coverage_for_people 0 'arc, taken 2026-11-20, 2 names' report coverage
says who_is_missing_where 'nobody +source-only +Disabled' \
    '1 the source alone knows'
hf report coverage web-01 --csv
same a_selector_narrows_coverage 'arc,web-01,both,Enabled,unknown' \
    "$(tail -n +2 <<<"$out")"
printf 'name,hotpatch\nweb-01,Disabled\n' >"$work/arc.csv"
gives the_difference_is_told 0 'web-01: Disabled, was Enabled' \
    import arc "$work/arc.csv" --diff
says what_is_gone_is_told '1 in the last import, and not any more'
gives a_day_that_is_none_is_refused 1 'no day' \
    import arc "$work/arc.csv" --taken yesterday
gives it_lints 0 '0 errors' lint
finish
