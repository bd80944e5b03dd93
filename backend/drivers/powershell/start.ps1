# Detaches the uploaded job: a task that runs it as SYSTEM, since sshd ends what
# a session left behind, and Windows refuses updates to a network logon. In:
# RUN, BODY (the checksum of body.ps1) and the job's own parameters, which are
# kept for it. A second call for the same run starts nothing.

# Constant; the execution policy is about files, not about this.
$HfTaskCommand = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -Command "' +
    '. ([scriptblock]::Create([IO.File]::ReadAllText([IO.Path]::Combine(' +
    '$env:ProgramData, ''hotfleet'', ''job'', ''body.ps1''))))"'

function Stop-UnlessBody {
    $wanted = Get-Param 'BODY' ''
    if ($wanted -cnotmatch '^[0-9a-f]{64}$') { Stop-Script 2 'BODY is missing or malformed' }
    $file = Join-Name $HfJob 'body.ps1'
    if (-not [IO.File]::Exists($file)) { Stop-Script 1 "cannot read ${file}: it was not uploaded" }
    $bytes = Invoke-Patiently 20 { , [IO.File]::ReadAllBytes($file) }
    if ((Get-Sum $bytes) -ne $wanted) {
        Stop-Script 1 "$file is not the file that was sent"
    }
}

# 5: a service account; 2: to make it anew, never over a task of that name; then
# 2: to run it at once, whatever its conditions.
function Start-Task([string]$Name) {
    $service = New-Object -ComObject Schedule.Service
    $service.Connect()
    $task = $service.NewTask(0)
    $task.RegistrationInfo.Description = 'A job of hotfleet; removed when it is put away'
    $task.Principal.UserId = 'S-1-5-18'
    $task.Principal.LogonType = 5
    $task.Principal.RunLevel = 1
    $task.Settings.DisallowStartIfOnBatteries = $false
    $task.Settings.StopIfGoingOnBatteries = $false
    $task.Settings.ExecutionTimeLimit = 'PT0S'
    $task.Settings.MultipleInstances = 2
    $action = $task.Actions.Create(0)
    $action.Path = '%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe'
    $action.Arguments = $HfTaskCommand
    $made = $service.GetFolder('\').RegisterTaskDefinition($Name, $task, 2, $null, $null, 5)
    [void]$made.RunEx($null, 2, 0, $null)
}

Send-Answer {
    $run = Get-Run
    $job = Read-Job $HfJob
    Stop-UnlessOurs $job $run
    if ($job.state -ne 'begun') {
        Add-Fact 'job.started' 'before' ''
        Add-Fact 'job.state' $job.state ''
        return
    }
    Stop-UnlessBody
    Write-Whole (Join-Name $HfJob 'params') $HfInput
    $mark = Join-Name $HfJob 'started'
    try { Write-First $mark "$(Get-Uptime)" }
    catch {
        if (-not [IO.File]::Exists($mark)) { throw }
        Add-Fact 'job.started' 'before' ''
        Add-Fact 'job.state' 'running' ''
        return
    }
    try { Start-Task "hotfleet-$run" }
    catch {
        [IO.File]::Delete($mark)
        Stop-Script 1 "the task scheduler does not start it: $(Get-Reason $_)"
    }
    Add-Fact 'job.started' 'now' ''
    Add-Fact 'job.how' 'task' ''
    Add-Fact 'job.state' 'running' ''
}
