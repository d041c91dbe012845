"""Which photos are kept, and that what is read is what was kept."""

import zlib

from core.errors import BadInput, StoreError

LARGEST = 8 * 2**20
"""Bytes of a photo."""

_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def media_type_of(data: bytes) -> str:
    """Return ``"image/png"`` or ``"image/jpeg"``, by the bytes a file of the kind begins with.

    Raises
    ------
    BadInput
        If it is neither, or larger than `LARGEST`.
    """
    if len(data) > LARGEST:
        raise BadInput(
            f"the photo has {len(data) / 2**20:.1f} MiB, more than {LARGEST / 2**20:g} MiB;",
            "make it smaller, or save it as JPEG.",
        )
    for magic, media_type in _MAGIC.items():
        if data.startswith(magic):
            return media_type
    raise BadInput(
        f"the photo of {len(data)} bytes is neither PNG nor JPEG by what it begins with;",
        "save it as one of them.",
    )


def checksum(media_type: str, data: bytes) -> int:
    """Return the unsigned CRC-32 that is stored with a photo."""
    return zlib.crc32(media_type.encode(), zlib.crc32(data))


def require_whole(photo: int, media_type: str, data: bytes, stored: int) -> None:
    """Raise a `StoreError` if a photo does not match its checksum."""
    if checksum(media_type, data) != stored:
        raise StoreError(
            f"photo {photo}: what is stored does not match its checksum, so it was damaged later;",
            "check the disk and take this store from a backup.",
        )
