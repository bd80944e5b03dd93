# Takes the job folder, which is the lock of the host: it appears complete, by
# one rename, or somebody else was first. In: RUN, OPERATOR, ACTION.

# A folder that an ordinary user made first would stay his.
function Stop-UnlessElevated {
    $high = @(whoami.exe /groups /fo csv /nh | Where-Object { $_ -match 'S-1-16-(12288|16384)' })
    if ($high.Count -eq 0) {
        Stop-Script 1 "needs elevation: $HfBase is for administrators only"
    }
}

# Makes a folder with our rights, and in it what $Fill puts there; it appears
# complete, under its name. $false when somebody else was first.
function New-Folder([string]$Path, [scriptblock]$Fill) {
    $new = "$Path.new-$HfNonce"
    [void][IO.Directory]::CreateDirectory($new)
    try {
        $rights = Get-Acl -LiteralPath $new
        $rights.SetSecurityDescriptorSddlForm($HfRights, 'Owner, Access')
        Set-Acl -LiteralPath $new -AclObject $rights
        & $Fill
        [IO.Directory]::Move($new, $Path)
        return $true
    }
    catch {
        [IO.Directory]::Delete($new, $true)
        if ($null -eq (Get-Kind $Path)) { throw }
        return $false
    }
}

# The folders above the job's, made where they are missing, never mended where
# they are wrong: what lies in them may be wrong, too.
function Initialize-Base {
    foreach ($folder in @($HfBase, $HfDone)) {
        if ($null -eq (Get-Kind $folder)) { [void](New-Folder $folder {}) }
        $tampered = Find-Tampering $folder
        if ($tampered) {
            Stop-Script 1 ("tampered with: $tampered; nothing there is believed. " +
                'See who made it, remove the folder, then try again')
        }
    }
}

# $true when the folder is ours now.
function Enter-Folder([string]$Run) {
    return New-Folder $HfJob {
        Write-Document (Join-Name $new 'state') @{
            run = $Run; operator = (Get-Param 'OPERATOR' '')
            action = (Get-Param 'ACTION' ''); boot = (Get-Boot)
            since = [DateTime]::UtcNow; up = (Get-Uptime)
        }
    }
}

Send-Answer {
    $run = Get-Run
    Stop-UnlessElevated
    Initialize-Base
    $taken = $null -eq (Get-Kind $HfJob) -and (Enter-Folder $run)
    $job = Read-Job $HfJob
    Add-Fact 'attached' (-not $taken) ''
    Add-Job $HfJob $job
    $stale = @{ rebooted = 'boot'; died = 'died'; ended = 'done' }
    if ($stale.ContainsKey($job.state)) { Add-Fact 'stale' $stale[$job.state] '' }
    else { Add-Fact 'stale' $false '' }
    $locked = -not (Test-Ours $job $run)
    Add-Fact 'locked' $locked $HfJob
    if ($locked) { $Hf.Exit = 3 }
}
