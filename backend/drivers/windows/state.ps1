# What waits, who else installs, and how the host is. Reads only.
$HfCbs = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing'

function Read-Restart {
    Read-Facts @('restart.pending', 'restart.reason', 'restart.noisy') 'registry' {
        $wait = @()
        $noise = @()
        $session = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
        $name = 'HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName'
        if (Test-Path -LiteralPath "$HfCbs\RebootPending") { $wait += 'servicing' }
        if (Test-Path -LiteralPath "$HfCbs\PackagesPending") { $wait += 'packages' }
        if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') {
            $wait += 'windows-update'
        }
        if (Test-Path -LiteralPath "$HfCbs\RebootInProgress") { $wait += 'in-progress' }
        $active = Get-Registry "$name\ActiveComputerName" 'ComputerName'
        if ($active -ne (Get-Registry "$name\ComputerName" 'ComputerName')) { $wait += 'rename' }
        if (@(Get-Registry $session 'PendingFileRenameOperations' | Where-Object { $_ }).Count) {
            $noise += 'file-renames'
        }
        $volatile = Get-Registry 'HKLM:\SOFTWARE\Microsoft\Updates' 'UpdateExeVolatile'
        if ($volatile) { $noise += 'update-exe' }
        @{ 'restart.pending' = $wait.Count -gt 0
            'restart.reason' = $wait; 'restart.noisy' = $noise }
    }
    Read-Fact 'servicing' "$HfCbs\Interface ServicingInProgress" {
        $busy = Get-Registry "$HfCbs\Interface" 'ServicingInProgress'
        if ($null -eq $busy) { '0' } else { "$busy" }
    }
}

# Who else installs or restarts here, each with one sentence.
function Read-Others {
    Read-Facts @('others', 'others.wsus', 'others.automatic', 'others.deadline', 'others.mdm') 'policy' {
        $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
        $device = 'HKLM:\SOFTWARE\Microsoft\PolicyManager\current\device\Update'
        $said = @{}
        $server = Get-Registry $policy 'WUServer'
        if ($server -and (Get-Registry "$policy\AU" 'UseWUServer') -eq 1) {
            $said['others.wsus'] = "approves updates: $server"
        }
        $mode = Get-Registry "$policy\AU" 'AUOptions'
        $stays = Get-Registry "$policy\AU" 'NoAutoRebootWithLoggedOnUsers'
        if ((Get-Registry "$policy\AU" 'NoAutoUpdate') -ne 1 -and $mode -ne 2 -and $mode -ne 3) {
            $said['others.automatic'] = 'installs by itself'
            if ($stays -ne 1) { $said['others.automatic'] += ', may restart by itself' }
        }
        $days = Get-Registry $device 'ConfigureDeadlineForQualityUpdates'
        if ($null -ne $days) {
            $said['others.deadline'] = "restarts at the latest $days days after an update"
        }
        if ($null -ne (Get-Registry $device 'AllowRebootlessUpdates')) {
            $said['others.mdm'] = 'a management service sets the update policy'
        }
        $said['others'] = @($said.Keys | ForEach-Object { $_.Substring(7) } | Sort-Object)
        $said
    }
    foreach ($key in @('others.wsus', 'others.automatic', 'others.deadline', 'others.mdm')) {
        $fact = $Hf.Facts[$key]
        if ($fact.ContainsKey('unknown') -and $fact.unknown -eq 'absent') { $Hf.Facts.Remove($key) }
    }
}

# No match is an error to Get-WinEvent; what it may not read is one, too, and
# must not count as "none".
function Get-Events($Filter) {
    try { return @(Get-WinEvent -FilterHashtable $Filter) }
    catch {
        if ("$($_.FullyQualifiedErrorId)" -match 'NoMatchingEventsFound') { return @() }
        throw
    }
}

# How many, and when the newest was: a count alone hides that an old one left
# the span when a new one came.
function Get-Tally([string]$Key, $Events) {
    $last = 'none'
    if ($Events.Count) { $last = $Events[0].TimeCreated }
    return @{ $Key = $Events.Count; "$Key.last" = $last }
}

