"""What is asked before a list is started whose groups stand under another programme."""

from collections.abc import Awaitable, Callable, Sequence

from shared.errors import Conflict
from shared.imports.domain import Import
from shared.lists.rows import Line
from shared.mongo import Database

Doubts = Callable[[Database, Import, Sequence[Line]], Awaitable[str]]
"""Another programme, under which most of a list's first groups stand already; empty where there is none."""


class AnotherProgramme(Conflict):
    """Most of the first groups in {file} stand under {there}, not {said}. Import it there, or start with sure=true."""

    mr = "{file} मधील पहिले बहुतेक गट {said} नव्हे, {there} खाली आहेत. तेथे आयात करा, किंवा sure=true देऊन सुरू करा."
    hi = "{file} के पहले अधिकतर समूह {said} नहीं, {there} में हैं। वहाँ आयात करें, या sure=true देकर शुरू करें।"


def require_sure(job: Import) -> None:
    """Raises AnotherProgramme; of a dry run everything may be asked."""
    for file in job.files if job.status == "open" and not job.dry_run else ():
        if file.stands_under:
            raise AnotherProgramme(file=file.name, there=file.stands_under, said=job.programme)
