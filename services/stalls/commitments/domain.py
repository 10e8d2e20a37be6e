"""Whose a commitment is: the first call that names it keeps it for good."""

from dataclasses import dataclass

from shared.errors import Conflict
from shared.ids import derived_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    id: str
    tenant: str
    commitment: str
    call: str


class CommitmentUsed(Conflict):
    """parties: the commitment {commitment} served another call already; hash a new nonce for this one."""

    mr = "parties: commitment {commitment} आधी दुसऱ्या सोडतीसाठी वापरले आहे; या सोडतीसाठी नवा गुप्त शब्द (nonce) घ्या."
    hi = "parties: commitment {commitment} पहले किसी दूसरी लॉटरी में लग चुका है; इसके लिए नया गुप्त शब्द (nonce) लें।"


def claimed(tenant: str, commitment: str, call: str) -> Claim:
    return Claim(id=derived_id(tenant, "commitments", commitment), tenant=tenant, commitment=commitment, call=call)
