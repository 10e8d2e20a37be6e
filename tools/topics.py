"""Create the topics of all services where they are missing: `.venv/bin/python -m tools.topics`. Safe to repeat."""

import logging

import typer
from kafka.errors import KafkaError

from shared.kafka import create_topics
from tools.environment import kafka_admin, plain_errors, system

PATIENCE_MILLISECONDS = 10_000  # at the start of a system its Kafka has only just begun to answer
EXAMPLE = "Example:  KAFKA_BOOTSTRAP_SERVERS=… MONGODB_URI=… PROFILE=production .venv/bin/python -m tools.topics"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(epilog=EXAMPLE)
def main() -> None:
    """Create the topics of all services where they are missing. Safe to repeat."""
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what is wrong is said once, by us
    settings = system()
    with plain_errors(KafkaError):
        kafka_admin(settings, PATIENCE_MILLISECONDS).close()
        names = create_topics(settings)
    shape = f"partitions: {settings.partitions}, replicas: {settings.replication_factor}"
    typer.echo(f"{len(names)} topics stand ({shape}): {', '.join(names)}")


if __name__ == "__main__":
    app(prog_name=".venv/bin/python -m tools.topics")
