"""The tables of a draw as Parquet, for those who compute with them: derived, never what a digest goes over."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from services.stalls.draw.files import COLUMNS, FORMAT, FORMER, INPUTS, OUTCOME, PLAN
from services.stalls.draw.running import Progress
from services.stalls.draw.sources import Source

TABLES = (*INPUTS, *PLAN, *OUTCOME)
TEXTS = {"ticket", "district", "block", "note", "stage", "waiting", "upgrade"}
WORDS = {"stages", "tags", "categories", "fallback"}
BLOCK_BYTES = 1 << 22


def written(source: Source, folder: Path, progress: Progress | None = None) -> list[Path]:
    """A file for each table the source has, of the same rows and columns; each whole or not at all.

    Words are lists of strings, `upgrade` is true or false, what is empty is null. Raises FileAbsent, FileChanged,
    OSError, and ValueError for what is no table: `verify` says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names, found = [name for name in TABLES if name in source.names()], []
    for number, name in enumerate(names):
        if progress is not None:
            progress("write", number, len(names))
        target = folder / f"{Path(name).stem}.parquet"
        unfinished = target.with_name(f".{target.name}.part")
        try:
            _write(source, name, unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        found.append(target)
    return found


def _write(source: Source, name: str, target: Path) -> None:
    columns = _columns(source, name)
    schema = pa.schema([(column, _kept_as(column)) for column in columns], metadata={"format": FORMAT})
    read_as = {column: pa.string() if pa.types.is_list(_kept_as(column)) else _read_as(column) for column in columns}
    options = pyarrow.csv.ConvertOptions(column_types=read_as, strings_can_be_null=True, null_values=[""])
    lines = pa.PythonFile(_Pieces(source.chunks(name)), mode="r")
    reading = pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES)
    with (
        pyarrow.csv.open_csv(lines, read_options=reading, convert_options=options) as batches,
        pq.ParquetWriter(target, schema, compression="zstd") as file,
    ):
        for batch in batches:
            file.write_batch(pa.record_batch([_kept(batch[column], column) for column in columns], schema=schema))


def _columns(source: Source, name: str) -> tuple[str, ...]:
    head = next(iter(source.chunks(name)), b"").partition(b"\n")[0].decode("utf-8", "replace")
    return FORMER[name] if name in FORMER and tuple(head.split(",")) == FORMER[name] else COLUMNS[name]


def _read_as(column: str) -> pa.DataType:
    return pa.string() if column in TEXTS else pa.int32()


def _kept_as(column: str) -> pa.DataType:
    if column == "upgrade":
        return pa.bool_()
    return pa.list_(pa.string()) if column in WORDS else _read_as(column)


def _kept(values: pa.Array, column: str) -> pa.Array:
    if column == "upgrade":
        return pc.is_valid(values)
    return pc.split_pattern(values, " ") if column in WORDS else values


class _Pieces:
    """Chunks as a file that is read from start to end."""

    closed = False

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._rest += chunk
        size = len(self._rest) if size < 0 else size
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def close(self) -> None:
        self.closed = True
