"""Errors of the warehouse.

WarehouseError
├── CatalogAway        the lake's PostgreSQL does not answer, or closed the connection
├── CatalogRefused     the lake's PostgreSQL refuses the login
├── LakeUnavailable    a requirement is missing: package, DuckDB version, bucket
│   └── LakeFolderAway its folder is missing or not writable
├── TurnLost           we lost the lake's write lock, and another host wrote
├── WarehouseBusy      another process held the write lock for too long
├── WarehouseCramped   DuckDB ran out of its memory limit
├── WarehouseDamaged   the file cannot be read
├── WarehouseDenied    this user may not write the file or its disk
├── WarehouseExists    a new warehouse was requested where one exists
├── WarehouseFull      the disk is full
├── WarehouseMissing   the file is gone, but a former one left traces
├── WarehouseNewer     the file was written by a later sinowire or DuckDB
├── WarehouseOlder     the file predates the first release
├── MigrationError     an applied migration was edited
├── NotPublished       there is no published file yet
├── PublishError       the published file could not be replaced; the old one stands
└── TransferError      an export, import, backup or restore failed
    ├── NoExport       the folder to import is no export
    └── NoRelease      the span of a release has no articles, or its folder is taken

Every message ends with a remedy.
"""

from __future__ import annotations

from pathlib import Path

# What to do about a damaged file depends on what the file is for.
RESTORE = (
    "bring a copy back with `sinowire restore FILE`, or move the file aside and begin anew "
    "with `sinowire run --new`"
)
PUBLISH_ANEW = (
    "it is only a copy for readers: delete it, and the next `sinowire run` writes it anew"
)
# The last version that brings up what was written before the baseline of migrations.
GO_THROUGH = (
    "write to it once with the version of commit 8e51f5d3 (`sinowire run`, or `sinowire "
    "restore FILE` and then `sinowire run`), and go on with this one"
)
NO_BACKUP = "it is not a backup: name a file that `sinowire backup` made"


class WarehouseError(Exception):
    """The warehouse cannot perform the operation."""


class CatalogAway(WarehouseError):  # noqa: N818  (named for the state, like its siblings)
    """The lake's PostgreSQL does not answer, or closed the connection."""

    def __init__(self, lake: object, reason: str) -> None:
        super().__init__(
            f"the catalog of {lake} cannot be reached ({reason}); nothing half written is "
            "in the lake: see that PostgreSQL runs where and as `warehouse` in "
            "sinowire.toml says (host, port, sslmode), has connections left and can be "
            "reached from here, and run again"
        )


class CatalogRefused(WarehouseError):  # noqa: N818
    """The lake's PostgreSQL refuses the login."""

    def __init__(self, lake: object, reason: str) -> None:
        super().__init__(
            f"the catalog of {lake} refused us ({reason}); correct `warehouse` in "
            "sinowire.toml, or the password: a line of ~/.pgpass (or of the file of "
            "PGPASSFILE) has to fit host, port, database and user"
        )


class LakeUnavailable(WarehouseError):  # noqa: N818
    """A requirement of the lake is missing: package, DuckDB version, folder or bucket."""


class LakeFolderAway(LakeUnavailable):
    """The lake's folder is missing or not writable; another host may have it."""


class ClockOff(WarehouseError):  # noqa: N818
    """The clocks of this host and PostgreSQL differ by more than is tolerated."""

    def __init__(self, lake: object, seconds: float) -> None:
        way = "ahead of" if seconds > 0 else "behind"
        super().__init__(
            f"the clock of this host is {abs(seconds):.0f} s {way} that of {lake}; hosts "
            "of one lake need one time: set the clock that is wrong (NTP), and run again"
        )


