"""`python -m deploy.local run|up|down|reset|with-servers -- COMMAND`."""

import sys

from deploy.local.servers import run_with_servers


def main(arguments: list[str]) -> int:
    """Do what the first word asks; the exit code."""
    match arguments:
        case ["with-servers", "--", *command] if command:
            return run_with_servers(command)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
