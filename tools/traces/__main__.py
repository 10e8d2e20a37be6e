"""`.venv/bin/python -m tools.traces`: shows the traces of a system that was started with OTLP_ENDPOINT."""

import threading
import time
from collections import OrderedDict
from typing import Annotated

import typer

from tools.traces.receiver import Receiver, Span
from tools.traces.tree import is_batch, tree

QUIET_SECONDS = 3.0  # a process sends once a second
MOST_TRACES = 5_000
EXAMPLE = "Then:  OTLP_ENDPOINT={url} make run"


class Shown:
    """Traces by id; one is shown when nothing came for a while, and whole again when more comes later."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.traces: OrderedDict[str, list[Span]] = OrderedDict()
        self.changed: dict[str, float] = {}

    def take(self, spans: list[Span]) -> None:
        with self.lock:
            for span in spans:
                self.traces.setdefault(span.trace, []).append(span)
                self.changed[span.trace] = time.monotonic()
            while len(self.traces) > MOST_TRACES:
                self.changed.pop(self.traces.popitem(last=False)[0], None)

    def due(self, now: float) -> list[list[Span]]:
        """The traces to show now."""
        with self.lock:
            quiet = [id_ for id_, at in self.changed.items() if now - at >= QUIET_SECONDS]
            for id_ in quiet:
                del self.changed[id_]
            return [list(self.traces[id_]) for id_ in quiet]


def wanted(spans: list[Span], *, batches: bool, errors: bool, only: str) -> bool:
    failed = any(span.error for span in spans)
    named = any(only in span.name for span in spans)
    return named and (batches or not is_batch(spans)) and (failed or not errors)


def main(
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1; 0 takes a free one.")] = 4318,
    batches: Annotated[bool, typer.Option(help="Show the transactions of consumers too.")] = False,
    errors: Annotated[bool, typer.Option(help="Only traces in which something failed.")] = False,
    only: Annotated[str, typer.Option(help="Only traces with such a span: 'POST /v1/orders', 'timer'.")] = "",
) -> None:
    """Take traces and show each as a tree, until Ctrl-C. Nothing is kept."""
    shown = Shown()
    try:
        with Receiver(port, shown.take) as receiver:
            typer.echo(f"listening on {receiver.url}\n{EXAMPLE.format(url=receiver.url)}\n")
            while True:
                time.sleep(0.5)
                for spans in shown.due(time.monotonic()):
                    if wanted(spans, batches=batches, errors=errors, only=only):
                        typer.echo(f"{tree(spans)}\n")
    except KeyboardInterrupt:
        raise typer.Exit from None
    except OSError as error:
        typer.echo(f"127.0.0.1:{port} cannot be listened on: {error.strerror}. Choose another --port.", err=True)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    typer.run(main)
