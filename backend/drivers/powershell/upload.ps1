# Receives one file into the job folder. In: NAME, LENGTH, SHA256, DATA (base64).
Send-Answer {
    $name = Get-Param 'NAME' ''
    if ($name -notmatch '^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$') { Stop-Script 2 'malformed name' }
    if ($null -eq (Get-Kind $HfJob)) { Stop-Script 1 'there is no job folder' }
    $tampered = Find-Tampering $HfJob
    if ($tampered) { Stop-Script 1 "tampered with: $tampered" }
    if ([IO.File]::Exists((Join-Name $HfJob 'started'))) { Stop-Script 1 'the job was started already' }
    $bytes = [Convert]::FromBase64String((Get-Param 'DATA' ''))
    if ("$($bytes.Length)" -ne (Get-Param 'LENGTH' '')) {
        Stop-Script 1 "only $($bytes.Length) of $(Get-Param 'LENGTH' '?') bytes came"
    }
    if ((Get-Sum $bytes) -ne (Get-Param 'SHA256' '')) { Stop-Script 1 'checksum differs' }
    $file = Join-Name $HfJob $name
    Invoke-Patiently 20 {
        [IO.File]::WriteAllBytes("$file.new", $bytes)
        if ([IO.File]::Exists($file)) { [IO.File]::Delete($file) }
        [IO.File]::Move("$file.new", $file)
    }
    Add-Fact 'upload.name' $name ''
    Add-Fact 'upload.bytes' $bytes.Length ''
}
