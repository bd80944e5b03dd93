# The level of the host that the job runs on.
$HfCurrent = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'

function Get-Build {
    return "$(Get-Registry $HfCurrent 'CurrentBuildNumber').$(Get-Registry $HfCurrent 'UBR')"
}

# The order was made for a host at FROM; at another level it says nothing.
function Stop-UnlessFrom {
    $build = Get-Build
    $from = Get-Param 'FROM' ''
    Set-Result 'before' $build
    if ($build -ne $from) {
        Stop-Work 'failed' 'level' "the host is at $build, the order was made for '$from'"
    }
}
