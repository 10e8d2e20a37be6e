"""A privileged look at what is personal: it changes no document, so it is chained by itself before it is answered."""

from dataclasses import dataclass

from shared.audit.acts import actor_of, entry, is_privileged
from shared.audit.chain import Chain
from shared.mongo import Database
from shared.scope import Scope


@dataclass(frozen=True, slots=True)
class Looks:
    """Those of one request."""

    database: Database
    act: str
    request: str

    async def at(self, subject: tuple[str, str], party: str, scope: Scope) -> None:
        """`party` is whom it tells of; who looks at herself is nobody's business."""
        if is_privileged(scope.role) and party != scope.party:
            seen = entry(self.act, subject, actor_of(scope), scope.tenant, self.request, "")
            await Chain(self.database).extend([seen])
