// Runs what is sent to Windows hosts with the real PowerShell engine, on a
// machine that a scenario file describes, or examines scripts by their syntax
// tree. One process serves many requests, each in a fresh runspace.
//
//   engine serve              requests from standard input, see Serve
//   engine serve PORT-FILE    the same from a port, see Listen
//   engine task MACHINE FILE  what the task scheduler starts
//   engine examine FILE...    one JSON line per file
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bed;

static class Program
{
    static int Main(string[] args)
    {
        if (args.Length > 1 && args[0] == "examine")
            return args.Skip(1).Count(file => !Examine(file)) == 0 ? 0 : 1;
        if (args.Length == 1 && args[0] == "serve")
            return Serve(Console.In, Console.Out);
        if (args.Length == 2 && args[0] == "serve")
            return Listen(args[1]);
        if (args.Length == 3 && args[0] == "task") // whatever threads it has
            Environment.Exit(RunTask(args[1], File.ReadAllText(args[2])));
        Console.Error.WriteLine("usage: engine serve [PORT-FILE] | engine task MACHINE ARGUMENTS-FILE | engine examine FILE...");
        return 64;
    }

    // A request is one line: SCENARIO INPUT OUTPUT COMMAND, where the command
    // is what sshd would be told to run, and the others are files. Answered by
    // one line: the exit status.
    static int Serve(TextReader asked, TextWriter said)
    {
        var stdout = Console.Out;
        for (string line; (line = asked.ReadLine()) != null;) {
            string[] part = line.Split(' ', 4);
            int status;
            using (var to = new StreamWriter(part[2], false, new UTF8Encoding(false))) {
                Console.SetOut(to);
                status = Logon(part[0], File.ReadAllText(part[1]), part[3], to);
                Console.SetOut(stdout);
            }
            said.WriteLine(status);
            said.Flush();
        }
        return 0;
    }

    // The same for whoever connects to the port of the loopback that is
    // written to the file, one after another.
    static int Listen(string file)
    {
        var door = new TcpListener(IPAddress.Loopback, 0);
        door.Start();
        File.WriteAllText(file + ".new", ((IPEndPoint)door.LocalEndpoint).Port + "\n");
        File.Move(file + ".new", file, true);
        while (true) {
            using var client = door.AcceptTcpClient();
            using var stream = client.GetStream();
            try { Serve(new StreamReader(stream), new StreamWriter(stream)); }
            catch (IOException) { } // who asked is gone
        }
    }

    // What the task scheduler starts: the system's account, no standard input.
    static int RunTask(string machine, string arguments)
    {
        const string before = "-NoProfile -NonInteractive -ExecutionPolicy Bypass -Command \"";
        if (!arguments.StartsWith(before) || !arguments.EndsWith('"')) return 64;
        Machine.IsSystem = true;
        return Run(machine, "", arguments[before.Length..^1], TextWriter.Null);
    }

    static int Logon(string scenario, string input, string command, TextWriter to)
    {
        string[] word = command.Split(' ');
        int at = Array.FindIndex(word, w => w.Equals("-EncodedCommand", StringComparison.OrdinalIgnoreCase));
        if (word[0] != "powershell.exe" || at < 0) { to.WriteLine("not a command of ours"); return 64; }
        return Run(scenario, input, Encoding.Unicode.GetString(Convert.FromBase64String(word[at + 1])), to);
    }

