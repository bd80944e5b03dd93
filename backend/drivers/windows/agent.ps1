# Asks the update agent for the planned updates and downloads them, both of which
# it refuses to a network logon. In: KBS (words). Nothing here can install.

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

# The words of a parameter, each of which must be a KB.
function Get-KbParam([string]$Name) {
    $kbs = @((Get-Param $Name '') -split ' ' | Where-Object { $_ })
    if (@($kbs | Where-Object { $_ -cnotmatch '^KB[0-9]{6,8}$' }).Count) {
        Stop-Work 'failed' 'parameter' "$Name is malformed"
    }
    return , $kbs
}

function Get-Planned {
    $planned = Get-KbParam 'KBS'
    if ($planned.Count -eq 0) { Stop-Work 'failed' 'parameter' 'KBS is missing' }
    return , $planned
}

function New-Session {
    $session = New-Object -ComObject Microsoft.Update.Session
    $session.ClientApplicationID = 'hotfleet'
    return $session
}

function Search-Offered($Session) {
    return , (Search-Updates $Session "IsInstalled=0 and IsHidden=0 and Type='Software'" $false)
}

# What is offered beside the KBs that are meant.
function Write-Others($Offered, [string[]]$Meant) {
    $others = @(foreach ($update in $Offered) {
            $kbs = Get-Kbs $update
            if (@($kbs | Where-Object { $Meant -contains $_ }).Count -eq 0) {
                if ($kbs.Count) { $kbs } else { "'$($update.Title)'" }
            }
        })
    Set-Result 'other' $others
    if ($others.Count) { Write-Log "offered, too, and left alone: $($others -join ' ')" }
}

# The offered updates that were planned, in the order of the plan. Nothing is
# installed when one of them is missing.
function Select-Planned($Session, $Offered, [string[]]$Planned) {
    $already = @()
    $chosen = @(foreach ($kb in $Planned) {
            $mine = @($Offered | Where-Object { (Get-Kbs $_) -contains $kb })
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
