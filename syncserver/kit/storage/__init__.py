"""Where large objects rest: files in the data directory, or an S3-compatible bucket; `port.py` says what either does.

What is put here is sealed already (`shared.crypto.stream`), so a bucket's own presigned links would hand out
ciphertext: the server signs links of its own (`links.py`) and unseals on the way, over both alike.
"""

from syncserver.kit.storage.opening import open_storage
from syncserver.kit.storage.port import ObjectMissing, Storage, StorageUnavailable, StoredObject

__all__ = ["ObjectMissing", "Storage", "StorageUnavailable", "StoredObject", "open_storage"]
