# Downloads what a later job is to install, and looks whether it is all there. In:
# KBS (words). No part of this job can install, remove or restart anything.

# As the agent knows it afterwards, by a search of its own: what is there now,
# with its size ("KB5124000:734003200", at most so many bytes).
function Write-Staged($Session, [string[]]$Planned) {
    $staged = @()
    $sizes = @(foreach ($update in (Search-Offered $Session)) {
            foreach ($kb in (Get-Kbs $update)) {
                if ($Planned -notcontains $kb) { continue }
                if ($update.IsDownloaded) { $staged += $kb }
                "${kb}:$([long]$update.MaxDownloadSize)"
            }
        })
    Set-Result 'staged' $staged
    Set-Result 'sizes' $sizes
    return , $staged
}

function Invoke-Stage {
    $planned = Get-Planned
    Stop-UnlessFrom
    Set-Code 0
    $session = New-Session
    Write-Log "searching for $($planned -join ' ')"
    $offered = Search-Offered $session
    Write-Others $offered $planned
    $chosen = Select-Planned $session $offered $planned
    foreach ($update in $chosen) { Save-Update $session $update }
    $staged = Write-Staged $session $planned
    $lacks = @($planned | Where-Object { $staged -notcontains $_ -and @($HfResult.already -split ' ') -notcontains $_ })
    if ($lacks.Count) {
        Stop-Work 'failed' 'download' "the update agent does not keep $($lacks -join ' ') downloaded"
    }
    Stop-Work 'ok' '' "downloaded, not installed: $($HfResult.staged)"
}

$HfActions['stage'] = { Invoke-Stage }
