"""Runs one command and tells its wall time, CPU time and peak memory: measure.py SECONDS OUT ERR COMMAND...

A program of its own because Linux counts the memory of the process that starts a command towards the peak
of that command: this one stays small (about 9 MB, the least that can be told), whatever run.py holds.
"""

import os
import signal
import sys
import time


def main():
    limit, out, err, command = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o644),
    ]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=files, setpgroup=0)
    stopped = []

    def stop(number, _):
        stopped.append(number)
        os.killpg(child, signal.SIGKILL)

    for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    signal.alarm(limit)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    signal.alarm(0)
    if stopped and stopped[0] != signal.SIGALRM:
        sys.exit(130)
    code = "limit" if stopped else os.waitstatus_to_exitcode(status)
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, code)


main()
