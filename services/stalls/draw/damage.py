"""What can be wrong with the file of a draw; rows count from 1, the columns' names not counted."""

from shared.errors import Invalid, Language, Problem

REPACKED = "packed again"
WHY: dict[Language, str] = {"en": REPACKED, "mr": "पुन्हा बांधलेली", "hi": "दोबारा बनाई गई"}


class ArchiveDamaged(Invalid):
    """This is not the zip of a draw ({why}); download it again."""

    mr = "ही सोडतीची zip फाइल नाही ({why}); पुन्हा उतरवून घ्या."
    hi = "यह लॉटरी की zip फ़ाइल नहीं है ({why}); फिर से उतारें।"

    def sentence(self, language: Language) -> str:
        """What the zip library says stays as it says it."""
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        return template.format(why=WHY[language] if self.params["why"] == REPACKED else self.params["why"])


class ArchiveMisshapen(ArchiveDamaged):
    """The zip of the draw is not as it is made; download it again."""

    mr = "सोडतीची zip फाइल ठरलेल्या पद्धतीने बांधलेली नाही; पुन्हा उतरवून घ्या."
    hi = "लॉटरी की zip फ़ाइल तय ढंग से नहीं बनी है; फिर से उतारें।"
    sentence = Problem.sentence


class ArchiveCutShort(ArchiveMisshapen):
    """The zip breaks off after {bytes} bytes: its end is missing; download it again."""

    mr = "zip फाइल {bytes} बाइटनंतर तुटली आहे: तिचा शेवट नाही; पुन्हा उतरवून घ्या."
    hi = "zip फ़ाइल {bytes} बाइट के बाद टूट गई है: उसका अंत नहीं है; फिर से उतारें।"


class ArchiveTrailing(ArchiveMisshapen):
    """{bytes} bytes stand after the end of the zip, where nothing may stand; download it again."""

    mr = "zip फाइलच्या शेवटानंतर {bytes} बाइट जास्त आहेत; तेथे काहीही नसावे. पुन्हा उतरवून घ्या."
    hi = "zip फ़ाइल के अंत के बाद {bytes} बाइट अधिक हैं; वहाँ कुछ नहीं होना चाहिए। फिर से उतारें।"


class ArchiveCompressed(ArchiveMisshapen):
    """{file} is compressed in this zip; the files of a draw are stored as they are. Download it again."""

    mr = "या zip मध्ये {file} दाबून ठेवली आहे; सोडतीच्या फाइली न दाबता ठेवतात. पुन्हा उतरवून घ्या."
    hi = "इस zip में {file} संपीड़ित है; लॉटरी की फ़ाइलें बिना संपीड़न रखी जाती हैं। फिर से उतारें।"


class ArchiveNameUnusable(ArchiveMisshapen):
    """{file} cannot be the name of a file of a draw."""

    mr = "{file} हे सोडतीच्या फाइलचे नाव असू शकत नाही."
    hi = "{file} लॉटरी की फ़ाइल का नाम नहीं हो सकता।"


class ArchiveOverlapping(ArchiveMisshapen):
    """{file} reaches into {other} in this zip; nothing of it is read."""

    mr = "या zip मध्ये {file} ही {other} मध्ये शिरते; त्यातील काहीही वाचले जाणार नाही."
    hi = "इस zip में {file} का हिस्सा {other} में जाता है; उसमें से कुछ नहीं पढ़ा जाएगा।"


class FileTwice(ArchiveMisshapen):
    """{file} is in this zip twice."""

    mr = "या zip मध्ये {file} दोनदा आहे."
    hi = "इस zip में {file} दो बार है।"


class FileChanged(ArchiveMisshapen):
    """{file} is not what its checksum in the zip says: it was damaged on the way; download it again."""

    mr = "{file} ही zip मधील तिच्या checksum शी जुळत नाही: ती वाटेत बिघडली आहे; पुन्हा उतरवून घ्या."
    hi = "{file} zip में उसके checksum से मेल नहीं खाती: वह रास्ते में बिगड़ गई है; फिर से उतारें।"


class FileTooLarge(Invalid):
    """{file} has {size} bytes; a file of a draw has at most {most}."""

    mr = "{file} {size} बाइटची आहे; सोडतीची एक फाइल जास्तीत जास्त {most} बाइटची असते."
    hi = "{file} {size} बाइट की है; लॉटरी की एक फ़ाइल अधिकतम {most} बाइट की होती है।"


class ArchiveTooLarge(Invalid):
    """This zip unfolds to more than {most} bytes; no draw is so large."""

    mr = "ही zip फाइल उघडल्यावर {most} बाइटपेक्षा मोठी होते; कोणतीही सोडत एवढी मोठी नसते."
    hi = "यह zip फ़ाइल खुलने पर {most} बाइट से बड़ी हो जाती है; कोई लॉटरी इतनी बड़ी नहीं होती।"


class FileAbsent(Invalid):
    """{file} is missing from the draw."""

    mr = "सोडतीच्या फाइलमध्ये {file} नाही."
    hi = "लॉटरी की फ़ाइल में {file} नहीं है।"


class FileUnexpected(Invalid):
    """{file} does not belong to a draw."""

    mr = "{file} सोडतीच्या फाइलमधील नाही."
    hi = "{file} लॉटरी की फ़ाइल का हिस्सा नहीं है।"


class FileDamaged(Invalid):
    """{file} is not UTF-8 text in normal form C (byte {byte})."""

    mr = "{file} हा UTF-8 (NFC) मजकूर नाही (बाइट {byte})."
    hi = "{file} UTF-8 (NFC) पाठ नहीं है (बाइट {byte})।"


