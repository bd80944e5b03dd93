# The job folder as others see it: who holds it, how the job is, and whether
# anybody else could have written it.
$HfBase = Join-Name "$env:ProgramData" 'hotfleet'
$HfJob = Join-Name $HfBase 'job'
$HfDone = Join-Name $HfBase 'done'
# Rights of SYSTEM and Administrators, for everything below, and of nobody else.
$HfRights = 'O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
$HfRightsShape = '^O:(BA|SY)(G:.*?)?D:[A-Z]*(\(A;[^;()]*;[^;()]*;;;(BA|SY)\))+(S:.*)?$'
$HfInstaller = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
$HfRunShape = '^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}$'

# Ends the script: an exit status and why.
function Stop-Script([int]$Exit, [string]$Why) {
    $Hf.Exit = $Exit
    Add-Fact 'error' $Why ''
    throw $Why
}

# Runs what a script does and answers, whatever happens.
function Send-Answer([scriptblock]$Do) {
    try {
        Read-Params $HfInput
        & $Do
    }
    catch {
        if ($Hf.Exit -eq 0) {
            $Hf.Exit = 1
            Add-Fact 'error' (Get-Reason $_) ''
        }
    }
    Send-Reply
}

function Get-Run {
    $run = Get-Param 'RUN' ''
    if ($run -notmatch $HfRunShape) { Stop-Script 2 'RUN is missing or malformed' }
    return $run
}

# $null when nothing is there; what may not be seen is an error.
function Get-Kind([string]$Path) {
    try { return [IO.File]::GetAttributes($Path) }
    catch {
        $inner = $_.Exception
        while ($inner.InnerException) { $inner = $inner.InnerException }
        if ($inner -is [IO.FileNotFoundException] -or
            $inner -is [IO.DirectoryNotFoundException]) {
            return $null
        }
        throw
    }
}

# '' when only SYSTEM and Administrators could have made and changed it. The
# words of SDDL are the same in every language.
function Get-Tampering([string]$Path) {
    $kind = Get-Kind $Path
    if ($null -eq $kind) { return '' }
    if ($kind -band [IO.FileAttributes]::ReparsePoint) {
        return "$Path is a link to another place"
    }
    if (-not ($kind -band [IO.FileAttributes]::Directory)) {
        return "$Path is no folder"
    }
    $rights = "$((Get-Acl -LiteralPath $Path).Sddl)"
    if ($rights -cnotmatch '^O:(BA|SY)(G:|D:)') {
        if ($Path -ne "$env:ProgramData" -or $rights -cnotmatch "^O:$HfInstaller") {
            return "$Path belongs to somebody else than SYSTEM and Administrators"
        }
    }
    if ($Path -ne "$env:ProgramData" -and $rights -cnotmatch $HfRightsShape) {
        return "others than SYSTEM and Administrators have rights on $Path"
    }
    return ''
}

# The folder and those above it. A link or a foreign owner anywhere would let
# somebody else put things in our place.
function Find-Tampering([string]$Path) {
    if (-not [IO.Path]::IsPathRooted("$env:ProgramData")) { return 'ProgramData is not set' }
    foreach ($folder in @("$env:ProgramData", $HfBase, $Path)) {
        $found = Get-Tampering $folder
        if ($found) { return $found }
    }
    return ''
}

function Get-Boot {
    return 'boot-' + (Get-Text (Get-CimInstance -ClassName Win32_OperatingSystem).LastBootUpTime)
}

# The boot time moves a little when the clock is corrected.
function Test-SameBoot([string]$One, [string]$Other) {
    if ("$One $Other" -notmatch '^boot-([0-9]{1,15}) boot-([0-9]{1,15})$') { return $false }
    return [math]::Abs([long]$Matches[1] - [long]$Matches[2]) -le 30
}

# How many seconds ago the uptime in that file was, or $null.
function Get-Age([string]$Path) {
    $then = Read-Number $Path
    if ($null -eq $then) { return $null }
    return (Get-Uptime) - $then
}

# Is its process there? A beat long ago means that the number belongs to
# somebody else by now. The scheduler may take a while to start it.
function Test-Alive([string]$Folder) {
    $age = Get-Age (Join-Name $Folder 'heartbeat')
    if ($null -eq $age) { $age = Get-Age (Join-Name $Folder 'started') }
    if ($null -eq $age -or $age -lt 0 -or $age -gt 60) { return $false }
    $id = Read-Number (Join-Name $Folder 'pid')
    if ($null -eq $id) { return $true }
    try { $process = [Diagnostics.Process]::GetProcessById([int]$id) }
    catch { return $false }
    $process.Dispose()
    return $true
}

function Get-JobState([string]$Folder, [hashtable]$Job) {
    $result = Join-Name $Folder 'result'
    if ([IO.File]::Exists($result)) { return 'ended' }
    $restarted = $Job.ContainsKey('up') -and (Get-Uptime) -lt [long]$Job.up
    $other = $Job.ContainsKey('boot') -and -not (Test-SameBoot $Job.boot (Get-Boot))
    if (-not [IO.File]::Exists((Join-Name $Folder 'started'))) {
        if ($restarted -or $other) { return 'rebooted' }
        return 'begun'
    }
    if ($restarted) { return 'rebooted' }
    # whose process lives was not restarted: its clock was set
    if (Test-Alive $Folder) { return 'running' }
    if ([IO.File]::Exists($result)) { return 'ended' }
    if ($other) { return 'rebooted' }
    return 'died'
}

# What is known of a job folder: state, run, operator, action, boot, since, up.
# What somebody else could have written is an error.
function Read-Job([string]$Folder) {
    if ($null -eq (Get-Kind $Folder)) { return @{ state = 'none' } }
    $tampered = Find-Tampering $Folder
    if ($tampered) { throw "tampered with: $tampered" }
    $job = @{}
    $file = Join-Name $Folder 'state'
    if ([IO.File]::Exists($file)) { $job = Read-Document $file }
    $job.state = Get-JobState $Folder $job
    return $job
}

function Add-Job([string]$Folder, [hashtable]$Job) {
    Add-Fact 'job.state' $Job.state $Folder
    if ($Job.state -eq 'none') { return }
    $file = Join-Name $Folder 'state'
    foreach ($name in @('run', 'operator', 'action', 'since', 'boot')) {
        if ($Job.ContainsKey($name)) { Add-Fact "job.$name" $Job[$name] $file }
        else { Add-Unknown "job.$name" 'absent' $file }
    }
    $file = Join-Name $Folder 'heartbeat'
    $age = Get-Age $file
    if ($null -eq $age) { Add-Unknown 'job.heartbeat' 'absent' $file }
    else { Add-Fact 'job.heartbeat' $age $file }
}

# $true when the folder is this run's.
function Test-Ours([hashtable]$Job, [string]$Run) {
    return $Job.ContainsKey('run') -and $Job.run -eq $Run
}

function Stop-UnlessOurs([hashtable]$Job, [string]$Run) {
    if ($Job.state -eq 'none') { Stop-Script 3 "there is no job folder $HfJob" }
    if (-not (Test-Ours $Job $Run)) {
        $holder = '?'
        if ($Job.ContainsKey('run')) { $holder = $Job.run }
        Stop-Script 3 "the job folder belongs to run '$holder'"
    }
}
