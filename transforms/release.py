"""Which release this is: the one place; the package takes its version from here.

Reading it from the installed metadata would cost every command 30 ms.
"""

from __future__ import annotations

VERSION = "0.1.0"
