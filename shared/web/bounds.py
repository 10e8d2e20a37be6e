"""How long what stands in an address may be: longer than anything of ours, shorter than what the database refuses."""

from typing import Annotated

from fastapi import Path, Query

LONGEST = 200

PathId = Annotated[str, Path(max_length=LONGEST)]
Filter = Annotated[str | None, Query(max_length=LONGEST)]
Words = Annotated[str | None, Query(max_length=LONGEST, description="finds words by how they begin")]
