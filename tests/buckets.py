"""A bucket server for tests: the part of S3 that DuckDB speaks, over real HTTP.

It keeps objects in memory, and lets in who signs with its key id; it does not look at the
signature.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

KEY_ID = "newsroom"
SECRET = "known-to-few"


class Bucket(ThreadingHTTPServer):
    """The service; ``objects`` are bytes by path."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects, self.parts = {}, {}

    @property
    def environment(self):
        """How its clients are told where it is, and who they are."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server_port}",
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }


@contextmanager
def running():
    """A :class:`Bucket` in a thread."""
    with Bucket() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", len(body))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _ask(self):
        """Return path, query and body; None where it was refused."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if f"Credential={KEY_ID}/" not in self.headers.get("Authorization", ""):
            self._answer(403, b"<Error><Code>InvalidAccessKeyId</Code></Error>")
            return None
        address = urlsplit(self.path)
        query = parse_qs(address.query, keep_blank_values=True)
        return unquote(address.path), {k: v[0] for k, v in query.items()}, body

    def do_GET(self):
        if (asked := self._ask()) is None:
            return
        path, query, _ = asked
        if "list-type" in query:
            self._list(path.strip("/"), query.get("prefix", ""))
            return
        whole = self.server.objects.get(path)
        if whole is None:
            self._answer(404)
        elif span := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            first, last = int(span[1]), min(int(span[2] or len(whole)), len(whole) - 1)
            told = f"bytes {first}-{last}/{len(whole)}"
            self._answer(206, whole[first : last + 1], Content_Range=told, ETag='"e"')
        else:
            self._answer(200, whole, ETag='"e"')

    def do_HEAD(self):
        if (asked := self._ask()) is None:
            return
        whole = self.server.objects.get(asked[0])
        if whole is None:
            self._answer(404)
        else:
            self._answer(
                *(200, b""), Content_Length=len(whole), Accept_Ranges="bytes", ETag='"e"'
            )

    def do_PUT(self):
        if (asked := self._ask()) is None:
            return
        path, query, body = asked
        if "uploadId" in query:
            self.server.parts.setdefault(path, {})[int(query["partNumber"])] = body
        else:
            self.server.objects[path] = body
        self._answer(200, ETag='"e"')

    def do_POST(self):
        if (asked := self._ask()) is None:
            return
        path, query, body = asked
        if "uploads" in query:
            told = b"<InitiateMultipartUploadResult><UploadId>u</UploadId>"
            self._answer(200, told + b"</InitiateMultipartUploadResult>")
        elif "delete" in query:
            for key in re.findall(rb"<Key>(.*?)</Key>", body):
                self.server.objects.pop(f"{path.rstrip('/')}/{key.decode()}", None)
            self._answer(200, b"<DeleteResult></DeleteResult>")
        else:
            parts = self.server.parts.pop(path)
            self.server.objects[path] = b"".join(parts[n] for n in sorted(parts))
            self._answer(200, b"<CompleteMultipartUploadResult/>")

    def do_DELETE(self):
        if (asked := self._ask()) is None:
            return
        self.server.objects.pop(asked[0], None)
        self._answer(204)

    def _list(self, bucket, prefix):
        found = "".join(
            f"<Contents><Key>{path.removeprefix(f'/{bucket}/')}</Key>"
            f"<LastModified>2026-08-04T04:00:00.000Z</LastModified><ETag>e</ETag>"
            f"<Size>{len(whole)}</Size></Contents>"
            for path, whole in sorted(self.server.objects.items())
            if path.startswith(f"/{bucket}/{prefix}")
        )
        said = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}"
        self._answer(200, f"{said}</ListBucketResult>".encode())

    def log_message(self, *_):
        pass
