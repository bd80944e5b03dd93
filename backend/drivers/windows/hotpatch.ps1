# Whether hotpatches can come, and which came. Reads only.
$HfMemory = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management'
$HfGuard = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
$HfTarget = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Update\TargetingInfo\DynamicInstalled\Hotpatch.amd64'
$HfArc = 'HKLM:\SOFTWARE\Microsoft\Azure Connected Machine Agent\Windows\Licenses\Features\Hotpatch'

function Get-OrNone($Value) {
    if ($null -eq $Value) { return 'none' }
    return $Value
}

# State and start mode of a service; "none" when there is no such service.
function Get-ServiceState([string]$Name) {
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='$Name'"
    if (-not $service) { return 'none' }
    return "$($service.State) $($service.StartMode)".ToLowerInvariant()
}

function Read-Protection {
    Read-Facts @('vbs.status', 'vbs.services', 'vbs.available') 'Win32_DeviceGuard' {
        $guard = Get-CimInstance -Namespace root/Microsoft/Windows/DeviceGuard -ClassName Win32_DeviceGuard
        @{ 'vbs.status' = $guard.VirtualizationBasedSecurityStatus
            'vbs.services' = @($guard.SecurityServicesRunning | Where-Object { $_ })
            'vbs.available' = @($guard.AvailableSecurityProperties | Where-Object { $_ }) }
    }
    Read-Fact 'vbs.policy' "$HfGuard EnableVirtualizationBasedSecurity" {
        Get-OrNone (Get-Registry $HfGuard 'EnableVirtualizationBasedSecurity')
    }
    Read-Fact 'secureboot' 'SecureBoot\State UEFISecureBootEnabled' {
        $on = Get-Registry 'HKLM:\SYSTEM\CurrentControlSet\Control\SecureBoot\State' 'UEFISecureBootEnabled'
        if ($null -ne $on) { [int]$on -eq 1 }
    }
    Read-Fact 'firmware' 'Control PEFirmwareType' {
        $type = Get-Registry 'HKLM:\SYSTEM\CurrentControlSet\Control' 'PEFirmwareType'
        if ($null -ne $type) {
            switch ([int]$type) { 1 { 'bios' } 2 { 'uefi' } default { "$type" } }
        }
    }
}

# Markers only: none of them proves that hotpatches will come.
function Read-Enrolment {
    Read-Fact 'enrol.package' "$HfTarget Version" {
        Get-OrNone (Get-Registry $HfTarget 'Version')
    }
    Read-Fact 'enrol.tablesize' "$HfMemory HotPatchTableSize" {
        Get-OrNone (Get-Registry $HfMemory 'HotPatchTableSize')
    }
    Read-Fact 'enrol.licence' "$HfArc Subscription (a hint)" {
        Get-OrNone (Get-Registry $HfArc 'Subscription')
    }
    Read-Fact 'enrol.environment' 'Windows\Hotpatch\Environment AllowRebootlessUpdates (a hint)' {
        Get-OrNone (Get-Registry 'HKLM:\SOFTWARE\Microsoft\Windows\Hotpatch\Environment' 'AllowRebootlessUpdates')
    }
    Read-Fact 'enrol.policy' 'PolicyManager Update AllowRebootlessUpdates' {
        Get-OrNone (Get-Registry 'HKLM:\SOFTWARE\Microsoft\PolicyManager\current\device\Update' 'AllowRebootlessUpdates')
    }
    Read-Fact 'enrol.mutex' 'CurrentVersion\Subscriptions DeviceLicensingServiceCommandMutex' {
        $path = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Subscriptions'
        $null -ne (Get-Registry $path 'DeviceLicensingServiceCommandMutex')
    }
    Read-Fact 'chpe' "$HfMemory HotPatchRestrictions" {
        Get-OrNone (Get-Registry $HfMemory 'HotPatchRestrictions')
    }
    Read-Fact 'join.mdm' 'HKLM:\SOFTWARE\Microsoft\Enrollments' {
        $path = 'HKLM:\SOFTWARE\Microsoft\Enrollments'
        $provider = ''
        if (Test-Path -LiteralPath $path) {
            foreach ($key in @(Get-ChildItem -LiteralPath $path)) {
                $id = Get-Registry "$path\$($key.PSChildName)" 'ProviderID'
                if ($id) { $provider = $id }
            }
        }
        if ($provider) { $provider } else { 'none' }
    }
}

