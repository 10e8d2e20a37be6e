"""What can be asked of commitments: have some for a call."""

from collections.abc import Iterable

from services.stalls.commitments.domain import Claim, CommitmentUsed, claimed
from shared.aggregates import Aggregates, first_kept


async def claim(claims: Aggregates[Claim], commitments: Iterable[str], call_id: str, tenant: str) -> None:
    """Asked again for the same call nothing changes. Raises CommitmentUsed.

    What an opening claimed that died on the way stays claimed: its sender repeats it, or makes another nonce.
    """
    for commitment in sorted(commitments):
        asked = claimed(tenant, commitment, call_id)
        if (await first_kept(claims, asked.id, asked)).call != call_id:
            raise CommitmentUsed(commitment=commitment)
