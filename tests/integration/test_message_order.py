"""A party hears of one order in the order in which it happened, however many senders there are."""

from collections import defaultdict

from services.notify.channels.sender import Sender
from services.notify.contacts.domain import Contact
from services.notify.notifications.consumers import ORDERS
from services.notify.notifications.domain import Notification
from services.notify.settings import NotifySettings
from services.notify.wiring import SERVICE
from shared.contracts.orders import OrderCancelled, OrderConfirmed, OrderLine
from shared.decisions import Decision
from shared.testing import settings_for
from tests.integration.houses import event, house
from tests.integration.sms_parties import SECRET
from tests.processes import playing, until
from tests.unit.notify.fake_sms import FakeSms

LINE = OrderLine(product_id="papad", sku="UDID-200", quantity=2, unit_price_paise=6000, tax_basis_points=0, tax_paise=0)
CONFIRMED = OrderConfirmed(buyer="asha", seller="savitri-gat", total_paise=12_000)
CANCELLED = OrderCancelled(buyer="asha", seller="savitri-gat", by="buyer", reason="asked", lines=(LINE,))
ORDERS_TOLD = 30
SETTINGS = settings_for(NotifySettings, sms_provider_url="http://127.0.0.1:9", sms_callback_secret=SECRET)


async def test_nobody_hears_of_a_cancellation_before_the_order() -> None:
    provider = FakeSms()
    async with house(SERVICE, sms_provider_url="http://127.0.0.1:9", sms_callback_secret=SECRET) as notify:
        for party, phone in (("asha", "+919823456789"), ("savitri-gat", "+919999900429")):
            contact = Contact(id=party, tenant="27", phone=phone, language="mr")

            async def known(contact: Contact = contact) -> Decision[Contact]:
                return Decision(contact)

            await notify.stores[Contact].create(party, known)
        for n in range(ORDERS_TOLD):
            await notify.reacts(ORDERS, event(CONFIRMED, f"order-{n}", 2), event(CANCELLED, f"order-{n}", 3))
        rows, contacts = notify.stores[Notification], notify.stores[Contact]
        senders = [Sender(notify.running.database, rows, contacts, provider, SETTINGS) for _ in range(2)]

        async def all_out() -> bool:
            return not await notify.running.database.collection("notifications").count_documents(
                {"due_at": {"$ne": None}}
            )

        async with playing(senders[0].run()), playing(senders[1].run()):
            await until(all_out, what="every message is out")
    heard: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in provider.taken:
        order, _, sequence, party, _ = ref.split(":")
        heard[order, party].append(sequence)
    assert len(heard) == 2 * ORDERS_TOLD
    assert {tuple(sequences) for sequences in heard.values()} == {("2", "3")}
