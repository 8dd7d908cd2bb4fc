"""Which storage the settings name."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from syncserver.kit.storage.files import FileStorage
from syncserver.kit.storage.port import Storage
from syncserver.kit.storage.s3 import s3_storage
from syncserver.settings import Settings

_FOLDER = "objects"


def open_storage(settings: Settings) -> Storage:
    """The configured storage; without one, a folder of the data directory. It is not asked yet."""
    if settings.storage_url is None:
        return FileStorage(settings.data_dir / _FOLDER)
    if settings.storage_url.startswith("s3://"):
        return s3_storage(settings.storage_url)
    return FileStorage(Path(unquote(urlsplit(settings.storage_url).path)))
