"""What ``sinowire doctor`` found of one thing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    what: str
    state: Literal["good", "warn", "bad"]
    detail: str
    remedy: str = ""

    def row(self) -> dict[str, Any]:
        """Return it as a row to print."""
        return asdict(self)
