"""A process that tests have nurseries forked from; to start one anew takes half a second.

`sinowire run` forks its nursery from itself. A test process has threads, from which
nobody may fork, and makes hundreds of passes: their nurseries are forked from here.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from importlib import import_module

from connectors.feeds.poll.nursery import Nursery
from connectors.feeds.poll.nursery_process import PARSER, nurse
from connectors.process import die_with_parent


class Nurseries:
    """Makes nurseries as ``spawn_nursery`` does; a context manager."""

    def __enter__(self):
        self.asked, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        return self

    def __exit__(self, *_):
        self.asked.close()
        self.process.wait()

    def spawn(self, reader):
        """Return a nursery that has *reader*."""
        ours, theirs = socket.socketpair()
        lives, held = os.pipe()
        with theirs, tempfile.TemporaryFile() as sent:
            pickle.dump(reader, sent)
            sent.seek(0)
            socket.send_fds(self.asked, [b"."], [theirs.fileno(), sent.fileno(), held])
        os.close(held)

        def reap():
            # It is at its end once the nursery is gone, and every parser.
            os.read(lives, 1)
            os.close(lives)

        return Nursery(ours, reap)


def main():
    """Fork a nursery whenever one is asked for, until nobody can ask.

    It does not die with its parent: that is a thread, and a test's may end long before.
    """
    import_module(PARSER)
    import_module("transforms.names.tagging")  # what reads entries
    import_module("transforms.headlines.facts")
    import_module("trafilatura")  # half a second, for each parser that reads a page
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a nursery ended
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        while True:
            _, fds, _, _ = socket.recv_fds(asked, 1, 3)
            if not fds:
                return
            if not os.fork():
                be_nursery(*fds, closing=asked)
            for fd in fds:
                os.close(fd)


def be_nursery(control, sent, _held, *, closing):
    try:
        die_with_parent()
        closing.close()
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        with os.fdopen(sent, "rb") as readable:
            reader = pickle.load(readable)
        nurse(socket.socket(fileno=control), reader)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
