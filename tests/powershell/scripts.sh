#!/usr/bin/env bash
# What the scripts for Windows hosts are made of, judged by the syntax tree of
# PowerShell's own parser.
# shellcheck source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
command -v jq >/dev/null || skip_all 'no jq'

mapfile -t scripts < <(cd "$HOTFLEET_SOURCE" &&
    find backend/drivers -name '*.ps1' | sort)
said=$(cd "$HOTFLEET_SOURCE" && "$engine" examine "${scripts[@]}")

# all FILTER: what jq finds in each file, with the file's name
all() {
    jq -r ".file as \$f | $1 | \"\(\$f): \(.)\"" <<<"$said"
}
# beyond "A B": lines of standard input whose last word is not one of these
beyond() {
    awk -v list="$1" 'BEGIN { n = split(list, w, " ")
        for (i = 1; i <= n; i++) known[tolower(w[i])] = 1 }
        { word = $0; sub(/^[^:]*: /, "", word) }
        !(tolower(word) in known)'
}

result there_are_scripts "$([ "${#scripts[@]}" -ge 6 ] || echo none)"
result they_parse "$(all '.errors[]')"
result they_use_no_syntax_newer_than_5_1 "$(all '.newer[]')"

# Few, and none that changes a host; what tells the machine apart from a bare
# engine must have a double.
own=$(jq -r '.functions[]' <<<"$said" | tr '\n' ' ')
result they_call_only_known_commands "$(all '.commands[]' | beyond "$own \
    ConvertFrom-Json ForEach-Object Get-ChildItem Get-CimInstance \
    Get-ItemProperty Get-WinEvent New-Object Set-StrictMode Sort-Object \
    Test-Path Where-Object azcmagent.exe whoami.exe \
    (\$Get) (([scriptblock]::Create(\$t)))")"
result they_make_only_known_objects "$(all '.coms[]' | sed 's/.*-ComObject /x: /' |
    beyond 'Microsoft.Update.Session Schedule.Service')"
result they_call_only_known_methods "$(all '.methods[]' | beyond 'AddHours \
    Append AppendFormat Connect ContainsKey Create CreateUpdateSearcher Floor \
    GetBytes GetFolder GetTasks GetTotalHistoryCount Min QueryHistory Remove \
    Replace Search SpecifyKind Substring ToBase64String ToCharArray \
    ToLocalTime ToLowerInvariant ToString ToUniversalTime Trim \
    UnescapeDataString Write new')"
result they_set_nothing_but_their_own "$(all '.sets[]' |
    beyond "\$searcher.Online")"
finish
