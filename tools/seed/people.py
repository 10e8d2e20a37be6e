"""How the people of the seeded market are reached. The numbers are made up, and none is one of the provider's magic."""

from deploy.local.issuer.tokens import ROLES, Ask, Role
from services.notify.contacts.domain import Purpose, Wanted
from shared.errors import Language

NO_PHONE_EVERY = 12
"""One group of so many has no phone and names a relay."""
FIRST_GROUP = 100_000
MOST_GROUPS = 800_000
LANGUAGES: tuple[Language, ...] = (*(("mr",) * 17), "hi", "hi", "en")
OF_ROLES: dict[Role, Language] = {"institution": "en", "department": "hi", "admin": "en"}


def phone(number: int) -> str:
    """A number below a million as an Indian mobile number, all of one series."""
    return f"+91 9000 {number:06d}"


def party(role: Role) -> str:
    """The fixed party of a role: whose token the development issuer gives when nobody else is named."""
    return Ask(role=role).party()


def relay_of(group: int) -> str | None:
    """The resource person who brings the messages of a group without a phone."""
    return party("relay") if group % NO_PHONE_EVERY == NO_PHONE_EVERY - 1 else None


def of_group(number: int) -> Wanted:
    """The contact of the group `number`."""
    relay = relay_of(number)
    consents = {Purpose.TRANSACTIONAL: True, Purpose.SERVICE: number % 5 > 0}
    own = None if relay else phone(FIRST_GROUP + number)
    return Wanted(language=LANGUAGES[number % len(LANGUAGES)], phone=own, relay=relay, consents=consents)


def of_roles() -> dict[str, Wanted]:
    """The contacts of the fixed parties, the buyer first."""
    roles = sorted(ROLES, key=lambda role: role != "buyer")
    return {
        party(role): Wanted(language=OF_ROLES.get(role, "mr"), phone=phone(at), consents={Purpose.TRANSACTIONAL: True})
        for at, role in enumerate(roles, 1)
    }
