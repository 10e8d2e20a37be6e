"""What the person at the terminal reads: each line behind the name of the process it comes from."""

import sys
import threading
from typing import Final, TextIO

_COLOURS: Final = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
_WIDTH: Final = 9


class Console:
    """Prints whole lines from many threads; in colour on a terminal only."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._colours: dict[str, int] = {}
        self._one_at_a_time = threading.Lock()

    @property
    def for_people(self) -> bool:
        """Whether somebody looks at it, and not a file."""
        return self._out.isatty()

    def line(self, name: str, text: str) -> None:
        """One line of the process `name`."""
        self._print(f"{self._paint(name, self._colour(name))} | {text}")

    def say(self, text: str) -> None:
        """One line of the run itself."""
        self._print(f"{self._paint('local', 1)} | {text}")

    def show(self, text: str) -> None:
        """Text without a name in front: the table, the calls to paste."""
        self._print(text)

    def _colour(self, name: str) -> int:
        return self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])

    def _paint(self, name: str, colour: int) -> str:
        padded = name.ljust(_WIDTH)
        return f"\033[{colour}m{padded}\033[0m" if self.for_people else padded

    def _print(self, text: str) -> None:
        with self._one_at_a_time:
            print(text, file=self._out, flush=True)
