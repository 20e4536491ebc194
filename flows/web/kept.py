"""Pages that were made, kept until another publication comes or room is needed."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from flows.web.answer import Answer
from warehouse.file.open_publication import PublicationMark

# Bytes: a thousand pages, and a sixth of what the process may take.
ROOM = 64_000_000
# Pages that are made anew at once when a publication comes.
WARMED = 12
A = TypeVar("A")


class KeptPages(Generic[A]):
    """The pages of one publication; those not read for longest make room for new ones.

    With each is kept what it was asked by, so that it can be made again. For one thread.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.mark: PublicationMark | None = None
        self.used = 0
        self._pages: OrderedDict[Hashable, tuple[Answer, A]] = OrderedDict()
        self._views: Counter[Hashable] = Counter()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, mark: PublicationMark | None, key: Hashable) -> Answer | None:
        """Return the page of *key* in the publication *mark*, None where it is not kept."""
        if mark != self.mark or (found := self._pages.get(key)) is None:
            return None
        self._views[key] += 1
        self._pages.move_to_end(key)
        return found[0]

    def put(self, mark: PublicationMark, key: Hashable, page: Answer, asked: A) -> list[A]:
        """Keep *page*; of a former publication return what the most read were asked by."""
        popular = self._begin(mark) if mark != self.mark else []
        if former := self._pages.pop(key, None):
            self.used -= former[0].size
        self._pages[key] = page, asked
        self._views[key] += 1
        self.used += page.size
        while self.used > self.room:
            oldest, (gone, _) = self._pages.popitem(last=False)
            self._views.pop(oldest, None)
            self.used -= gone.size
        return popular

    def _begin(self, mark: PublicationMark) -> list[A]:
        most = [key for key, _ in self._views.most_common(WARMED)]
        popular = [self._pages[key][1] for key in most]
        self.mark, self.used = mark, 0
        self._pages.clear()
        self._views.clear()
        return popular
