# Calls off the restart that a run has ordered here, or is about to order. In:
# OPERATOR. Takes no lock, since it is meant for the run that holds it: that
# one looks into "called-off" before and after it orders.
$HfHour = 3600

# The run whose restart it is, or ''.
function Find-Restart([hashtable]$Job, [hashtable]$Ordered, [hashtable]$Off) {
    if ($Job.state -eq 'running' -and $Job.ContainsKey('run') -and $Job.ContainsKey('action') -and
        @('reboot', 'rollback') -contains $Job.action) {
        return $Job.run
    }
    if ((Get-RestartLeft $Ordered $Off) -gt 0) { return $Ordered.run }
    return ''
}

# None that can be called off: one that was carried out just now, or is being
# so, came too late.
function Get-Lateness([hashtable]$Ordered, [hashtable]$Off) {
    if (-not $Ordered.run -or $Ordered.run -eq $Off.run) { return 'none' }
    $boot = Get-Boot
    $since = [long](Get-Text ([DateTime]::UtcNow)) - [long]($boot -split '-')[1]
    if (Test-SameBoot $Ordered.boot $boot) { $since = (Get-Uptime) - [long]$Ordered.due }
    if ($since -lt $HfHour) { return 'late' }
    return 'none'
}

# 1116 (of general knowledge): there is none any more, somebody did it on the
# host. 1115: it began.
function Stop-Restart {
    $null = @(shutdown.exe /a)
    $code = $LASTEXITCODE
    if ($code -eq 1115) { return 'late' }
    if ($code -ne 0 -and $code -ne 1116) {
        Stop-Script 1 "the restart cannot be called off (shutdown.exe: $code)"
    }
    return 'yes'
}

Send-Answer {
    $tampered = Find-Tampering $HfBase
    if ($tampered) { Stop-Script 1 "tampered with: $tampered" }
    $ordered = Read-Note $HfOrdered
    $off = Read-Note $HfCalledOff
    $run = Find-Restart (Read-Job $HfJob) $ordered $off
    if ($run) {
        Write-Document $HfCalledOff @{ run = $run; operator = (Get-Param 'OPERATOR' '') }
        $ordered = Read-Note $HfOrdered
        $how = 'yes'
        if ($ordered.run -eq $run) { $how = Stop-Restart }
    }
    else {
        $run = $ordered.run
        $how = Get-Lateness $ordered $off
    }
    Add-Fact 'off' $how $HfOrdered
    if ($run) { Add-Fact 'off.run' $run $HfOrdered }
}