class FileCutShort(Invalid):
    """{file} breaks off in row {row}: the last line is not whole."""

    mr = "{file} ओळ {row} मध्ये तुटली आहे: शेवटची ओळ अपूर्ण आहे."
    hi = "{file} पंक्ति {row} में टूट गई है: आखिरी पंक्ति अधूरी है।"


class ColumnsDiffer(Invalid):
    """{file} does not have the columns {columns}."""

    mr = "{file} मध्ये {columns} हे स्तंभ नाहीत."
    hi = "{file} में {columns} स्तंभ नहीं हैं।"


class RowNotCanonical(Invalid):
    """{file}, row {row} is not written as canonical CSV."""

    mr = "{file}, ओळ {row} ठरलेल्या CSV पद्धतीने लिहिलेली नाही."
    hi = "{file}, पंक्ति {row} तय CSV ढंग से नहीं लिखी गई है।"


class CellUnusable(Invalid):
    """{file}, row {row}, {field}: {value} cannot stand there; expected: {expected}."""

    mr = "{file}, ओळ {row}, {field}: {value} येथे चालत नाही; अपेक्षित: {expected}."
    hi = "{file}, पंक्ति {row}, {field}: {value} यहाँ नहीं चलता; अपेक्षित: {expected}।"


class NumberNegative(CellUnusable):
    """{file}, row {row}, {field}: {value} is negative; expected: {expected}."""

    mr = "{file}, ओळ {row}, {field}: {value} ही ऋण संख्या आहे; अपेक्षित: {expected}."
    hi = "{file}, पंक्ति {row}, {field}: {value} ऋण संख्या है; अपेक्षित: {expected}।"


class NumberTooLarge(CellUnusable):
    """{file}, row {row}, {field}: {value} is larger than any number here; expected: {expected}."""

    mr = "{file}, ओळ {row}, {field}: {value} ही येथे चालणाऱ्या कोणत्याही संख्येपेक्षा मोठी आहे; अपेक्षित: {expected}."
    hi = "{file}, पंक्ति {row}, {field}: {value} यहाँ चलने वाली किसी भी संख्या से बड़ी है; अपेक्षित: {expected}।"


class PlanNotAsOffered(Invalid):
    """{file}, row {row}, stalls: the event has {value}, but the lines of its plan count {planned}."""

    mr = "{file}, ओळ {row}, stalls: या मैदानाचे स्टॉल {value} आहेत, पण आराखड्याच्या ओळींत {planned} मोजले आहेत."
    hi = "{file}, पंक्ति {row}, stalls: इस मैदान के स्टॉल {value} हैं, पर योजना की पंक्तियों में {planned} गिने गए हैं।"


class RowRepeated(Invalid):
    """{file}, row {row}, {field}: {value} stands there twice."""

    mr = "{file}, ओळ {row}, {field}: {value} दोनदा आहे."
    hi = "{file}, पंक्ति {row}, {field}: {value} दो बार है।"


class RowOutOfOrder(Invalid):
    """{file}, row {row}, {field}: {value} is out of order, or a row before it is missing."""

    mr = "{file}, ओळ {row}, {field}: {value} क्रमाने नाही, किंवा आधीची ओळ गहाळ आहे."
    hi = "{file}, पंक्ति {row}, {field}: {value} क्रम में नहीं है, या पहले की पंक्ति गायब है।"


class RowUnknown(Invalid):
    """{file}, row {row}, {field}: there is no {value} in {other}."""

    mr = "{file}, ओळ {row}, {field}: {other} मध्ये {value} नाही."
    hi = "{file}, पंक्ति {row}, {field}: {other} में {value} नहीं है।"


class DigestDiffers(Invalid):
    """{file}: its SHA-256 is {found}, but manifest.csv says {said}."""

    mr = "{file}: त्याचा SHA-256 {found} आहे, पण manifest.csv मध्ये {said} आहे."
    hi = "{file}: इसका SHA-256 {found} है, पर manifest.csv में {said} है।"


class NonceNotPromised(Invalid):
    """{file}, row {row}, nonce: its SHA-256 is {found}, but the party promised {promised}."""

    mr = "{file}, ओळ {row}, nonce: त्याचा SHA-256 {found} आहे, पण आधी {promised} जाहीर केला होता."
    hi = "{file}, पंक्ति {row}, nonce: इसका SHA-256 {found} है, पर पहले {promised} बताया गया था।"


class EntryBroken(Invalid):
    """{file}, row {row}: this entry does not follow from those before it; its digest would have to be {expected}."""

    mr = "{file}, ओळ {row}: ही नोंद आधीच्या नोंदींशी जुळत नाही; तिचा digest {expected} हवा होता."
    hi = "{file}, पंक्ति {row}: यह प्रविष्टि पिछली प्रविष्टियों से मेल नहीं खाती; इसका digest {expected} होना चाहिए था।"


class StepMissing(Invalid):
    """{file}, row {row}: the step {step} should stand here; without it the draw did not go by its rules."""

    mr = "{file}, ओळ {row}: येथे {step} ही पायरी हवी होती; तिच्याशिवाय सोडत नियमांप्रमाणे झालेली नाही."
    hi = "{file}, पंक्ति {row}: यहाँ {step} का चरण होना चाहिए था; उसके बिना लॉटरी नियमों से नहीं हुई।"


class StepsByOne(Invalid):
    """{file}, row {row}: {by} named the value and confirmed it too; a draw needs two different officers."""

    mr = "{file}, ओळ {row}: आकडा सांगणारी आणि पक्का करणारी व्यक्ती एकच आहे ({by}); सोडतीला दोन वेगळे अधिकारी लागतात."
    hi = "{file}, पंक्ति {row}: अंक बताने और पक्का करने वाला व्यक्ति एक ही है ({by}); लॉटरी में दो अलग अधिकारी चाहिए।"
