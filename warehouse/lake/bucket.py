"""A lake's rows in a bucket: object storage that speaks S3, in place of a folder.

Its address is ``s3://bucket/prefix``. Where the service is and with which keys it is asked
stands in the environment, by the names that all its clients read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SCHEME = "s3://"
_FORM = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w!.*'()/-]*)?")
# Where no other is named: that of Amazon's own, and servers elsewhere take any.
_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class BucketKeys:
    """Where the service is, and who we are there; tells no secret."""

    key_id: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    region: str = _REGION
    endpoint: str = ""


def check_bucket(text: str) -> str:
    """Return the address of a bucket without a slash at its end.

    Raises:
        ValueError: It is no such address.
    """
    if not _FORM.fullmatch(text):
        raise ValueError(f"{text!r} is not s3://bucket/prefix")
    return text.rstrip("/")


def keys_of(environment: Mapping[str, str]) -> BucketKeys:
    """Return what the environment says of the service.

    Raises:
        ValueError: Its endpoint is no address.
    """

    def first(*names: str) -> str:
        return next((environment[name] for name in names if environment.get(name)), "")

    endpoint = first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    if endpoint and not re.match(r"https?://[^/@]+/?$", endpoint):
        raise ValueError("AWS_ENDPOINT_URL is not http://host:port or https://host:port")
    return BucketKeys(
        key_id=first("AWS_ACCESS_KEY_ID"),
        secret=first("AWS_SECRET_ACCESS_KEY"),
        token=first("AWS_SESSION_TOKEN"),
        region=first("AWS_REGION", "AWS_DEFAULT_REGION") or _REGION,
        endpoint=endpoint,
    )
