// COM objects that scripts make.
using System;
using System.Management.Automation;
using System.Runtime.InteropServices;

namespace Bed;

[Cmdlet("New", "Object")]
public sealed class NewObject : PSCmdlet
{
    [Parameter(Mandatory = true)] public string ComObject { get; set; }
    protected override void EndProcessing()
    {
        switch (ComObject) {
        case "Microsoft.Update.Session": WriteObject(new UpdateSession()); break;
        case "Microsoft.Update.UpdateColl": WriteObject(new UpdateCollection()); break;
        case "Schedule.Service": WriteObject(new TaskService()); break;
        default:
            // as every other class does in a network logon, or without it
            ThrowTerminatingError(new ErrorRecord(new COMException("Retrieving the COM class factory failed", unchecked((int)0x80070005)),
                "NoCOMClassIdentified", ErrorCategory.ResourceUnavailable, ComObject));
            break;
        }
    }
}
