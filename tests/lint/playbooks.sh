#!/usr/bin/env bash
# The table of keys in docs/playbooks.md says what the program says: every key
# of the schema with its help, and what holds when a playbook does not state
# it. 'tests/lint/playbooks.sh --print' prints the table as it should be.
# shellcheck source=tests/lint/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

program=$(realpath "${HOTFLEET_BINARY:-build/dev/hotfleet}")
page=docs/playbooks.md
if [ ! -x "$program" ] || ! command -v jq >/dev/null; then
    echo "skip playbook_keys_match_the_program: needs $program and jq"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What must be said, and nothing else; a gate of each kind.
cat >"$scratch/short.json" <<'EOF'
{"rings": [{"name": "all", "size": "rest"}],
 "gates": [{"name": "well"}, {"name": "yes", "kind": "signoff"}],
 "hooks": {"on_halt": {"run": "tell"}}}
EOF

# explained: the same with every default, as the program writes it out.
explained() (
    export HOME=$scratch XDG_STATE_HOME=$scratch GIT_CONFIG_NOSYSTEM=1
    git config --global user.name Ann
    git config --global user.email ann@example.org
    cd "$scratch"
    "$program" init fleet >/dev/null
    mkdir fleet/playbooks
    cp short.json fleet/playbooks
    git -C fleet add -A
    git -C fleet commit -q -m short
    "$program" -C fleet playbook explain short --json | jq .playbook
)

# Hooks and budgets are alike: one row for all of them.
# shellcheck disable=SC2016
table='
def shared: length == 3 and (.[0] == "hooks" or .[0] == "budget");
def spelt: if shared then .[1] = "*" else . end
    | map(if type == "number" then "[]" else "." + . end) | add
    | .[1:] | sub("\\[\\]$"; "");
def leaf: type != "object" and type != "array";
def keys_of($all; $object; $at):
    ($object.required // []) as $needed
    | $object.properties | to_entries[] | select(.value.description)
    | ($at + .key) as $path | .value as $v
    | ([$v | .. | objects | ."$ref"? | strings | ltrimstr("#/$defs/")]
        | first) as $of
    | {$path, help: $v.description, needed: (.key | IN($needed[]))},
      (select($of) | keys_of($all; $all[$of];
          if $of | IN("hook", "allowed") then ($at + "*.")
          elif $v.type == "array" then $path + "[]."
          else $path + "." end));
([$short[0] | paths(leaf)]) as $said
| ([$full[0] | paths(leaf) as $p | select($said | index([$p]) | not)
    | {key: ($p | spelt), value: ($full[0] | getpath($p) | tostring)}]
    | from_entries) as $defaults
| keys_of(."$defs"; .; "")
| "| `\(.path)` | \(if .needed then "required"
    else $defaults[.path] // "" end) | \(.help) |"'

explained >"$scratch/full.json"
jq -r --slurpfile short "$scratch/short.json" \
    --slurpfile full "$scratch/full.json" "$table" \
    inventory/schemas/playbook.schema.json | awk '!seen[$0]++' \
    >"$scratch/wanted"
if [ "${1:-}" = --print ]; then
    cat "$scratch/wanted"
    exit 0
fi
sed -n '/^| key | unless stated |/,/^$/p' "$page" | sed -n '3,$p' |
    sed '/^$/d' >"$scratch/written"
report playbook_keys_are_all_there "$(test -s "$scratch/wanted" ||
    echo 'the program names none')"
report playbook_keys_match_the_program \
    "$(diff "$scratch/wanted" "$scratch/written" |
        sed -n 's/^</not in the table: /p; s/^>/not in the program: /p')"
exit "$bad"
