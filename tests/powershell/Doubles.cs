// The commands that the package lacks, as far as the scripts use them, with
// the answers and refusals of Windows PowerShell 5.1 on Windows.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.Json.Nodes;

namespace Bed;

[Cmdlet("ConvertFrom", "Json")]
public sealed class ConvertFromJson : PSCmdlet
{
    [Parameter(Mandatory = true)] public string InputObject { get; set; }
    protected override void EndProcessing() => WriteObject(Machine.Value(JsonNode.Parse(InputObject)));
}

[Cmdlet("Sort", "Object")]
public sealed class SortObject : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
    [Parameter] public SwitchParameter Unique { get; set; }
    readonly List<object> all = new();
    protected override void ProcessRecord() { if (InputObject != null) all.Add(InputObject.BaseObject); }
    protected override void EndProcessing()
    {
        all.Sort((a, b) => a is int x && b is int y ? x.CompareTo(y)
            : string.Compare(a.ToString(), b.ToString(), StringComparison.OrdinalIgnoreCase));
        WriteObject(Unique ? all.Distinct() : all, true);
    }
}

// Shared by the registry's three: a key exists when it, or one below it, is in
// the scenario.
public abstract class RegistryCmdlet : PSCmdlet
{
    [Parameter(Mandatory = true)] public string LiteralPath { get; set; }
    protected JsonObject Keys => Machine.Section("registry");
    protected JsonNode Key => Machine.Find(Keys, LiteralPath);
    protected IEnumerable<string> Below => Keys.Select(k => k.Key)
        .Where(k => k.StartsWith(LiteralPath + "\\", StringComparison.OrdinalIgnoreCase))
        .Select(k => k[(LiteralPath.Length + 1)..].Split('\\')[0]).Distinct(StringComparer.OrdinalIgnoreCase);
    protected bool Exists => Key != null || Below.Any();
    protected void WantKey()
    {
        Machine.Refuse(this, Key, LiteralPath);
        if (!Exists)
            ThrowTerminatingError(new ErrorRecord(new ItemNotFoundException($"Cannot find path '{LiteralPath}' because it does not exist."),
                "PathNotFound", ErrorCategory.ObjectNotFound, LiteralPath));
    }
}

[Cmdlet("Test", "Path")]
public sealed class TestPath : RegistryCmdlet
{
    protected override void EndProcessing() => WriteObject(Exists);
}

// A key without values yields nothing at all.
[Cmdlet("Get", "ItemProperty")]
public sealed class GetItemProperty : RegistryCmdlet
{
    protected override void EndProcessing()
    {
        WantKey();
        if (Key is JsonObject { Count: > 0 } values) WriteObject(Machine.Object(values));
    }
}

[Cmdlet("Get", "ChildItem")]
public sealed class GetChildItem : RegistryCmdlet
{
    protected override void EndProcessing()
    {
        WantKey();
        foreach (string name in Below) {
            var key = new PSObject();
            key.Properties.Add(new PSNoteProperty("PSChildName", name));
            WriteObject(key);
        }
    }
}

[Cmdlet("Get", "CimInstance")]
public sealed class GetCimInstance : PSCmdlet
{
    [Parameter(Mandatory = true)] public string ClassName { get; set; }
    [Parameter] public string Namespace { get; set; } = "root/cimv2";
    [Parameter] public string Filter { get; set; }
    protected override void EndProcessing()
    {
        var found = Machine.Find(Machine.Section("cim"), ClassName);
        Machine.Refuse(this, found, ClassName);
        if (found is not JsonArray all) {
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(Machine.Text("words.class", "Invalid class")),
                "HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand", ErrorCategory.MetadataError, ClassName));
            return;
        }
        foreach (var one in all.Cast<JsonObject>())
            if (Matches(one)) WriteObject(Machine.Object(one));
    }

    // Property=value or Property='value', which is all that is used.
    bool Matches(JsonObject one)
    {
        if (Filter == null) return true;
        string[] side = Filter.Split('=', 2);
        return string.Equals(Machine.Find(one, side[0].Trim())?.ToString(), side[1].Trim().Trim('\''), StringComparison.OrdinalIgnoreCase);
    }
}

[Cmdlet("Get", "WinEvent")]
public sealed class GetWinEvent : PSCmdlet
{
    [Parameter(Mandatory = true)] public Hashtable FilterHashtable { get; set; }
    protected override void EndProcessing()
    {
        string log = FilterHashtable["LogName"].ToString();
        var found = Machine.Find(Machine.Section("events"), log);
        Machine.Refuse(this, found, log);
        int n = 0;
        foreach (var one in (found as JsonArray ?? new JsonArray()).Cast<JsonObject>())
            if (Matches(one) && IsWithin(Dated(one))) { WriteObject(Machine.Object(Dated(one))); n++; }
        if (n == 0)
            ThrowTerminatingError(new ErrorRecord(new Exception(Machine.Text("words.events", "No events were found that match the specified selection criteria.")),
                "NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand", ErrorCategory.ObjectNotFound, log));
    }

    // Where the scenario does not care when it was.
    static JsonObject Dated(JsonObject e)
    {
        var made = (JsonObject)e.DeepClone();
        made["TimeCreated"] ??= "@2026-08-19T12:00:00Z";
        made["Properties"] ??= new JsonArray();
        return made;
    }

    // A span that ends now is the scenario's: it has no clock of its own.
    bool IsWithin(JsonObject e)
    {
        if (FilterHashtable["EndTime"] is not object end) return true;
        var at = ((DateTime)Machine.Value(e["TimeCreated"])).ToUniversalTime();
        return at >= ((DateTime)Raw(FilterHashtable["StartTime"])).ToUniversalTime()
            && at <= ((DateTime)Raw(end)).ToUniversalTime();
    }

    bool Matches(JsonObject e)
    {
        if (FilterHashtable["ProviderName"] is object p && Raw(p).ToString() != (string)e["ProviderName"]) return false;
        return FilterHashtable["Id"] is not object ids || LanguagePrimitives.GetEnumerable(Raw(ids)) is not IEnumerable list
            || list.Cast<object>().Any(i => Convert.ToInt32(Raw(i)) == (int)e["Id"]);
    }

    static object Raw(object o) => o is PSObject p ? p.BaseObject : o;
}
