"""The role `stream`: figures that follow the log, each with the memory that makes every fact count once.

A figure and its memory change in one record of a changelog; who reads sums partial figures of partitions.
Nothing is decided by them, and all of them can be made anew from the log (see docs/decisions/0013-live-demand.md).
"""
