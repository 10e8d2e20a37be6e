"""The files of a draw as one zip: not compressed, so that every machine makes the same bytes and may insist on them."""

import io
import unicodedata
import zipfile

from services.stalls.draw.damage import REPACKED, ArchiveDamaged, ArchiveTooLarge, FileDamaged
from services.stalls.draw.files import Files

LONG_AGO = (1980, 1, 1, 0, 0, 0)
MOST_BYTES = 1 << 30
UNIX, REGULAR_FILE = 3, 0o644 << 16


def pack(files: Files) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as zipped:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system, entry.external_attr = UNIX, REGULAR_FILE
            zipped.writestr(entry, files[name].encode("utf-8"))
    return target.getvalue()


def unpack(data: bytes, most_bytes: int = MOST_BYTES) -> dict[str, str]:
    """File name → text. Raises ArchiveDamaged where a byte is not as `pack` writes it, ArchiveTooLarge, FileDamaged."""
    if len(data) > most_bytes:
        raise ArchiveTooLarge(most=most_bytes)
    files = {name: text(name, content) for name, content in _contents(data).items()}
    if pack(files) != data:
        raise ArchiveDamaged(why=REPACKED)
    return files


def _contents(data: bytes) -> dict[str, bytes]:
    """Nothing in it unfolds to more than it is: compressed entries are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zipped:
            entries = {entry.filename: entry for entry in zipped.infolist()}
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries.values()):
                raise ArchiveDamaged(why=REPACKED)
            if sum(entry.file_size for entry in entries.values()) > len(data):
                raise ArchiveDamaged(why=REPACKED)  # entries that lie in each other: a bomb
            return {name: zipped.read(entry) for name, entry in entries.items()}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise ArchiveDamaged(why=str(error)[:100] or type(error).__name__) from error


def text(name: str, content: bytes) -> str:
    """Raises FileDamaged for what is no UTF-8 in NFC."""
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileDamaged(file=name, byte=error.start) from error
    normal = unicodedata.normalize("NFC", decoded)
    if normal != decoded:
        raise FileDamaged(file=name, byte=_first_difference(normal.encode("utf-8"), content))
    return decoded


def _first_difference(left: bytes, right: bytes) -> int:
    return next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
