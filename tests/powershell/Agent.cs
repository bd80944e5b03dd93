// The update agent, as a network logon meets it (it may search and no more)
// and as the system's account does. What an update does is in the scenario:
// "does" of an offered update, see Doing.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Threading;

namespace Bed;

static class Agent
{
    public static JsonObject Said => Machine.Section("update");
    public static void Refuse(string what)
    {
        if (Said[what] is JsonValue) throw Denied();
    }
    public static void OnlySystem()
    {
        if (!Machine.IsSystem) throw Denied();
    }
    static Exception Denied() => new UnauthorizedAccessException("Access is denied. (0x80070005 (E_ACCESSDENIED))");

    public static int Number(JsonNode node) => node is JsonValue v && v.TryGetValue(out string s)
        ? unchecked((int)Convert.ToUInt32(s, 16)) : (int?)node ?? 0;
    // The agent's answer to everything, when the scenario says so.
    public static void Broken(string what)
    {
        if (Said["throws"]?[what] is JsonNode code) throw new COMException($"Exception from HRESULT: {code}", Number(code));
    }
}

public sealed class UpdateSession
{
    public string ClientApplicationID { get; set; }
    public UpdateSearcher CreateUpdateSearcher() => new();
    public UpdateDownloader CreateUpdateDownloader() { Agent.OnlySystem(); return new(); }
    public UpdateInstaller CreateUpdateInstaller() { Agent.OnlySystem(); return new(); }
}

public sealed class UpdateSearcher
{
    public bool Online { get; set; } = true;
    public bool IncludePotentiallySupersededUpdates { get; set; }
    static IEnumerable<JsonObject> All(string what) => (Agent.Said[what] as JsonArray ?? new JsonArray()).Cast<JsonObject>();
    public int GetTotalHistoryCount() { Agent.Refuse("history"); return All("history").Count(); }
    public PSObject[] QueryHistory(int from, int count) =>
        All("history").Skip(from).Take(count).Select(Machine.Object).ToArray();

    public SearchResult Search(string criteria)
    {
        if (Online && !Machine.Keeps) throw new InvalidOperationException("a probe searches offline");
        Agent.Refuse("offered");
        Agent.Broken("search");
        return new SearchResult { Updates = All("offered").Select(o => new Update(o)).Where(u => Matches(u, criteria)).ToArray() };
    }

    // "or" at the top level, "and" below it; flags only.
    bool Matches(Update u, string criteria) => (IncludePotentiallySupersededUpdates || !u.Is("IsSuperseded")) &&
        criteria.Split(" or ").Any(any => any.Split(" and ").Select(c => c.Trim().Split('=')).All(c =>
            c[0] == "Type" ? c[1] == "'Software'" : u.Is(c[0]) == (c[1] == "1")));
}

public sealed class SearchResult
{
    public int ResultCode { get; set; } = 2;
    public Update[] Updates { get; set; }
}

public sealed class Update
{
    readonly JsonObject o;
    public Update(JsonObject o) => this.o = o;
    public bool Is(string flag) => (bool?)o[flag] ?? false;
    public JsonNode Does(string what) => o["does"]?[what];
    public string Title => (string)o["Title"];
    public string[] KBArticleIDs => (o["KBArticleIDs"] as JsonArray ?? new JsonArray()).Select(k => (string)k).ToArray();
    public bool IsInstalled => Is("IsInstalled");
    public bool IsHidden => Is("IsHidden");
    public bool BrowseOnly => Is("BrowseOnly");
    public PSObject[] Categories => (o["Categories"] as JsonArray ?? new JsonArray()).Select(c => Machine.Object(new JsonObject { ["CategoryID"] = (string)c })).ToArray();
    bool here;
    public bool IsDownloaded => here || Is("IsDownloaded");
    // Kept by the machine, for later searches; an update that does not stay is
    // lost again.
    public void Downloaded()
    {
        here = true;
        if (Does("lost") == null)
            Machine.Change(m => {
                foreach (var other in ((JsonArray)m["update"]["offered"]).Cast<JsonObject>())
                    if (new Update(other).KBArticleIDs.SequenceEqual(KBArticleIDs)) other["IsDownloaded"] = true;
            });
    }
    public bool EulaAccepted { get; private set; }
    public void AcceptEula() { Agent.OnlySystem(); EulaAccepted = true; }
    public decimal MaxDownloadSize => 209715200;
    public PSObject InstallationBehavior => Machine.Object(new JsonObject { ["RebootBehavior"] = (int?)Does("behavior") ?? 0 });
}

