"""Starts a ``tianbao worker`` for each line it reads (its environment, as JSON), and prints its process number.

It has imported everything before, and each worker is a fork of it: dozens can be started, and killed, in a second.
"""

# ruff: noqa: F401 -- it imports for its forks; what it prints is what it is for

import json
import os
import signal
import sys

import psycopg
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite

import tianbao.delivery
import tianbao_notify_email.channel
from tianbao.cli.worker import worker

if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for line in sys.stdin:
        started = os.fork()
        if not started:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.environ |= json.loads(line)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(0, 1)
            worker([])
        print(started, flush=True)
