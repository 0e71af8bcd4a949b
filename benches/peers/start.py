"""Starts a command; prints the seconds until its first line, and the megabytes that it had resident at most."""

import os
import sys
import time

read, write = os.pipe()
begin = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
os.close(write)
first = os.read(read, 1)
seconds = time.perf_counter() - begin
while os.read(read, 4096):
    pass
_, status, usage = os.wait4(child, 0)
if first and status == 0:
    print(seconds, usage.ru_maxrss / 1024)
