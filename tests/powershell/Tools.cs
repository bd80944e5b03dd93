// Windows' own programs that change a machine, with what becomes of it. In the
// scenario: "packages" (name: state); "dism": {"list": code, "remove": code};
// "removed": what a removal leaves after the restart ("ubr"; absent: nothing,
// whatever DISM says); "shutdown": the code it fails with, or "ignored" (it
// says yes and nothing follows); "restarted": laid over the machine at its
// next restart; "abort": the code that calling a restart off fails with. A restart
// comes after a second, whatever the delay, unless "delayed" is there;
// "between": the run that somebody calls off while it orders its restart.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.Json.Nodes;

namespace Bed;

public abstract class Tool : PSCmdlet
{
    [Parameter(ValueFromRemainingArguments = true)] public string[] Words { get; set; } = Array.Empty<string>();
    protected void Exit(int code) => SessionState.PSVariable.Set("global:LASTEXITCODE", code);
    protected string After(string option) => Words.SkipWhile(w => w != option).Skip(1).FirstOrDefault();
}

[Cmdlet("Invoke", "Dism")]
public sealed class InvokeDism : Tool
{
    const string Cbs = @"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending";
    static JsonObject Packages => Machine.Section("packages");
    static JsonNode Failure(string what) => Machine.Section("dism")[what];

    protected override void EndProcessing()
    {
        if (!Machine.IsSystem) { Exit(740); return; }
        if (!Words.Contains("/English")) { WriteObject("Paketidentität : x"); Exit(0); return; }
        if (Words.Contains("/Get-Packages")) List();
        else if (Words.Contains("/Remove-Package") && Words.Contains("/NoRestart")) Remove();
        else Exit(87);
    }

    void List()
    {
        foreach (var (name, state) in Packages)
            foreach (string line in new[] { $"Package Identity : {name}", $"State : {state}", "Release Type : Security Update", "" })
                WriteObject(line);
        Exit(Agent.Number(Failure("list")));
    }

    void Remove()
    {
        string name = Words.Single(w => w.StartsWith("/PackageName:"))[13..];
        if (Failure("remove") is JsonNode code) { WriteObject($"Error: {code}"); Exit(Agent.Number(code)); return; }
        if (!Packages.ContainsKey(name)) { Exit(unchecked((int)0x800F0805)); return; }
        Machine.Change(m => {
            m["packages"][name] = "Uninstall Pending";
            Machine.Within(m, "registry")[Cbs] = new JsonObject();
        });
        Exit(3010);
    }
}

[Cmdlet("Invoke", "Shutdown")]
public sealed class InvokeShutdown : Tool
{
    protected override void EndProcessing()
    {
        string how = Machine.Text("shutdown", null);
        if (Words.Contains("/a")) { Abort(); return; }
        if (!Machine.IsSystem) { Exit(5); return; }
        if (Machine.Text("restart", null) != null) { Exit(1190); return; }
        if (how != null && how != "ignored") { Exit(Agent.Number(how)); return; }
        if (!Words.Contains("/r") || After("/d") != "p:2:18" || After("/c") is not { Length: < 512 } text || text.Contains('"')) { Exit(87); return; }
        Machine.Change(m => { m["message"] = text; m["reason"] = After("/d"); });
        int wait = Machine.Text("delayed", null) != null ? int.Parse(After("/t")) : 1;
        if (how == null) Machine.Change(m => m["restart"] = Restart.Text(DateTime.UtcNow.AddSeconds(wait)));
        if (Machine.Text("between", null) is string run) CalledOff(run);
        Exit(0);
    }

    // Somebody calls it off at this very moment.
    static void CalledOff(string run) => System.IO.File.WriteAllText(
        System.IO.Path.Combine(Environment.GetEnvironmentVariable("ProgramData"), "hotfleet", "called-off"),
        "{\"run\":\"" + run + "\",\"operator\":\"Ben\"}\n");

    void Abort()
    {
        if (!Machine.IsSystem && !Machine.IsElevated) { Exit(5); return; }
        if (Machine.Text("abort", null) is string code) { Exit(Agent.Number(code)); return; }
        if (Machine.Text("restart", null) == null) { Exit(1116); return; }
        Machine.Change(m => m.Remove("restart"));
        Exit(0);
    }
}

// The restart that was ordered, once it is due; whoever looks next sees it.
static class Restart
{
    static readonly string[] Pending = { @"Component Based Servicing\RebootPending", @"WindowsUpdate\Auto Update\RebootRequired" };
    public static string Text(DateTime at) => "@" + at.ToString("yyyy-MM-ddTHH:mm:ssZ");

    public static void IfDue()
    {
        string at = Machine.Text("restart", null);
        if (at != null && string.CompareOrdinal(Text(DateTime.UtcNow), at) > 0) Machine.Change(m => Carry(m, at));
    }

    static void Carry(JsonObject m, string at)
    {
        var registry = Machine.Within(m, "registry");
        m.Remove("restart");
        // no machine starts twice within a minute
        var os = ((JsonArray)m["cim"]["Win32_OperatingSystem"])[0];
        string least = Text(DateTime.Parse(((string)os["LastBootUpTime"])[1..]).ToUniversalTime().AddSeconds(61));
        os["LastBootUpTime"] = string.CompareOrdinal(at, least) > 0 ? at : least;
        foreach (string key in registry.Select(k => k.Key).Where(k => Pending.Any(k.EndsWith)).ToList()) registry.Remove(key);
        foreach (var (name, state) in Machine.Within(m, "packages").ToList())
            if ((string)state == "Uninstall Pending") Removed(m, registry, name);
        if (m["restarted"] is JsonObject then) Machine.Lay(m, then);
    }

    static void Removed(JsonObject m, JsonObject registry, string package)
    {
        m["packages"].AsObject().Remove(package);
        if (Machine.Section("removed")["ubr"] is not JsonNode ubr) return;
        Machine.Within(registry, @"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion")["UBR"] = ubr.DeepClone();
        var fixes = (JsonArray)m["cim"]["Win32_QuickFixEngineering"];
        foreach (var fix in fixes.Where(f => package.Contains((string)f["HotFixID"])).ToList()) fixes.Remove(fix);
    }
}
