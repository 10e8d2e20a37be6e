"""What verify finds wrong beyond damage: rows count from 1, the columns' names not counted."""

from shared.errors import Invalid, Language
from tools.draw.wanted import WrongUsage

EMPTY: dict[Language, str] = {"mr": "रिकामे", "hi": "खाली", "en": "empty"}
SO: dict[Language, str] = {
    "mr": "म्हणजे या फाइलमधील निकाल सोडतीतून निघणारा निकाल नाही.",
    "hi": "यानी इस फ़ाइल का परिणाम लॉटरी से निकलने वाला परिणाम नहीं है।",
    "en": "So the outcome in this file is not what the draw gives.",
}
FIELDS: dict[str, dict[Language, str]] = {
    "place": {"mr": "रांगेतील स्थान", "hi": "पंक्ति में स्थान"},
    "ticket": {"mr": "तिकीट", "hi": "टिकट"},
    "event": {"mr": "मैदान", "hi": "मैदान"},
    "stall": {"mr": "स्टॉल", "hi": "स्टॉल"},
    "choice": {"mr": "पसंती", "hi": "पसंद"},
    "waiting": {"mr": "प्रतीक्षा यादी", "hi": "प्रतीक्षा सूची"},
    "rank": {"mr": "पसंती", "hi": "पसंद"},
    "stalls": {"mr": "एकूण स्टॉल", "hi": "कुल स्टॉल"},
    "other_products": {"mr": "इतर उत्पादनांचे स्टॉल", "hi": "दूसरे उत्पादों के स्टॉल"},
    "other_reservation": {"mr": "इतर आरक्षणाचे स्टॉल", "hi": "दूसरे आरक्षण के स्टॉल"},
    "better_place": {"mr": "पुढच्या गटांना गेलेले स्टॉल", "hi": "आगे के समूहों को मिले स्टॉल"},
    "last_place": {"mr": "शेवटच्या गटाचे स्थान", "hi": "अंतिम समूह का स्थान"},
}


class OutcomeWrong(Invalid):
    """{file}, row {row} is not as it should be."""

    mr = "{file}, ओळ {row} बरोबर नाही."
    hi = "{file}, पंक्ति {row} सही नहीं है।"

    def sentence(self, language: Language) -> str:
        """What stands there in her language, and what follows from it."""
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        said = {name: EMPTY[language] if value == "" else value for name, value in self.params.items()}
        if meaning := FIELDS.get(str(said.get("field")), {}).get(language):
            said["field"] = f"{meaning} ({said['field']})"
        return f"{template.format(**said)} {SO[language]}"


class OutcomeDiffers(OutcomeWrong):
    """{file}, row {row}, ticket {ticket}: {field} is {value} in the file, {expected} by the draw."""

    mr = "{file}, ओळ {row}, तिकीट {ticket}: {field} फाइलमध्ये {value}, सोडतीनुसार {expected}."
    hi = "{file}, पंक्ति {row}, टिकट {ticket}: {field} फ़ाइल में {value}, लॉटरी के अनुसार {expected}।"


class OutcomeRowMissing(OutcomeWrong):
    """{file}, row {row}, ticket {ticket}: the draw gives this row, but the file ends before it."""

    mr = "{file}, ओळ {row}, तिकीट {ticket}: सोडतीनुसार ही ओळ हवी, पण फाइल त्याआधीच संपते."
    hi = "{file}, पंक्ति {row}, टिकट {ticket}: लॉटरी के अनुसार यह पंक्ति चाहिए, पर फ़ाइल उससे पहले समाप्त है।"


class OutcomeRowTooMany(OutcomeWrong):
    """{file}, row {row}, ticket {ticket}: the draw gives no such row."""

    mr = "{file}, ओळ {row}, तिकीट {ticket}: सोडतीनुसार ही ओळ नाही."
    hi = "{file}, पंक्ति {row}, टिकट {ticket}: लॉटरी के अनुसार यह पंक्ति नहीं है।"


class ClaimWrong(Invalid):
    """{file}, row {row}, {field}: the file says {value}, but what else stands in it gives {expected}."""

    mr = "{file}, ओळ {row}, {field}: येथे {value} आहे, पण फाइलमधील बाकीच्या नोंदींवरून {expected} येते."
    hi = "{file}, पंक्ति {row}, {field}: यहाँ {value} है, पर फ़ाइल की बाकी प्रविष्टियों से {expected} आता है।"


