"""The written forms that are not said as they are written: links, dates, money, sizes, code.

One regular expression, tried at each place from the most particular form to a lone sign. Every
repetition is bounded or possessive and begins only where a word can begin, so that no text, however
strange, takes more than time in proportion to its length. Used by `normalize`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from imagecraft_desktop.speak.words import Words, words_for

_TLDS = (
    "com|org|net|edu|gov|io|dev|app|info|eu|uk|de|fr|nl|pl|ca|jp|ch|cn|ai|co|tv|es|br|mx|ar|au|nz"
    "|int|mil|biz|local"
)
_EXTENSIONS = (
    "pdf|txt|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|webp|heic|bmp|tiff?|mp[34]|wav|ogg|flac|zip|tar|gz"
    "|7z|exe|dll|msi|deb|rpm|dmg|iso|apk|py|js|ts|html?|css|json|xml|csv|md|ya?ml|toml|ini|cfg"
    "|conf|log|bat|sh|odt|ods|epub|mkv|avi|mov|rs|go|cpp|java|php|sql|bak|tmp|onnx"
)

VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"

# what follows a quotation rather than a number of inches
_NO_MEASURED = (
    "he|she|they|we|i|it|you|who|said|says|was|is|are|were|and|or|but|as|to|the|a|an|in|on|at|when"
    "|for|from|of|with|if|so|then|that|this|not|has|had|have|will|would|by"
)

# not "in 1500 words"
_AFTER_YEAR = (
    r"(?![\w%]|[.,:/–-]\w)(?=\W*\Z|[.,;:!?)\"”–—]| [(–—-]| [A-Z][a-z]{2}"
    r"| (?:to|and|or|until|till|through|when|where|the|an?|he|she|it|they|we|his|her|its|their|by|with|as|at|but"
    r"|for|was|is|were|had|has|in|on|from|who|which|that|this|after|before|under|during|AD|BCE?|CE)\b)"
)

_ROMAN_LETTERS = r"(?:X{0,3}(?:IX|IV|V?I{0,3}))"
_ROMAN = rf"{_ROMAN_LETTERS}(?![\w-])"
_LARGE_ROMAN = r"(?:XL|LX{0,3}|X{0,3})(?:IX|IV|V?I{0,3})(?![\w-])"  # below 90

# of which one has a half or a quarter
_PARTED = frozenset("tsp tbsp oz lb kg km mi yd ft gal l L ml cm mm h hr".split())  # noqa: SIM905


@dataclass(frozen=True)
class Form:
    """A written form; the group's name is the method of `_Reader` that reads it."""

    name: str
    regex: str


@cache
def scanner(language: str) -> re.Pattern[str]:
    words = words_for(language)
    if words is None:
        raise ValueError(language)
    return re.compile(
        "|".join(f"(?P<{form.name}>{form.regex})" for form in _forms(words)),
    )


def _alternatives(options: dict[str, object]) -> str:
    return "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True))


def _names(words: Words, names: tuple[str, ...]) -> str:
    """Names of days or months, whole or their first three letters."""
    shown = [*names, *(name[:3] for name in names)]
    if not words.ordinal_days:
        shown += [name.capitalize() for name in shown]
    return f"(?:{'|'.join(shown)})"


def _after(nouns: tuple[str, ...]) -> str:
    """What a form has before it: one of these and a blank."""
    return "|".join(rf"(?<=\b{noun} )" for noun in nouns) or "(?!)"


def _number(words: Words) -> str:
    """A number without a sign, in groups where they are certain to be one number."""
    end = r"(?![0-9]|[.,][0-9])"
    if words.decimal == ".":
        others_groups = rf"[1-9][0-9]{{0,2}}(?:[.\u00a0'][0-9]{{3}})++,[0-9]{{1,2}}{end}"
        groups = r"[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])"
        # with plain blanks it could be several numbers, or a telephone's
        blanks = (
            r"(?<![0-9] )[1-9](?:[0-9]?(?: [0-9]{3}){2,3}+|[0-9]{0,2}(?: 000){1,3}+)(?! ?[0-9])"
        )
        fraction = r"\.[0-9]++"
    else:
        others_groups = rf"[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})++\.[0-9]{{1,2}}{end}"
        groups = r"[0-9]{1,3}(?:[. ][0-9]{3})++(?![0-9])"
        blanks = r"(?!)"
        fraction = r"[.,][0-9]++"
    marked = r"[1-9][0-9]{0,2}(?:[\u00a0'][0-9]{3})++(?![0-9'])"
    return rf"(?:{others_groups}|(?:{groups}|{marked}|{blanks}|[0-9]++)(?:{fraction})?+)"


