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

_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{0,3}))(?![\w-])"


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


def _forms(words: Words) -> list[Form]:
    """All written forms, the longest and most particular first."""
    if words.decimal == ".":
        number = r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]++)(?:\.[0-9]++)?+"
    else:
        number = r"(?:[0-9]{1,3}(?:[. ][0-9]{3})++(?![0-9])|[0-9]++)(?:[.,][0-9]++)?+"
    mark = r"\." if words.decimal == "." else "[.,]"
    # in Spanish 1.234.567 is a number
    grouped = "" if words.decimal == "." else r"(?![0-9]{1,3}(?:\.[0-9]{3})++(?![0-9.]))"
    signed = rf"(?:(?<![\w.)\]%])[-−–](?=[0-9]))?{number}"
    marked = "|".join(rf"(?<=(?<![\w-]){group})" for group in ("[A-FO]", "AB", "Rh"))
    prefixes = _alternatives({c: 0 for c in words.currency if not c[-1].isalpha()})
    suffixes = _alternatives({c: 0 for c in words.currency})
    scales = _alternatives(dict(words.scales))
    long_units = _alternatives({u: 0 for u in words.units if len(u) > 1 or not u.isalpha()})
    letters = _alternatives({u: 0 for u in words.units if len(u) == 1 and u.isalpha()})
    months = "|".join(words.months) + "|" + "|".join(sorted({m[:3] for m in words.months}))
    abbreviations = [
        rf"(?:{_alternatives(dict(options))}){after}"
        for options, after in (
            (words.shortened, ""),
            # "Mr. Lee", "Mr. O'Neil", "Dr. J. Lee", but not "Main St. J. Lee"
            (words.titles, r"(?:(?= [A-ZÀ-Þ](?:[a-zß-ÿ]|'[A-Z]))|(?<!St\.)(?<!Mt\.)(?= [A-Z]\.))"),
            (words.numbered, r"(?= ?[+(]{0,2}[0-9])"),
        )
        if options
    ]
    if words.ordinal_days:
        named_date = (
            rf"(?:{months})\.?+ [0-3]?[0-9](?:st|nd|rd|th)?+(?![\w:%/])(?!\.[0-9])(?:,? [12][0-9]{{3}}(?!\w))?+"
            rf"|[0-3]?[0-9](?:st|nd|rd|th)?+ (?:of )?+(?:{months})(?!\w)(?:,? [12][0-9]{{3}}(?!\w))?+"
        )
    else:
        named_date = rf"[0-3]?[0-9] de (?:{months})(?!\w)(?: (?:de|del) [12][0-9]{{3}}(?!\w))?+"
    rulers = "|".join(rf"(?<=\b{ruler} )" for ruler in words.rulers)
    parts = "|".join(rf"(?<=\b{part} )" for part in words.parts)
    free = r"(?<![\w@])"  # nothing of a word before
    end = r"(?!\w)"
    hexa = "[0-9a-fA-F]"
    return [
        # the greater part of most texts; here only so that it is fast
        Form("plain", r"(?<![\w@#./:\\'-])(?:[a-z]{1,9}+(?:,? ++|\Z))++"),
        Form(
            "link", rf"{free}(?:(?i:https?|ftps?|file|mailto):(?://)?+|www\.(?=[^\W_]))[^\s<>\"]++"
        ),
        Form(
            "mail",
            r"(?<![\w.+@-])[\w+-]{1,64}+(?:\.[\w+-]{1,64}+){0,9}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,9}+",
        ),
        Form("whole", rf"(?<![\w.#+])(?:{_alternatives(dict(words.whole))})(?![\w#])(?!\+\+)"),
        Form("abbreviation", rf"(?<![\w.])(?:{'|'.join(abbreviations) or '(?!)'})(?!\w)"),
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
            r"(?<![\w/.~:<])(?:~|\.{1,2})?/[\w.+@~-]++(?:/[\w.+@~-]++)++/?+|(?<![\w/.~])(?:~|\.\.?)/[\w.+@-]++(?:/[\w.+@-]++)*+",
        ),
        Form(
            "domain",
            rf"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}+\.){{1,4}}(?<=\.)(?:{_TLDS})(?![\w@])(?!\.\w)(?!-\w)"
            r"(?::[0-9]{2,5}+)?+(?:/[^\s<>\"]*+)?+",
        ),
        Form(
            "file", rf"(?<![\w.])[\w-]{{1,80}}+(?:\.[\w-]{{1,80}}+){{0,3}}?\.(?:{_EXTENSIONS}){end}"
        ),
        Form(
            "identifier",
            rf"{free}{hexa}{{8}}-{hexa}{{4}}-{hexa}{{4}}-{hexa}{{4}}-{hexa}{{12}}{end}",
        ),
        Form("hexadecimal", rf"{free}0[xX]{hexa}++{end}"),
        Form(
            "colour",
            rf"(?<![\w&])#(?=[0-9]*+[A-Fa-f]|[0-9]{{6}}\b){hexa}{{6}}(?:{hexa}{{2}})?{end}",
        ),
        Form(
            "address",
            rf"(?<![\w.])(?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}(?![\w.]*+\.[0-9]|[0-9])(?:/[0-9]{{1,2}}|:[0-9]{{2,5}})?{end}",
        ),
        Form(
            "iso_date",
            rf"{free}[12][0-9]{{3}}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?Z?)?{end}",
        ),
        Form("slash_date", r"(?<![\w/.])[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})(?![\w/])"),
        Form("dot_date", r"(?<![\w.])[0-3]?[0-9]\.[01]?[0-9]\.(?:19|20)[0-9]{2}(?!\w|\.[0-9])"),
        Form("named_date", rf"{free}(?:{named_date})"),
        Form(
            "clock",
            r"(?<![\w:.])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?(?:\s?[AaPp]\.?[Mm](?:\.(?=\s[a-z]))?(?!\w)|Z(?!\w)|h(?:rs?|s)?(?!\w)|(?<=[0-9]{2}:[0-9]{2})\sh(?:rs?|s)?(?!\w))?(?![\w:])",
        ),
        Form(
            "height",
            r"(?<![\w.,'\"°′″])[4-7]['′](?:1[01]|[0-9])[\"″](?!\w)" if words.feet else r"(?!)",
        ),
        # not "3 ft 2 in the pool"
        Form(
            "feet",
            r"(?<![\w.,])[1-9][0-9]{0,2}+ ?ft (?:1[01]|[0-9]) ?in(?=[,;:!?)]|\.?\Z| (?:tall|high|long|wide|deep|thick)\b)"
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
        Form("ruler", rf"(?=[IVX]{{2,6}}(?!\w))(?:{rulers or '(?!)'}){_ROMAN}(?:'s(?!\w))?+"),
        # "the part I like" is none
        Form(
            "part",
            rf"(?=[IVX]{{1,6}}(?!\w))(?:{parts or '(?!)'})(?!I(?! ?[.,:;)]|\Z)(?!\w)){_ROMAN}",
        ),
        Form("war", rf"(?=[IVX]{{1,6}}(?!\w))(?<=\bWorld War ){_ROMAN}"),
        Form("hour", r"(?<![\w:.])[0-9]{1,2}\s?[AaPp]\.?[Mm](?:\.(?=\s[a-z]))?(?!\w)"),
        Form(
            "phone",
            r"(?<![\w.+])(?:\+[0-9]{1,3}[ .-]?(?:\([0-9]{1,5}\)[ .-]?)?[0-9]{2,4}(?:[ .-]?[0-9]{2,4}){1,5}"
            r"|\([0-9]{3}\)\s?[0-9]{3}[-. ][0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{4}|[0-9]{3}-[0-9]{4}|0[0-9]{2,4} [0-9]{3,4} [0-9]{3,4})(?![\w]|-[0-9])",
        ),
        Form("serial", r"(?<![\w.])[0-9]{1,20}+(?:-[0-9]{1,20}+){2,12}+(?!\w)"),
        Form(
            "version",
            rf"(?<![\w.]){grouped}(?:[vV](?=[0-9]))?[0-9]{{1,9}}+(?:\.[0-9]{{1,9}}+){{2,8}}+(?!\w)"
            r"|(?<!\w)[vV][0-9]{1,9}+(?:\.[0-9]{1,9}+)?+(?!\w)",
        ),
        Form("size", r"(?<![\w.])[0-9]{1,5}+(?:\s?[x×*]\s?[0-9]{1,5}){1,2}(?![\w.]*+[0-9])(?!\w)"),
        Form(
            "money_before",
            rf"(?:(?<![\w)])[-−–])?(?<![A-Za-z])(?:{prefixes})\s?[-−]?{number}(?:\s?(?:{scales})(?!\w))?",
        ),
        Form("money_code", rf"(?<!\w)(?:USD|EUR|GBP|CHF|JPY) {number}(?!\w)"),
        Form("money_after", rf"(?<![\w.,]){signed}(?: ?(?:{scales}))? ?(?:{suffixes})(?!\w)"),
        Form(
            "range",
            rf"(?<![\w.,\-–]){number}(?:[-–—]|\s[–—]\s){number}(?:\s?(?:{long_units}))?(?![\w\-–]|[.,][0-9])",
        ),
        Form("ratio", r"(?<![\w:.,])[0-9]{1,5}:[0-9]{1,5}(?![\w:])"),
        Form("ordinal", r"(?<![\w.,])[0-9]{1,6}(?:st|nd|rd|th|[ºª]|\.[ºª])(?!\w)"),
        Form("decade", r"(?<![\w.,])(?:[12][0-9][0-9]0|['’]?[2-9]0)['’]?s(?!\w)"),
        Form("mixed", r"(?<![\w.,/])[0-9]{1,4}\s[1-9]/(?:2|3|4|5|8|16)(?![\w/])"),
        Form("fraction", r"(?<![\w.,/])[1-9][0-9]?/(?:2|3|4|5|8|16)(?![\w/]|[.,][0-9])"),
        Form("vulgar", r"(?:[0-9]++\s?)?+[½¼¾⅓⅔⅕⅛]"),
        Form("ago", r"(?<![\w.,])[0-9]{1,4}[smhdwy](?= ago\b)" if words.ordinal_days else r"(?!)"),
        Form("measure", rf"(?<![\w.,#]){signed}(?:\s?(?:{long_units})|\s(?:{letters}))(?![\w/°])"),
        Form(
            "comma", r"(?<![\w.,])[0-9]++,[0-9]{1,2}(?![\w,.])" if words.decimal == "." else r"(?!)"
        ),
        Form(
            "decimal_name",
            r"(?<![\w.,])(?:[0-9]{1,9}+\.[0-9]{1,9}+(?=[A-Za-z]{1,3}(?!\w))|[1-9][0-9]{2}(?=[kKx](?!\w)))",
        ),
        Form("number_sign", r"(?<![\w&#])#(?=[0-9])"),
        Form("tag", r"(?<![\w&#])#(?=[^\W\d_])"),
        Form("handle", r"(?<![\w.])@(?=\w)"),
        Form("number", rf"(?<![\w.,]){signed}(?!\w)|(?<![\w.])[-−]?\.[0-9]++(?!\w|\.)"),
        Form("alnum", r"(?:[^\W⁰¹²³⁴-⁹½¼¾⅓⅔⅕⅛]|(?<=\w)'(?=\w))++"),
        Form("operator", r"===?|!=|<=|>=|[=-]>|<-(?!\w)|&&|\|\||\+\+|[+:-]=|(?<=\w)\+(?=\s|\Z)"),
        # a mark or a blood group, "A-"; not what waits for a second word, "A- and B-side"
        Form(
            "minus_after",
            rf"(?:{marked})-(?!\w)(?!\s(?:and|or|to|y|o|u|e|a)\s\w+-\w)",
        ),
        Form("masked", r"(?P<masked_sign>[•●*])(?:(?P=masked_sign)){2,}+"),
        Form("rule", r"(?P<ruled_sign>[-=_.~#+<>/\\|:;,!?·─━═—–])(?P=ruled_sign){2,}+"),
        Form("repeated", r"(?P<repeated_sign>[^\w\s.,;:!?'()-])(?P=repeated_sign)++"),
        Form("lone_dash", r"(?<=[0-9] )-(?= [0-9])"),
        Form("missing_blank", r"(?<=[a-z])\.(?=[A-Z][a-z])"),
        Form("inner_dot", r"(?<=[^\W\d_]{2})\.(?=[a-z_]{2})"),
        Form("dash", r"(?<=\s)[-–](?=\s)|\s?—\s?|(?<=\w)–(?=\w)|(?<=\w)-(?=\w)"),
        Form("power", r"[⁰¹²³⁴⁵⁶⁷⁸⁹]++"),
        Form("mark", r"[^\w\s]"),
    ]
