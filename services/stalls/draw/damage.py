"""What can be wrong with the file of a draw; rows count from 1, the columns' names not counted."""

from shared.errors import Invalid, Language

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
