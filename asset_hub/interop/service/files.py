"""Files that were sent: kept in the database in pieces, so that any worker can read them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import IO, BinaryIO
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from asset_hub.core.errors import RuleBroken
from asset_hub.interop.models import ImportChunk, ImportFile
from asset_hub.interop.reading.texts import clean

CHUNK = 1 << 20
MOST_BYTES = 60_000_000
TOO_LARGE = "The file has more than 60 MB. Split it, and import the parts under the same name."


def keep_file(
    session: Session, stream: IO[bytes], *, name: str, community_id: UUID, now: datetime
) -> ImportFile:
    """Keep a file; raise RuleBroken for an empty one and one that is too large."""
    found = ImportFile(
        community_id=community_id, name=clean.text(name)[:200] or "file", size=0, digest="",
        created_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    digest, number = sha256(), 0
    while chunk := stream.read(CHUNK):
        found.size += len(chunk)
        if found.size > MOST_BYTES:
            raise RuleBroken(TOO_LARGE, field="file")
        digest.update(chunk)
        session.add(ImportChunk(file_id=found.id, number=number, data=chunk))
        session.flush()
        session.expire_all()  # a piece that is written need not stay in memory
        number += 1
    if not number:
        raise RuleBroken("The file is empty", field="file")
    found.digest = digest.hexdigest()
    session.add(found)
    session.flush()
    return found


@contextmanager
def unpacked(session: Session, file_id: UUID) -> Iterator[BinaryIO]:
    """Yield a nameless file with the content of a kept one; it vanishes with the process."""
    with tempfile.TemporaryFile() as file:
        numbers = select(col(ImportChunk.number)).where(col(ImportChunk.file_id) == file_id)
        for number in session.execute(numbers.order_by(col(ImportChunk.number))).scalars().all():
            piece = select(col(ImportChunk.data)).where(
                col(ImportChunk.file_id) == file_id, col(ImportChunk.number) == number
            )
            file.write(session.execute(piece).scalar_one())
        session.rollback()
        file.seek(0)
        yield file


def empty(session: Session, file: ImportFile, *, now: datetime) -> None:
    """Forget a file's content; its name and size stay."""
    session.execute(delete(ImportChunk).where(col(ImportChunk.file_id) == file.id))
    file.emptied_at = now
    session.add(file)
