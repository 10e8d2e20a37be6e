"""How calendars are kept: one document a district and year."""

from datetime import date

from services.stalls.calendars.domain import Calendar, CalendarDay
from shared.documents import Doc, Document
from shared.localized import Localized
from shared.scope import Scope


class CalendarDocument(Document[Calendar]):
    holds = Calendar
    collection = "calendars"

    @staticmethod
    def of(state: Calendar) -> Doc:
        return {"district": state.district, "year": state.year, "days": [_kept(day) for day in state.days]}

    @staticmethod
    def state(doc: Doc) -> Calendar:
        days = tuple(_day(kept) for kept in doc["days"])
        return Calendar(id=doc["_id"], tenant=doc["tenant"], district=doc["district"], year=doc["year"], days=days)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """All of the state: a holiday is no secret."""
        return {}


def _kept(day: CalendarDay) -> Doc:
    return {"date": day.date.isoformat(), "kind": day.kind, "names": day.names.kept()}


def _day(kept: Doc) -> CalendarDay:
    return CalendarDay(date=date.fromisoformat(kept["date"]), kind=kept["kind"], names=Localized(**kept["names"]))
