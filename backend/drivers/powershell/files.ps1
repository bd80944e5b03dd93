# Reads files that others may hold open meanwhile: a virus scanner, the job.
# Documents are JSON, one level deep.
function Join-Name([string]$Folder, [string]$Name) {
    return [IO.Path]::Combine($Folder, $Name)
}

# Seconds since the host started, by a clock that nobody sets.
function Get-Uptime {
    return [long][math]::Floor([Diagnostics.Stopwatch]::GetTimestamp() /
        [Diagnostics.Stopwatch]::Frequency)
}

# Again every 100 ms: what is locked now is free soon, as a rule.
function Invoke-Patiently([int]$Times, [scriptblock]$Do) {
    for ($try = 1; ; $try++) {
        try { return & $Do }
        catch {
            $inner = $_.Exception
            while ($inner.InnerException) { $inner = $inner.InnerException }
            if ($try -ge $Times -or $inner -is [IO.FileNotFoundException] -or
                $inner -is [IO.DirectoryNotFoundException]) {
                throw
            }
            [Threading.Thread]::Sleep(100)
        }
    }
}

# The bytes of a file from $Offset, $Most of them at most; nobody is kept from
# writing it.
function Read-Bytes([string]$Path, [long]$Offset, [long]$Most) {
    $file = [IO.File]::Open($Path, 'Open', 'Read', 'ReadWrite, Delete')
    try {
        $left = [math]::Min($Most, [math]::Max(0, $file.Length - $Offset))
        $bytes = [byte[]]::new($left)
        [void]$file.Seek($Offset, 'Begin')
        $got = 0
        while ($got -lt $left) {
            $n = $file.Read($bytes, $got, $left - $got)
            if ($n -eq 0) { break }
            $got += $n
        }
        return @{ Size = $file.Length; Bytes = $bytes; Got = $got }
    }
    finally { $file.Dispose() }
}

function Read-Text([string]$Path) {
    $read = Invoke-Patiently 20 { Read-Bytes $Path 0 1048576 }
    return [Text.Encoding]::UTF8.GetString($read.Bytes, 0, $read.Got)
}

# As the console writes checksums.
function Get-Sum([byte[]]$Bytes) {
    $sum = [Security.Cryptography.SHA256]::Create().ComputeHash($Bytes)
    return [BitConverter]::ToString($sum).Replace('-', '').ToLowerInvariant()
}

function Read-Document([string]$Path) {
    $values = @{}
    $document = ConvertFrom-Json -InputObject (Read-Text $Path)
    foreach ($member in $document.PSObject.Properties) {
        $values[$member.Name] = [string]$member.Value
    }
    return $values
}

# The number in a file, or $null.
function Read-Number([string]$Path) {
    if (-not [IO.File]::Exists($Path)) { return $null }
    $text = (Read-Text $Path).Trim()
    if ($text -notmatch '^[0-9]{1,18}$') { return $null }
    return [long]$text
}
