# How the job is: its state, what it logged since OFFSET, its result. In: RUN,
# OFFSET. Changes nothing.

# A piece of the log, of whole lines where there are any.
function Add-Log([string]$Folder) {
    $offset = Get-Param 'OFFSET' '0'
    if ($offset -notmatch '^[0-9]{1,15}$') { Stop-Script 2 'OFFSET is malformed' }
    $offset = [long]$offset
    $file = Join-Name $Folder 'log'
    if (-not [IO.File]::Exists($file)) {
        Add-Fact 'log.size' 0 $file
        Add-Fact 'log.offset' $offset ''
        return
    }
    $read = Invoke-Patiently 20 { Read-Bytes $file $offset 16384 }
    $end = $read.Got
    while ($end -gt 0 -and $read.Bytes[$end - 1] -ne 10) { $end-- }
    if ($end -eq 0 -and $read.Got -eq 16384) { $end = $read.Got }
    Add-Fact 'log.size' $read.Size $file
    Add-Fact 'log.offset' ($offset + $end) ''
    if ($end -gt 0) {
        Add-Fact 'log' ([Text.Encoding]::UTF8.GetString($read.Bytes, 0, $end)) $file
    }
}

# A result that stays locked is unknown; the facts of the host decide then.
function Add-Result([string]$Folder) {
    $file = Join-Name $Folder 'result'
    if (-not [IO.File]::Exists($file)) { return }
    try {
        $result = Read-Document $file
        foreach ($key in $result.Keys) { Add-Fact "result.$key" $result[$key] $file }
    }
    catch { Add-Unknown 'result.outcome' (Get-Reason $_) $file }
}

# The last folder of the run that was put away, or $null.
function Get-Newest([string]$Run) {
    $at = $null
    $next = Join-Name $HfDone $Run
    for ($count = 2; [IO.Directory]::Exists($next); $count++) {
        $at = $next
        $next = Join-Name $HfDone "$Run.$count"
    }
    return $at
}

Send-Answer {
    $run = Get-Run
    Add-Fact 'boot.id' (Get-Boot) 'Win32_OperatingSystem'
    $at = $HfJob
    $job = Read-Job $at
    if (-not (Test-Ours $job $run)) {
        $newest = Get-Newest $run
        if ($newest) {
            $at = $newest
            $job = Read-Job $at
        }
    }
    Add-Job $at $job
    if ($job.state -eq 'none') { return }
    Stop-UnlessOurs $job $run
    Add-Log $at
    Add-Result $at
}
