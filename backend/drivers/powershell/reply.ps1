# Values in, facts out. A fact is text with its source, or "unknown" with the
# reason; a fact that cannot be read never stops the others.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$Hf = @{ Facts = @{}; Params = @{}; Exit = 0 }

function Get-Param([string]$Name, [string]$Default) {
    if ($Hf.Params.ContainsKey($Name)) { return $Hf.Params[$Name] }
    return $Default
}

function Read-Params([string]$Json) {
    $document = ConvertFrom-Json -InputObject $Json
    foreach ($member in $document.params.PSObject.Properties) {
        $Hf.Params[$member.Name] = [string]$member.Value
    }
}

# Lists have one blank between their words; an empty one is "none".
function Get-Text($Value) {
    if ($Value -is [bool]) {
        if ($Value) { return 'yes' }
        return 'no'
    }
    if ($Value -is [array]) {
        if ($Value.Count -eq 0) { return 'none' }
        return $Value -join ' '
    }
    if ($Value -is [datetime]) {
        return [string][long][math]::Floor(
            ($Value.ToUniversalTime() - [datetime]'1970-01-01').TotalSeconds)
    }
    return [string]$Value
}

function Add-Fact([string]$Key, $Value, [string]$Source) {
    $Hf.Facts[$Key] = @{ value = (Get-Text $Value); source = $Source }
}

function Add-Unknown([string]$Key, [string]$Why, [string]$Source) {
    $Hf.Facts[$Key] = @{ unknown = $Why; source = $Source }
}

# Words first that do not depend on the language of the host.
function Get-Reason($Record) {
    $inner = $Record.Exception
    while ($inner.InnerException) { $inner = $inner.InnerException }
    $text = "$($inner.Message)".Trim()
    $code = ''
    if ("$($Record.FullyQualifiedErrorId)" -match 'HRESULT 0x([0-9a-fA-F]{8})') {
        $code = $Matches[1]
    }
    elseif ($inner.HResult) {
        $code = '{0:x8}' -f $inner.HResult
    }
    if ("$($Record.FullyQualifiedErrorId)" -eq $text) { return "cannot: $text" } # our own words
    $kind = "$($Record.CategoryInfo.Category)"
    if ($kind -eq 'PermissionDenied' -or $kind -eq 'SecurityError' -or
        $code -eq '80070005' -or $code -eq '80041003') {
        return "needs elevation: $text"
    }
    if ($kind -eq 'ObjectNotFound' -or $code -eq '80041010' -or
        $code -eq '8004100e') {
        return "absent: $text"
    }
    return "cannot: $text ($code)"
}

# One fact from one place.
function Read-Fact([string]$Key, [string]$Source, [scriptblock]$Get) {
    try {
        $value = @(& $Get)
        if ($value.Count -eq 0 -or $null -eq $value[0]) {
            Add-Unknown $Key 'absent' $Source
        }
        else {
            Add-Fact $Key $value[0] $Source
        }
    }
    catch {
        Add-Unknown $Key (Get-Reason $_) $Source
    }
}

# Several facts from one place; when that cannot be read, each is unknown.
function Read-Facts([string[]]$Keys, [string]$Source, [scriptblock]$Get) {
    try {
        $found = & $Get
        foreach ($key in $Keys) {
            if (-not $found.ContainsKey($key) -or $null -eq $found[$key]) {
                Add-Unknown $key 'absent' $Source
            }
            else {
                Add-Fact $key $found[$key] $Source
            }
        }
    }
    catch {
        $why = Get-Reason $_
        foreach ($key in $Keys) { Add-Unknown $key $why $Source }
    }
}

# $null when there is no such value; a key that may not be read is an error.
function Get-Registry([string]$Path, [string]$Name) {
    if (-not (Test-Path -LiteralPath $Path)) { return $null }
    $all = Get-ItemProperty -LiteralPath $Path
    if ($null -eq $all) { return $null }
    $one = $all.PSObject.Properties[$Name]
    if ($null -eq $one) { return $null }
    return $one.Value
}

function Get-Quoted([string]$Text) {
    $Text = $Text.Replace([string][char]0, ' ')
    $Text = $Text.Replace('\', '\\').Replace('"', '\"')
    $plain = [Text.StringBuilder]::new()
    foreach ($c in $Text.ToCharArray()) {
        if ([int]$c -lt 32) { [void]$plain.AppendFormat('\u{0:x4}', [int]$c) }
        else { [void]$plain.Append($c) }
    }
    return '"' + $plain.ToString() + '"'
}

# JSON by hand: the host's own differs between versions. Base64 in short lines
# survives every code page and every terminal width.
function Send-Reply {
    $members = @(foreach ($key in $Hf.Facts.Keys) {
            $pairs = @(foreach ($name in $Hf.Facts[$key].Keys) {
                    (Get-Quoted $name) + ':' +
                    (Get-Quoted $Hf.Facts[$key][$name])
                })
            (Get-Quoted $key) + ':{' + ($pairs -join ',') + '}'
        })
    $json = '{"v":1,"exit":' + $Hf.Exit + ',"facts":{' +
        ($members -join ',') + '}}'
    $bytes = [Text.UTF8Encoding]::new($false).GetBytes($json)
    [Console]::Out.Write("hotfleet-1 $HfNonce`n" +
        [Convert]::ToBase64String($bytes, 'InsertLineBreaks') +
        "`nend $HfNonce`n")
}
