"""How long and how much is measured. Every setting is an environment variable BENCH_<NAME>."""

import os
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict


class BenchSettings(BaseSettings):
    """The whole run takes about twenty minutes with these, half of them the soak."""

    model_config = SettingsConfigDict(env_prefix="BENCH_", frozen=True)

    load_seconds: float = 6
    """Of each load over HTTP and of its limit."""
    rounds: int = 3
    """A figure that is cheap to repeat is the median of so many."""
    round_seconds: float = 2
    connections: int = 64
    """Requests, or writes, in flight at once."""
    api_processes: int = os.cpu_count() or 1
    backlog: int = 100_000
    """Facts that wait for the relay."""
    ack_rate: float = 100
    """Writes a second while acknowledgements are timed."""
    ack_seconds: float = 12
    effect_events: int = 40_000
    """Events that wait for the consumer; each leads to two rows."""
    holds: int = 20_000
    """Orders of one product that wait."""
    rebuild_events: int = 40_000
    notices: int = 20_000
    """Of 782,000 groups, told the same; the time for all is worked out from these."""
    pace_rate: float = 50
    """Messages a second that a provider allows."""
    pace_seconds: float = 12
    growth_seconds: float = 5
    growth_connections: int = 16
    """The smallest load; then twice and four times as many."""
    exact_rounds: int = 10
    soak_seconds: float = 600
    soak_rate: float = 15
    """Orders a second."""
    chain_seconds: float = 12
    chain_connections: int = 16
    starts: int = 3
    demand_events: int = 10_000
    """Facts of orders that wait for the worker that counts demand."""
    facts: int = 10_000
    """Applications of a window that a worker closes, draws and tells; then four times as many."""
    draw_applications: int = 1_500
    """For the 60 stalls of one block's fair."""
    draw_rounds: int = 5
    draw_groups: int = 782_000
    """Of a whole state."""
    draw_specified: int = 20_000
    """Groups that the specification draws beside the engine."""
    draw_matched: int = 16_000
    """Groups that the package `matching` draws."""
    draw_cancellations: int = 20_000
    registry_groups: int = 782_000
    """Of a whole state, through relay and consumers."""

    searches: int = 2_000
    """For names of groups, of each kind."""

    def of_draws(self, groups: int) -> "BenchSettings":
        """The same for a state of so many groups."""
        return self.model_copy(update={"draw_groups": groups, "draw_rounds": 1})


SMOKE: dict[str, Any] = {
    "load_seconds": 1.0,
    "rounds": 1,
    "round_seconds": 0.3,
    "backlog": 5_000,
    "ack_seconds": 2.0,
    "effect_events": 2_000,
    "holds": 2_000,
    "rebuild_events": 2_000,
    "notices": 2_000,
    "pace_seconds": 3.0,
    "growth_seconds": 0.5,
    "exact_rounds": 1,
    "soak_seconds": 10.0,
    "chain_seconds": 2.0,
    "starts": 1,
    "demand_events": 1_000,
    "facts": 500,
    "draw_applications": 200,
    "draw_rounds": 1,
    "draw_groups": 4_000,
    "draw_specified": 500,
    "draw_matched": 300,
    "draw_cancellations": 200,
    "registry_groups": 8_000,
    "searches": 300,
}
"""Enough to see that every line still works: a minute, no figure worth reading."""