def _amount(words: Words, number: str, suffixes: str) -> str:
    """A number beside the sign of a currency, where more is certain."""
    end = r"(?![0-9]|[.,][0-9])"
    if words.decimal == ",":
        return rf"(?:\.[0-9]{{2}}{end}|{number})"
    spaced = r"(?<![0-9] )[1-9][0-9]{0,2}(?: [0-9]{3}){1,3}+"
    things = r"(?! (?:notes?|bills?|coins?|vouchers?|tickets?)\b)"  # "12 100 € notes"
    amounts = [
        rf"{spaced},[0-9]{{2}}{end}",  # 12 500,50
        rf"{spaced}(?= ?(?:{suffixes})(?!\w){things})",  # 12 500 €
        rf"[0-9]++,[0-9]{{2}}{end}",  # 12,50
        rf"[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}}){{2,}}+{end}",  # 1.234.567
        rf"[1-9][0-9]?(?:,[0-9]{{2}}(?=,)){{1,4}}+,[0-9]{{3}}{end}",  # 1,00,000, as in India
        rf"\.[0-9]{{2}}{end}",  # .99
        number,
    ]
    return f"(?:{'|'.join(amounts)})"


def _dates(words: Words, months: str, shown_months: str) -> tuple[str, str]:
    """A day of a month, and some days of one."""
    if words.ordinal_days:
        some_days = r"[0-3]?[0-9][-–][0-3]?[0-9]"
        days_of_month = rf"(?:(?:{months})\.? {some_days}|{some_days} (?:of )?(?:{months})(?!\w))"
        named_date = (
            rf"(?:{months})\.?+ [0-3]?[0-9](?:st|nd|rd|th)?+(?![\w:%/]|[-–][0-9])(?!\.[0-9])(?:,? [12][0-9]{{3}}(?!\w))?+"
            rf"|[0-3]?[0-9](?:st|nd|rd|th)?+ (?:of )?+(?:{months})(?!\w)(?:,? [12][0-9]{{3}}(?!\w))?+"
            rf"|[0-3]?[0-9]-(?:{months})-[12][0-9]{{3}}(?![\w-])"
        )
    else:
        days_of_month = "(?!)"
        named_date = (
            rf"[0-3]?[0-9] de (?:{months})(?!\w)(?: (?:de|del) [12][0-9]{{3}}(?!\w))?+"
            rf"|[0-3]?[0-9](?P<between_date>[ -]){shown_months}\.?(?P=between_date)[12][0-9]{{3}}(?![\w-])"
        )
    return named_date, days_of_month


