# Travels in the command line; the script itself comes on standard input, whole
# or not at all. Nothing here but what Constrained Language Mode allows until
# that mode is known. Lines of $input are those of standard input.
$ProgressPreference = 'SilentlyContinue'
$l = @($input)
if ("$($l[0])" -notmatch '^hotfleet-1 ([0-9a-f]{32}) ([0-9]+) ([0-9]+)$') {
    'hotfleet: no script on standard input'
    exit 3
}
$n = $Matches[1]
$c = [int]$Matches[2]
$s = [int]$Matches[3]
$m = "$($ExecutionContext.SessionState.LanguageMode)"
$t = ''
if ($l.Count -gt 2) { $t = $l[2..($l.Count - 1)] -join "`n" }
$w = ''
if ($m -ne 'FullLanguage') { $w = "language $m" }
elseif ($l.Count - 2 -ne $c -or $t.Length -ne $s) { $w = "input $($t.Length) $s" }
if ($w) {
    "hotfleet-1 $n"
    "!$w"
    "end $n"
    exit 1
}
$HfNonce = $n
$HfInput = $l[1]
. ([scriptblock]::Create($t))
