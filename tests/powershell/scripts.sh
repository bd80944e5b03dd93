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

# ---- few, and in what only reads, none that changes a host ----

# What writes, beside its own use of the folder's functions; every other file
# only reads.
changing='powershell/begin powershell/end powershell/job powershell/start
    powershell/upload powershell/write windows/agent windows/apply windows/call_off windows/job
    windows/level windows/reboot windows/rollback windows/stage'
# What is sent to look; their parts must all be files that only read.
reading='windows/probe powershell/poll'

# of_kind yes|no FILTER: as `all`, in the files that change something, or not
of_kind() {
    all "select(\$f | sub(\"^backend/drivers/\"; \"\") |
        sub(\"[.]ps1\$\"; \"\") as \$n |
        (\"$(tr -s '\n ' ' ' <<<"$changing")\" | split(\" \") | index(\$n)) |
        . != null | . == ([\"no\", \"yes\"] | index(\"$1\") == 1)) | $2"
}
parts_of() {
    sed -n "s#^ *$1.ps1=\([^ )]*\).*#\1#p" \
        "$HOTFLEET_SOURCE/backend/drivers/CMakeLists.txt" | tr '+' '\n'
}

own=$(jq -r '.functions[]' <<<"$said" | tr '\n' ' ')
own_reading=$(of_kind no '.functions[]' | sed 's/.*: //' | tr '\n' ' ')
commands="ConvertFrom-Json ForEach-Object Get-Acl Get-ChildItem Get-CimInstance
    Get-ItemProperty Get-WinEvent New-Object Set-StrictMode Sort-Object
    Test-Path Where-Object azcmagent.exe whoami.exe
    (\$Get) (\$Do) (([scriptblock]::Create(\$t)))"
methods='Abs AddDays AddHours AddSeconds Append AppendFormat Combine Connect ContainsKey Create
    CreateUpdateSearcher Dispose Exists Floor GetAttributes GetBytes GetFolder
    ComputeHash GetProcessById GetString GetTasks GetTimestamp GetTotalHistoryCount
    IsPathRooted Max Min Open QueryHistory Read Remove Replace Search Seek Sleep
    SpecifyKind Substring ToBase64String ToCharArray ToLocalTime
    ToLowerInvariant ToString ToUniversalTime Trim UnescapeDataString Write new'

for script in $reading; do
    result "${script##*/}_is_made_of_what_only_reads" "$(parts_of "$script" |
        sed 's/[.]ps1$//' | grep -xF "$(tr -s '\n ' '\n' <<<"$changing")")"
done
result what_reads_calls_only_known_commands \
    "$(of_kind no '.commands[]' | beyond "$own_reading $commands")"
result what_reads_makes_only_known_objects "$(of_kind no '.coms[]' |
    sed 's/.*-ComObject /x: /' |
    beyond 'Microsoft.Update.Session Schedule.Service')"
result what_reads_calls_only_known_methods \
    "$(of_kind no '.methods[]' | beyond "$methods")"
result what_reads_opens_files_to_read_only "$(cd "$HOTFLEET_SOURCE" &&
    for script in $reading; do parts_of "$script"; done | sort -u |
    sed 's#^#backend/drivers/#' | xargs grep -Hn 'File\]::Open(' |
        grep -v "'Open', 'Read', 'ReadWrite, Delete')")"
result what_reads_sets_nothing_but_its_own "$(of_kind no '.sets[]' |
    beyond "\$searcher.Online \$Hf.Exit \$job.state")"

result what_changes_calls_only_known_commands "$(of_kind yes '.commands[]' |
    beyond "$own $commands (\$Fill) dism.exe shutdown.exe Set-Acl (\$HfActions[\$action])")"
result what_changes_makes_only_known_objects "$(of_kind yes '.coms[]' |
    sed 's/.*-ComObject /x: /' | beyond 'Microsoft.Update.Session
        Microsoft.Update.UpdateColl Schedule.Service')"
result what_changes_calls_only_known_methods "$(of_kind yes '.methods[]' |
    beyond "$methods AcceptEula Add AddArgument AddScript AppendAllText
        BeginInvoke Ceiling ComputeHash CreateDefault2 CreateDirectory
        CreateUpdateDownloader
        CreateUpdateInstaller Delete DeleteTask Download EndInvoke
        FromBase64String
        GetDirectories GetFileName GetLastWriteTimeUtc GetProcessesByName
        GetUpdateResult Install
        Move NewTask ReadAllBytes RegisterTaskDefinition RunEx
        Set SetLastWriteTimeUtc SetSecurityDescriptorSddlForm WaitOne WriteAllBytes
        WriteAllText")"
# What downloads ahead is sent without what installs, removes or restarts.
staging=$(parts_of windows/stage | tr '\n' ' ')
result what_stages_has_a_script_of_its_own "$([ -n "$staging" ] || echo none)"
result what_stages_cannot_install "$(jq -r --arg parts "$staging" '
    select((.file | sub("^backend/drivers/"; "")) as $f |
        $parts | split(" ") | index($f)) |
    .file as $f | (.commands[], .methods[], .functions[]) | "\($f): \(.)"' \
    <<<"$said" |
    grep -iE ': .*(install|uninstall|shutdown|restart-computer|dism|wusa|msiexec|pkgmgr)')"
result nothing_asks_for_a_restart "$(of_kind yes '.commands[]' |
    grep -iE 'restart-computer|shutdown' | grep -vE 'windows/(reboot|call_off)')"
finish
