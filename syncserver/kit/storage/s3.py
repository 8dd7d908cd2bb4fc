"""Objects in an S3-compatible bucket. Credentials come the way of every AWS tool: variables, profile or role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from syncserver.kit.storage.port import PIECE_BYTES, StorageUnavailable, StoredObject, checked_name, missing

_CONNECT_S, _READ_S = 5, 60
_MISSING = {"404", "NoSuchKey", "NotFound"}


@dataclass(frozen=True)
class S3Storage:
    """In `bucket`, below `prefix` (empty, or ending in a slash)."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = "us-east-1"

    def put(self, name: str, source: BinaryIO) -> None:
        """As the port says. Large objects go in parts, which become visible together."""
        with _answering():
            self._client.upload_fileobj(source, self.bucket, self._key(name))

    def get(self, name: str) -> Iterator[bytes]:
        """As the port says."""
        with _answering():
            body = self._client.get_object(Bucket=self.bucket, Key=self._key(name))["Body"]
        return _pieces(body)

    def stat(self, name: str) -> StoredObject:
        """As the port says."""
        with _answering():
            known = self._client.head_object(Bucket=self.bucket, Key=self._key(name))
        return StoredObject(name, known["ContentLength"], known["LastModified"])

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """As the port says."""
        with _answering():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix + prefix
            )
            for page in pages:
                for found in page.get("Contents", []):
                    yield StoredObject(found["Key"].removeprefix(self.prefix), found["Size"], found["LastModified"])

    def delete(self, name: str) -> None:
        """As the port says."""
        with _answering():
            self._client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def check(self) -> None:
        """As the port says: an object is put and deleted, because one may be allowed to look and not to write."""
        with _answering():
            key = f"{self.prefix}check"
            self._client.put_object(Bucket=self.bucket, Key=key, Body=b"chartdrop")
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def _key(self, name: str) -> str:
        return self.prefix + checked_name(name)

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(
            signature_version="s3v4",
            connect_timeout=_CONNECT_S,
            read_timeout=_READ_S,
            retries={"mode": "standard", "max_attempts": 3},
            s3={"addressing_style": "path" if self.endpoint else "auto"},
            request_checksum_calculation="when_required",  # servers other than Amazon's refuse the newer trailers
            response_checksum_validation="when_required",
        )
        return boto3.session.Session().client("s3", endpoint_url=self.endpoint, region_name=self.region, config=config)


def s3_storage(url: str) -> S3Storage:
    """The storage that `s3://bucket[/prefix][?endpoint=…&region=…]` names. Raises ValueError."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if not parts.netloc or set(query) - {"endpoint", "region"}:
        raise ValueError("must be s3://bucket, with ?endpoint=… and &region=… where they are needed")
    prefix = parts.path.strip("/")
    return S3Storage(
        parts.netloc,
        f"{prefix}/" if prefix else "",
        query.get("endpoint", [None])[0],
        query.get("region", ["us-east-1"])[0],
    )


@contextmanager
def _answering() -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            raise missing() from error
        raise _unavailable() from error
    except (BotoCoreError, Boto3Error) as error:
        raise _unavailable() from error


def _unavailable() -> StorageUnavailable:
    return StorageUnavailable("The storage does not answer, or refuses. Nothing was lost; try again shortly.")


def _pieces(body: Any) -> Iterator[bytes]:
    with _answering(), body:
        while piece := body.read(PIECE_BYTES):
            yield piece
