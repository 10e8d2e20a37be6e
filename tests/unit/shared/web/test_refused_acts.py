"""What a privileged caller tried in vain stands in the log of the process, with who it was and never what she sent."""

from typing import Any

import httpx
from structlog.testing import capture_logs

from shared.scope import Role
from shared.testing import FakeStores, Signer

NOTE = {"text": "माझा क्रमांक 9823456789"}


async def refused(client: httpx.AsyncClient, signer: Signer, role: Role, method: str = "POST") -> list[Any]:
    headers = signer.headers(role, "one", district="490", sub="asha")
    with capture_logs() as logged:
        answer = await client.request(method, "/v1/notes", json=NOTE, headers=headers)
    assert not answer.is_success
    return [line for line in logged if line["event"] == "audit.refused"]


async def test_an_officer_who_may_not_write_is_named_with_her_act_and_the_reason(
    client: httpx.AsyncClient, signer: Signer, stores: FakeStores
) -> None:
    (line,) = await refused(client, signer, Role.DISTRICT_OFFICER)
    assert (line["act"], line["code"]) == ("POST /v1/notes", "Forbidden")
    assert (line["sub"], line["role"], line["area"]) == ("asha", "district_officer", "27/490")
    assert "9823456789" not in str(line)
    assert not stores.database.collection("notes").docs


async def test_what_a_group_may_not_is_nobodys_business_and_a_read_is_no_act(
    client: httpx.AsyncClient, signer: Signer
) -> None:
    assert await refused(client, signer, Role.GROUP_MEMBER) == []
    assert await refused(client, signer, Role.DISTRICT_OFFICER, "GET") == []
