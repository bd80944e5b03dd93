# Puts the job folder away under done, which frees the lock, takes the job's
# task out of the scheduler, and removes what was put away more than KEEP_DAYS
# ago. In: RUN (empty for a folder without a holder), KEEP_DAYS.
function Remove-Task([string]$Run) {
    try {
        $service = New-Object -ComObject Schedule.Service
        $service.Connect()
        $folder = $service.GetFolder('\')
        foreach ($task in @($folder.GetTasks(1))) {
            if ($task.Name -eq "hotfleet-$Run") { $folder.DeleteTask($task.Name, 0) }
        }
    }
    catch { Add-Unknown 'task' (Get-Reason $_) 'Schedule.Service' } # it starts nothing by itself
}

# The folder keeps its name; a second one of a run gets a number.
function Move-Job([string]$Name) {
    $to = Join-Name $HfDone $Name
    for ($count = 2; $null -ne (Get-Kind $to); $count++) {
        $to = Join-Name $HfDone "$Name.$count"
    }
    [IO.Directory]::SetLastWriteTimeUtc($HfJob, [DateTime]::UtcNow)
    try { Invoke-Patiently 30 { [IO.Directory]::Move($HfJob, $to) } }
    catch {
        Add-Fact 'ended' $false ''
        Stop-Script 1 "the job folder cannot be moved: $(Get-Reason $_)"
    }
    Add-Fact 'ended' $true $to
}

# Only what we named ourselves, and what a begin left that was cut off.
function Remove-Old([int]$Days) {
    $count = 0
    $limit = [DateTime]::UtcNow.AddDays(-$Days)
    $old = @()
    if ([IO.Directory]::Exists($HfDone)) { $old += @([IO.Directory]::GetDirectories($HfDone)) }
    if ([IO.Directory]::Exists($HfBase)) { $old += @([IO.Directory]::GetDirectories($HfBase, '*.new-*')) }
    foreach ($folder in $old) {
        $name = [IO.Path]::GetFileName($folder)
        if ($name -notmatch '^([0-9]{8}T[0-9]{6}Z-|(job|done)\.new-[0-9a-f]{32}$)' -or
            [IO.Directory]::GetLastWriteTimeUtc($folder) -ge $limit) {
            continue
        }
        [IO.Directory]::Delete($folder, $true)
        $count++
    }
    Add-Fact 'purged' $count $HfDone
}

Send-Answer {
    $keep = Get-Param 'KEEP_DAYS' '30'
    if ($keep -notmatch '^[0-9]{1,5}$') { Stop-Script 2 'KEEP_DAYS is malformed' }
    $run = Get-Param 'RUN' ''
    if ($run) { $run = Get-Run }
    $job = Read-Job $HfJob
    $away = $null
    if ($run) { $away = Get-Kind (Join-Name $HfDone $run) }
    if ($job.state -eq 'none') { Add-Fact 'ended' $true '' }
    elseif (-not $job.ContainsKey('run') -and -not $run) {
        Move-Job ([DateTime]::UtcNow.ToString('yyyyMMddTHHmmssZ') + '-nameless')
    }
    elseif (-not (Test-Ours $job $run)) {
        # the next run may have done it for us
        Add-Fact 'ended' ($null -ne $away) ''
        if ($null -eq $away) { Stop-UnlessOurs $job $run }
    }
    elseif ($job.state -eq 'running') {
        Add-Fact 'ended' $false ''
        Stop-Script 1 'the job still runs'
    }
    else {
        Remove-Task $run
        Move-Job $run
    }
    Remove-Old ([int]$keep)
}
