# Installs exactly the planned updates through the update agent, which refuses
# that to a network logon. In: KBS (words). What else is offered is reported.

function Get-Kbs($Update) {
    return , @(foreach ($kb in @($Update.KBArticleIDs)) { "KB$kb" })
}

# What the agent threw, as the job's end.
function Stop-Agent([string]$Code, [string]$What, $Record) {
    Set-Code (Get-Code $Record)
    Stop-Work 'failed' $Code "$What failed: $(Get-Reason $Record)"
}

# Result codes of the agent: 2 succeeded, 3 with errors, 4 failed, 5 cancelled.
function Search-Updates($Session, [string]$Criteria, [bool]$Superseded) {
    try {
        $searcher = $Session.CreateUpdateSearcher()
        $searcher.IncludePotentiallySupersededUpdates = $Superseded
        $found = $searcher.Search($Criteria)
    }
    catch { Stop-Agent 'search' 'the search for updates' $_ }
    if ($found.ResultCode -ne 2 -and $found.ResultCode -ne 3) {
        Stop-Work 'failed' 'search' "the search for updates ended with result $($found.ResultCode)"
    }
    return , @($found.Updates)
}

# Why a planned update is not offered: told apart by a search that hides
# nothing.
function Get-Absence($Session, [string]$Kb) {
    $wide = Search-Updates $Session "IsInstalled=1 and Type='Software' or IsInstalled=0 and Type='Software'" $true
    $why = 'not-offered'
    foreach ($update in $wide) {
        if ((Get-Kbs $update) -notcontains $Kb) { continue }
        if ($update.IsInstalled) { return 'already' }
        if ($update.IsHidden) { $why = 'hidden' }
        else { $why = 'superseded' }
    }
    return $why
}

$HfAbsence = @{
    'not-offered' = 'is not offered to this host: not approved, deferred, or the host is not eligible'
    'hidden' = 'is hidden on this host: somebody declined it there'
    'superseded' = 'is superseded by a newer update that is offered'
}

# The offered updates that were planned, in the order of the plan. Nothing is
# installed when one of them is missing.
function Select-Planned($Session, [string[]]$Planned) {
    $offered = Search-Updates $Session "IsInstalled=0 and IsHidden=0 and Type='Software'" $false
    $others = @(foreach ($update in $offered) {
            $kbs = Get-Kbs $update
            if (@($kbs | Where-Object { $Planned -contains $_ }).Count -eq 0) {
                if ($kbs.Count) { $kbs } else { "'$($update.Title)'" }
            }
        })
    Set-Result 'other' $others
    if ($others.Count) { Write-Log "offered, too, and left alone: $($others -join ' ')" }
    $already = @()
    $chosen = @(foreach ($kb in $Planned) {
            $mine = @($offered | Where-Object { (Get-Kbs $_) -contains $kb })
            if ($mine.Count) { $mine[0]; continue }
            $why = Get-Absence $Session $kb
            if ($why -ne 'already') { Stop-Work 'failed' $why "$kb $($HfAbsence[$why])" }
            Write-Log "$kb is installed already"
            $already += $kb
        })
    Set-Result 'already' $already
    return , $chosen
}

# One update as a collection: each is handled alone, as some demand.
function New-Collection($Update) {
    $all = New-Object -ComObject Microsoft.Update.UpdateColl
    [void]$all.Add($Update)
    return , $all
}

function Stop-UnlessDone([string]$Code, [string]$What, $Result) {
    if ($Result.ResultCode -eq 2 -and $Result.HResult -ge 0) {
        Set-Code $Result.HResult # 0, or one that says more: it was installed before
        return
    }
    $one = $Result.GetUpdateResult(0)
    $number = $one.HResult
    if ($number -eq 0) { $number = $Result.HResult }
    Set-Code $number
    Stop-Work 'failed' $Code ("$What failed with result $($Result.ResultCode)" +
        (', 0x{0:X8}' -f [int]$number))
}

function Save-Update($Session, $Update) {
    $megabytes = [math]::Ceiling($Update.MaxDownloadSize / 1048576)
    try {
        if (-not $Update.EulaAccepted) { $Update.AcceptEula() }
        if ($Update.IsDownloaded) { return }
        Write-Log "downloading $($Update.Title) (at most $megabytes MB)"
        $downloader = $Session.CreateUpdateDownloader()
        $downloader.Updates = New-Collection $Update
        $result = $downloader.Download()
    }
    catch { Stop-Agent 'download' 'the download' $_ }
    Stop-UnlessDone 'download' 'the download' $result
}

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

# Finds, downloads and installs KBS, in that order.
function Install-Planned {
    $planned = @((Get-Param 'KBS' '') -split ' ' | Where-Object { $_ })
    if ($planned.Count -eq 0 -or @($planned | Where-Object { $_ -cnotmatch '^KB[0-9]{6,8}$' }).Count) {
        Stop-Work 'failed' 'parameter' 'KBS is missing or malformed'
    }
    Stop-UnlessFrom
    Stop-IfServicing
    $done = @()
    $restart = $false
    Set-Code 0
    Set-Result 'done' $done
    Set-Result 'restart' $restart
    $session = New-Object -ComObject Microsoft.Update.Session
    $session.ClientApplicationID = 'hotfleet'
    Write-Log "searching for $($planned -join ' ')"
    $chosen = Select-Planned $session $planned
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
