"""The files that were sent: sealed under the organization's key, each for its own job, in the storage."""

from collections.abc import Iterator
from uuid import UUID

from shared.crypto.stream import StreamSealer, unseal_stream
from syncserver.kit.forms import UploadedFile
from syncserver.kit.logging import fault_of, log
from syncserver.kit.storage import Storage, StorageUnavailable

PREFIX = "originals/"


def sealer(key: bytes, organization_id: UUID, job_id: UUID) -> StreamSealer:
    """Seals the original of the job."""
    return StreamSealer(key, _context(organization_id, job_id))


def keep(storage: Storage, organization_id: UUID, file: UploadedFile) -> None:
    """The file, which is sealed already, is the original of the job with its id. Raises StorageUnavailable."""
    storage.put(object_name(organization_id, file.id), file.sealed)


def opened(storage: Storage, key: bytes, organization_id: UUID, job_id: UUID) -> Iterator[bytes]:
    """The original as it was sent. Raises ObjectMissing at once, SealBroken on the way."""
    sealed = storage.get(object_name(organization_id, job_id))
    return unseal_stream(key, sealed, _context(organization_id, job_id))


def drop(storage: Storage, organization_id: UUID, job_id: UUID) -> None:
    """The original is gone; where the storage does not answer, the sweep finds it later."""
    try:
        storage.delete(object_name(organization_id, job_id))
    except StorageUnavailable as error:
        log.warning("original_not_deleted", job_id=str(job_id), **fault_of(error))


def object_name(organization_id: UUID, job_id: UUID) -> str:
    """Where it lies."""
    return f"{PREFIX}{organization_id}/{job_id}"


def of_object(name: str) -> tuple[UUID, UUID] | None:
    """The organization and the job that an object belongs to; None where it is none of ours."""
    try:
        organization, job = name.removeprefix(PREFIX).split("/")
        return UUID(organization), UUID(job)
    except ValueError:
        return None


def _context(organization_id: UUID, job_id: UUID) -> bytes:
    return f"original:{organization_id}:{job_id}".encode()
