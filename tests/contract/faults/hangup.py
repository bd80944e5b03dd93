"""hangup.py DIR TEXT COMMAND...: runs COMMAND on a terminal of its own, which
goes away as soon as the journal below DIR holds TEXT. Succeeds when the
program then comes to an end by itself, without eating the processor."""
import glob
import os
import pty
import resource
import sys
import time

LIMIT = 60  # seconds


def ends(folder):
    """Where the journals end: what earlier runs wrote does not count."""
    sizes = {}
    for path in glob.glob(folder + "/*/journal.jsonl"):
        st = os.stat(path)
        sizes[st.st_ino] = st.st_size
    return sizes


def journal_has(folder, text, before):
    for path in glob.glob(folder + "/*/journal.jsonl"):
        with open(path, "rb") as f:
            f.seek(before.get(os.fstat(f.fileno()).st_ino, 0))
            if text in f.read():
                return True
    return False


def main():
    folder, text = sys.argv[1], sys.argv[2].encode()
    before = ends(folder)
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[3], sys.argv[3:])
    end = time.monotonic() + LIMIT
    while not journal_has(folder, text, before):
        if time.monotonic() > end:
            sys.exit("the moment did not come")
        time.sleep(0.002)
    os.close(master)
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            if used.ru_utime + used.ru_stime > 5:
                sys.exit("it spins")
            sys.exit(0 if os.WIFEXITED(status) else "it was killed")
        time.sleep(0.01)
    sys.exit("it does not end")


main()
