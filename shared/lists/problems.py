"""What can be wrong with a list or one of its rows. Every sentence says what to do."""

from shared.errors import Invalid


class EmptyFile(Invalid):
    """{file} is empty; save the list again and send that."""

    mr = "{file} ही फाइल रिकामी आहे; यादी पुन्हा सेव्ह करून पाठवा."
    hi = "{file} फ़ाइल खाली है; सूची फिर से सेव करके भेजें।"


class NotAList(Invalid):
    """{file} is no CSV and no .xlsx workbook; save it in Excel as .xlsx or as CSV UTF-8, without a password."""

    mr = "{file} ही CSV किंवा .xlsx फाइल नाही; ती Excel मध्ये उघडून .xlsx किंवा CSV UTF-8 म्हणून, पासवर्डशिवाय सेव्ह करा."
    hi = "{file} CSV या .xlsx फ़ाइल नहीं है; उसे Excel में खोलकर .xlsx या CSV UTF-8 के रूप में, बिना पासवर्ड के सेव करें।"


class DamagedWorkbook(Invalid):
    """{file} is damaged or was cut off on its way; send the whole file again."""

    mr = "{file} ही फाइल खराब आहे किंवा अर्धवट आली आहे; पूर्ण फाइल पुन्हा पाठवा."
    hi = "{file} फ़ाइल खराब है या अधूरी आई है; पूरी फ़ाइल फिर से भेजें।"


class ZipBomb(Invalid):
    """{file} would unfold to {size} MB, which no list needs; save the list alone in a new workbook."""

    mr = "{file} उघडल्यावर {size} MB होईल; कोणत्याही यादीला एवढे लागत नाही. फक्त यादी नव्या फाइलमध्ये सेव्ह करा."
    hi = "{file} खुलने पर {size} MB होगी; किसी सूची को इतना नहीं लगता। केवल सूची नई फ़ाइल में सेव करें।"


class HeaderNotFound(Invalid):
    """{file}: no line of the first {lines} names {wanted}; add column names, or say which column is what."""

    mr = "{file}: पहिल्या {lines} ओळींत {wanted} ही नावे नाहीत; स्तंभांची नावे लिहा, किंवा कोणता स्तंभ काय ते सांगा."
    hi = "{file}: पहली {lines} पंक्तियों में {wanted} नाम नहीं हैं; स्तंभों के नाम लिखें, या बताएँ कौन-सा क्या है।"


class ColumnMissing(Invalid):
    """{file} has no column for {field}; name one of {headers}, as {field}=HEADER."""

    mr = "{file} मध्ये {field} साठी स्तंभ नाही; {headers} यांपैकी एक {field}=शीर्षक असा सांगा."
    hi = "{file} में {field} के लिए स्तंभ नहीं है; {headers} में से एक {field}=शीर्षक के रूप में बताएँ।"


class ColumnTwice(Invalid):
    """{file}: two columns say {field}: {one} and {other}; name the right one, as {field}=HEADER."""

    mr = "{file}: {one} आणि {other} हे दोन्ही स्तंभ {field} आहेत; बरोबर कोणता ते {field}=शीर्षक असे सांगा."
    hi = "{file}: {one} और {other} दोनों स्तंभ {field} हैं; सही कौन-सा है, {field}=शीर्षक के रूप में बताएँ।"


class UnknownColumn(Invalid):
    """{file} has no column {header} for {field}; its columns are {headers}."""

    mr = "{file} मध्ये {field} साठी {header} हा स्तंभ नाही; त्यातील स्तंभ: {headers}."
    hi = "{file} में {field} के लिए {header} स्तंभ नहीं है; उसके स्तंभ: {headers}।"


class UnknownField(Invalid):
    """{field} is nothing a list can say; the fields are {fields}."""

    mr = "{field} असे यादीत काही नसते; फील्ड: {fields}."
    hi = "{field} सूची में कुछ नहीं होता; फ़ील्ड: {fields}।"


class UnreadableRow(Invalid):
    """The letters of this row are in no encoding that fits the file; write the row again and save as CSV UTF-8."""

    mr = "या ओळीतील अक्षरे वाचता येत नाहीत; ओळ पुन्हा लिहा आणि CSV UTF-8 म्हणून सेव्ह करा."
    hi = "इस पंक्ति के अक्षर पढ़े नहीं जा सकते; पंक्ति फिर से लिखें और CSV UTF-8 के रूप में सेव करें।"


class LostLetters(Invalid):
    """{field}: its letters were lost when the list was saved ({text}); write it again, save as CSV UTF-8 or .xlsx."""

    mr = "{field}: यादी सेव्ह करताना अक्षरे हरवली ({text}); पुन्हा लिहा आणि CSV UTF-8 किंवा .xlsx म्हणून सेव्ह करा."
    hi = "{field}: सूची सेव करते समय अक्षर खो गए ({text}); फिर से लिखें और CSV UTF-8 या .xlsx के रूप में सेव करें।"


