"""Create the topics of all services where they are missing: `python -m tools.topics`. Safe to repeat."""

import sys

from kafka.errors import KafkaError

from shared.kafka import create_topics
from shared.settings import CommonSettings, read_settings


def main() -> int:
    """Say which topics stand, or what the broker refused; the exit code."""
    settings = read_settings(CommonSettings)
    try:
        names = create_topics(settings)
    except KafkaError as error:
        print(f"The topics could not be created: {error}", file=sys.stderr)
        return 1
    shape = f"{settings.partitions} partitions, {settings.replication_factor} replicas"
    print(f"{len(names)} topics stand, {shape} each: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
