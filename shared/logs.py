"""Logs: dotted facts with fields, one JSON object a line (or coloured for a person), and never a phone number."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shared import trace

if TYPE_CHECKING:
    from shared.settings import CommonSettings

log: structlog.stdlib.BoundLogger = structlog.get_logger()

MASK = "[phone]"
DIGIT = "[0-9०-९]"
GAP = r"[\s\-.()\u2010-\u2015]{0,2}"
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
HEX = r"\b[0-9a-fA-F]{16,}\b"
PRICE = r"₹\s?[0-9०-९.,]+"
DECIMAL = r"\b(?![6-9]\d{4}\.\d{5}\b)[0-9]+\.[0-9]+\b"
COUNTRY = rf"(?:\+|00|००)?[9९][1१]{GAP}|[0०]{GAP}"
"""What may stand before the ten digits: +91, 0091, 91, or a 0."""
MOBILE = rf"(?:{COUNTRY})?[6-9६-९](?:{GAP}{DIGIT}){{9}}"
LANDLINE = rf"(?:\+|00)91{GAP}[1-5](?:{GAP}{DIGIT}){{9}}|0[1-5](?:{GAP}{DIGIT}){{9}}"
PHONE = re.compile(rf"(?P<left>{UUID}|{HEX}|{PRICE}|{DECIMAL})|(?<![0-9०-९])(?:{MOBILE}|{LANDLINE})(?![0-9०-९])")

FIGURES = ("_paise", "_seconds", "_milliseconds", "_bytes", "_at", "offset", "sequence", "count", "version")
"""Ends of field names whose numbers are figures, however long."""
FIRST = ("timestamp", "level", "event")
OUR_OWN = {"timestamp", "level", "service", "request_id", "trace", "span"}
"""Made here, of digits and letters only: nothing to look for in them, on every line."""
CLIENTS = ("aiokafka", "kafka", "httpx", "uvicorn", "faust", "mode", "shared.streaming")
"""Chatter of libraries; Faust's classes log by the name of the module that subclasses them."""
QUIET = dict.fromkeys(CLIENTS, logging.WARNING)


def masked(text: str) -> str:
    """The text with a mask for all that looks like an Indian phone number."""
    return PHONE.sub(lambda found: found["left"] or MASK, text)


def _masked(value: Any, name: str = "") -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if name.endswith(FIGURES) or masked(str(value)) == str(value) else MASK
    if isinstance(value, Mapping):
        return {masked(str(key)): _masked(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner, name) for inner in value]
    if isinstance(value, bytes):
        return masked(value.decode(errors="replace"))
    return masked(str(value))


def mask_phones(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The last processor before the renderer, so that it also sees the text of exceptions."""
    first = {name: event[name] for name in FIRST if name in event}
    ordered = {**first, **event}
    return {masked(name): value if name in OUR_OWN else _masked(value, name) for name, value in ordered.items()}


def add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The ids of the trace and the span a line belongs to."""
    return {**trace.ids(trace.current.get()), **event}


def _before_rendering() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        add_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_phones,
    ]


def _renderer(*, console: bool) -> Processor:
    if console:
        return structlog.dev.ConsoleRenderer(pad_event_to=30)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def configure(settings: "CommonSettings", service: str) -> None:
    """Everything that logs in this process (ours, the servers' and the clients') goes to stdout in one form."""
    auto = settings.profile == "local" and sys.stdout.isatty()
    renderer = _renderer(console=settings.log_format == "console" or (settings.log_format == "auto" and auto))
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[*_before_rendering(), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    _foreign(renderer, level)


def _foreign(renderer: Processor, level: int) -> None:
    """The standard library's loggers, through the same processors."""
    handler = logging.StreamHandler(sys.stdout)
    named: list[Processor] = [structlog.stdlib.add_logger_name, structlog.stdlib.PositionalArgumentsFormatter()]
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=named, processors=[drop, *_before_rendering(), renderer])
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, level) if level > logging.DEBUG else level)
