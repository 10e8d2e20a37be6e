"""What a process is asked for on its command line."""

import sys
from collections.abc import Sequence
from typing import NoReturn

from shared.service import Service

ROLES = {
    "api": "answers requests under /v1",
    "relay": "tells Kafka every fact and fires timers; of several processes one works, the others stand by",
    "consume": "reacts to events of Kafka",
    "stream": "counts figures as facts flow; a process of its own, so only when it is named",
}
USUAL = ("api", "relay", "consume")


def roles_of(service: Service, arguments: Sequence[str]) -> tuple[str, ...]:
    """The roles named, all but `stream` when none is. Says on stderr what is wrong and exits with 2; 0 after --help."""
    if {"-h", "--help"} & set(arguments):
        sys.stdout.write(usage(service))
        raise SystemExit(0)
    for argument in arguments:
        if argument == "stream" and not service.streams:
            _refuse(f"{service.name} has no role {argument}: it measures nothing as it flows.", service)
        if argument not in ROLES:
            _refuse(f"There is no role {argument!r}.", service)
    return tuple(role for role in ROLES if role in arguments) or USUAL


def usage(service: Service) -> str:
    has = {name: words for name, words in ROLES.items() if name in USUAL or service.streams}
    roles = "\n".join(f"  {name:8} {words}" for name, words in has.items())
    fields = service.settings.model_fields.items()
    settings = "\n".join(f"  {name.upper():30} {field.description or f'{field.default}'}" for name, field in fields)
    return (
        f"python -m services.{service.name} [{'] ['.join(has)}]\n\n"
        f"Runs {service.name}, one role or several in one process; none named: {' '.join(USUAL)}.\n{roles}\n\n"
        f"Every process also answers /livez, /readyz and /metrics on HTTP_HOST:HTTP_PORT.\n\n"
        f"Settings are environment variables:\n{settings}\n"
    )


def _refuse(sentence: str, service: Service) -> NoReturn:
    sys.stderr.write(f"{sentence}\n\n{usage(service)}")
    raise SystemExit(2)
