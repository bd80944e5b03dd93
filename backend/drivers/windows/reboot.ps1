# Orders a restart, as the last thing that a job does. In: DELAY_S (for so long
# the users are warned, and "shutdown /a" calls it off), REASON (for them).
$HfServicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Interface'

# An error of Windows as the number that the table of codes has.
function Set-Win32([int]$Code) {
    if ($Code -gt 0 -and $Code -le 65535) { Set-Code (0x80070000 -bor $Code) }
    else { Set-Code $Code }
}

function Stop-IfServicing {
    if ((Get-Registry $HfServicing 'ServicingInProgress') -eq 2) {
        Stop-Work 'failed' 'servicing' 'Windows is installing or removing something just now'
    }
}

# Without quotes, which 5.1 hands on wrongly; Windows takes 512 characters.
function Get-Message {
    $reason = Get-Param 'REASON' ''
    if (-not $reason) { $reason = 'planned restart' }
    $text = "hotfleet $(Get-Param 'RUN' ''): $reason" -replace '["\x00-\x1f]', ' '
    if ($text.Length -gt 400) { $text = $text.Substring(0, 400) }
    return $text
}

# Leaves the host as it is while one of UNLESS_RUNNING runs, or (with
# UNLESS_LOGGED_ON) somebody is logged on: then the shell of a desktop runs. A
# session without a desktop is not seen.
function Stop-IfInUse {
    $names = @((Get-Param 'UNLESS_RUNNING' '') -split ' ' | Where-Object { $_ })
    foreach ($name in $names) {
        if ([Diagnostics.Process]::GetProcessesByName(($name -replace '\.exe$', '')).Count) {
            Stop-Work 'failed' 'in-use' "in use: '$name' runs"
        }
    }
    if ((Get-Param 'UNLESS_LOGGED_ON' '') -eq 'yes' -and
        [Diagnostics.Process]::GetProcessesByName('explorer').Count) {
        Stop-Work 'failed' 'in-use' 'in use: somebody is logged on'
    }
}

function Get-Delay {
    $delay = Get-Param 'DELAY_S' ''
    if ($delay -notmatch '^[0-9]{1,5}$') {
        Stop-Work 'failed' 'parameter' 'DELAY_S is missing or malformed'
    }
    return [int]$delay
}

# Says ahead that this run orders a restart, and when it is due.
function Write-Order([int]$Delay) {
    $state = Read-Document (Join-Name $HfJob 'state')
    Write-Document $HfOrdered @{
        run = (Get-Param 'RUN' ''); boot = $state.boot; due = (Get-Uptime) + $Delay
    }
}

# Does somebody not want it? Asked before and after the order: one of the two
# sees who comes in between.
function Test-CalledOff {
    return (Read-Note $HfCalledOff).run -eq (Get-Param 'RUN' '')
}

function Stop-CalledOff([string]$Done) {
    Stop-Work 'failed' 'called-off' "${Done}the restart was called off"
}

# Planned, operating system, security fix: p:2:18. `Done` is what the job did
# before, for its text.
function Start-Restart([int]$Delay, [string]$Done) {
    $text = Get-Message
    if (Test-CalledOff) { Stop-CalledOff $Done }
    Write-Order $Delay
    $null = @(shutdown.exe /r /t $Delay /d p:2:18 /c $text)
    $code = $LASTEXITCODE
    if ($code -ne 0) { [IO.File]::Delete($HfOrdered) }
    if ($code -eq 1190) {
        Set-Win32 $code
        Stop-Work 'failed' 'scheduled' "${Done}a shutdown or restart is scheduled already"
    }
    if ($code -ne 0) {
        Set-Win32 $code
        Stop-Work 'failed' 'restart' "${Done}the restart cannot be ordered (shutdown.exe: $code)"
    }
    if (Test-CalledOff) {
        $null = @(shutdown.exe /a)
        Stop-CalledOff $Done
    }
    Set-Result 'restart_in' $Delay
    Stop-Work 'ok' '' "${Done}restarts in $Delay s"
}

function Invoke-Reboot {
    $delay = Get-Delay
    Set-Result 'before' (Get-Build)
    Stop-IfInUse
    Stop-IfServicing
    Start-Restart $delay ''
}

$HfActions['reboot'] = { Invoke-Reboot }
