# Takes a hotpatch out with DISM and orders the restart that completes it. In:
# KB and REMOVE (the build it made), FROM, DELAY_S, REASON.

# DISM's own words in English, on every host: name and state of each package.
function Get-Packages {
    $lines = @(dism.exe /Online /English /Get-Packages)
    $code = $LASTEXITCODE
    if ($code -ne 0) {
        Set-Win32 $code
        Stop-Work 'failed' 'packages' 'DISM cannot list the packages'
    }
    $name = ''
    return , @(foreach ($line in $lines) {
            if ($line -match '^Package Identity : (\S+)') { $name = $Matches[1] }
            elseif ($name -and $line -match '^State : (.*\S)') {
                @{ Name = $name; State = $Matches[1] }
                $name = ''
            }
        })
}

# By its KB or by its build: how packages of hotpatches are named is not
# confirmed, and cumulative updates have no KB in their names. The servicing
# stack that comes along can never be removed; Package_1_for_... are parts.
function Find-Package([string]$Kb, [string]$Build) {
    $revision = ($Build -split '\.')[1]
    $shape = "(?<![0-9A-Za-z])$Kb(?![0-9])|~~[0-9]+\.$revision\."
    $all = Get-Packages
    $mine = @($all | Where-Object {
            $_.Name -match $shape -and $_.State -match '^(Installed|(Unin|In)stall Pending)$' -and
            $_.Name -notmatch 'ServicingStack' -and $_.Name -notmatch '^Package_[0-9]+_for_'
        })
    if ($mine.Count -eq 0) {
        Stop-Work 'failed' 'package' "no installed package is named after $Kb or $Build"
    }
    if ($mine.Count -gt 1) {
        $names = @($mine | ForEach-Object { $_.Name }) -join ' '
        Stop-Work 'failed' 'package' "more than one package could be it: $names"
    }
    return $mine[0]
}

# 0 and 3010 (a restart is needed) are success.
function Remove-Update([string]$Name) {
    Write-Log "removing $Name"
    $said = @(dism.exe /Online /English /NoRestart /Remove-Package "/PackageName:$Name")
    $code = $LASTEXITCODE
    Set-Result 'tool' (@($said | Where-Object { $_ -match 'rror|0x' }) -join "`n")
    Set-Win32 $code
    if ($code -ne 0 -and $code -ne 3010) {
        Stop-Work 'failed' 'remove' "$Name cannot be removed"
    }
    Set-Result 'restart' ($code -eq 3010)
}

function Invoke-Rollback {
    $kb = Get-Param 'KB' ''
    $build = Get-Param 'REMOVE' ''
    if ($kb -cnotmatch '^KB[0-9]{6,8}$' -or $build -notmatch '^[0-9]+\.[0-9]+$') {
        Stop-Work 'failed' 'parameter' 'KB or REMOVE is missing or malformed'
    }
    $delay = Get-Delay
    Stop-IfInUse
    Stop-UnlessFrom
    Stop-IfServicing
    Set-Result 'done' @()
    $package = Find-Package $kb $build
    Set-Result 'package' $package.Name
    if ($package.State -eq 'Uninstall Pending') { Write-Log 'it waits for the restart already' }
    else { Remove-Update $package.Name }
    Set-Result 'done' $kb
    Start-Restart $delay "removed: $kb; "
}

$HfActions['rollback'] = { Invoke-Rollback }
