"""A lake whose rows lie in a bucket: both hosts have them, and a wrong one is told."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace

import buckets
import duckdb
import pytest

from warehouse.errors import LakeUnavailable
from warehouse.file.connect import transaction
from warehouse.lake.address import BucketKeys, LakeAddress, check_bucket, keys_of
from warehouse.lake.replica import refresh_replica
from warehouse.lake.writer import keep_in_order, writer


@pytest.fixture
def bucket():
    with buckets.running() as server:
        yield server


@pytest.fixture
def address(postgres, bucket, request):
    """An empty lake in that bucket."""
    catalog = postgres.make_database(f"bucket{abs(hash(request.node.name)) % 10**8}")
    return LakeAddress(catalog, "s3://news/lake", keys_of(bucket.environment))


@pytest.mark.lake
@pytest.mark.long
def test_rows_in_a_bucket_are_those_of_all_hosts(tmp_path, address, bucket):
    """Written by one, read by the other, and kept in order; nothing lies elsewhere."""
    zones = ("Europe/Paris", "Asia/Tokyo")
    for zone in zones:
        with writer(tmp_path / "one", address, command="test") as con, transaction(con):
            con.execute("update reporting set zone = $zone", {"zone": zone})
        path = refresh_replica(tmp_path / "two", address, command="test")
        with closing(duckdb.connect(path)) as con:
            assert con.execute("select zone from reporting").fetchall() == [(zone,)]

    before, after = keep_in_order(tmp_path / "one", address, command="test")
    assert before.files > 0
    assert after.files > 0
    assert bucket.objects
    assert all(path.startswith("/news/lake/main/") for path in bucket.objects)
    path = refresh_replica(tmp_path / "two", address, command="test")
    with closing(duckdb.connect(path)) as con:
        assert con.execute("select zone from reporting").fetchall() == [(zones[-1],)]


@pytest.mark.lake
def test_nothing_beside_the_lake_can_be_reached(tmp_path, address, bucket):
    """No other object of that bucket, nothing on the web, no file of this machine."""
    bucket.objects["/news/other.txt"] = b"private"
    with writer(tmp_path / "one", address, command="test") as con:
        for place in ("s3://news/other.txt", f"{address.keys.endpoint}/x", "/etc/hostname"):
            with pytest.raises(duckdb.PermissionException):
                con.execute("from read_text($place)", {"place": place})


@pytest.mark.lake
def test_a_bucket_that_cannot_be_used_is_told_with_a_remedy(tmp_path, address, bucket):
    """Not empty, of other keys, away: a sentence that names the bucket, and no secret."""
    bucket.objects["/news/lake/notes.txt"] = b"ours"
    stranger = replace(address, keys=replace(address.keys, key_id="stranger"))
    away = replace(address, keys=replace(address.keys, endpoint="http://127.0.0.1:1"))
    for wrong, said in {
        address: "s3://news/lake is not empty",
        stranger: "s3://news/lake, the lake's bucket, cannot be used: .*AWS_ACCESS_KEY_ID",
        away: "s3://news/lake, the lake's bucket, cannot be used: .*AWS_ENDPOINT_URL",
    }.items():
        with (
            pytest.raises(LakeUnavailable, match=said) as told,
            writer(tmp_path / "one", wrong, command="test"),
        ):
            pass
        assert buckets.SECRET not in str(told.value)


@pytest.mark.lake
def test_an_object_that_is_gone_is_told_of(tmp_path, address, bucket):
    """As a file is; else whoever kept the bucket would look for wrong keys."""
    with writer(tmp_path / "one", address, command="test"):
        pass
    kept = dict(bucket.objects)
    for path in kept:
        if "/schema_migrations/" in path:
            del bucket.objects[path]
    with (
        pytest.raises(LakeUnavailable, match=r"lacks a file .*schema_migrations.*restore"),
        writer(tmp_path / "one", address, command="test"),
    ):
        pass
    bucket.objects.update(kept)
    with writer(tmp_path / "one", address, command="test"):
        pass


def test_keys_come_from_the_names_that_all_clients_read():
    """What stands for S3 alone wins; what is not set is empty, a secret is not shown."""
    keys = keys_of(
        {
            "AWS_ENDPOINT_URL": "https://other.example",
            "AWS_ENDPOINT_URL_S3": "https://s3.example:9000",
            "AWS_SECRET_ACCESS_KEY": "geheim",
            "AWS_DEFAULT_REGION": "cn-north-1",
        }
    )
    assert keys == BucketKeys(
        secret="geheim",
        region="cn-north-1",
        endpoint="https://s3.example:9000",
    )
    assert "geheim" not in repr(keys)
    with pytest.raises(ValueError, match="AWS_ENDPOINT_URL is not http"):
        keys_of({"AWS_ENDPOINT_URL": "s3.example"})


@pytest.mark.parametrize("text", ["s3://", "s3://x/y z", "s3://News/lake", "s3://n/a?b=1"])
def test_what_is_no_bucket_is_refused(text):
    """Whatever it is, it is repeated."""
    with pytest.raises(ValueError, match=re.escape(text)):
        check_bucket(text)


def test_a_slash_at_the_end_is_no_part_of_it():
    """So hosts that write it in both ways have one lake."""
    assert check_bucket("s3://news/lake/") == check_bucket("s3://news/lake")