    static int Run(string scenario, string input, string script, TextWriter to)
    {
        Machine.Load(scenario);
        var state = InitialSessionState.CreateDefault2();
        foreach (var type in typeof(Program).Assembly.GetTypes())
            if (Attribute.GetCustomAttribute(type, typeof(CmdletAttribute)) is CmdletAttribute c)
                state.Commands.Add(new SessionStateCmdletEntry(c.VerbName + "-" + c.NounName, type, null));
        state.Commands.Add(new SessionStateFunctionEntry("dism.exe", "Invoke-Dism @args"));
        state.Commands.Add(new SessionStateFunctionEntry("shutdown.exe", "Invoke-Shutdown @args"));
        foreach (var tool in Machine.Tools.GroupBy(t => t.Key.Split(' ')[0]))
            state.Commands.Add(new SessionStateFunctionEntry(tool.Key, Answers(tool)));
        state.LanguageMode = Enum.Parse<PSLanguageMode>(Machine.Text("language", "FullLanguage"));
        using var space = RunspaceFactory.CreateRunspace(state);
        space.Open();
        if (space.SessionStateProxy.GetVariable("PSVersionTable") is System.Collections.Hashtable versions)
            versions["PSVersion"] = Machine.Text("powershell", "5.1.26100.1");
        Environment.SetEnvironmentVariable("SystemDrive", "C:");
        Environment.SetEnvironmentVariable("ProgramFiles", "C:\\Program Files");
        using var ps = PowerShell.Create(space);
        ps.AddScript(script);
        var lines = new PSDataCollection<string>(Lines(input));
        lines.Complete();
        var output = new PSDataCollection<PSObject>();
        output.DataAdded += (s, e) => { to.WriteLine(output[e.Index]?.ToString()); };
        try { ps.Invoke(lines, output); }
        catch (RuntimeException e) { to.WriteLine("error: " + e.ErrorRecord + e.ErrorRecord.ScriptStackTrace); return 1; }
        return ps.HadErrors ? 1 : 0;
    }

    // A tool that prints what the scenario says for its arguments.
    static string Answers(IGrouping<string, KeyValuePair<string, string>> tool) =>
        "switch (\"$args\") {" + string.Concat(tool.Select(t =>
            $"\n{Quote(t.Key.Contains(' ') ? t.Key.Split(' ', 2)[1] : "")} {{ {Quote(t.Value)} -split \"`n\" }}")) + "\n}";

    static string Quote(string text) => "'" + text.Replace("'", "''") + "'";

    // As the console host hands standard input to a script: by lines.
    static IEnumerable<string> Lines(string input)
    {
        using var reader = new StringReader(input);
        for (string line; (line = reader.ReadLine()) != null;)
            yield return line;
    }

    // Parse errors, syntax that Windows PowerShell 5.1 lacks, and everything
    // that is called.
    static bool Examine(string file)
    {
        var tree = Parser.ParseFile(Path.GetFullPath(file), out _, out ParseError[] errors);
        var newer = new List<string>();
        foreach (var node in tree.FindAll(_ => true, true)) {
            string what = node switch {
                TernaryExpressionAst => "? :",
                PipelineChainAst => "&& or ||",
                BinaryExpressionAst { Operator: TokenKind.QuestionQuestion } => "??",
                AssignmentStatementAst { Operator: TokenKind.QuestionQuestionEquals } => "??=",
                MemberExpressionAst { NullConditional: true } => "?.",
                IndexExpressionAst { NullConditional: true } => "?[]",
                PipelineAst { Background: true } => "&",
                _ => null };
            if (what != null) newer.Add($"{node.Extent.StartLineNumber}: {what}");
        }
        var own = All<FunctionDefinitionAst>(tree).Select(f => f.Name).ToHashSet();
        Console.WriteLine(JsonSerializer.Serialize(new {
            file,
            errors = errors.Select(e => $"{e.Extent.StartLineNumber}: {e.Message}"),
            newer,
            functions = own.OrderBy(n => n),
            commands = All<CommandAst>(tree).Select(c => c.GetCommandName() ?? "(" + c.CommandElements[0].Extent.Text + ")")
                .Where(n => !own.Contains(n)).Distinct().OrderBy(n => n),
            types = All<TypeExpressionAst>(tree).Select(t => t.TypeName.FullName).Distinct().OrderBy(n => n),
            methods = All<InvokeMemberExpressionAst>(tree).Select(m => m.Member.Extent.Text).Distinct().OrderBy(n => n),
            sets = All<AssignmentStatementAst>(tree).Where(a => a.Left is MemberExpressionAst)
                .Select(a => a.Left.Extent.Text).Distinct().OrderBy(n => n),
            coms = All<CommandAst>(tree).Where(c => c.GetCommandName() == "New-Object").Select(c => c.Extent.Text).Distinct() }));
        return errors.Length == 0 && newer.Count == 0;
    }

    static IEnumerable<T> All<T>(Ast tree) where T : Ast => tree.FindAll(n => n is T, true).Cast<T>();
}
