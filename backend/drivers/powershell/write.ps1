# Writes files that others may hold open meanwhile: a virus scanner, a console
# that polls.

# Complete or not at all; who reads it meanwhile gets the old one.
function Write-Whole([string]$Path, [string]$Text, [int]$Times = 20) {
    $new = "$Path.new"
    Invoke-Patiently $Times {
        [IO.File]::WriteAllText($new, $Text)
        if ([IO.File]::Exists($Path)) {
            [IO.File]::Replace($new, $Path, [NullString]::Value)
        }
        else { [IO.File]::Move($new, $Path) }
    }
}

# Of two at the same time one makes it, the other fails.
function Write-First([string]$Path, [string]$Text) {
    $file = [IO.File]::Open($Path, 'CreateNew', 'Write', 'Read')
    try {
        $bytes = [Text.Encoding]::UTF8.GetBytes($Text)
        $file.Write($bytes, 0, $bytes.Length)
    }
    finally { $file.Dispose() }
}

function Write-Document([string]$Path, [hashtable]$Values, [int]$Times = 20) {
    $pairs = @(foreach ($key in @($Values.Keys | Sort-Object)) {
            (Get-Quoted $key) + ':' + (Get-Quoted (Get-Text $Values[$key]))
        })
    Write-Whole $Path ('{' + ($pairs -join ',') + "}`n") $Times
}
