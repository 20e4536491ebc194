"""The style sheet and the script: read once, under addresses that change with them."""

from __future__ import annotations

from hashlib import blake2b
from importlib.resources import files

from flows.web.answer import Answer, make_answer

MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FOREVER = (("cache-control", "private, max-age=31536000, immutable"),)
FOLDER = files("flows.web") / "static"
NAMES = ("desk.css", "desk.js")


def _read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


# What pages link to: the name with a mark of the contents.
STAMPED = {
    name: f"/static/{name}?v={blake2b(_read(name), digest_size=6).hexdigest()}"
    for name in NAMES
}
FILES: dict[str, Answer] = {
    name: make_answer(_read(name), media=MEDIA[name[name.rindex(".") :]], headers=FOREVER)
    for name in NAMES
}
