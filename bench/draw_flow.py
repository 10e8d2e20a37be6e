"""Run in an environment with OR-tools: the min-cost flow of a draw without reserves, from an .npz; JSON on stdout."""

import json
import sys
import time

import numpy as np
import ortools
from ortools.graph.python import min_cost_flow


def main(path: str) -> None:
    """`start` [n + 1], `choices` [m], `room` [e]: from each group to her choices at the cost of their rank."""
    with np.load(path) as arrays:
        start, choices, room = (arrays[name] for name in ("start", "choices", "room"))
    n, events = len(start) - 1, len(room)
    began = time.perf_counter()
    source, sink = n + events, n + events + 1
    who = np.repeat(np.arange(n), np.diff(start))
    rank = np.arange(len(choices)) - start[who]
    flow = min_cost_flow.SimpleMinCostFlow()
    every = np.arange(n)
    for tails, heads, most, cost in (
        (np.full(n, source), every, np.ones(n, np.int64), np.zeros(n, np.int64)),
        (who, n + choices, np.ones(len(who), np.int64), rank),
        (n + np.arange(events), np.full(events, sink), room.astype(np.int64), np.zeros(events, np.int64)),
    ):
        flow.add_arcs_with_capacity_and_unit_cost(tails.astype(np.int32), heads.astype(np.int32), most, cost)
    flow.set_node_supply(source, n)
    flow.set_node_supply(sink, -n)
    built = time.perf_counter()
    status = flow.solve_max_flow_with_min_cost()
    solved = time.perf_counter()
    if status != flow.OPTIMAL:
        raise SystemExit(f"no optimum: {status}")
    times = {"built": built - began, "solved": solved - built}
    print(json.dumps({**times, "placed": flow.maximum_flow(), "version": ortools.__version__}))


if __name__ == "__main__":
    main(sys.argv[1])
