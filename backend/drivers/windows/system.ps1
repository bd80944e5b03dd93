# The machine, the login, and what is left to use. Reads only.
$HfCurrent = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'

function Read-Os {
    Add-Fact 'os.family' 'windows' 'powershell'
    foreach ($pair in @(@('os.edition', 'EditionID'), @('os.build', 'CurrentBuildNumber'),
            @('os.ubr', 'UBR'), @('os.display', 'DisplayVersion'),
            @('os.installation', 'InstallationType'))) {
        Read-Fact $pair[0] "$HfCurrent $($pair[1])" { Get-Registry $HfCurrent $pair[1] }
    }
    Read-Facts @('os.name', 'os.type', 'os.sku', 'boot.time', 'boot.id',
        'memory.free', 'memory.total') 'Win32_OperatingSystem' {
        $os = Get-CimInstance -ClassName Win32_OperatingSystem
        $boot = Get-Text $os.LastBootUpTime
        @{
            'os.name' = $os.Caption; 'os.type' = $os.ProductType
            'os.sku' = $os.OperatingSystemSKU
            'boot.time' = $boot; 'boot.id' = "boot-$boot"
            'memory.free' = [long]$os.FreePhysicalMemory * 1024
            'memory.total' = [long]$os.TotalVisibleMemorySize * 1024
        }
    }
    Read-Facts @('memory.committed', 'memory.pool', 'memory.modules') 'Win32_PerfFormattedData_PerfOS_Memory' {
        $memory = Get-CimInstance -ClassName Win32_PerfFormattedData_PerfOS_Memory
        @{
            'memory.committed' = $memory.CommittedBytes
            'memory.pool' = $memory.PoolNonpagedBytes
            'memory.modules' = $memory.SystemDriverTotalBytes
        }
    }
    Read-Fact 'clock' 'DateTime.UtcNow' { [DateTime]::UtcNow }
    Read-Fact 'machine.id' 'HKLM:\SOFTWARE\Microsoft\Cryptography MachineGuid' {
        Get-Registry 'HKLM:\SOFTWARE\Microsoft\Cryptography' 'MachineGuid'
    }
    Read-Fact 'arch' 'Win32_Processor.Architecture' {
        $cpu = @(Get-CimInstance -ClassName Win32_Processor)[0].Architecture
        switch ([int]$cpu) { 9 { 'x64' } 12 { 'arm64' } 0 { 'x86' } default { "$cpu" } }
    }
    Read-Facts @('model', 'join.domain') 'Win32_ComputerSystem' {
        $pc = Get-CimInstance -ClassName Win32_ComputerSystem
        @{ 'model' = "$($pc.Manufacturer) $($pc.Model)".Trim()
            'join.domain' = [bool]$pc.PartOfDomain }
    }
}

function Read-Login {
    Add-Fact 'ps.version' "$($PSVersionTable.PSVersion)" '$PSVersionTable'
    Add-Fact 'ps.language' "$($ExecutionContext.SessionState.LanguageMode)" 'LanguageMode'
    Read-Fact 'login.user' 'whoami' { "$(whoami.exe)".Trim() }
    # The label of an administrator's full token, or of SYSTEM.
    Read-Fact 'login.elevated' 'whoami /groups' {
        @(whoami.exe /groups /fo csv /nh | Where-Object { $_ -match 'S-1-16-(12288|16384)' }).Count -gt 0
    }
    Read-Fact 'shell.default' 'HKLM:\SOFTWARE\OpenSSH DefaultShell' {
        $shell = Get-Registry 'HKLM:\SOFTWARE\OpenSSH' 'DefaultShell'
        if ($null -eq $shell) { 'cmd.exe' } else { $shell }
    }
}

function Read-Room {
    Read-Fact 'space.bytes' 'Win32_LogicalDisk of the system drive' {
        $drive = $env:SystemDrive
        $disk = Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$drive'"
        if ($disk) { [long]$disk.FreeSpace }
    }
}
