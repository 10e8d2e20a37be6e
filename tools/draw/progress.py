"""A bar on the terminal while long work goes on; where nobody looks, nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.errors import Language

Words = dict[Language, str]
STAGES: dict[str, Words] = {
    "read": {"mr": "वाचन", "hi": "पढ़ना", "en": "reading"},
    "line_up": {"mr": "रांग लावणे", "hi": "पंक्ति बनाना", "en": "lining up"},
    "allocate": {"mr": "स्टॉल वाटप", "hi": "स्टॉल बाँटना", "en": "allotting stalls"},
    "reasons": {"mr": "कारणे", "hi": "कारण", "en": "reasons"},
    "compare": {"mr": "तुलना", "hi": "मिलान", "en": "comparing"},
    "check": {"mr": "तपासणी", "hi": "जाँच", "en": "checking"},
    "seeds": {"mr": "बीजे", "hi": "बीज", "en": "seeds"},
    "count": {"mr": "मोजणी", "hi": "गिनती", "en": "counting"},
    "write": {"mr": "लिहिणे", "hi": "लिखना", "en": "writing"},
}


@contextmanager
def shown(language: Language) -> Iterator[Callable[[str, int, int], None]]:
    """Is told the stage, how much of it is done and how much there is; draws on stderr if that is a terminal."""
    if not sys.stderr.isatty():
        yield _nowhere
        return
    from rich.console import Console  # noqa: PLC0415  takes a third of the time that --help has
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bars:
        known: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in known:
                known[stage] = bars.add_task(STAGES.get(stage, {}).get(language, stage), total=total)
            bars.update(known[stage], completed=done, total=max(total, 1))

        yield tell


def _nowhere(_stage: str, _done: int, _total: int) -> None:
    pass
