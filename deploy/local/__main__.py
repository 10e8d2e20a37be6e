"""`.venv/bin/python -m deploy.local run|up|down|reset|with-servers -- COMMAND`."""

import os
import signal
import sys
from types import FrameType

from deploy.local import background, report
from deploy.local.console import Console
from deploy.local.ports import PortInUse
from deploy.local.sample import sample
from deploy.local.servers import run_with_servers
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import StopsTheRun
from deploy.local.system import AlreadyRunning, running


def main(arguments: list[str]) -> int:
    """Do what the first word asks; the exit code."""
    _no_proxy_to_ourselves()
    match arguments:
        case ["run"] | ["run", background.DETACHED]:
            ending = "Ctrl-C stops it" if arguments == ["run"] else "it goes on in the background"
            return run(LocalSettings(), ending)
        case ["up"]:
            return background.up(LocalSettings())
        case ["down"]:
            return background.down(LocalSettings())
        case ["reset"]:
            return background.reset(LocalSettings())
        case ["with-servers", "--", *command] if command:
            return run_with_servers(command)
    print(__doc__, file=sys.stderr)
    return 2


def run(settings: LocalSettings, ending: str) -> int:
    """Start everything, say where it is, look after it until a signal; 1 when it could not start or keep running."""
    console = Console()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    ready = settings.data.resolve() / "ready"
    try:
        with running(settings, seed=settings.seed, console=console) as (started, supervisor):
            about = sample(started)
            known = started.model_copy(update={"tokens": about.tokens}) if about else started
            known.save(settings.data.resolve())
            console.show(report.table(known))
            console.show(report.calls(known, about))
            console.say(f"all is ready; {ending}")
            ready.touch()
            supervisor.watch()
    except KeyboardInterrupt:
        console.say("stopped")
        return 0
    except (AlreadyRunning, PortInUse, StopsTheRun, RuntimeError, OSError) as error:
        console.say(str(error))
        return 1
    return 0


def _no_proxy_to_ourselves() -> None:
    """A proxy that the machine is configured for must not be asked for 127.0.0.1."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))


def _interrupt(number: int, frame: FrameType | None) -> None:
    """The first Ctrl-C (or `down`) stops in order; the second ends at once, and the kernel ends the children."""
    del number, frame
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, lambda *_: os._exit(130))
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
