"""What a command is asked to write, or to write from: wrong usage is told apart from a draw that does not hold."""

from pathlib import Path

from shared.errors import Invalid

PICTURES = ".svg"


class WrongUsage(Invalid):
    """This cannot be done as it was asked; see --help."""

    mr = "अशा प्रकारे हे करता येत नाही; --help पाहा."
    hi = "इस तरह यह नहीं हो सकता; --help देखें।"


class TargetExists(WrongUsage):
    """{file} is there already and would be lost; write to another name, or say --over."""

    mr = "{file} ही फाइल आधीच आहे आणि ती नष्ट होईल; दुसरे नाव लिहा, किंवा --over लिहा."
    hi = "{file} फ़ाइल पहले से है और मिट जाएगी; दूसरा नाम लिखें, या --over लिखें।"


class NoSuchFolder(WrongUsage):
    """There is no folder {folder} to write {file} into."""

    mr = "{file} जिथे लिहायची ते {folder} फोल्डर नाही."
    hi = "{file} जहाँ लिखनी है वह {folder} फ़ोल्डर नहीं है।"


class PictureNotSvg(WrongUsage):
    """{file}: a picture is written as SVG only, which browsers and office programs open; name it {instead}."""

    mr = "{file}: चित्र फक्त SVG म्हणून लिहिले जाते, ब्राउझर आणि ऑफिस प्रोग्राम ते उघडतात; {instead} असे नाव द्या."
    hi = "{file}: चित्र केवल SVG में लिखा जाता है, ब्राउज़र और ऑफ़िस प्रोग्राम उसे खोलते हैं; {instead} नाम दें।"


def require_free(target: Path, over: bool) -> None:
    """Raises TargetExists, also for the very file that is read, and NoSuchFolder."""
    if not target.parent.is_dir():
        raise NoSuchFolder(folder=target.parent, file=target.name)
    if not over and target.exists():
        raise TargetExists(file=target)


def require_picture(target: Path | None) -> None:
    """Raises PictureNotSvg and NoSuchFolder."""
    if target is None:
        return
    if target.suffix.lower() != PICTURES:
        raise PictureNotSvg(file=target.name, instead=target.with_suffix(PICTURES).name)
    require_free(target, over=True)
