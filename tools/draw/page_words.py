"""The words of a draw's page, in three languages."""

from services.stalls.tags.domain import TAGS
from shared.errors import Language
from shared.localized import Localized
from tools.draw.ticket_words import REHEARSAL

WORDS: dict[str, Localized] = {
    "rehearsal": Localized(**REHEARSAL),
    "title": Localized(mr="स्टॉलची सोडत", hi="स्टॉल की लॉटरी", en="The draw of stalls"),
    "summary": Localized(
        mr="{applied} गटांनी अर्ज केले; {seated} गटांना स्टॉल मिळाला. {grounds} मैदानांवर {stalls} स्टॉल होते; "
        "{empty} रिकामे राहिले.",
        hi="{applied} समूहों ने आवेदन किया; {seated} समूहों को स्टॉल मिला। {grounds} मैदानों पर {stalls} स्टॉल थे; "
        "{empty} खाली रहे।",
        en="{applied} groups applied; {seated} got a stall. There were {stalls} stalls on {grounds} grounds; "
        "{empty} stayed empty.",
    ),
    "of_which": Localized(
        mr="सोडत {call}. सार्वजनिक आकडा {value}: {source}, {at}.",
        hi="लॉटरी {call}। सार्वजनिक अंक {value}: {source}, {at}।",
        en="Draw {call}. Public value {value}: {source}, {at}.",
    ),
    "struck_grounds": Localized(
        mr="अर्ज बंद होताना {struck} मैदाने वगळली गेली; त्यांवर स्टॉल नाहीत.",
        hi="आवेदन बंद होते समय {struck} मैदान हटाए गए; उन पर स्टॉल नहीं हैं।",
        en="{struck} grounds were struck out at the close; they have no stalls.",
    ),
    "where": Localized(mr="स्टॉल कोणाला मिळाले", hi="स्टॉल किसे मिले", en="Where the stalls went"),
    "share_help": Localized(
        mr="फिकट पट्टी: अर्ज केलेले गट. गडद पट्टी: त्यांपैकी स्टॉल मिळालेले.",
        hi="हल्की पट्टी: आवेदन करने वाले समूह। गहरी पट्टी: उनमें से जिन्हें स्टॉल मिला।",
        en="Light bar: groups that applied. Dark bar: those of them that got a stall.",
    ),
    "overlap": Localized(
        mr="एक गट अनेक ओळींत मोजला जाऊ शकतो.",
        hi="एक समूह कई पंक्तियों में गिना जा सकता है।",
        en="A group may count in several rows.",
    ),
    "by_tags": Localized(mr="कार्यक्रम आणि आरक्षणानुसार", hi="कार्यक्रम और आरक्षण के अनुसार", en="By programme and reservation"),
    "by_stages": Localized(mr="प्रवर्गानुसार", hi="वर्ग के अनुसार", en="By vertical category"),
    "by_districts": Localized(mr="गटांच्या जिल्ह्यानुसार", hi="समूहों के ज़िले के अनुसार", en="By the groups' district"),
    "nowhere": Localized(
        mr="इतर जिल्हे (आराखड्यात नाव नाही)", hi="अन्य ज़िले (योजना में नाम नहीं)", en="other districts (not named in the plan)"
    ),
    "by_categories": Localized(mr="उत्पादनांनुसार", hi="उत्पादों के अनुसार", en="By product category"),
    "by_tiers": Localized(
        mr="गेल्या 12 महिन्यांत मिळालेल्या स्टॉलनुसार",
        hi="पिछले 12 महीनों में मिले स्टॉल के अनुसार",
        en="By stalls had in the last 12 months",
    ),
    "tier": Localized(mr="{} स्टॉल", hi="{} स्टॉल", en="had {}"),
    "by_choices": Localized(mr="कितवी पसंती मिळाली", hi="कौन-सी पसंद मिली", en="Which of her choices a group got"),
    "choice": Localized(mr="पसंती {}", hi="पसंद {}", en="choice {}"),
    "later_choices": Localized(mr="पसंती {} आणि पुढील", hi="पसंद {} और आगे", en="choice {} and later"),
    "nothing": Localized(mr="स्टॉल मिळाला नाही", hi="स्टॉल नहीं मिला", en="no stall"),
    "kind": Localized(mr="कोण", hi="कौन", en="Who"),
    "applied": Localized(mr="अर्ज केलेले गट", hi="आवेदक समूह", en="Groups applied"),
    "seated": Localized(mr="स्टॉल मिळालेले", hi="जिन्हें स्टॉल मिला", en="Got a stall"),
    "rate": Localized(mr="शंभरापैकी", hi="सौ में से", en="Of a hundred"),
    "kept": Localized(mr="त्यांच्यासाठी आधी राखीव स्टॉल", hi="उनके लिए पहले आरक्षित स्टॉल", en="Stalls kept for them first"),
    "groups": Localized(mr="गट", hi="समूह", en="Groups"),
    "cutoffs": Localized(
        mr="कोणत्या स्थानापर्यंत स्टॉल मिळाले", hi="किस स्थान तक स्टॉल मिले", en="How far down the line stalls went"
    ),
    "cutoffs_help": Localized(
        mr="शेवटचे स्थान म्हणजे त्या मैदानावर स्टॉल मिळालेल्यांपैकी रांगेतील सर्वांत मागचे स्थान. आरक्षणामुळे मागच्या "
        "स्थानाला मिळून पुढच्याला न मिळणे शक्य आहे; प्रत्येक नकाराचे कारण खाली दिलेली mine ही कमांड दाखवते.",
        hi="अंतिम स्थान यानी उस मैदान पर स्टॉल पाने वालों में पंक्ति का सबसे पीछे का स्थान। आरक्षण के कारण पीछे वाले को मिलना और "
        "आगे वाले को न मिलना हो सकता है; हर इनकार का कारण नीचे दी गई mine कमांड दिखाती है।",
        en="The last place is the worst place in line that got a stall on that ground. Under a reservation somebody "
        "further back may get one where somebody before her does not; the command mine below shows why.",
    ),
    "histogram": Localized(
        mr="भरलेली मैदाने, त्यांचे शेवटचे स्थान रांगेच्या कोणत्या दहाव्या भागात आहे त्यानुसार",
        hi="भरे हुए मैदान, उनका अंतिम स्थान पंक्ति के किस दसवें हिस्से में है उसके अनुसार",
        en="Full grounds, by the tenth of the line in which their last place lies",
    ),
    "last_chart": Localized(mr="प्रत्येक मैदानाचे शेवटचे स्थान", hi="हर मैदान का अंतिम स्थान", en="The last place of each ground"),
    "up_to": Localized(mr="स्थान {} पर्यंत", hi="स्थान {} तक", en="up to place {}"),
    "wanted_most": Localized(
        mr="सर्वांत जास्त मागणी असलेली मैदाने", hi="सबसे अधिक माँग वाले मैदान", en="The grounds most wanted"
    ),
    "tightest": Localized(
        mr="भरलेली मैदाने जिथे रांग सर्वांत आधी संपली",
        hi="भरे हुए मैदान जहाँ पंक्ति सबसे पहले रुकी",
        en="The full grounds where the line ended first",
    ),
    "emptiest": Localized(
        mr="सर्वांत जास्त स्टॉल रिकामे राहिलेली मैदाने",
        hi="जिन मैदानों पर सबसे अधिक स्टॉल खाली रहे",
        en="The grounds with most empty stalls",
    ),
    "all": Localized(mr="सर्व मैदाने ({})", hi="सभी मैदान ({})", en="All grounds ({})"),
    "all_file": Localized(
        mr="सर्व मैदाने एका तक्त्यात (CSV):", hi="सभी मैदान एक तालिका में (CSV):", en="All grounds as a table (CSV):"
    ),
    "ground": Localized(mr="मैदान", hi="मैदान", en="Ground"),
    "stalls": Localized(mr="स्टॉल", hi="स्टॉल", en="Stalls"),
    "taken": Localized(mr="दिले", hi="दिए", en="Given"),
    "empty": Localized(mr="रिकामे", hi="खाली", en="Empty"),
    "wanted": Localized(mr="इतक्या गटांनी मागितले", hi="इतने समूहों ने माँगा", en="Groups that listed it"),
    "first": Localized(mr="पहिली पसंती म्हणून", hi="पहली पसंद के रूप में", en="As first choice"),
    "last": Localized(mr="शेवटचे स्थान", hi="अंतिम स्थान", en="Last place"),
    "struck": Localized(mr="वगळले", hi="हटाया गया", en="struck out"),
    "full": Localized(mr="मैदाने किती भरली", hi="मैदान कितने भरे", en="How full the grounds are"),
    "state": Localized(mr="स्थिती", hi="स्थिति", en="State"),
    "fully": Localized(mr="पूर्ण भरली", hi="पूरे भरे", en="full"),
    "partly": Localized(mr="काही स्टॉल रिकामे", hi="कुछ स्टॉल खाली", en="some stalls empty"),
    "unused": Localized(mr="एकही स्टॉल गेला नाही", hi="एक भी स्टॉल नहीं गया", en="no stall given"),
    "grounds": Localized(mr="मैदाने", hi="मैदान", en="Grounds"),
    "check": Localized(mr="स्वतः तपासा", hi="स्वयं जाँचें", en="Check it yourself"),
    "check_help": Localized(
        mr="हे पान {file} या फाइलवरून केले आहे. पान काय म्हणते त्यावर विश्वास ठेवू नका; फाइलवरून सोडत पुन्हा काढा:",
        hi="यह पन्ना {file} फ़ाइल से बना है। पन्ने पर भरोसा न करें; फ़ाइल से लॉटरी फिर से निकालें:",
        en="This page was made from the file {file}. Do not take its word for anything: draw again from the file:",
    ),
    "check_verify": Localized(
        mr="सोडत पुन्हा काढते आणि प्रत्येक नोंद तीच आहे का ते पाहते",
        hi="लॉटरी फिर से निकालता है और हर प्रविष्टि का मिलान करता है",
        en="draws again and compares every cell",
    ),
    "check_check": Localized(
        mr="निकाल नियमांप्रमाणे आहे याचा पुरावा तपासते; ही एकच फाइल फक्त Python ने चालते, ती कोणीही वाचू शकते",
        hi="परिणाम नियमों के अनुसार है, इसका प्रमाण जाँचता है; यह एक ही फ़ाइल केवल Python से चलती है, कोई भी पढ़ सकता है",
        en="proves that the outcome keeps the rules; one file that needs only Python and can be read in an evening",
    ),
    "check_mine": Localized(
        mr="एका तिकिटाचे स्थान आणि प्रत्येक नकाराचे कारण (TICKET म्हणजे पावतीवरील 16 अंक)",
        hi="एक टिकट का स्थान और हर इनकार का कारण (TICKET यानी रसीद के 16 अंक)",
        en="a ticket's place and the reason for each refusal (TICKET is the 16 digits on the receipt)",
    ),
    "check_lot": Localized(
        mr="रांगेतील स्थान ठरवणारी संख्या, कोणत्याही प्रोग्रामशिवाय",
        hi="पंक्ति का स्थान तय करने वाली संख्या, बिना हमारे प्रोग्राम के",
        en="the number that decides a place in line, without any program of ours",
    ),
    "facts": Localized(
        mr="जाहीर झालेल्या गोष्टींशी जुळवून पाहा", hi="घोषित बातों से मिलाएँ", en="Compare with what was announced"
    ),
    "fact": Localized(mr="काय", hi="क्या", en="What"),
    "value": Localized(mr="मूल्य", hi="मान", en="Value"),
    "parties": Localized(
        mr="बीजासाठी कोणी गुप्त शब्द दिले", hi="बीज के लिए गुप्त शब्द किसने दिए", en="Who gave a nonce for the seed"
    ),
    "party": Localized(mr="कोण", hi="कौन", en="Who"),
    "commitment": Localized(mr="आधी जाहीर केलेला ठसा", hi="पहले घोषित छाप", en="Digest published before"),
    "nonce": Localized(mr="गुप्त शब्द", hi="गुप्त शब्द", en="Nonce"),
    "silent": Localized(
        mr="वेळेत उघडला नाही, वगळला", hi="समय पर नहीं खोला, हटाया गया", en="not opened in time, struck out"
    ),
    "log": Localized(mr="टप्पे, झाले त्या क्रमाने", hi="चरण, जिस क्रम में हुए", en="The steps, as they were taken"),
    "at": Localized(mr="केव्हा (UTC)", hi="कब (UTC)", en="When (UTC)"),
    "step": Localized(mr="टप्पा", hi="चरण", en="Step"),
    "by": Localized(mr="कोणी", hi="किसने", en="By"),
    "no_names": Localized(
        mr="या पानावर आणि फाइलमध्ये गटांची नावे नाहीत, फक्त तिकिटे आहेत.",
        hi="इस पन्ने और फ़ाइल में समूहों के नाम नहीं हैं, केवल टिकट हैं।",
        en="Neither this page nor the file holds names of groups, only tickets.",
    ),
    "contents": Localized(mr="या पानावर", hi="इस पन्ने पर", en="On this page"),
    "languages": Localized(mr="भाषा", hi="भाषा", en="Language"),
}
STEPS: dict[str, Localized] = {
    "opened": Localized(mr="अर्ज मागवले", hi="आवेदन माँगे गए", en="call opened"),
    "closed": Localized(mr="अर्ज बंद, कायम", hi="आवेदन बंद, पक्के", en="closed, applications fixed"),
    "nonce_opened": Localized(mr="गुप्त शब्द उघडला", hi="गुप्त शब्द खोला गया", en="nonce opened"),
    "nonces_struck": Localized(mr="न उघडलेले शब्द वगळले", hi="न खोले गए शब्द हटाए", en="unopened nonces struck out"),
    "value_named": Localized(mr="सार्वजनिक आकडा लिहिला", hi="सार्वजनिक अंक लिखा गया", en="public value named"),
    "confirmed": Localized(
        mr="दुसऱ्या अधिकाऱ्याने तोच आकडा लिहिला",
        hi="दूसरे अधिकारी ने वही अंक लिखा",
        en="confirmed by a second officer",
    ),
    "drawn": Localized(mr="सोडत काढली", hi="लॉटरी निकाली गई", en="drawn"),
}
CODES: dict[str, Localized] = {
    **{word: tag.names for word, tag in TAGS.items()},
    "open": Localized(mr="सर्वांसाठी खुले", hi="सबके लिए खुला", en="open"),
    "sc": Localized(mr="अनुसूचित जाती", hi="अनुसूचित जाति", en="Scheduled Castes"),
    "st": Localized(mr="अनुसूचित जमाती", hi="अनुसूचित जनजाति", en="Scheduled Tribes"),
    "food": Localized(mr="खाद्यपदार्थ", hi="खाद्य पदार्थ", en="food"),
    "paper": Localized(mr="कागदी वस्तू", hi="कागज़ की वस्तुएँ", en="paper goods"),
    "jewellery": Localized(mr="दागिने", hi="आभूषण", en="jewellery"),
    "masks": Localized(mr="मुखपट्ट्या", hi="मास्क", en="masks"),
    "handicraft": Localized(mr="हस्तकला", hi="हस्तशिल्प", en="handicraft"),
    "textiles": Localized(mr="वस्त्रे", hi="वस्त्र", en="textiles"),
    "forest": Localized(mr="वनोपज", hi="वनोपज", en="forest produce"),
    "gifts": Localized(mr="भेटवस्तू", hi="उपहार", en="gifts"),
    "other": Localized(mr="इतर उत्पादने", hi="अन्य उत्पाद", en="other products"),
}
"""A plan may name others; they are shown as the file has them."""


def say(key: str, language: Language, *parts: object, **values: object) -> str:
    return WORDS[key].said(language).format(*parts, **values)


def code(word: str, language: Language) -> str:
    return CODES[word].said(language) if word in CODES else word
