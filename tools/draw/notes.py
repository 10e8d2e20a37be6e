"""What stands beside the events of a made-up draw: a ground, a place, a day, in Marathi."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from tools.draw.grounds import DAYS, STATE, Area, Plans
from tools.seed.places import seats

FIRST_DAY = date(2026, 8, 19)
WEEKDAYS = ("सोमवार", "मंगळवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार")
GROUNDS = ("आठवडी बाजार", "जि. प. शाळेचे मैदान", "नगर मैदान", "जिल्हा बचत गट मेळा", "राज्य सरस मेळा")
"""By kind of event."""
TALUKAS = """
4511 आंबेगाव 4512 बारामती 4513 भोर 4514 दौंड 4515 हवेली 4516 इंदापूर 4517 जुन्नर 4518 खेड 4519 मावळ 4520 मुळशी
4521 पुणे शहर 4522 पुरंदर 4523 शिरूर 4524 वेल्हे 4525 अलिबाग 4526 कर्जत 4527 खालापूर 4528 महाड 4529 माणगाव 4530 म्हसळा
4531 मुरुड 4532 पनवेल 4533 पेण 4534 पोलादपूर 4535 रोहा 4536 श्रीवर्धन 4537 सुधागड 4538 तळा 4539 उरण 4540 चिपळूण
4541 दापोली 4542 गुहागर 4543 खेड 4544 लांजा 4545 मंडणगड 4546 राजापूर 4547 रत्नागिरी 4548 संगमेश्वर
"""
"""Of the districts that a small draw lies in."""


def notes(here: Area, plan: Plans) -> Iterator[str]:
    """One for each event, in order."""
    talukas = dict(re.findall(r"([0-9]+) ([^0-9]+)(?=\s)", TALUKAS))
    towns = {seat.district: seat.names.mr for seat in seats(STATE)}
    lines = np.diff(plan.line_start)
    for block, code in enumerate(here.codes):
        district = here.districts[int(here.district[block])]
        place = f"{talukas.get(code, f'तालुका {code}')} (जि. {towns.get(district, district)})"
        first, last = int(here.first[block]), int(here.first[block + 1])
        for at in range(last - first):
            day = FIRST_DAY + timedelta(days=((at + 1) * DAYS - 1) // (last - first))
            when = f"{WEEKDAYS[day.weekday()]}, {day.day} ऑगस्ट {day.year}"
            struck = "" if lines[first + at] else " (मैदान रद्द)"
            yield f"{GROUNDS[int(plan.kind[first + at])]}, {place}: {when}{struck}"
