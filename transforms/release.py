"""Release number: the single source, read by the package's version.

Reading it from installed metadata would cost every command 30 ms.
"""

from __future__ import annotations

VERSION = "0.1.0"
