"""typing.py SECRET DIR COMMAND...: runs COMMAND on a terminal, types SECRET when
it asks for a passphrase, and prints what it showed. While it runs, its
arguments and environment are searched for SECRET. Ends as COMMAND does, or
with 99 when SECRET was found where it must not be."""
import os
import pty
import select
import sys
import time

LIMIT = 60  # seconds


def leaks(pid, secret):
    for name in ("cmdline", "environ"):
        try:
            with open("/proc/%d/%s" % (pid, name), "rb") as f:
                if secret in f.read():
                    return True
        except OSError:
            pass
    return False


def main():
    secret = sys.argv[1].encode()
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[3], sys.argv[3:])
    shown, typed, leaked = b"", 0, False
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 0.05)
        leaked = leaked or leaks(pid, secret)
        if not ready:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
        if shown.count(b"passphrase for") > typed:
            typed += 1
            os.write(master, secret + b"\n")
    sys.stdout.buffer.write(shown)
    sys.stdout.flush()
    _, status = os.waitpid(pid, 0)
    sys.exit(99 if leaked else os.waitstatus_to_exitcode(status))


main()
