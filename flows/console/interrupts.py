"""Ctrl-C, heard between two pieces of work instead of in the midst of one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from flows import logs

_HEARD = b"\nstopping after this batch; Ctrl-C once more stops at once\n"


class Ended(KeyboardInterrupt):
    """Ctrl-C ended the work at a point where it may end."""


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold a Ctrl-C back until the work calls what this yields, where it may end.

    A Ctrl-C within a statement that writes can leave DuckDB a connection that nothing in
    Python holds and nothing closes; opening the file once more then waits for ever.
    A second Ctrl-C is not held back.

    Raises:
        Ended: From the call, or at the end, where Ctrl-C was pressed before it.
    """
    is_pressed = False

    def hear(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_pressed
        is_pressed = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not logs.is_json():
            # Not `print`: what this interrupts may be printing.
            os.write(2, _HEARD)

    def end_here() -> None:
        if is_pressed:
            raise Ended

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield end_here
        end_here()
    finally:
        signal.signal(signal.SIGINT, before)
