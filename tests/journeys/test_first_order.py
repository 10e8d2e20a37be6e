"""What docs/kubernetes.md lets one run after the first installation works on every system with these gateways."""

from tests.journeys.people import Market
from tests.journeys.test_printed_calls import environment, pasted

__all__ = ["environment"]  # the fixture: a shell with a curl


async def test_the_first_order_of_a_new_cluster_is_confirmed(market: Market, environment: dict[str, str]) -> None:
    known = market.system.known

    said = pasted(f"bash deploy/k8s/first_order.sh {known.gateway} {known.issuer}", environment)

    assert said.splitlines()[-1] == "order is confirmed"
