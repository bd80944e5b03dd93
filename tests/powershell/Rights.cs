// Owner and rights of folders, as SDDL. The bed keeps them in a file within
// the folder, ".sddl", so that they move with it; a folder without one has
// what the nearest above it hands down.
using System;
using System.IO;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Bed;

public sealed class Rights
{
    // Of ProgramData: everybody may make folders in it.
    const string Root = "O:SYG:SYD:PAI(A;OICIIO;FA;;;CO)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)";
    public const string Name = ".sddl";
    public string Sddl { get; private set; }
    public Rights(string path) => Sddl = Of(path);
    // Owner and list of rights; the group stays.
    public void SetSecurityDescriptorSddlForm(string sddl, string sections)
    {
        if (sections != "Owner, Access") throw new ArgumentException(sections);
        Sddl = sddl.Insert(sddl.IndexOf("D:"), Regex.Match(Sddl, "G:.*?(?=D:)").Value);
    }

    static string Of(string path)
    {
        string own = Path.Combine(path, Name);
        if (File.Exists(own)) return File.ReadAllText(own).Trim();
        if (path == Environment.GetEnvironmentVariable("ProgramData")) return Root;
        string above = Of(Path.GetDirectoryName(path));
        string list = above[above.IndexOf('(')..];
        return "O:BAG:SYD:AI" + Regex.Replace(list, @"\(A;(\w*);", "(A;$1ID;");
    }
}

[Cmdlet("Get", "Acl")]
public sealed class GetAcl : PSCmdlet
{
    [Parameter(Mandatory = true)] public string LiteralPath { get; set; }
    protected override void EndProcessing() => WriteObject(new Rights(LiteralPath));
}

[Cmdlet("Set", "Acl")]
public sealed class SetAcl : PSCmdlet
{
    [Parameter(Mandatory = true)] public string LiteralPath { get; set; }
    [Parameter(Mandatory = true)] public Rights AclObject { get; set; }
    protected override void EndProcessing()
    {
        if (!Machine.IsElevated)
            ThrowTerminatingError(new ErrorRecord(new UnauthorizedAccessException(Machine.Text("words.denied", "Access is denied")),
                "Bed", ErrorCategory.PermissionDenied, LiteralPath));
        File.WriteAllText(Path.Combine(LiteralPath, Rights.Name), AclObject.Sddl);
    }
}
