# The restart that a job orders here, and who called it off: two files beside
# the job folder, which is put away before the restart is due.
$HfOrdered = Join-Name (Join-Name "$env:ProgramData" 'hotfleet') 'restart'
$HfCalledOff = Join-Name (Join-Name "$env:ProgramData" 'hotfleet') 'called-off'

# run, boot and due (an uptime) of the first file, run and operator of the
# other; run is '' where there is none.
function Read-Note([string]$Path) {
    $none = @{ run = ''; boot = ''; due = '0'; operator = '' }
    if (-not [IO.File]::Exists($Path)) { return $none }
    $note = Read-Document $Path
    foreach ($key in @($none.Keys)) {
        if (-not $note.ContainsKey($key)) { $note[$key] = $none[$key] }
    }
    if ($note.due -notmatch '^[0-9]{1,15}$') { return $none }
    return $note
}

# Seconds until the restart that is ordered; 0 when none is, or it was called
# off, or it is due.
function Get-RestartLeft([hashtable]$Ordered, [hashtable]$Off) {
    if (-not $Ordered.run -or $Ordered.run -eq $Off.run -or
        -not (Test-SameBoot $Ordered.boot (Get-Boot))) {
        return 0
    }
    return [math]::Max(0, [long]$Ordered.due - (Get-Uptime))
}
