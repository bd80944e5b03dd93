# Installs exactly the planned updates, which the update agent refuses to a
# network logon. In: KBS, ALSO (words). What else is offered is reported.

# Only one operation of the agent at a time: waits until it is free.
function Wait-Installer($Installer) {
    for ($try = 0; $Installer.IsBusy; $try++) {
        if ($try -eq 0) { Write-Log 'the update agent is busy: waiting' }
        if ($try -ge 120) {
            Set-Code 0x80240009
            Stop-Work 'failed' 'busy' 'the update agent was busy for 10 minutes'
        }
        [Threading.Thread]::Sleep(5000)
    }
}

# $true when it wants a restart.
function Install-Update($Session, $Update) {
    try {
        $installer = $Session.CreateUpdateInstaller()
        $installer.ForceQuiet = $true
        $waits = $installer.RebootRequiredBeforeInstallation
    }
    catch { Stop-Agent 'install' 'the installation' $_ }
    if ($waits) {
        Stop-Work 'failed' 'restart-pending' 'an earlier update waits for a restart'
    }
    Wait-Installer $installer
    Write-Log "installing $($Update.Title)"
    try {
        $installer.Updates = New-Collection $Update
        $result = $installer.Install()
    }
    catch { Stop-Agent 'install' 'the installation' $_ }
    Stop-UnlessDone 'install' 'the installation' $result
    return [bool]$result.RebootRequired
}

# Servicing may still be at work when the agent is done; until then the host
# does not show its new level.
function Wait-Settled {
    for ($try = 0; $try -lt 150; $try++) {
        if ((Get-Registry $HfServicing 'ServicingInProgress') -ne 2) { return }
        if ($try -eq 0) { Write-Log 'waiting until Windows has settled' }
        [Threading.Thread]::Sleep(2000)
    }
}

# An update that goes along keeps nobody from the planned ones, nor from their
# restart: it stays behind, with the reason in the log.
function Install-Along($Session, $Offered, [string[]]$Also) {
    $done = @()
    $missed = @(foreach ($kb in $Also) {
            $mine = @($Offered | Where-Object { (Get-Kbs $_) -contains $kb })
            if ($done -contains $kb) { continue }
            if ($mine.Count -eq 0) { Write-Log "$kb, to go along, is not offered"; $kb; continue }
            try {
                Save-Update $Session $mine[0]
                $null = Install-Update $Session $mine[0]
                $done += Get-Kbs $mine[0]
            }
            catch {
                Write-Log "$kb, to go along, stays behind: $(Get-Reason $_)"
                foreach ($key in @('outcome', 'code', 'text')) { $HfResult.Remove($key) }
                $kb
            }
        })
    Set-Code 0
    Set-Result 'along' $done
    Set-Result 'missed' $missed
}

# Finds, downloads and installs KBS, in that order, then what goes along: ALSO.
function Install-Planned {
    $planned = Get-Planned
    $also = Get-KbParam 'ALSO'
    Stop-UnlessFrom
    Stop-IfServicing
    $done = @()
    $restart = $false
    Set-Code 0
    Set-Result 'done' $done
    Set-Result 'restart' $restart
    $session = New-Session
    Write-Log "searching for $($planned -join ' ')"
    $offered = Search-Offered $session
    Write-Others $offered ($planned + $also)
    $chosen = Select-Planned $session $offered $planned
    foreach ($update in $chosen) {
        # 0 never, 1 always, 2 perhaps; which one hotpatches say is not known
        $how = $update.InstallationBehavior
        if ($null -ne $how) { Set-Result 'behavior' $how.RebootBehavior }
        Save-Update $session $update
    }
    foreach ($update in $chosen) {
        if (Install-Update $session $update) { $restart = $true }
        $done += Get-Kbs $update
        Set-Result 'done' $done
        Set-Result 'restart' $restart
    }
    if ($also.Count) { Install-Along $session $offered $also }
    Wait-Settled
    if ($restart) { Write-Log 'the update agent asks for a restart' }
}

function Invoke-Apply {
    Install-Planned
    Stop-Work 'ok' '' "installed: $($HfResult.done)"
}

# The same for an update that needs a restart, and the restart with it.
function Invoke-RestartUpdate {
    $delay = Get-Delay
    Stop-IfInUse
    Install-Planned
    Start-Restart $delay "installed: $($HfResult.done); "
}

$HfActions['apply'] = { Invoke-Apply }
$HfActions['restart-update'] = { Invoke-RestartUpdate }
