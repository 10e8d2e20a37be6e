"""The columns of each programme's list. A field that is none of shared.lists' is read by nobody."""

from dataclasses import dataclass

from shared.contracts.catalog import Programme

NUMBER, PERSON = "number", "person"
"""A running number, and who signs for the group: such columns stand in the lists, and are not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Titles above the header, and field to header."""

    titles: tuple[str, ...]
    headers: dict[str, str]


UMED = Columns(
    titles=("महाराष्ट्र राज्य ग्रामीण जीवनोन्नती अभियान (उमेद)", "स्वयंसहाय्यता समूहांची यादी"),
    headers={
        NUMBER: "अ.क्र.",
        "code": "समूह क्रमांक",
        "name": "समूहाचे नाव",
        "district": "जिल्हा LGD क्रमांक",
        "block": "तालुका LGD क्रमांक",
        "village": "गाव",
        "activities": "व्यवसाय",
        "federation": "ग्रामसंघ",
        PERSON: "अध्यक्षांचे नाव",
        "account": "बँक खाते क्रमांक",
        "ifsc": "IFSC",
        "phone": "मोबाईल क्रमांक",
    },
)
NULM = Columns(
    titles=("DAY-NULM: Self Help Groups",),
    headers={
        NUMBER: "Sr. No.",
        "code": "SHG Code",
        "name": "SHG Name",
        "district": "District LGD Code",
        "local_body": "ULB LGD Code",
        "ward": "Ward",
        "activities": "Activity",
        "federation": "Federation",
        PERSON: "President Name",
        "account": "Account Number",
        "ifsc": "IFSC Code",
        "phone": "Mobile Number",
    },
)
MAVIM = Columns(
    titles=(),
    headers={
        "code": "गट क्रमांक",
        "name": "गटाचे नाव",
        "district": "जिल्हा LGD क्रमांक",
        "block": "तालुका LGD क्रमांक",
        "local_body": "स्थानिक संस्था LGD क्रमांक",
        "ward": "प्रभाग",
        "village": "गाव",
        "activities": "व्यवसाय",
        "federation": "सीएमआरसी",
        "account": "खाते क्रमांक",
        "ifsc": "आयएफएससी",
        "phone": "मोबाईल",
        "language": "भाषा",
        PERSON: "सचिवांचे नाव",
    },
)
COLUMNS: dict[Programme, Columns] = {"umed": UMED, "nulm": NULM, "mavim": MAVIM}