class TooManyCells(Invalid):
    """The row has {count} cells, the header {most}; put a text with commas into quotation marks."""

    mr = "या ओळीत {count} रकाने आहेत, शीर्षकात {most}; स्वल्पविराम असलेला मजकूर अवतरणचिन्हांत लिहा."
    hi = "इस पंक्ति में {count} खाने हैं, शीर्षक में {most}; अल्पविराम वाला पाठ उद्धरण चिह्नों में लिखें।"


class TooFewCells(Invalid):
    """The row has {count} cells and ends before {field}; add what is missing, or remove the line."""

    mr = "या ओळीत {count} रकाने आहेत आणि ती {field} च्या आधी संपते; राहिलेले भरा किंवा ओळ काढा."
    hi = "इस पंक्ति में {count} खाने हैं और वह {field} से पहले समाप्त होती है; छूटा हुआ भरें या पंक्ति हटाएँ।"


class HeaderAgain(Invalid):
    """The header stands here a second time; remove the line."""

    mr = "येथे शीर्षक ओळ पुन्हा आली आहे; ही ओळ काढा."
    hi = "यहाँ शीर्षक पंक्ति दोबारा आई है; यह पंक्ति हटाएँ।"


class NotMended(Invalid):
    """This row of a report is as it was reported ({rule}); mend it and send it again, or remove the line."""

    mr = "अहवालातील ही ओळ होती तशीच आहे ({rule}); दुरुस्त करून पुन्हा पाठवा किंवा ओळ काढा."
    hi = "रिपोर्ट की यह पंक्ति जैसी थी वैसी ही है ({rule}); सुधारकर फिर भेजें या पंक्ति हटाएँ।"


class NumberInText(Invalid):
    """{field}: here stands a number as long as a phone's or an account's; write it into its own column."""

    mr = "{field}: येथे फोन किंवा खात्याएवढा लांब क्रमांक आहे; तो त्याच्या स्वतःच्या रकान्यात लिहा."
    hi = "{field}: यहाँ फ़ोन या खाते जितनी लंबी संख्या है; उसे उसके अपने खाने में लिखें।"


class FormulaCell(Invalid):
    """{field}: here stands a formula; copy the column and paste it as values."""

    mr = "{field}: येथे सूत्र (formula) आहे; स्तंभ कॉपी करून values म्हणून पेस्ट करा."
    hi = "{field}: यहाँ सूत्र (formula) है; स्तंभ कॉपी करके values के रूप में पेस्ट करें।"


class ErrorCell(Invalid):
    """{field}: the workbook shows an error here ({text}); write the value."""

    mr = "{field}: येथे फाइलमध्ये त्रुटी दिसते ({text}); मूल्य लिहा."
    hi = "{field}: यहाँ फ़ाइल में त्रुटि दिखती है ({text}); मान लिखें।"


class DateCell(Invalid):
    """{field}: here stands a date ({text}); make the column text and write what belongs here."""

    mr = "{field}: येथे तारीख आहे ({text}); स्तंभ Text करून योग्य मजकूर लिहा."
    hi = "{field}: यहाँ तारीख है ({text}); स्तंभ को Text बनाकर सही पाठ लिखें।"


class ShortenedNumber(Invalid):
    """{field}: the program shortened the number ({text}); make the column text and write all its digits."""

    mr = "{field}: प्रोग्रामने क्रमांक लहान केला ({text}); स्तंभ Text करून सर्व अंक लिहा."
    hi = "{field}: प्रोग्राम ने संख्या छोटी कर दी ({text}); स्तंभ को Text बनाकर सभी अंक लिखें।"


class NumberInName(Invalid):
    """{field}: a name has letters, here is {text}; write the name."""

    mr = "{field}: नावात अक्षरे असतात, येथे {text} आहे; नाव लिहा."
    hi = "{field}: नाम में अक्षर होते हैं, यहाँ {text} है; नाम लिखें।"


class CellTooLong(Invalid):
    """{field}: here stand {count} letters, at most {most} have room; shorten it."""

    mr = "{field}: येथे {count} अक्षरे आहेत, जास्तीत जास्त {most} चालतात; लहान करा."
    hi = "{field}: यहाँ {count} अक्षर हैं, अधिकतम {most} चल सकते हैं; छोटा करें।"


class CutOff(Invalid):
    """The file ends inside this row: it was cut off on its way; send the whole file again."""

    mr = "फाइल या ओळीतच संपते: ती अर्धवट आली आहे; पूर्ण फाइल पुन्हा पाठवा."
    hi = "फ़ाइल इसी पंक्ति में समाप्त होती है: वह अधूरी आई है; पूरी फ़ाइल फिर से भेजें।"


class OpenQuote(Invalid):
    """A quotation mark opens here and is not closed within {most} lines; close or remove it."""

    mr = "येथे सुरू झालेले अवतरणचिन्ह {most} ओळींत बंद झाले नाही; ते बंद करा किंवा काढा."
    hi = "यहाँ खुला उद्धरण चिह्न {most} पंक्तियों में बंद नहीं हुआ; उसे बंद करें या हटाएँ।"
