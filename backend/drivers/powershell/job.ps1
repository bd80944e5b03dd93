# The job: does one action as SYSTEM, on its own, detached from any connection.
# Its folder holds its parameters; it leaves "result" there. An action is a
# function of the driver, entered in $HfActions; it ends with Stop-Work.
$HfJob = Join-Name (Join-Name "$env:ProgramData" 'hotfleet') 'job'
$HfActions = @{}
$HfResult = @{}

# One line of the log, with the host's own time of day. A log that is locked
# must not stop the job.
function Write-Log([string]$Text) {
    $line = [DateTime]::UtcNow.ToString('HH:mm:ssZ') + " $Text`n"
    try {
        Invoke-Patiently 10 { [IO.File]::AppendAllText((Join-Name $HfJob 'log'), $line) }
    }
    catch { $Hf.LogLost = $true }
}

function Set-Result([string]$Key, $Value) {
    $HfResult[$Key] = Get-Text $Value
}

# 0x80240034 of what Windows or the agent threw; 0 when there is none.
function Get-Code($Record) {
    $inner = $Record.Exception
    while ($inner.InnerException) { $inner = $inner.InnerException }
    return [int]$inner.HResult
}

function Set-Code([int]$Code) {
    Set-Result 'hresult' ('0x{0:X8}' -f $Code)
}

# Ends the job: 'ok', 'failed' or 'stuck', a code for programs ('' when ok), and
# one sentence.
function Stop-Work([string]$Outcome, [string]$Code, [string]$Text) {
    Set-Result 'outcome' $Outcome
    Set-Result 'code' $Code
    Set-Result 'text' $Text
    throw $Text
}

# The sign of life, from a thread of its own: calls of the update agent may
# take an hour.
function Start-Beat {
    $bare = [Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
    $beat = [powershell]::Create($bare)
    $stop = [Threading.ManualResetEvent]::new($false)
    [void]$beat.AddScript({
            param([string]$Path, $Stop)
            do {
                $up = [math]::Floor([Diagnostics.Stopwatch]::GetTimestamp() /
                    [Diagnostics.Stopwatch]::Frequency)
                try {
                    [IO.File]::WriteAllText("$Path.new", "$up")
                    if ([IO.File]::Exists($Path)) {
                        [IO.File]::Replace("$Path.new", $Path, [NullString]::Value)
                    }
                    else { [IO.File]::Move("$Path.new", $Path) }
                }
                catch { $null = $_ } # locked just now; the next one will do
            } until ($Stop.WaitOne(1000))
        }.ToString()).AddArgument((Join-Name $HfJob 'heartbeat')).AddArgument($stop)
    return @{ Thread = $beat; Handle = $beat.BeginInvoke(); Stop = $stop }
}

# No beat falls into the folder of the next job.
function Stop-Beat([hashtable]$Beat) {
    [void]$Beat.Stop.Set()
    [void]$Beat.Thread.EndInvoke($Beat.Handle)
    $Beat.Thread.Dispose()
}

# An action's own words, or what went wrong in it.
function Invoke-Action {
    try {
        Read-Params (Read-Text (Join-Name $HfJob 'params'))
        $action = Get-Param 'ACTION' ''
        Write-Log "job $(Get-Param 'RUN' ''): $action"
        if (-not $HfActions.ContainsKey($action)) {
            Stop-Work 'failed' 'parameter' "ACTION is '$action'"
        }
        & $HfActions[$action]
    }
    catch {
        if (-not $HfResult.ContainsKey('outcome')) {
            Set-Code (Get-Code $_)
            Set-Result 'outcome' 'failed'
            Set-Result 'code' 'internal'
            Set-Result 'text' "the job ended unexpectedly: $(Get-Reason $_)"
        }
    }
}

# Nothing but the first process of this folder goes on.
function Invoke-Work {
    Write-First (Join-Name $HfJob 'pid') "$PID"
    $begun = Get-Uptime
    $beat = Start-Beat
    Invoke-Action
    Stop-Beat $beat
    Write-Log "$($HfResult.outcome): $($HfResult.text)"
    Set-Result 'seconds' ((Get-Uptime) - $begun)
    Write-Document (Join-Name $HfJob 'result') $HfResult 300
}
