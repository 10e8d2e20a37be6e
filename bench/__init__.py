"""Benchmarks: each figure beside its limit, measured in the same run. Printed, never asserted (docs/bench.md)."""