def _forms(words: Words) -> list[Form]:
    """All written forms, the longest and most particular first."""
    number = _number(words)
    mark = r"\." if words.decimal == "." else "[.,]"
    suffixes = _alternatives({c: 0 for c in words.currency if not c.startswith("Rs")})  # "the 3 Rs"
    # in Spanish 1.234.567 is a number; in English only beside a currency or with decimals
    after_groups = (
        rf"(?: ?(?:{suffixes})(?!\w)|,[0-9]{{1,2}}(?![0-9]|[.,][0-9]))"
        if words.decimal == "."
        else r"(?![0-9.])"
    )
    grouped = rf"(?![0-9]{{1,3}}(?:\.[0-9]{{3}})++{after_groups})"
    minus = r"(?:(?<![\w.)\]%])[-−–](?=[0-9]))?"
    signed = minus + number
    money = _amount(words, number, suffixes)
    marked = "|".join(rf"(?<=(?<![\w-]){group})" for group in ("[A-FO]", "AB", "Rh"))
    in_model = "|".join(
        rf"(?<=[A-Za-z]{dash}[0-9]{{{count}}})" for dash in ("", "-") for count in range(1, 6)
    )
    prefixes = _alternatives({c: 0 for c in words.currency if not c[-1].isalpha()})
    codes = _alternatives({c: 0 for c in words.currency if c[0].isupper() and c.isalpha()})
    scales = _alternatives(dict(words.scales))
    long_units = _alternatives({u: 0 for u in words.units if len(u) > 1 or not u.isalpha()})
    letters = _alternatives({u: 0 for u in words.units if len(u) == 1 and u.isalpha()})
    # "1,5 kg" is no list
    decimals = r"[0-9]++,[0-9]{1,2}(?![0-9]|[.,][0-9])" if words.decimal == "." else r"(?!)"
    days, shown_months = (_names(words, names) for names in (words.days, words.months))
    measured = rf"(?:\s?(?:{long_units}|h)|\s(?:{letters}))"
    shortest = sorted({month[:3] for month in words.months})
    months = "|".join([*words.months, words.months[8][:4], *shortest])  # "Sept"
    abbreviations = [
        rf"(?:{_alternatives(dict(options))}){after}"
        for options, after in (
            (words.shortened, ""),
            # "Mr. Lee", "Mr. O'Neil", "Dr. J. Lee", but not "Main St. J. Lee"
            (
                words.titles,
                r"(?:(?= [A-ZÀ-Þ](?:[a-zß-ÿ]|'[A-Z]))|(?<!St\.)(?<!Mt\.)(?= [A-Z]\.)|(?= and (?:Mrs?|Ms|Dr)\.))",
            ),
            (words.numbered, r"(?= ?[+(]{0,2}[0-9]| [IVX]{2,6}\b)"),
        )
        if options
    ]
    named_date, days_of_month = _dates(words, months, shown_months)
    rulers, parts, kinds, rated, years, waits, calls = map(
        _after,
        (
            words.rulers,
            words.parts,
            words.kinds,
            words.rated,
            words.years,
            words.waits,
            words.calls,
        ),
    )
    called = _after((*words.called, *(f"{word}:" for word in words.called)))
    points, keys = "".join(words.compass), "|".join(words.keys)
    per = _alternatives(dict(words.per))
    old_year = "(?:1[0-8]|21)[0-9]{2}"
    half_day = r"\s?[AaPp]\.?[Mm](?:\.(?=\s[a-z]))?(?!\w)"
    thousand = rf"{',' if words.decimal == '.' else '[.]'}[0-9]{{3}}(?![0-9])"
    hours_after, dotted_time = r"(?<=[0-9]{2}:[0-9]{2})\sh(?:rs?|s)?(?!\w)", ""
    if words.decimal == ",":  # as it is written in Spanish; "a. m." has its second stop
        half_day = r"\s?[AaPp](?:\.\s?[Mm]\.?|[Mm])(?!\w)"
        hours_after, dotted_time = (
            r"\sh(?!\w)",
            r"|(?<![\w:.,])[0-2]?[0-9]\.[0-5][0-9]\s?h(?:oras)?(?!\w)",
        )
    hour = rf"[0-9]{{1,2}}{half_day}"
    clock = rf"[0-2]?[0-9]:[0-5][0-9](?:{half_day})?"
    between = r"(?:[-–—]|\s[–—]\s)"
    free = r"(?<![\w@])"  # nothing of a word before
    end = r"(?!\w)"
    hexa = "[0-9a-fA-F]"
    group = f"{hexa}{{1,4}}"
    stage = r"(?:alpha|beta|rc|pre|dev|preview|snapshot|nightly|canary)[.-]?[0-9]{0,4}"
    mail = r"[\w+-]{1,64}+(?:\.[\w+-]{1,64}+){0,9}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,9}+"
    hours_off = "(?:0?[0-9]|1[0-4]):(?:00|15|30|45)"
    zone = rf"[+−-]{hours_off}"
    octet = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})"
    spoken_ordinal = "|st|nd|rd|th" if words.ordinal_days else r"|\.?er"
    return [
        # the greater part of most texts; here only so that it is fast
        Form("plain", r"(?<![\w@#./:\\'-])(?:[a-z]{1,9}+(?:,? ++|\Z))++"),
        Form(
            "link",
            rf"<(?i:https?)://[^\s<>\"]++>|{free}(?:(?i:https?|ftps?|file|mailto):(?://)?+|www\.(?=[^\W_]))[^\s<>\"]++",
        ),
        Form(
            "mail",
            rf"<{mail}>|(?<![\w.+@-]){mail}",
        ),
        Form("whole", rf"(?<![\w.#+])(?:{_alternatives(dict(words.whole))})(?![\w#])(?!\+\+)"),
        Form("key_name", rf"(?:(?<!\w)(?:{keys})(?=\+)|(?<=\+)(?:{keys})(?!\w))"),
        Form("abbreviation", rf"(?<![\w.])(?:{'|'.join(abbreviations) or '(?!)'})(?![^\W\d])"),
        Form(
            "initials",
            r"(?<![\w.])[A-Z]\.(?: ?[A-Z]\.){1,5}(?!\w)" if words.ordinal_days else r"(?!)",
        ),
        Form(
            "windows_path",
            rf"{free}[A-Za-z]:[\\/](?:[^\\/\s:*?\"<>|]{{1,80}}+(?: [^\\/\s:*?\"<>|]{{1,80}}+){{0,4}}[\\/])*+"
            r"[^\\/\s:*?\"<>|,;]*+|(?<![\w\\])\\\\[\w.$-]{1,80}+(?:\\[^\\\s:*?\"<>|,;]{1,80}+)++",
        ),
        # "W: window" and "Plan B: wait" are labels, not drives
        Form(
            "drive",
            r"(?:\A|(?<= and )|(?<= or )|(?<= on )|(?<= to )|(?<= in )|(?<= from )|(?<= drive )|(?<= disk ))"
            r"[A-Z]:(?=[.,;)]|\Z| (?:and|or|is|has|y|o|es|tiene) )",
        ),
        Form(
            "unix_path",
            r"(?<![\w/.~:<€£$])(?:~|\.{1,2})?/[\w.+@~-]++(?:/[\w.+@~-]++)++/?+|(?<![\w/.~])(?:~|\.\.?)/[\w.+@-]++(?:/[\w.+@-]++)*+",
        ),
        Form(
            "domain",
            rf"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}+\.){{1,4}}(?<=\.)(?:{_TLDS})(?![\w@])(?!\.\w)(?!-\w)"
            r"(?::[0-9]{2,5}+)?+(?:/[^\s<>\"]*+)?+|(?<![\w@.-])localhost:[0-9]{2,5}+(?!\w)(?:/[^\s<>\"]*+)?+",
        ),
        Form(
            "file",
            rf"(?<![\w.])[\w-]{{1,80}}+(?:\.[\w-]{{1,80}}+){{0,3}}?\.(?:{_EXTENSIONS}|{_EXTENSIONS.upper()}){end}",
        ),
        Form(
            "identifier",
            rf"{free}{hexa}{{8}}-{hexa}{{4}}-{hexa}{{4}}-{hexa}{{4}}-{hexa}{{12}}{end}",
        ),
        # figures in two places at least, so that it is no word with a number
        Form(
            "digest",
            rf"(?<![\w.,-])(?=[a-f]{{0,16}}[0-9]{{1,16}}[a-f]{{1,16}}[0-9])[0-9a-f]{{7,128}}{end}"
            rf"|{free}(?=[A-F0-9]{{0,16}}[A-F])(?=[A-F]{{0,16}}[0-9])(?:[0-9A-F]{{8}}){{4,16}}{end}",
        ),
        Form("hexadecimal", rf"{free}(?:0[xX]{hexa}++|0[bB][01]{{2,64}}){end}"),
        Form(
            "colour",
            rf"(?<![\w&])#(?=[0-9]*+[A-Fa-f]|[0-9]{{6}}\b){hexa}{{6}}(?:{hexa}{{2}})?{end}",
        ),
        Form(
            "address",
            rf"(?<![\w.])(?:{octet}\.){{3}}{octet}(?![\w.]*+\.[0-9]|[0-9]|,[0-9]{{1,2}}(?![0-9.]))(?:/[0-9]{{1,2}}|:[0-9]{{2,5}})?{end}",
        ),
        Form(
            "address_of_card",
            rf"{free}{hexa}{{2}}(?P<between_pairs>[:-]){hexa}{{2}}(?:(?P=between_pairs){hexa}{{2}}){{4}}(?![\w:-])",
        ),
        # either eight groups or a gap; a figure, so that no name of code is one
        Form(
            "address_in_groups",
            rf"(?<![\w:.])(?=[a-fA-F:]{{0,24}}[0-9])(?:(?:{group}:){{7}}{group}|(?:{group}:){{1,7}}(?::{group}){{1,6}}"
            rf"|::{group}(?::{group}){{0,6}}|(?:{group}:){{1,7}}:)"
            r"(?:\.[0-9]{1,3}){0,3}(?:%[a-z]{1,8}[0-9]{0,3}|/[0-9]{1,3})?(?![\w:])",
        ),
        Form(
            "iso_date",
            rf"{free}[12][0-9]{{3}}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?"
            rf"(?:Z|{zone})?)?{end}|(?<![\w/.-])[12][0-9]{{3}}/[01][0-9]/[0-3][0-9](?![\w/]|-[0-9])",
        ),
        # alone it is a difference to UTC only with a plus: "-05:00" counts down as well
        Form("zone", rf"(?:(?<=\bUTC)|(?<=\bGMT)){zone}{end}|(?<!\S)\+{hours_off}{end}"),
        Form("slash_date", r"(?<![\w/.])[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})(?![\w/])"),
        Form("dot_date", r"(?<![\w.])[0-3]?[0-9]\.[01]?[0-9]\.(?:19|20)[0-9]{2}(?!\w|\.[0-9])"),
        Form(
            "dash_date",
            r"(?<![\w./-])[0-9]{1,2}-[0-9]{1,2}-(?:19|20)[0-9]{2}(?![\w/]|-[0-9])",
        ),
        Form(
            "name_range",
            rf"(?<![\w-])(?:{days}\s?[-–—]\s?{days}|{shown_months}\s?[-–—]\s?{shown_months})(?![\w-])",
        ),
        Form(
            "day_range",
            rf"{free}(?:{days_of_month}(?:,? [12][0-9]{{3}})?(?![\w:%/-]|[.,][0-9]))"
            if words.ordinal_days
            else r"(?!)",
        ),
        Form("named_date", rf"{free}(?:{named_date})"),
        Form(
            "hours",
            rf"(?<![\w:.,/-])(?:(?:{clock}|{hour})(?:(?<=[Mm])\.)?\s?[-–—]\s?(?:{clock}|{hour})"
            rf"|[0-9]{{1,2}}\s?[-–—]\s?{hour})(?![\w:-]|[.,][0-9])",
        ),
        Form("verses", r"(?<=[a-z] )[0-9]{1,3}:(?!00)[0-9]{1,3}[-–][0-9]{1,3}(?![\w:-]|[.,][0-9])"),
        Form(
            "clock",
            rf"(?<![\w:.])(?!1:[0-9]{{2}}{thousand})[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?"
            rf"(?:{half_day}|Z(?!\w)|h(?:rs?|s)?(?!\w)|{hours_after})?(?![\w:]){dotted_time}",
        ),
        Form(
            "bearing",
            rf"(?<![\w.,])[0-9]{{1,3}}°\s?[0-9]{{1,2}}['′]\s?(?:[0-9]{{1,2}}(?:[.,][0-9]{{1,4}})?[\"″”]\s?)?[{points}]{end}",
        ),
        Form("compass", rf"(?:(?<=[0-9]°)|(?<=[0-9]° ))[{points}]{end}"),
        Form(
            "height",
            r"(?<![\w.,'\"°′″])[4-7]['′] ?(?:1[01]|[0-9])[\"″](?!\w)" if words.feet else r"(?!)",
        ),
        Form(
            "sides",
            r"(?<![\w.,'\"])[0-9]{1,4}+(?:\.[0-9]{1,3}+)?+(?P<side_sign>['\"])"
            r"(?:(?: ?[x×] ?| by )[0-9]{1,4}+(?:\.[0-9]{1,3}+)?+(?P=side_sign)){1,2}+(?!\w)"
            if words.feet
            else r"(?!)",
        ),
        Form(
            "foot",
            r"(?<![\w.,'\"])[0-9]{1,4}+'(?= (?:tall|high|long|wide|deep|thick)\b)"
            if words.feet
            else r"(?!)",
        ),
        Form(
            "inches",
            rf"(?<![\w.,/:'\"°′-])(?<!['′] )(?:[0-9]{{1,4}}+ [1-9]/(?:2|4|8|16)|[1-9][0-9]?/(?:2|4|8|16)"
            rf"|(?:[0-9]{{1,4}}+ ?)?+[{VULGAR}]|[0-9]{{1,4}}+(?:\.[0-9]{{1,3}}+)?+)[\"”]"
            rf"(?=[ -](?!(?i:{_NO_MEASURED})\b)[A-Za-z]{{2}}| ?=| (?:and|or|to) [0-9.]{{1,6}}[\"”])"
            r"|(?:(?<=: )|\A)[0-9]{1,4}(?:\.[0-9])?[\"”](?=\.?\Z)"
            if words.feet
            else r"(?!)",
        ),
        # of bytes it could be "3 of 4 GB"
        Form(
            "part_of_unit",
            rf"(?:(?<![\w.,/-])(?:[0-9]{{1,4}} )?[1-9]/(?:2|3|4|8)|(?:[0-9]{{1,4}} ?)?[{VULGAR}])"
            rf" ?(?:{_alternatives({unit: 0 for unit in words.units if unit in _PARTED})}){end}",
        ),
        # not "3 ft 2 in the pool"
        Form(
            "feet",
            r"(?<![\w.,])[1-9][0-9]{0,2}+ ?ft\.? (?:1[01]|[0-9]) ?in(?:\.(?=,))?(?=[,;:!?)]|\.?\Z| (?:tall|high|long|wide|deep|thick)\b)"
            if words.feet
            else r"(?!)",
        ),
        Form(
            "power_of_ten",
            r"(?<![\w.,])(?:[0-9]{1,9}+(?:e[-−+][0-9]{1,3}|E[-−+][0-9]{2,3})"
            rf"|[0-9]{{1,9}}+{mark}[0-9]{{1,9}}+[eE][-−+]?[0-9]{{1,3}})(?![\w-]|\.[0-9])",
        ),
        # not a version, "~1.2.3"
        Form(
            "about",
            r"(?<![\w~.])(?<![0-9] )~(?=[$€£]?[0-9]++(?:[.,][0-9]++){0,2}+(?!\w*\.[0-9]))(?![0-9]++\.[0-9]++\.)",
        ),
        Form("ruler", rf"(?=[IVX]{{2,6}}(?!\w))(?:{rulers}){_ROMAN}(?:'s(?!\w))?+"),
        # "the part I like" is none
        Form(
            "part",
            rf"(?=[IVX]{{1,6}}(?!\w))(?:{parts})(?!I(?! ?[.,:;)]|\Z)(?!\w)){_ROMAN}",
        ),
        Form("war", rf"(?=[IVX]{{1,6}}(?!\w))(?<=\bWorld War ){_ROMAN}"),
        Form("kind", rf"(?=[IVXL]{{2,8}}(?!\w))(?:{kinds}){_LARGE_ROMAN}"),
        Form(
            "century",
            rf"(?<![\w-])(?!I\b)(?=[IVX]){_ROMAN_LETTERS}(?:(?:th|st|nd|rd)\b|(?=[ -][Cc]entur))"
            if words.kinds
            else r"(?!)",
        ),
        # what can be nothing but a numeral: no IV, XV, XXX, LIV
        Form(
            "roman",
            rf"(?<![\w-])(?=II\b|[IVX]{{3}}\b|[IVXL]{{4,8}}\b)(?!XXX){_LARGE_ROMAN}(?:'s(?!\w))?+"
            if words.kinds
            else r"(?!)",
        ),
        Form("hour", rf"(?<![\w:.]){hour}"),
        # four years are no card
        Form(
            "card",
            r"(?<![\w.,-])(?<![0-9] )(?!(?:(?:19|20)[0-9]{2} ){3})"
            r"(?:[0-9]{4}(?: [0-9]{4}){3}(?: [0-9]{1,3})?|3[47][0-9]{2} [0-9]{6} [0-9]{5})(?![\w%]| [0-9]|[.,-][0-9])",
        ),
        Form(
            "hidden_card",
            r"(?<!\w)(?P<hiding_sign>[*•●])(?P=hiding_sign){3}(?:[ -]?(?P=hiding_sign){4}){0,3}[ -]?[0-9]{4}(?!\w)"
            r"|(?<!\w)(?:X{4}[ -]){2,3}[0-9]{4}(?!\w)",
        ),
        # of a bank; the bank's own letters stand second
        Form(
            "account",
            rf"{free}[A-Z]{{2}}[0-9]{{2}} ?[A-Z0-9]{{4}}(?: ?(?=[A-Z]{{0,3}}[0-9])[A-Z0-9]{{4}}){{2,6}}(?: ?[0-9]{{1,3}})?(?!\w)",
        ),
        Form(
            "phone",
            r"(?<![\w.+])(?:\+[0-9]{1,3}[ .-]?(?:\([0-9]{1,5}\)[ .-]?)?[0-9]{2,4}(?:[ .-]?[0-9]{2,4}){1,5}"
            r"|\([0-9]{3}\)\s?[0-9]{3}[-. ][0-9]{4}|[0-9]{3}[-.][0-9]{3}[-.][0-9]{4}|[0-9]{3}-[0-9]{4}|0[1-9](?: [0-9]{2}){4}|0[0-9]{2,4} [0-9]{3,4} [0-9]{3,4})(?![\w]|-[0-9])",
        ),
        Form(
            "called",
            rf"(?:{called})[0-9]{{7,12}}(?![\w-]|[.,][0-9]| (?!(?:or|and|now|ext|y|o)\b)[a-z])|(?:{calls})[19][0-9]{{2}}(?=[.,;!?)]|\Z| (?:or|now|for|if|in|and)\b)",
        ),
        # a number with a word in it
        Form("phone_in_letters", r"(?<![\w.+-])1-[89][0-9]{2}-[A-Z]{4,9}(?!\w)"),
        # of Spain; written so it could be a count as well
        Form(
            "phone_in_threes",
            rf"(?<![\w.,+])(?<![0-9] )(?![0-9]{{3}} (?:[0-9]{{3}} )?000)[6-9][0-9]{{2}} [0-9]{{3}} [0-9]{{3}}"
            rf"(?![\w%]|[.,-][0-9]| [0-9]| [^\W\d_]{{2,20}}s\b| ?(?:{suffixes}|{long_units})(?!\w))"
            if words.decimal == ","
            else r"(?!)",
        ),
        Form(
            "phone_in_pairs",
            r"(?<![\w.,+])(?<![0-9] )(?:9[0-9] [0-9]{3} [0-9]{2} [0-9]{2}|[6-9][0-9]{2}(?: [0-9]{2}){3})(?![\w%]|[.,-][0-9]| [0-9])"
            if words.decimal == ","
            else r"(?!)",
        ),
        # of a Spanish identity card
        Form("identity", rf"{free}[0-9]{{8}}-[A-Z]{end}" if words.decimal == "," else r"(?!)"),
        Form("serial", r"(?<![\w.])[0-9]{1,20}+(?:-[0-9]{1,20}+){2,12}+(?!\w)"),
        Form(
            "version",
            rf"(?<![\w.]){grouped}(?:[vV](?=[0-9]))?[0-9]{{1,9}}+(?:\.[0-9]{{1,9}}+){{2,8}}+(?!\w)(?:-{stage}(?![\w-]))?"
            rf"|(?<!\w)[vV][0-9]{{1,9}}+(?:\.[0-9]{{1,9}}+)?+(?!\w)(?:-{stage}(?![\w-]))?",
        ),
        Form(
            "circa",
            r"(?<![\w.])ca?\. ?(?=[1-9][0-9]{2,3}(?!\w|[.,][0-9]))" if words.years else r"(?!)",
        ),
        Form(
            "year",
            rf"(?:{years}){old_year}{_AFTER_YEAR}|(?<![\w.,]){old_year}(?= (?:AD|BCE?|CE)\b)"
            if words.years
            else r"(?!)",
        ),
        Form(
            "size",
            rf"(?<![\w.])[0-9]{{1,5}}+(?:\s?[x×*]\s?[0-9]{{1,5}}){{1,2}}(?:{measured}(?!\w)"
            r"|(?![\w.]*+[0-9])(?!\w))",
        ),
        Form("mixed_dash", r"(?<![\w.,/–-])[0-9]{1,3}-[1-9]/(?:2|3|4|5|8|16)(?![\w/-])"),
        Form("airliner", r"(?<![\w.,–-])7[0-8]7-[0-9]{1,3}[A-Z]{0,3}i?(?![\w-]|[.,][0-9])"),
        Form(
            "money_range",
            rf"(?<![\w)–-])(?:(?:{prefixes})\s?|(?:{codes}) ){money}(?:\s?(?:{scales})(?!\w))?"
            rf"(?:{between}(?:(?:{prefixes})\s?)?|\s-\s(?:{prefixes})\s?)"
            rf"{money}(?:\s?(?:{scales})(?!\w))?(?![\w–-]|[.,][0-9])"
            rf"|(?<![\w.,–-]){money}(?: ?(?:{suffixes}))?{between}{money}(?: ?(?:{scales}))?"
            rf" ?(?:{suffixes})(?![\w–-])",
        ),
        Form(
            "money_before",
            rf"(?:(?<![\w)])[-−–])?(?<![A-Za-z])(?:{prefixes})\s?[-−]?{money}(?:\s?(?:{scales})(?!\w))?(?: (?:{codes})(?!\w))?",
        ),
        Form("money_code", rf"(?<![\w/])(?:{codes}) {money}(?:\s?(?:{scales}))?(?!\w)"),
        Form("money_after", rf"(?<![\w.,]){minus}{money}(?: ?(?:{scales}))? ?(?:{suffixes})(?!\w)"),
        Form(
            "unit_range",
            rf"(?:(?<![\w.,)\]%–-])[-−](?=[0-9])|(?<![\w.,\-–])){number}{measured}{between}{number}{measured}(?![\w/°–-])",
        ),
        Form(
            "range",
            rf"(?:(?<![\w.,)\]%–-])[-−](?={number}[–—])|(?<![\w.,\-–])){number}(?:[-–—]|\s[–—]\s){number}{measured}?(?![\w\-–]|[.,][0-9])",
        ),
        # not "ISO 9001:2015"
        Form(
            "ratio",
            r"(?<![\w:.,])(?![0-9]{4,5}:(?:19|20)[0-9]{2}(?!\w))"
            rf"[0-9]{{1,5}}:(?:[0-9]{{1,3}}{thousand}|[0-9]{{1,9}}(?![\w:]))",
        ),
        # the small o of ordinals is often typed for the sign of degrees
        Form("below_zero", r"(?<![\w.)\]%])[-−][0-9]{1,3}º(?!\w)"),
        Form("ordinal", rf"(?<![\w.,])[0-9]{{1,6}}(?:\.?[ºª]{spoken_ordinal})(?!\w)"),
        Form(
            "lasting",
            r"(?<![\w.,])[0-9]{1,4}(?:h ?[0-9]{1,2}m(?:in)?(?: ?[0-9]{1,2}s)?|h[0-5][0-9]|m(?:in)? ?[0-9]{1,2}s)(?!\w)",
        ),
        Form("seconds", rf"(?:{waits})[0-9]{{1,3}}s(?!\w)(?! and [0-9]0s)"),
        Form("decade", r"(?<![\w.,])(?:[12][0-9][0-9]0|['’]?[2-9]0)['’]?s(?!\w)(?! ago\b)"),
        # only behind money or a measure
        Form("per", rf"/(?:{per})\b"),
        Form(
            "score",
            rf"(?<![\w.,/-])(?:[0-9]{{1,2}}{mark}[0-9]/(?:5|10|20|100)(?! ?(?:{long_units})(?!\w))"
            rf"|[0-9]{{1,3}}/(?:5|10|100)(?= (?:{words.stars})\b)"
            rf"|(?:{rated})[0-9]{{1,3}}/(?:5|10|20|100))(?![\w/]|[.,][0-9])",
        ),
        Form("mixed", r"(?<![\w.,/])[0-9]{1,4}\s[1-9]/(?:2|3|4|5|8|16)(?![\w/])"),
        Form("fraction", r"(?<![\w.,/])[1-9][0-9]?/(?:2|3|4|5|8|16)(?![\w/]|[.,][0-9])"),
        Form("vulgar", rf"(?:[0-9]++\s?)?+[{VULGAR}]"),
        Form("ago", r"(?<![\w.,])[0-9]{1,4}[smhdwy](?= ago\b)" if words.ordinal_days else r"(?!)"),
        Form(
            "measure",
            rf"(?<![\w.,#]){minus}(?:{decimals}|{number}){measured}(?![\w°]|/(?!(?:{per})\b|[0-9]))(?:(?<=[a-z])\.(?= [a-z0-9]|,))?",
        ),
        Form(
            "comma", r"(?<![\w.,])[0-9]++,[0-9]{1,2}(?![\w,.])" if words.decimal == "." else r"(?!)"
        ),
        Form(
            "billions",
            r"(?<![\w.,])[0-9]{1,9}(?:\.[0-9]{1,3})?\s?bn(?!\w)"
            if words.decimal == "."
            else r"(?!)",
        ),
        Form(
            "decimal_name",
            r"(?<![\w.,])(?:[0-9]{1,9}+\.[0-9]{1,9}+(?=[A-Za-z]{1,3}(?!\w))|[1-9][0-9]{2}(?=[kKxmgLVW](?!\w)))",
        ),
        # those with a vowel could be said as words
        Form(
            "plural",
            rf"(?<![\w.])(?:[B-DF-HJ-NP-TV-XZ]{{2,5}}|{'|'.join(words.spelled)})s(?!\w)"
            if words.spelled
            else r"(?!)",
        ),
        Form("number_sign", r"(?<![\w&#])#(?=[0-9])"),
        Form("tag", r"(?<![\w&#])#(?=[^\W\d_])"),
        Form("handle", r"(?<![\w.])@(?=\w)"),
        Form("number", rf"(?<![\w.,]){signed}(?!\w)|(?<![\w.])[-−]?\.[0-9]++(?!\w|\.)"),
        Form("alnum", rf"(?:[^\W⁰¹²³⁴-⁹{VULGAR}]|(?<=\w)'(?=\w))++"),
        Form(
            "operator", r"\+/-|===?|!=|<=|>=|[=-]>|<-(?!\w)|&&|\|\||\+\+|[+:-]=|(?<=\w)\+(?=\s|\Z)"
        ),
        Form("offset", r"(?:(?<=\bUTC)|(?<=\bGMT))[-−–](?=[0-9])"),
        # a mark or a blood group, "A-"; not what waits for a second word, "A- and B-side"
        Form(
            "minus_after",
            rf"(?:{marked})-(?!\w)(?!\s(?:and|or|to|y|o|u|e|a)\s\w+-\w)",
        ),
        Form("masked", r"(?P<masked_sign>[•●*])(?:(?P=masked_sign)){2,}+"),
        Form("rule", r"(?P<ruled_sign>[-=_.~#+<>/\\|:;,!?·─━═—–])(?P=ruled_sign){2,}+"),
        Form("repeated", r"(?P<repeated_sign>[^\w\s.,;:!?'()-])(?P=repeated_sign)++"),
        Form(
            "lone_dash",
            r"(?:(?<=[0-9] )|(?<=[0-9][a-z] )|(?<=[²³] )|(?<=\b[a-z] ))-(?= (?:[0-9]|[a-z](?!\w)|\())|(?<=\) )-(?= [b-z](?!\w))",
        ),
        Form("minus_of", r"(?:(?<=[=(])|(?<=[=<>] ))-(?=[A-Za-z](?!\w))"),
        Form("product", r"(?<=(?<!\w)\w)\*(?=\w(?!\w))"),
        Form("suffix_range", r"(?<=[0-9])[-–](?=[0-9]{1,4}(?:\.[0-9]{1,3})?[xkK](?!\w))"),
        Form("key_sign", r"(?<=(?:trl|ift|Alt|Cmd|Win)\+)[-.,;:](?!\w)"),
        Form("submenu", r"(?<=[a-zß-ÿ]{2} )>(?= [A-ZÀ-Þ][a-zß-ÿ])"),
        # in Spanish a dash is written so before what somebody says
        Form(
            "flag",
            r"(?<!\S)--(?=[a-z][a-z-]{1,30}+(?!\w))|(?<=[a-z0-9] )-(?=[b-hj-zB-HJ-Z](?![\w'-]))"
            if words.ordinal_days
            else r"(?!)",
        ),
        Form("any_ending", r"(?<!\w)\*\.(?=[a-z0-9]{1,5}+(?!\w))"),
        Form("first_dot", r"(?<!\S)\.(?=[a-z][a-z0-9_-]{1,20}+(?!\w))"),
        # "A320-200": without it one hears a single number
        Form("model_dash", rf"(?:{in_model})-(?=[0-9])"),
        Form("missing_blank", r"(?<=[a-z])\.(?=[A-Z][a-z])"),
        Form("inner_dot", r"(?<=[^\W\d_]{2})\.(?=[a-z_]{2})"),
        Form("dash", r"(?<=\s)[-–](?=\s)|\s?—\s?|(?<=\w)–(?=\w)|(?<=\w)-(?=\w)"),
        Form("power_of_unit", rf"(?<=10)⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]++\s(?:{long_units})(?![\w°/])"),
        Form("power", r"⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]++"),
        Form("exponent", r"(?<=[\w)])\^(?:[-−]?[0-9]{1,4}|\([-−]?[0-9]{1,4}\)|[a-z])(?!\w)"),
        Form("trend", r"[▲▼](?=\s?[0-9])"),
        Form("mark", r"[^\w\s]"),
    ]
