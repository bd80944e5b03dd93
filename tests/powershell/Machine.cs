// The machine that scripts see, from a scenario file (JSON): values are laid
// over those of the file named "base". Registry keys are whole paths. A file
// called machine.json keeps what becomes of the machine, and its folder holds
// the machine's ProgramData.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text.Json.Nodes;

namespace Bed;

static class Machine
{
    static JsonObject root;
    public static string Source { get; private set; }
    public static string Home => Path.GetDirectoryName(Source);
    public static bool Keeps => Path.GetFileName(Source) == "machine.json";
    // A task of the system's account, not an SSH logon.
    public static bool IsSystem { get; set; }
    public static bool IsElevated =>
        Section("tools").Any(t => t.Key.StartsWith("whoami.exe /groups") && ((string)t.Value).Contains("S-1-16-12288"));

    public static void Load(string file)
    {
        Source = file;
        root = Read(file);
        Environment.SetEnvironmentVariable("ProgramData", Keeps ? Path.Combine(Home, "ProgramData") : "C:\\ProgramData");
        if (!Keeps) return;
        Directory.CreateDirectory(Path.Combine(Home, "ProgramData"));
        Restart.IfDue();
    }

    static JsonObject Read(string file)
    {
        var top = (JsonObject)JsonNode.Parse(File.ReadAllText(file));
        while (top["base"] is JsonNode name) {
            file = Path.Combine(Path.GetDirectoryName(file), (string)name + ".json");
            var below = (JsonObject)JsonNode.Parse(File.ReadAllText(file));
            top.Remove("base");
            Lay(below, top);
            top = below;
        }
        return top;
    }

    // What the machine becomes, seen by whoever asks next; one at a time.
    public static void Change(Action<JsonObject> how)
    {
        using var held = Hold(Source + ".lock");
        var now = Read(Source);
        how(now);
        File.WriteAllText(Source + ".new", now.ToJsonString());
        File.Move(Source + ".new", Source, true);
        root = now;
    }

    static FileStream Hold(string file)
    {
        for (int tries = 0;; tries++)
            try { return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) when (tries < 500) { System.Threading.Thread.Sleep(10); }
    }

    // A member that is an object, made where it is missing.
    public static JsonObject Within(JsonObject o, string name)
    {
        if (o[name] is not JsonObject) o[name] = new JsonObject();
        return (JsonObject)o[name];
    }

    // Objects are merged; null takes a member away; all else replaces.
    public static void Lay(JsonObject under, JsonObject over)
    {
        foreach (var (key, value) in over.ToList())
            if (value == null) under.Remove(key);
            else if (value is JsonObject o && under[key] is JsonObject u) Lay(u, o);
            else under[key] = value.DeepClone();
    }

    public static string Text(string name, string otherwise) => (string)root[name] ?? otherwise;

    public static IEnumerable<KeyValuePair<string, string>> Tools =>
        Section("tools").Select(t => new KeyValuePair<string, string>(t.Key, (string)t.Value));

    public static JsonObject Section(string name) => root[name] as JsonObject ?? new JsonObject();

    // Without regard to case, as Windows names things.
    public static JsonNode Find(JsonObject section, string name) =>
        section.FirstOrDefault(m => string.Equals(m.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    // "denied" and "locked" stand for what Windows answers.
    public static void Refuse(Cmdlet by, JsonNode value, object target)
    {
        if (value is not JsonValue v || !v.TryGetValue(out string word)) return;
        if (word == "denied")
            by.ThrowTerminatingError(new ErrorRecord(new UnauthorizedAccessException(Text("words.denied", "Access is denied")),
                "HRESULT 0x80070005,Bed", ErrorCategory.PermissionDenied, target));
    }

    public static object Value(JsonNode node)
    {
        switch (node) {
        case JsonArray list: return list.Select(Value).ToArray();
        case JsonObject o: return Object(o);
        case JsonValue v when v.TryGetValue(out bool b): return b;
        case JsonValue v when v.TryGetValue(out int i): return i;
        case JsonValue v when v.TryGetValue(out long l): return l;
        case JsonValue v when v.TryGetValue(out double d): return d;
        case JsonValue v when v.TryGetValue(out string s):
            return s.StartsWith("@") && DateTime.TryParse(s[1..], CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal, out var t) ? DateTime.SpecifyKind(t, DateTimeKind.Utc) : s;
        default: return null;
        }
    }

    public static PSObject Object(JsonObject o)
    {
        var made = new PSObject();
        foreach (var (key, value) in o)
            made.Properties.Add(new PSNoteProperty(key, Value(value)));
        return made;
    }
}
