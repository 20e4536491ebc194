"""Wrong tokens: after some, an address has to pause before the next is looked at."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

# Wrong ones that cost nothing: fingers slip.
FREE = 10
# Seconds; a right token is never kept out for longer than this after the last wrong one.
LONGEST_PAUSE = 5.0
FORGOTTEN_AFTER = 300.0
REMEMBERED = 10_000


class Tries:
    """Counts wrong tokens by the address that they come from; for one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # How many, and until when the next is not looked at; the latest last.
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._wrong)

    def pause(self, address: str) -> float:
        """Return for how many seconds nothing that *address* sends is looked at."""
        _, until = self._wrong.get(address, (0, 0.0))
        return max(0.0, until - self._clock())

    def was_wrong(self, address: str) -> None:
        """Count a wrong token."""
        now = self._clock()
        count, until = self._wrong.pop(address, (0, 0.0))
        count = 1 if now > until + FORGOTTEN_AFTER else count + 1
        pause = min(LONGEST_PAUSE, float(count - FREE)) if count > FREE else 0.0
        self._wrong[address] = count, now + pause
        if len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