public sealed class UpdateCollection
{
    readonly List<Update> all = new();
    public int Count => all.Count;
    public Update Item(int i) => all[i];
    public int Add(object update)
    {
        all.Add((Update)(update is PSObject o ? o.BaseObject : update));
        return all.Count - 1;
    }
}

public sealed class OperationResult
{
    public int ResultCode { get; init; }
    public int HResult { get; init; }
    public bool RebootRequired { get; init; }
    public OperationResult GetUpdateResult(int index) => this;
    public static OperationResult Of(JsonNode failure) => failure == null ? new() { ResultCode = 2 }
        : new() { ResultCode = 4, HResult = Agent.Number(failure) };
}

public sealed class UpdateDownloader
{
    public UpdateCollection Updates { get; set; }
    public OperationResult Download()
    {
        Agent.Broken("download");
        var failure = Updates.Item(0).Does("download");
        if (failure == null) Updates.Item(0).Downloaded();
        return OperationResult.Of(failure);
    }
}

public sealed class UpdateInstaller
{
    public UpdateCollection Updates { get; set; }
    public bool ForceQuiet { get; set; }
    public bool IsBusy => false;
    public bool RebootRequiredBeforeInstallation => (bool?)Agent.Said["pending"] ?? false;
    public OperationResult Install()
    {
        Agent.Broken("install");
        var update = Updates.Item(0);
        if (!update.IsDownloaded || !update.EulaAccepted) return OperationResult.Of("0x80246008");
        return Doing.Of(update);
    }
}

// What installing does: "wait" until a file called go lies beside the machine;
// "end": "die" or "restart" in the middle; "install": a code to fail with;
// "ubr": the level afterwards (absent: none, whatever the agent says);
// "restart": whether it wants one; "servicing": it goes on after the agent's
// answer, until there is that file.
static class Doing
{
    public static OperationResult Of(Update update)
    {
        if (update.Does("wait") != null) WaitToGo();
        switch ((string)update.Does("end")) {
        case "restart": Machine.Change(Restarted); goto case "die";
        case "die": Environment.Exit(9); break;
        }
        if (update.Does("install") is JsonNode failure) return OperationResult.Of(failure);
        bool restart = (bool?)update.Does("restart") ?? false;
        Machine.Change(m => Install(m, update, restart));
        if (update.Does("servicing") != null)
            new Thread(() => { WaitToGo(); Machine.Change(m => Interface(m)["ServicingInProgress"] = 0); }) { IsBackground = true }.Start();
        return new() { ResultCode = 2, RebootRequired = restart };
    }

    static void WaitToGo()
    {
        for (int i = 0; i < 3000 && !System.IO.File.Exists(System.IO.Path.Combine(Machine.Home, "go")); i++) Thread.Sleep(20);
    }

    static JsonObject Interface(JsonObject m) =>
        Machine.Within(Machine.Within(m, "registry"), @"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Interface");

    static void Restarted(JsonObject m) => ((JsonArray)m["cim"]["Win32_OperatingSystem"])[0]["LastBootUpTime"] = "@2026-08-20T11:00:00Z";

    static void Install(JsonObject m, Update update, bool restart)
    {
        var registry = Machine.Within(m, "registry");
        string kb = update.KBArticleIDs[0];
        if (update.Does("ubr") is JsonNode ubr) {
            Machine.Within(registry, @"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion")["UBR"] = ubr.DeepClone();
            ((JsonArray)m["cim"]["Win32_QuickFixEngineering"]).Add(new JsonObject { ["HotFixID"] = "KB" + kb });
        }
        if (update.Does("servicing") != null)
            Interface(m)["ServicingInProgress"] = 2;
        if (restart)
            registry[@"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired"] = new JsonObject();
        foreach (var o in ((JsonArray)m["update"]["offered"]).Cast<JsonObject>())
            if (new Update(o).KBArticleIDs.Contains(kb)) o["IsInstalled"] = true;
        ((JsonArray)m["update"]["history"]).Insert(0, new JsonObject {
            ["Title"] = update.Title, ["Date"] = "@" + DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ"),
            ["Operation"] = 1, ["ResultCode"] = 2, ["HResult"] = 0 });
    }
}
