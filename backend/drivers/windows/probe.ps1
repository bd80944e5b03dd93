# Reads every fact and changes nothing. The last line alone does something, so
# that a script cut short does nothing.
function Read-Everything {
    Read-Params $HfInput
    Read-Os
    Read-Login
    Read-Room
    Read-Protection
    Read-Enrolment
    Read-Arc
    Read-Monitor
    Read-Updates
    Read-Restart
    Read-Others
    Read-Events
    Read-Start
    Read-Running
    Read-Health
    Read-Software
    Read-Ordered
    Read-Holder
    Send-Reply
}

Read-Everything
