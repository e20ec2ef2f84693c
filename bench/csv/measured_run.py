"""Runs a program and prints a line of JSON: its exit code, output, seconds, CPU seconds and the peak of its largest process."""

import json
import resource
import subprocess
import sys
import time

started = time.monotonic()
run = subprocess.run(sys.argv[2:], cwd=sys.argv[1], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "code": run.returncode,
            "out": run.stdout + run.stderr,
            "seconds": time.monotonic() - started,
            "cpuSeconds": usage.ru_utime + usage.ru_stime,
            "peakMb": usage.ru_maxrss / 1024,
        }
    )
)
