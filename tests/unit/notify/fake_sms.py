"""A provider in memory. It misbehaves by number as the local provider does, and passes the same suite."""

from collections import Counter

from services.notify.channels.sms import Sms
from services.notify.notifications.domain import Denied, Later, Outcome, Taken

REFUSE, BUSY, BROKEN, SILENT_TAKER = "0400", "0429", "0500", "0504"
MISBEHAVING = "+91999990"


class FakeSms:
    """`taken` is what it accepted, by reference; `calls` what it was asked."""

    def __init__(self) -> None:
        self.taken: dict[str, Sms] = {}
        self.calls: list[tuple[str, str]] = []
        self._sent: Counter[str] = Counter()

    async def send(self, sms: Sms) -> Outcome:
        self.calls.append(("send", sms.client_ref))
        self._sent[sms.client_ref] += 1
        mode = sms.to.removeprefix(MISBEHAVING) if sms.to.startswith(MISBEHAVING) else ""
        if mode == REFUSE:
            return Denied("NumberBlocked")
        if self._sent[sms.client_ref] == 1 and mode in (BUSY, BROKEN):
            return Later(unsure=False, after_seconds=1.0) if mode == BUSY else Later(unsure=True)
        if self.taken.setdefault(sms.client_ref, sms) != sms:
            return Later(unsure=True)
        unheard = self._sent[sms.client_ref] == 1 and mode == SILENT_TAKER
        return Later(unsure=True) if unheard else Taken(f"sms_{sms.client_ref}")

    async def find(self, client_ref: str) -> Outcome | None:
        self.calls.append(("find", client_ref))
        return Taken(f"sms_{client_ref}") if client_ref in self.taken else None
