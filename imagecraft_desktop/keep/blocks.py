"""The blocks of metadata that carry a description: XMP with the fields of IPTC, and EXIF."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from imagecraft_desktop import strings
from imagecraft_desktop.keep.exif import new_exif, with_description

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_IPTC = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
_DC = "http://purl.org/dc/elements/1.1/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_END = '\n<?xpacket end="w"?>'
_PREFIXES = {
    "x": _META,
    "rdf": _RDF,
    "Iptc4xmpCore": _IPTC,
    "dc": _DC,
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
}
_MOST_XMP = 1_000_000
_ALT_FIELDS = frozenset({f"{{{_IPTC}}}AltTextAccessibility", f"{{{_IPTC}}}ExtDescrAccessibility"})


@dataclass(frozen=True, slots=True)
class Alt:
    """A description as alternative text. `language` is a BCP 47 tag."""

    short: str
    long: str
    language: str = "en"


class Damaged(Exception):
    """The picture's own metadata cannot be read, so nothing can be put beside it.

    Attributes:
        message: A constant of `strings`: the clause that says why.
    """

    def __init__(self, message: str = strings.KEEP_DAMAGED) -> None:
        super().__init__(message)
        self.message = message


def xmp(old: bytes | None, alt: Alt) -> bytes:
    """The XMP packet with the description; what else an older packet holds stays.

    Raises:
        Damaged: The older packet cannot be understood.
    """
    for prefix, space in _PREFIXES.items():
        ElementTree.register_namespace(prefix, space)
    root = _parse(old) if old else ElementTree.Element(f"{{{_META}}}xmpmeta")
    rdf = root if root.tag == f"{{{_RDF}}}RDF" else root.find(f"{{{_RDF}}}RDF")
    if rdf is None:
        rdf = ElementTree.SubElement(root, f"{{{_RDF}}}RDF")
    for part in rdf:
        for field in [field for field in part if field.tag in _ALT_FIELDS]:
            part.remove(field)
    target = ElementTree.SubElement(
        rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": _about(rdf)}
    )
    _put(target, f"{{{_IPTC}}}AltTextAccessibility", alt.short, alt.language)
    _put(target, f"{{{_IPTC}}}ExtDescrAccessibility", alt.long, alt.language)
    text = ElementTree.tostring(root, encoding="unicode")
    return (_BEGIN + text + _END).encode()


def _parse(old: bytes) -> ElementTree.Element:
    if len(old) > _MOST_XMP or b"<!" in old:  # entities could grow without end
        raise Damaged
    try:
        return ElementTree.fromstring(old.strip(b"\0 \n").decode("utf-8"))  # noqa: S314 - no entities
    except (ElementTree.ParseError, ValueError) as error:
        raise Damaged from error


def _about(rdf: ElementTree.Element) -> str:
    """What the packet is about: all its parts must say the same."""
    return next((part.get(f"{{{_RDF}}}about", "") for part in rdf), "")


def _put(parent: ElementTree.Element, name: str, text: str, language: str) -> None:
    choice = ElementTree.SubElement(ElementTree.SubElement(parent, name), f"{{{_RDF}}}Alt")
    for tag in dict.fromkeys(("x-default", language)):
        ElementTree.SubElement(choice, f"{{{_RDF}}}li", {_LANG: tag}).text = clean(text)


def clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\n\t").encode(errors="replace").decode()


def said_before(old: bytes | None) -> frozenset[str]:
    """The descriptions in an older packet. What says the same elsewhere in the file is replaced with them.

    Raises:
        Damaged: The packet cannot be understood.
    """
    fields = (one for one in _parse(old).iter() if one.tag in _ALT_FIELDS) if old else ()
    return frozenset(line.text or "" for field in fields for line in field.iter(f"{{{_RDF}}}li"))


def exif(old: bytes | None, alt: Alt, before: frozenset[str]) -> bytes | None:
    """The EXIF block with the description, beginning with "Exif" if the old one does, or there is none; None to
    leave the old one as it is, for it has a description of its own, which is none of `before`, or is damaged.
    """
    text = clean(alt.short).encode()
    return new_exif(text) if old is None else with_description(old, text, before)