class PublicTooEarly(Invalid):
    """{file}, row {row}, {field}: {value} is too early, {expected}: the value could have been known beforehand."""

    mr = "{file}, ओळ {row}, {field}: {value} ही वेळ फार आधीची आहे, {expected} हवी: आकडा आधीच कळू शकला असता."
    hi = "{file}, पंक्ति {row}, {field}: {value} का समय बहुत पहले का है, {expected} चाहिए: अंक पहले ही पता हो सकता था।"

    def sentence(self, language: Language) -> str:
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        return template.format(**{**self.params, "value": self.params["value"] or EMPTY[language]})


class RoundTooEarly(Invalid):
    """{file}, row {row}: round {value} of the public source was used, but round {expected} was announced."""

    mr = "{file}, ओळ {row}: सार्वजनिक आकड्याची {value} क्रमांकाची फेरी वापरली, पण {expected} क्रमांकाची फेरी जाहीर केली होती."
    hi = "{file}, पंक्ति {row}: सार्वजनिक अंक का दौर {value} लिया गया, पर दौर {expected} घोषित हुआ था।"


class OtherRules(Invalid):
    """{file}, row {row}: these are not the rules that this program runs; take the program of that draw."""

    mr = "{file}, ओळ {row}: हे या प्रोग्रामचे नियम नाहीत; त्या सोडतीचा प्रोग्राम वापरा."
    hi = "{file}, पंक्ति {row}: ये इस प्रोग्राम के नियम नहीं हैं; उस लॉटरी का प्रोग्राम लें।"


class FactsAbsent(Invalid):
    """{file} is missing: this file does not say how its draw came about. Rehearse it: `run FILE OUT --label TEXT`."""

    mr = "{file} नाही: ही सोडत कशी झाली हे या फाइलमध्ये नाही. सराव करा: `run FILE OUT --label TEXT`."
    hi = "{file} नहीं है: यह लॉटरी कैसे हुई, इस फ़ाइल में नहीं है। अभ्यास करें: `run FILE OUT --label TEXT`।"


class OutNotAFile(WrongUsage):
    """{file} is there and is no file: a draw is written whole into a file, or not at all."""

    mr = "{file} ही फाइल नाही: सोडत पूर्ण फाइलमध्ये लिहिली जाते, नाहीतर मुळीच नाही."
    hi = "{file} फ़ाइल नहीं है: लॉटरी पूरी फ़ाइल में लिखी जाती है, नहीं तो बिल्कुल नहीं।"


class LabelUnusable(WrongUsage):
    """--label "{label}": a rehearsal is named by one line of words that do not begin with = + - or @."""

    mr = '--label "{label}": सरावाचे नाव म्हणजे काही शब्दांची एकच ओळ; सुरुवातीला = + - किंवा @ नको.'
    hi = '--label "{label}": अभ्यास का नाम यानी कुछ शब्दों की एक ही पंक्ति; शुरू में = + - या @ न हो।'


class RefusalSaved(Invalid):
    """This is no zip: it looks like JSON, perhaps a refusal. Read it, and download again with `curl -f`."""

    mr = "ही zip फाइल नाही: हे JSON दिसते, कदाचित सर्व्हरचा नकार. तो वाचा आणि `curl -f` ने पुन्हा उतरवून घ्या."
    hi = "यह zip फ़ाइल नहीं है: यह JSON लगता है, शायद सर्वर का इनकार। उसे पढ़ें और `curl -f` से फिर से उतारें।"


class NotAZip(Invalid):
    """This is no zip; download the draw again: `.venv/bin/python -m tools.draw export CALL FILE`."""

    mr = "ही zip फाइल नाही; सोडत पुन्हा उतरवून घ्या: `.venv/bin/python -m tools.draw export CALL FILE`."
    hi = "यह zip फ़ाइल नहीं है; लॉटरी फिर से उतारें: `.venv/bin/python -m tools.draw export CALL FILE`।"


class NoTable(Invalid):
    """These tables cannot be read ({why}); `verify` names the row."""

    mr = "तक्ते वाचता येत नाहीत ({why}); ओळ कोणती ते `verify` सांगेल."
    hi = "तालिकाएँ पढ़ी नहीं जा सकतीं ({why}); पंक्ति कौन-सी, यह `verify` बताएगा।"
