"""terminal.py LINE: runs LINE in an interactive shell on a terminal of its
own; standard input is typed into it once it asks. Prints what it showed."""
import os
import pty
import select
import sys
import time

LIMIT = 30  # seconds


def main():
    typed = sys.stdin.buffer.read() if not sys.stdin.isatty() else b""
    pid, master = pty.fork()
    if pid == 0:
        # "wait" leaves time for what went to the background
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i", "-c",
                           sys.argv[1] + "\nwait"])
    shown, answered, end = b"", not typed, time.monotonic() + LIMIT
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 0.2)
        if ready:
            try:
                data = os.read(master, 65536)
            except OSError:
                break
            if not data:
                break
            shown += data
        if not answered and (b"[y/N]" in shown or b"why? " in shown):
            os.write(master, typed)
            answered = True
    sys.stdout.buffer.write(shown)
    os.close(master)
    os.waitpid(pid, 0)


main()