# Over the last hours; of the same span before and after they can be compared.
function Read-Events {
    $hours = [int](Get-Param 'HOURS' '24')
    $since = [DateTime]::UtcNow.AddHours(-$hours).ToLocalTime()
    foreach ($row in @(
            @('events.crash', 'Application', 'Application Error', 1000),
            @('events.hang', 'Application', 'Application Hang', 1002),
            @('events.service', 'System', 'Service Control Manager', 7031, 7034),
            @('events.bugcheck', 'System', 'Microsoft-Windows-WER-SystemErrorReporting', 1001),
            @('events.power', 'System', 'Microsoft-Windows-Kernel-Power', 41),
            @('events.update', 'System', 'Microsoft-Windows-WindowsUpdateClient', 20),
            @('events.servicing', 'Setup', 'Microsoft-Windows-Servicing', 3, 4))) {
        Read-Facts @($row[0], "$($row[0]).last") "log $($row[1]), $($row[2]), last $hours h" {
            Get-Tally $row[0] @(Get-Events @{ LogName = $row[1]; ProviderName = $row[2]
                    Id = $row[3..($row.Count - 1)]; StartTime = $since })
        }
    }
    Read-Facts @('events.hotpatch', 'events.hotpatch.last') "log Application, hotpatch, last $hours h" {
        Get-Tally 'events.hotpatch' @(Get-Events @{ LogName = 'Application'; Level = 1, 2, 3; StartTime = $since } |
                Where-Object { $_.ProviderName -match 'hotpatch' -or $_.Message -match 'hotpatch' })
    }
}

# Who ended the run of Windows before this one, by the System log: an order
# (User32 1074: process, computer, reason, its code, kind, comment, account), a
# blue screen, or neither of them. By number alone: a provider that the host
# does not know would be an error. Newest first.
function Get-Ending([DateTime]$Boot) {
    $said = @{}
    foreach ($event in @(Get-Events @{ LogName = 'System'; Id = 41, 1001, 1074, 6005, 6008
                StartTime = $Boot.AddDays(-1).ToLocalTime(); EndTime = $Boot.AddHours(1).ToLocalTime() })) {
        $is = "$($event.ProviderName) $($event.Id)"
        $first = ''
        if (@($event.Properties).Count) { $first = "$($event.Properties[0].Value)" }
        if ($event.TimeCreated.ToUniversalTime() -ge $Boot) {
            if ($is -match '^(Microsoft-Windows-WER-SystemErrorReporting|BugCheck) 1001$') {
                $said['boot.cause'] = 'crash'
                $said['boot.why'] = "blue screen: $first"
            }
            elseif ($said['boot.cause'] -ne 'crash' -and $is -eq 'Microsoft-Windows-Kernel-Power 41' -and
                $first -match '^[1-9][0-9]*$') {
                $said['boot.cause'] = 'crash'
                $said['boot.why'] = 'blue screen: 0x{0:X}' -f [long]$first
            }
            elseif (-not $said['boot.cause'] -and $is -match '^(Microsoft-Windows-Kernel-Power 41|EventLog 6008)$') {
                $said['boot.cause'] = 'unclean'
            }
        }
        elseif ($said['boot.cause'] -or $is -eq 'EventLog 6005') { break }
        elseif ($is -eq 'User32 1074' -and @($event.Properties).Count -ge 7) {
            $values = @($event.Properties | ForEach-Object { "$($_.Value)".Trim() })
            $process = ($values[0] -replace ' \([^()]*\)$', '') -replace '^.*\\', ''
            $said['boot.cause'] = 'ordered'
            $said['boot.by'] = $values[6]
            $said['boot.why'] = (@($process, $values[2], $values[5]) | Where-Object { $_ }) -join ': '
        }
    }
    return $said
}

function Read-Start {
    Read-Facts @('boot.cause', 'boot.by', 'boot.why') 'log System, 41 1001 1074 6008' {
        $boot = $Hf.Facts['boot.time']
        if ($boot.ContainsKey('unknown')) { throw 'when it started is not known' }
        Get-Ending (([datetime]'1970-01-01').AddSeconds([long]$boot.value))
    }
    foreach ($key in @('boot.by', 'boot.why')) {
        if ($Hf.Facts[$key].ContainsKey('unknown')) { $Hf.Facts.Remove($key) }
    }
}

