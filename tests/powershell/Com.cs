// COM objects that scripts make: the update agent, as a network logon meets
// it, and the task scheduler.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Bed;

[Cmdlet("New", "Object")]
public sealed class NewObject : PSCmdlet
{
    [Parameter(Mandatory = true)] public string ComObject { get; set; }
    protected override void EndProcessing()
    {
        switch (ComObject) {
        case "Microsoft.Update.Session": WriteObject(new UpdateSession()); break;
        case "Schedule.Service": WriteObject(new TaskService()); break;
        default:
            // as every other class does in a network logon, or without it
            ThrowTerminatingError(new ErrorRecord(new COMException("Retrieving the COM class factory failed", unchecked((int)0x80070005)),
                "NoCOMClassIdentified", ErrorCategory.ResourceUnavailable, ComObject));
            break;
        }
    }
}

static class Agent
{
    public static JsonObject Said => Machine.Section("update");
    public static void Refuse(string what)
    {
        if (Said[what] is JsonValue)
            throw new UnauthorizedAccessException("Access is denied. (0x80070005 (E_ACCESSDENIED))");
    }
}

public sealed class UpdateSession
{
    public UpdateSearcher CreateUpdateSearcher() => new();
}

public sealed class UpdateSearcher
{
    public bool Online { get; set; } = true;
    static PSObject[] All(string what) =>
        (Agent.Said[what] as JsonArray ?? new JsonArray()).Cast<JsonObject>().Select(Machine.Object).ToArray();
    public int GetTotalHistoryCount() { Agent.Refuse("history"); return All("history").Length; }
    public PSObject[] QueryHistory(int from, int count) => All("history").Skip(from).Take(count).ToArray();
    public SearchResult Search(string criteria)
    {
        if (Online) throw new InvalidOperationException("a probe searches offline");
        Agent.Refuse("offered");
        return new SearchResult { Updates = All("offered") };
    }
}

public sealed class SearchResult
{
    public int ResultCode { get; set; } = 2;
    public PSObject[] Updates { get; set; }
}

public sealed class TaskService
{
    public void Connect() { }
    public TaskFolder GetFolder(string path) =>
        Machine.Find(Machine.Section("tasks"), path) is JsonObject o ? new TaskFolder(o)
            : throw new System.IO.FileNotFoundException("The system cannot find the file specified.");
}

public sealed class TaskFolder
{
    readonly JsonObject tasks;
    public TaskFolder(JsonObject o) => tasks = o;
    public PSObject[] GetTasks(int flags) => tasks.Select(t => {
        var task = new PSObject();
        task.Properties.Add(new PSNoteProperty("Name", t.Key));
        task.Properties.Add(new PSNoteProperty("Enabled", (bool)t.Value));
        return task;
    }).ToArray();
}
