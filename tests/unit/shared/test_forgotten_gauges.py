"""Who loses the relay's lease shows nothing any more of what its holder alone knows."""

from prometheus_client import REGISTRY

from shared import metrics
from shared.relay.watching import forget

OF_THE_HOLDER = {
    "bachat_relay_lag_seconds": metrics.RELAY_LAG_SECONDS,
    "bachat_audit_height": metrics.AUDIT_HEIGHT,
    "bachat_audit_head": metrics.AUDIT_HEAD,
    "bachat_audit_pending": metrics.AUDIT_PENDING,
    "bachat_audit_waiting_seconds": metrics.AUDIT_WAITING_SECONDS,
}


def test_what_the_audit_log_and_the_relay_were_at_is_forgotten_with_the_lease() -> None:
    for gauge in OF_THE_HOLDER.values():
        gauge.set(90)
    forget()
    assert {name: REGISTRY.get_sample_value(name) for name in OF_THE_HOLDER} == dict.fromkeys(OF_THE_HOLDER, 0)