function Read-Running {
    Read-Fact 'services' 'Win32_Service' {
        , @(Get-CimInstance -ClassName Win32_Service -Filter "State='Running'" |
                ForEach-Object { $_.Name } | Sort-Object)
    }
    Read-Fact 'services.auto' 'Win32_Service' {
        , @(Get-CimInstance -ClassName Win32_Service -Filter "State='Running'" |
                Where-Object { $_.StartMode -eq 'Auto' } | ForEach-Object { $_.Name } | Sort-Object)
    }
    Read-Fact 'ports' 'MSFT_NetTCPConnection' {
        , @(Get-CimInstance -Namespace root/StandardCimv2 -ClassName MSFT_NetTCPConnection -Filter 'State=2' |
                ForEach-Object { [int]$_.LocalPort } | Sort-Object -Unique)
    }
}

function Read-Health {
    $count = [int](Get-Param 'HEALTH' '0')
    for ($i = 1; $i -le $count; $i++) {
        $key = 'health.' + [Uri]::UnescapeDataString((Get-Param "HEALTH_${i}_KEY" ''))
        $unit = Get-Param "HEALTH_${i}_UNIT" ''
        $port = Get-Param "HEALTH_${i}_PORT" ''
        $list = 'ports'
        $wanted = $port
        if ($unit) { $list = 'services'; $wanted = $unit }
        $fact = $Hf.Facts[$list]
        if ($fact.ContainsKey('unknown')) { Add-Unknown $key $fact.unknown $fact.source }
        else { Add-Fact $key (@($fact.value -split ' ') -contains $wanted) $fact.source }
    }
}

# Names for the rules about known issues.
function Read-Software {
    Read-Fact 'software' 'Uninstall keys' {
        $roots = @('HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall',
            'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall')
        $found = @(foreach ($root in $roots) {
                if (-not (Test-Path -LiteralPath $root)) { continue }
                foreach ($key in @(Get-ChildItem -LiteralPath $root)) {
                    $at = "$root\$($key.PSChildName)"
                    $name = Get-Registry $at 'DisplayName'
                    if ($name) { "$name $(Get-Registry $at 'DisplayVersion')".Trim() }
                }
            })
        $names = @($found | Sort-Object -Unique)
        if ($names.Count) { $names -join '; ' } else { 'none' }
    }
    # Windows' own come and go with its updates.
    Read-Fact 'drivers' 'Win32_PnPSignedDriver' {
        $names = @(Get-CimInstance -ClassName Win32_PnPSignedDriver |
                Where-Object { $_.DriverProviderName -and $_.DriverProviderName -ne 'Microsoft' } |
                ForEach-Object { "$($_.DeviceName) $($_.DriverVersion)".Trim() } | Sort-Object -Unique)
        if ($names.Count) { $names -join '; ' } else { 'none' }
    }
}

# The restart that waits, and the last one that was called off.
function Read-Ordered {
    try {
        if ($null -eq (Get-Kind $HfBase)) { return }
        $tampered = Find-Tampering $HfBase
        if ($tampered) { throw "tampered with: $tampered" }
        $off = Read-Note $HfCalledOff
        if ($off.run) {
            Add-Fact 'restart.calledoff' $off.run $HfCalledOff
            Add-Fact 'restart.calledoff.by' $off.operator $HfCalledOff
        }
        $left = Get-RestartLeft (Read-Note $HfOrdered) $off
        if ($left -gt 0) {
            Add-Fact 'restart.scheduled' ([DateTime]::UtcNow.AddSeconds($left)) $HfOrdered
        }
    }
    catch { Add-Unknown 'restart.calledoff' (Get-Reason $_) $HfBase }
}

# Who holds the job folder. A folder that somebody else could have written
# says nothing.
function Read-Holder {
    try { Add-Job $HfJob (Read-Job $HfJob) }
    catch { Add-Unknown 'job.state' (Get-Reason $_) $HfJob }
}
