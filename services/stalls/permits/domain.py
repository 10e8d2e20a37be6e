"""Which papers a ground needs, on which days it is left alone, and what is missing for a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from services.stalls.calendars.domain import DayKind
from shared.contracts.stalls import PermissionKind, VenueKind
from shared.errors import Invalid, Problem, Refused

SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A document with its issuer, as it is handed in; both days count."""

    kind: PermissionKind = "no_objection"
    document: str
    issuer: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission(Filing):
    """A document in the venue's file, where its id is unique. Once withdrawn it stays there and holds no more."""

    id: str
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None

    def holds(self, day: date) -> bool:
        return self.withdrawn_at is None and self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a kind of ground can be offered: on which days never, and with which papers, all of them.

    `free_days_only`: on Sundays and holidays, and never where nobody has said which days are exams.
    """

    never: tuple[DayKind, ...] = ("relief_camp",)
    papers: tuple[PermissionKind, ...] = ()
    free_days_only: bool = False


RULES: Mapping[VenueKind, Rule] = {
    "school_ground": Rule(
        never=("exam", "election", "relief_camp"),
        papers=("school_committee_consent", "zilla_parishad_order"),
        free_days_only=True,
    ),
    "municipal_ground": Rule(never=("election", "relief_camp"), papers=("municipal_order",)),
}


class PermissionEndsEarly(Invalid):
    """permissions: {document} ends on {valid_until}, before it begins on {valid_from}; correct one of the dates."""

    mr = "permissions: {document} ची मुदत {valid_from} रोजी सुरू होण्याआधीच {valid_until} रोजी संपते; एक तारीख दुरुस्त करा."
    hi = "permissions: {document} की अवधि {valid_from} को शुरू होने से पहले {valid_until} को समाप्त होती है; एक तिथि सुधारें।"


class CalendarNotDeclared(Refused):
    """No calendar is declared in this district for the year of {day}: its exam and election days are unknown."""

    mr = "{day} च्या वर्षाची दिनदर्शिका या जिल्ह्याने जाहीर केलेली नाही: परीक्षा आणि निवडणुकीचे दिवस माहीत नाहीत."
    hi = "{day} के वर्ष का कैलेंडर इस जिले ने घोषित नहीं किया है: परीक्षा और चुनाव के दिन ज्ञात नहीं हैं।"


class NeitherSundayNorHoliday(Refused):
    """{day} is neither a Sunday nor a declared holiday of this district; a school ground is free on those only."""

    mr = "{day} हा रविवार नाही आणि या जिल्ह्याची जाहीर सुट्टीही नाही; शाळेचे मैदान फक्त अशाच दिवशी मिळते."
    hi = "{day} न रविवार है, न इस जिले का घोषित अवकाश; विद्यालय का मैदान केवल ऐसे दिनों में मिलता है।"


class ExamDay(Refused):
    """{day} is an exam day in this district."""

    mr = "{day} रोजी या जिल्ह्यात परीक्षा आहे."
    hi = "{day} को इस जिले में परीक्षा है।"


class ElectionDay(Refused):
    """{day} is an election day in this district."""

    mr = "{day} रोजी या जिल्ह्यात निवडणूक आहे."
    hi = "{day} को इस जिले में चुनाव है।"


class ReliefCampDay(Refused):
    """On {day} the grounds of this district are kept for a relief camp."""

    mr = "{day} रोजी या जिल्ह्यातील मैदाने मदत शिबिरासाठी राखीव आहेत."
    hi = "{day} को इस जिले के मैदान राहत शिविर के लिए आरक्षित हैं।"


class SchoolConsentMissing(Refused):
    """No consent of the school committee that holds on {day} is on file."""

    mr = "{day} रोजी लागू असलेली शाळा व्यवस्थापन समितीची संमती नोंदीत नाही."
    hi = "{day} को लागू विद्यालय प्रबंधन समिति की सहमति रिकॉर्ड में नहीं है।"


class ZillaParishadOrderMissing(Refused):
    """No order of the Zilla Parishad that holds on {day} is on file."""

    mr = "{day} रोजी लागू असलेला जिल्हा परिषदेचा आदेश नोंदीत नाही."
    hi = "{day} को लागू जिला परिषद का आदेश रिकॉर्ड में नहीं है।"


class MunicipalOrderMissing(Refused):
    """No order of the municipal body that holds on {day} is on file."""

    mr = "{day} रोजी लागू असलेला नगरपालिकेचा आदेश नोंदीत नाही."
    hi = "{day} को लागू नगर निकाय का आदेश रिकॉर्ड में नहीं है।"


class PermissionMissing(Refused):
    """None of the permissions on file holds on {day}."""

    mr = "नोंदीतील एकही परवानगी {day} रोजी लागू नाही."
    hi = "रिकॉर्ड की कोई भी अनुमति {day} को लागू नहीं है।"


ON_SUCH_DAYS: Mapping[DayKind, type[Problem]] = {
    "exam": ExamDay,
    "election": ElectionDay,
    "relief_camp": ReliefCampDay,
}
WITHOUT: Mapping[PermissionKind, type[Problem]] = {
    "school_committee_consent": SchoolConsentMissing,
    "zilla_parishad_order": ZillaParishadOrderMissing,
    "municipal_order": MunicipalOrderMissing,
    "no_objection": PermissionMissing,
}

LACKS: tuple[type[Problem], ...] = (
    CalendarNotDeclared,
    NeitherSundayNorHoliday,
    *ON_SUCH_DAYS.values(),
    *WITHOUT.values(),
)


def on_file(id_: str, filing: Filing) -> Permission:
    """The document under its id. Raises PermissionEndsEarly."""
    if filing.valid_until < filing.valid_from:
        raise PermissionEndsEarly(
            document=filing.document,
            valid_from=filing.valid_from.isoformat(),
            valid_until=filing.valid_until.isoformat(),
        )
    return Permission(id=id_, **{field.name: getattr(filing, field.name) for field in fields(Filing)})


def missing(
    ground: VenueKind, permissions: Iterable[Permission], day: date, kinds: frozenset[DayKind] | None
) -> tuple[Problem, ...]:
    """All that speaks against this ground on this day, each with code and sentences.

    `kinds` is what the day is, None where no calendar says so.
    """
    rule, papers = RULES.get(ground, Rule()), tuple(permissions)
    lacks = (*_wrong_day(rule, day, kinds), *_wrong_papers(rule, papers, day))
    return tuple(lack(day=day.isoformat()) for lack in lacks)


def _wrong_day(rule: Rule, day: date, kinds: frozenset[DayKind] | None) -> Iterator[type[Problem]]:
    known = kinds or frozenset[DayKind]()
    if rule.free_days_only and kinds is None:
        yield CalendarNotDeclared
    if rule.free_days_only and day.weekday() != SUNDAY and "holiday" not in known:
        yield NeitherSundayNorHoliday
    yield from (ON_SUCH_DAYS[kind] for kind in rule.never if kind in known)


def _wrong_papers(rule: Rule, papers: tuple[Permission, ...], day: date) -> Iterator[type[Problem]]:
    valid = {paper.kind for paper in papers if paper.holds(day)}
    yield from (WITHOUT[kind] for kind in rule.papers if kind not in valid)
    if not rule.papers and papers and not valid:
        yield PermissionMissing
