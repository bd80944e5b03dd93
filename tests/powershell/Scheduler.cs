// The task scheduler: folders of the scenario, and tasks that scripts register,
// which run as processes of their own, for the system's account.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Bed;

public sealed class TaskService
{
    // "tasks.off": what connecting fails with, the service being stopped
    public void Connect()
    {
        if (Machine.Text("tasks.off", null) is string code)
            throw new COMException($"The Task Scheduler service is not running. (Exception from HRESULT: {code})", Agent.Number(code));
    }
    public TaskDefinition NewTask(int flags) => new();
    public TaskFolder GetFolder(string path) => path == "\\" ? new TaskFolder(null)
        : Machine.Find(Machine.Section("tasks"), path) is JsonObject o ? new TaskFolder(o)
            : throw new FileNotFoundException("The system cannot find the file specified.");
}

public sealed class TaskDefinition
{
    public TaskInfo RegistrationInfo { get; } = new();
    public TaskPrincipal Principal { get; } = new();
    public TaskSettings Settings { get; } = new();
    public TaskActions Actions { get; } = new();
}
public sealed class TaskInfo { public string Description { get; set; } }
public sealed class TaskPrincipal
{
    public string UserId { get; set; }
    public int LogonType { get; set; }
    public int RunLevel { get; set; }
}
public sealed class TaskSettings
{
    public bool DisallowStartIfOnBatteries { get; set; } = true;
    public bool StopIfGoingOnBatteries { get; set; } = true;
    public string ExecutionTimeLimit { get; set; } = "PT72H";
    public int MultipleInstances { get; set; }
}
public sealed class TaskActions
{
    public List<TaskAction> All { get; } = new();
    public TaskAction Create(int type) { All.Add(new()); return All[^1]; }
}
public sealed class TaskAction
{
    public string Path { get; set; }
    public string Arguments { get; set; }
}

public sealed class TaskFolder
{
    readonly JsonObject tasks; // null: the root, where scripts register theirs
    public TaskFolder(JsonObject o) => tasks = o;
    static JsonObject Registered => Machine.Section("registered");

    public PSObject[] GetTasks(int flags) => (tasks ?? Registered).Select(t => {
        var task = new PSObject();
        task.Properties.Add(new PSNoteProperty("Name", t.Key));
        task.Properties.Add(new PSNoteProperty("Enabled", t.Value.GetValueKind() != System.Text.Json.JsonValueKind.False));
        return task;
    }).ToArray();

    // 2 makes it anew and fails where one of that name exists.
    public RegisteredTask RegisterTaskDefinition(string name, TaskDefinition task, int flags, object user, object word, int logon)
    {
        if (!Machine.IsElevated) throw new UnauthorizedAccessException("Access is denied.");
        if (flags != 2 || logon != 5 || task.Principal.UserId != "S-1-5-18")
            throw new ArgumentException("the bed knows new tasks of the system's account only");
        if (Registered.ContainsKey(name))
            throw new COMException("Cannot create a file when that file already exists.", unchecked((int)0x800700B7));
        var action = task.Actions.All.Single();
        if (action.Path != @"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe")
            throw new FileNotFoundException("The system cannot find the file specified.");
        Machine.Change(m => Machine.Within(m, "registered")[name] = action.Arguments);
        return new RegisteredTask(action);
    }

    public void DeleteTask(string name, int flags) => Machine.Change(m => Machine.Within(m, "registered").Remove(name));
}

public sealed class RegisteredTask
{
    readonly TaskAction action;
    public RegisteredTask(TaskAction a) => action = a;

    // Into a session of its own, as everything that outlives this process;
    // "tasks.lost": the scheduler takes it and never starts it.
    public object RunEx(object argument, int flags, int session, object user)
    {
        if (Machine.Text("tasks.lost", null) != null) return null;
        string file = Path.Combine(Machine.Home, "task");
        File.WriteAllText(file, action.Arguments);
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false };
        foreach (string word in new[] { "--fork", Environment.ProcessPath, "task", Machine.Source, file })
            start.ArgumentList.Add(word);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var started = Process.Start(start);
        started.StandardInput.Close();
        started.WaitForExit();
        return null;
    }
}