function Read-Arc {
    Read-Fact 'arc.service' 'service himds' { Get-ServiceState 'himds' }
    if (-not $Hf.Facts['arc.service'].ContainsKey('value') -or
        $Hf.Facts['arc.service'].value -eq 'none') {
        return
    }
    Read-Facts @('arc.status', 'arc.heartbeat', 'arc.resource') 'azcmagent show -j' {
        $env:PATH = "$env:PATH;$env:ProgramFiles\AzureConnectedMachineAgent"
        $shown = ConvertFrom-Json -InputObject (@(azcmagent.exe show -j) -join "`n")
        @{ 'arc.status' = "$($shown.status)".ToLowerInvariant()
            'arc.heartbeat' = "$($shown.lastHeartbeat)"
            'arc.resource' = "$($shown.resourceGroup)/$($shown.resourceName)" }
    }
}

# The service and the task that watch over hotpatches.
function Read-Monitor {
    Read-Fact 'monitor.service' 'service hpatchmon' { Get-ServiceState 'hpatchmon' }
    Read-Fact 'monitor.task' 'task \Microsoft\Windows\Hotpatch\Monitoring' {
        $schedule = New-Object -ComObject Schedule.Service
        $schedule.Connect()
        try { $folder = $schedule.GetFolder('\Microsoft\Windows\Hotpatch') }
        catch { $folder = $null }
        $state = 'none'
        if ($folder) {
            foreach ($task in @($folder.GetTasks(1))) {
                if ($task.Name -eq 'Monitoring') {
                    if ($task.Enabled) { $state = 'enabled' } else { $state = 'disabled' }
                }
            }
        }
        $state
    }
}

function Get-Kb([string]$Title) {
    if ($Title -match 'KB([0-9]{6,8})') { return "KB$($Matches[1])" }
    return ''
}

# Classifications by their ids, since their names are in the host's language
# (Microsoft's list for Windows Server Update Services).
$HfKinds = @{
    'e6cf1350-c01b-414d-a61f-263d14d133b4' = 'critical-updates'
    'e0789628-ce08-4437-be74-2495b842f43b' = 'definition-updates'
    'b54e7d24-7add-428f-8b75-90a396fa584f' = 'feature-packs'
    '0fa1201d-4330-4fa8-8ae9-b877473b6441' = 'security-updates'
    '68c5b0a3-d1a6-4553-ae49-01d3a7827828' = 'service-packs'
    'b4832bd8-e735-4761-8daf-37f882276dab' = 'tools'
    '28bc880e-0592-4cbf-8f95-c79b17911d5f' = 'update-rollups'
    'cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83' = 'updates'
}

# Updates of Windows itself carry the build that they make in their title: general
# knowledge, not confirmed. Optional ones are for people to choose.
function Get-OfferKind($Update) {
    if ("$($Update.Title)" -match '\([0-9]{5}\.[0-9]+\)') { return 'system' }
    if ($Update.BrowseOnly) { return 'optional' }
    foreach ($category in @($Update.Categories)) {
        $kind = $HfKinds["$($category.CategoryID)"]
        if ($kind) { return $kind }
    }
    return 'other'
}

# Three sources, since each has gaps: the quick fix list, the update agent's
# history, and what the agent found to be offered at its last scan.
function Read-Updates {
    Read-Fact 'updates' 'Win32_QuickFixEngineering' {
        , @(Get-CimInstance -ClassName Win32_QuickFixEngineering |
                ForEach-Object { "$($_.HotFixID)" } | Where-Object { $_ -match '^KB[0-9]+$' })
    }
    Read-Fact 'history' 'Microsoft.Update.Session QueryHistory' {
        $searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
        $count = [math]::Min(60, $searcher.GetTotalHistoryCount())
        $words = @()
        if ($count -gt 0) {
            $words = @(foreach ($entry in @($searcher.QueryHistory(0, $count))) {
                    $kb = Get-Kb "$($entry.Title)"
                    if ($kb) {
                        '{0}:{1}:{2}:0x{3:X8}@{4}' -f $kb, $entry.Operation,
                        $entry.ResultCode, $entry.HResult,
                        (Get-Text ([DateTime]::SpecifyKind($entry.Date, 'Utc')))
                    }
                })
        }
        , $words
    }
    Read-Facts @('offered', 'offered.how') 'Microsoft.Update.Session Search, of its last scan' {
        $searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
        $searcher.Online = $false
        $result = $searcher.Search("IsInstalled=0 and IsHidden=0 and Type='Software'")
        $kbs = @()
        $how = @(foreach ($update in @($result.Updates)) {
                foreach ($number in @($update.KBArticleIDs)) {
                    $kbs += "KB$number"
                    "KB${number}:$(Get-OfferKind $update):$(Get-Text $update.IsDownloaded):$([long]$update.MaxDownloadSize)"
                }
            })
        @{ 'offered' = $kbs; 'offered.how' = $how }
    }
}