class TurnLost(WarehouseError):  # noqa: N818
    """This host lost the write lock of the lake, and another host wrote meanwhile."""

    def __init__(self, lake: object, _reason: str = "", *, silent: str = "") -> None:
        cause, remedy = "", "the network between here and PostgreSQL"
        if silent:
            cause, remedy = f" after {silent} of silence", "what stopped this process"
        super().__init__(
            f"this host lost its turn on {lake}{cause}, and another one wrote meanwhile; "
            f"nothing of this commit is in the lake: see to {remedy}, and run again"
        )


class WarehouseBusy(WarehouseError):  # noqa: N818
    """Another process holds the write lock and did not release it in time."""

    def __init__(self, holder: str, waited: float) -> None:
        super().__init__(
            f"the warehouse is in use by {holder} and was not free after "
            f"{waited:.0f} s; wait for it to end, or stop it, and try again"
        )
        self.holder = holder
        self.waited = waited


class WarehouseCramped(WarehouseError):  # noqa: N818
    """DuckDB ran out of its memory limit; a higher limit lets the operation succeed."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} needs more memory than it may have ({reason}); nothing that was "
            "committed is lost: free some memory on this machine and run again"
        )


class WarehouseDamaged(WarehouseError):  # noqa: N818
    """The file cannot be read; it is left unchanged."""

    def __init__(self, path: object, reason: str, *, remedy: str = RESTORE) -> None:
        super().__init__(f"{path} is damaged ({reason}); nothing was changed: {remedy}")


class WarehouseDenied(WarehouseError):  # noqa: N818
    """This user may not write the file or its disk."""


class WarehouseExists(WarehouseError):  # noqa: N818
    """A new warehouse was requested where one exists."""

    def __init__(self, what: object, *, instead: str = "move the file aside first") -> None:
        super().__init__(
            f"{what} exists, and --new starts only where there is none; "
            f"run without it, or {instead}"
        )


class WarehouseFull(WarehouseError):  # noqa: N818
    """The disk is full; everything committed before is kept."""

    def __init__(self, path: Path, free: int) -> None:
        super().__init__(
            f"no room is left to write {path} ({free / 1e6:.0f} MB are free); nothing "
            "that was committed is lost: make room on that disk and run again"
        )


class WarehouseMissing(WarehouseError):  # noqa: N818
    """The file is missing or empty, but a former one left *former* or its log."""

    def __init__(self, path: Path, former: Path | None) -> None:
        said = f"{former} is there" if former else "its log is there"
        remedy = f"`sinowire restore {former or 'FILE'}`"
        super().__init__(
            f"{path} is missing, but {said}: an empty warehouse would take its place; "
            f"bring it back with {remedy}, or begin anew with `sinowire run --new`"
        )
        self.former = former


class WarehouseNewer(WarehouseError):  # noqa: N818
    """The file was written by a later version than this one."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            f"{path} was written by a later version ({reason}); nothing was changed: "
            "upgrade sinowire, or use another home"
        )


class WarehouseOlder(WarehouseError):  # noqa: N818
    """The file predates the first release."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            f"{path} was written by a version from before 0.1.0 ({reason}); nothing was "
            f"changed: {GO_THROUGH}"
        )


class MigrationError(WarehouseError):
    """The file and the migrations of this version disagree."""


class NotPublished(WarehouseError):  # noqa: N818
    """There is no published file to read yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} does not exist: nothing has been published yet; `sinowire run` "
            "publishes after its first pass (or is the home another folder?)"
        )


class PublishedByAnother(WarehouseError):  # noqa: N818
    """The published file was written by another version of sinowire."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was written by another version of sinowire, and lacks what this one "
            "asks for; `sinowire run` publishes it anew"
        )


class PublishError(WarehouseError):
    """The published file could not be replaced; the old one stands."""


class TransferError(WarehouseError):
    """An export, import, backup or restore failed."""


class NoExport(TransferError):  # noqa: N818
    """The folder to import is no export."""

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path = path
        self.problem = problem
        self.remedy = remedy


class NoRelease(TransferError):  # noqa: N818
    """A release cannot be made as it was asked for."""
