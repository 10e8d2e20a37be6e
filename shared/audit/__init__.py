"""The audit log: one hash-chained entry for every privileged act, in the database of the service it happened in.

An act by request is written with the state it changes: its entry waits in the same document until the relay role has
chained it. Who acts without a request, an operator's tool, calls `record` first.
"""

from shared.audit.chain import record

__all__ = ["record"]
