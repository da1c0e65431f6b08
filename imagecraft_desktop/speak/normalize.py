"""Turns what is written into what is said: "$5" into "five dollars", "C:\\\\x.txt" into words.

One scanner goes over the text once; each of its readings takes what it matched and gives words.
Nothing that was read is read again, every quantifier is bounded or possessive, so the time grows
only with the length of the text. What no reading knows is kept as it is.

English and Spanish are read in full. A text in another language keeps its numbers and signs: the
voices that speak it read those themselves, in their own grammar. Called by `prepare`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from imagecraft_desktop.speak import numerals
from imagecraft_desktop.speak.forms import VULGAR, scanner
from imagecraft_desktop.speak.words import Noun, Words, words_for

# Extensions that are said as words; the others are spelled
_SPOKEN_EXTENSIONS = frozenset(
    [
        "zip",
        "tar",
        "conf",
        "log",
        "bat",
        "bak",
        "java",
        "php",
        "go",
        "gif",
        "tiff",
        "toml",
        "json",
        "epub",
        "onnx",
        "jpeg",
        "com",
    ]
)
_READABLE_PART = re.compile(
    r"(?:[^\W\d_]{1,24}|[0-9]{1,8})(?:[-_+.](?:[^\W\d_]{1,24}|[0-9]{1,8})){0,8}"
)
_FOUR_NUMBERS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_LONGEST_LINK = 6  # parts of a link's path that are read
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_ALNUM_RUN = re.compile(r"[0-9]+|[^\W\d_]+")
_SPLIT_NAMES = re.compile(r"(?:Ma?c|La)[A-Z][a-z]+|i[A-Z]\w*|e[A-Z]\w*|\w+OS|[A-Z]+s")
_LONGEST_WORD = 32  # letters without a blank that a voice still gets through
_LONGEST_YEAR = 4  # digits; in a name, longer ones are no count
_LONGEST_GROUPED = 15  # digits
_SAME_LETTER = re.compile(r"([^\W\d_])\1{9,}+")


def to_words(text: str, language: str) -> str:
    """Give a text as it is said.

    Args:
        text: Already cleaned: no control characters, plain blanks.
        language: BCP 47 tag of the text.
    """
    base = language.lower().replace("_", "-").partition("-")[0]
    words = words_for(base)
    if words is None:
        return _tidy(text)
    reader = _Reader(base, words)
    return _tidy(scanner(base).sub(reader.read, text))


def name_signs(text: str, language: str) -> str:
    """Say each sign by its name: for a text that is nothing but signs."""
    words = words_for(language) or words_for("en")
    if words is None:
        raise ValueError("the table of English words is gone")
    named: list[str] = []
    counted: list[int] = []
    for sign in text:
        name = words.symbols.get(sign) or words.names.get(sign)
        if name is None:
            continue
        if named and named[-1] == name:
            counted[-1] += 1
        else:
            named.append(name)
            counted.append(1)
    base = language.partition("-")[0] if words_for(language) else "en"
    return ", ".join(
        name if count == 1 else words.times.format(name=name, count=numerals.cardinal(count, base))
        for name, count in zip(named, counted, strict=True)
    )


_BLANKS = re.compile(r"\s++")
_BEFORE_STOP = re.compile(r"\s++(?=[,.;:!?)])")
_STOPS = re.compile(r"[,;:]\s?+(?=[,.;:!?])")
_CLOSE_COMMA = re.compile(r",(?=\w)")
_EMPTY_BRACKETS = re.compile(r"\(\s*+,?\s*+\)")
_FIRST_STOPS = re.compile(r"\A[\s,;:.!?–-]++")


def _tidy(text: str) -> str:
    """One blank between words, none before a stop, no stop twice."""
    text = _EMPTY_BRACKETS.sub(" ", text)
    text = _BEFORE_STOP.sub("", _BLANKS.sub(" ", text))
    text = _CLOSE_COMMA.sub(", ", _STOPS.sub("", text))
    return _FIRST_STOPS.sub("", text).rstrip(" ,")


class _Reader:
    """The readings, by the names of the forms. One for each text."""

    def __init__(self, language: str, words: Words) -> None:
        self._language = language
        self._words = words
        self._currencies = sorted(words.currency, key=len, reverse=True)
        self._inch_marks = 0
        self._quantity_end = -1

    def read(self, match: re.Match[str]) -> str:
        name = match.lastgroup
        if name is None or not match.group():
            return match.group()
        reading: Callable[[str, re.Match[str]], str] = getattr(self, f"_{name}")
        spoken = reading(match.group(), match)
        if name in _QUANTITIES:
            self._quantity_end = match.end()
        return spoken

    # -- numbers -----------------------------------------------------------------------------

    def _cardinal(self, number: int) -> str:
        return numerals.cardinal(number, self._language)

    def _digits(self, text: str) -> str:
        return numerals.digits(text, self._language)

    def _value(self, text: str, *, is_count: bool = False) -> str:
        """A number as it is written, with sign, groups and decimals; a long one may name a thing, if it is no count."""
        sign = ""
        if text[0] in "-−–":
            sign, text = self._words.minus + " ", text[1:]
        whole, fraction, mark = self._parts(text)
        is_count |= whole not in text  # written in groups
        if is_count and whole and whole[0] != "0" and len(whole) <= _LONGEST_GROUPED:
            spoken = self._cardinal(int(whole))
        else:
            spoken = numerals.whole(whole, self._language) if whole else self._cardinal(0)
        if fraction:
            spoken = f"{spoken} {self._point(mark)} {self._digits(fraction)}"
        return sign + spoken

    def _parts(self, text: str) -> tuple[str, str, str]:
        """Digits before and after the decimal sign, and that sign."""
        text = _GROUP_MARKS.sub("", text)
        if _OTHERS_MARKS[self._words.decimal].search(text):
            text = text.translate(_MARKS_SWAPPED)
        if self._words.decimal == ".":
            whole, mark, fraction = text.replace(",", "").partition(".")
            return whole, fraction, mark
        if "," in text:
            whole, mark, fraction = text.partition(",")
            return whole.replace(".", ""), fraction, mark
        groups = text.split(".")
        if len(groups) > 1 and (len(groups) > 2 or len(groups[1]) == 3):
            return "".join(groups), "", ""
        return groups[0], "".join(groups[1:]), "."

    def _point(self, mark: str) -> str:
        return self._words.point if mark == self._words.decimal else self._words.dot

    def _circa(self, _text: str, _match: re.Match[str]) -> str:
        return "circa "

    def _year(self, text: str, _: re.Match[str] | None = None) -> str:
        return numerals.year(int(text), self._language)

    def _counted(self, number: str, noun: Noun) -> str:
        """A number and what it counts, in the right form."""
        value = self._value(number, is_count=True)
        one = number.lstrip("-−–") == "1"
        if self._language == "es":
            value = _spanish_before(value, noun)
        return f"{value} {noun.one if one else noun.many}".rstrip()

    def _number(self, text: str, match: re.Match[str]) -> str:
        is_count = text.endswith("1") or _PLURAL.match(match.string, match.end())
        if self._language == "es" and is_count and (noun := _noun_after(match)):
            return self._counted(text, noun)
        if len(text) == 4 and text.isdecimal() and 1900 <= int(text) <= 2099:
            return self._year(text)
        return self._value(text)

    def _billions(self, text: str, _: re.Match[str]) -> str:
        number, scale = _apart(text)
        return f"{self._value(number)} {self._words.scales[scale]}"

    def _comma(self, text: str, _: re.Match[str]) -> str:
        """Perhaps decimals as others write them, perhaps a list: the sign is said."""
        whole, fraction = text.split(",")
        return f"{self._value(whole)} {self._words.names[',']} {self._digits(fraction)}"

    def _decimal_name(self, text: str, _: re.Match[str]) -> str:
        return f"{self._value(text)} "

    def _ordinal(self, text: str, _: re.Match[str]) -> str:
        spoken = numerals.ordinal(int(_ALNUM_RUN.findall(text)[0]), self._language)
        if text.endswith("ª"):
            return re.sub(r"o\b", "a", spoken)
        return spoken.removesuffix("o") if text.endswith("er") else spoken

    def _decade(self, text: str, _: re.Match[str]) -> str:
        spoken = (
            self._year(text.strip("'’s")) if text[0].isdecimal() else self._value(text.strip("'’s"))
        )
        return spoken[:-1] + "ies" if spoken.endswith("y") else spoken + "s"

    def _fraction(self, text: str, match: re.Match[str]) -> str:
        if self._language == "es" and text == "1/2" and match.group() in ("1/2", "½"):
            word = _NEXT_WORD.match(match.string, match.end())
            noun = _noun_after(match)
            if word and noun and word.group(1)[-1] in "ao":
                return "media" if noun.feminine else "medio"
        above, below = (int(part) for part in text.split("/"))
        noun = self._words.fractions.get(below)
        if noun is None or above >= below:
            return f"{self._cardinal(above)} {self._words.slash} {self._cardinal(below)}"
        if self._language == "es" and above == 1:
            return f"un {noun.one}"
        return f"{self._cardinal(above)} {noun.one if above == 1 else noun.many}"

    def _score(self, text: str, _: re.Match[str]) -> str:
        """ "4.5/5"."""
        reached, most = text.split("/")
        return f"{self._value(reached)} {self._words.out_of} {self._value(most)}"

    def _per(self, text: str, match: re.Match[str]) -> str:
        """ "$5/month"; the same words elsewhere have a slash before them."""
        if match.start() == self._quantity_end:
            return f" {self._words.each} {self._words.per[text[1:]]}"
        word = text[1:].replace("²", f" {self._words.symbols['²']}")
        return f" {self._words.slash} {word}"

    def _mixed(self, text: str, match: re.Match[str]) -> str:
        whole, fraction = re.split(r"[\s-]", text)
        return f"{self._value(whole)} {self._words.conjunction} {self._fraction(fraction, match)}"

    _mixed_dash = _mixed

    def _vulgar(self, text: str, match: re.Match[str]) -> str:
        fraction = self._fraction(_VULGAR[text[-1]], match)
        whole = text[:-1].strip()
        return f"{self._value(whole)} {self._words.conjunction} {fraction}" if whole else fraction

    def _number_sign(self, _text: str, _match: re.Match[str]) -> str:
        return f"{self._words.number} "

    def _power(self, text: str, match: re.Match[str]) -> str:
        if text in self._words.symbols:
            return f" {self._words.symbols[text]} "
        number = text.translate(_SUPERSCRIPTS)
        if _BEFORE_EXPONENT.search(match.string[max(0, match.start() - 2) : match.start()]):
            return f" {self._words.raised} {self._value(number)} "
        return f" {self._words.symbols['^']} {self._digits(number)} "  # perhaps of a footnote

    def _power_of_unit(self, text: str, match: re.Match[str]) -> str:
        """ "10⁸ m/s"."""
        power, _, unit = text.partition(" ")
        return self._power(power, match) + self._words.units[unit].many

    def _exponent(self, text: str, _: re.Match[str]) -> str:
        exponent = text.strip("^()")
        spoken = exponent if exponent.isalpha() else self._value(exponent)
        return f" {self._words.raised} {spoken} "

    def _trend(self, text: str, _: re.Match[str]) -> str:
        """ "▲ 3 %"; elsewhere the sign opens a list."""
        return f" {self._words.names[text]} "

    def _range(self, text: str, match: re.Match[str]) -> str:
        if text[0] in "-−":
            return f"{self._words.minus} {self._range(text[1:], match)}"
        found = _RANGE.fullmatch(text)
        if found is None:
            raise ValueError("the form of a range and its reading differ")
        first, second, unit = found.groups()
        if unit and unit in self._words.units:
            return f"{self._value(first)} {self._words.to} {self._counted(second, self._words.units[unit])}"
        if self._are_years(first, second):
            return f"{self._year(first)} {self._words.to} {self._year(second)}"
        if "-" in text and _is_name(first, second):
            mark = f" {self._words.dash} "
            return mark.join(
                self._value(part) if len(part) < 4 else self._digits(part)
                for part in (first, second)
            )
        return f"{self._number(first, match)} {self._words.to} {self._number(second, match)}"

    def _are_years(self, first: str, second: str) -> bool:
        """ "1776-1789", "1861-65"."""
        if not (len(first) == 4 and second.isdecimal() and 1100 <= int(first) <= 2099):
            return False
        return len(second) in (2, 4) and first < first[: -len(second)] + second <= "2099"

    def _unit_range(self, text: str, match: re.Match[str]) -> str:
        """ "20%-30%"; what both are is said once."""
        if text[0] in "-−":
            return f"{self._words.minus} {self._unit_range(text[1:], match)}"
        (first, one_unit), (second, unit) = (_apart(part) for part in _DASHES.split(text))
        units = self._words.units
        before = self._value(first) if one_unit == unit else self._counted(first, units[one_unit])
        return f"{before} {self._words.to} {self._counted(second, units[unit])}"

    def _ratio(self, text: str, _: re.Match[str]) -> str:
        first, second = text.split(":")
        return f"{self._value(first)} {self._words.to} {self._value(second)}"

    def _verses(self, text: str, _: re.Match[str]) -> str:
        """ "5:3-12"."""
        first, second, last = re.split("[:–-]", text)
        return f"{self._value(first)} {self._value(second)} {self._words.to} {self._value(last)}"

    def _airliner(self, text: str, _: re.Match[str]) -> str:
        kind, variant, letters = re.findall(r"[0-9]+|[A-Zi]*\Z", text)[:3]
        return f"{self._value(kind)} {self._words.dash} {self._value(variant)} {letters}"

    def _size(self, text: str, match: re.Match[str]) -> str:
        if self._is_product(text, match):
            factors = map(self._value, re.findall("[0-9]+", text))
            return f" {self._words.symbols['×']} ".join(factors)
        sides = [numerals.pairs(side, self._language) for side in re.findall("[0-9]+", text)]
        unit = self._words.units.get(_after_digits(text))
        return f" {self._words.by} ".join(sides) + (f" {unit.many}" if unit else "")

    def _is_product(self, text: str, match: re.Match[str]) -> bool:
        """ "3 × 4", but not "10 × 15 cm", "1920 × 1080" or "4×4"."""
        if _after_digits(text):
            return False
        if "*" in text or match.string[match.end() : match.end() + 9].lstrip()[:1] == "=":
            return True
        return " × " in text and all(len(side) < 3 for side in re.findall("[0-9]+", text))

    def _power_of_ten(self, text: str, _: re.Match[str]) -> str:
        number, exponent = re.split("[eE]", text)
        return self._words.power_of_ten.format(
            number=self._value(number),
            exponent=self._value(str(int(exponent.replace("−", "-").replace("–", "-")))),
        )

    def _about(self, _text: str, _match: re.Match[str]) -> str:
        return f"{self._words.symbols['≈']} "

    def _ruler(self, text: str, _: re.Match[str]) -> str:
        """ "Louis XIV": an ordinal."""
        numeral, possessive, _s = text.partition("'s")
        return f"the {numerals.ordinal(_roman(numeral), self._language)}{possessive}"

    def _part(self, text: str, _: re.Match[str]) -> str:
        return self._cardinal(_roman(text))

    _war = _kind = _part

    def _roman(self, text: str, _: re.Match[str]) -> str:
        numeral, possessive, _s = text.partition("'s")
        return self._cardinal(_roman(numeral)) + possessive

    def _century(self, text: str, _: re.Match[str]) -> str:
        """ "XXI century", "XIXth"."""
        return numerals.ordinal(_roman(text.rstrip("thsndr")), self._language)

    # -- measures and money ------------------------------------------------------------------

    def _measure(self, text: str, _: re.Match[str]) -> str:
        number, unit = _apart(text)
        return self._counted(number, self._words.units[unit.removesuffix(".")])

    def _below_zero(self, text: str, _: re.Match[str]) -> str:
        return self._counted(text[:-1], self._words.units["°"])

    def _bearing(self, text: str, _: re.Match[str]) -> str:
        """ "40°25'0"N"."""
        nouns = (self._words.units["°"], self._words.arc_minute, self._words.seconds)
        parts = [
            self._counted(number, noun)
            for number, noun in zip(re.findall("[0-9.,]+", text), nouns, strict=False)
        ]
        self._inch_marks += text.count('"')
        return " ".join([*parts, self._words.compass[text[-1]]])

    def _compass(self, text: str, _: re.Match[str]) -> str:
        return f" {self._words.compass[text]}"

    def _height(self, text: str, _: re.Match[str]) -> str:
        feet, inches = (int(number) for number in re.findall("[0-9]+", text))
        self._inch_marks += text[-1] == '"'
        return self._words.feet.format(
            feet=self._cardinal(feet), inches=self._cardinal(inches) if inches else ""
        ).rstrip()

    def _sides(self, text: str, _: re.Match[str]) -> str:
        """ "8' x 10'"."""
        sides = re.findall(r"[0-9.]+", text)
        unit = self._words.units["″" if text[-1] == '"' else "′"]
        self._inch_marks += text.count('"')
        before = f" {self._words.by} ".join(map(self._value, sides[:-1]))
        return f"{before} {self._words.by} {self._value(sides[-1])} {unit.many}"

    def _foot(self, text: str, _: re.Match[str]) -> str:
        return self._counted(text[:-1], self._words.units["′"])

    def _inches(self, text: str, match: re.Match[str]) -> str:
        """'12" screen', where the mark does not close a quotation."""
        number = self._part_number(text[:-1], match)
        straight, opened, closed = (match.string.count(mark, 0, match.start()) for mark in '"“”')
        if (straight - self._inch_marks) % 2 or opened > closed:
            return number
        self._inch_marks += text[-1] == '"'
        unit = self._words.units["″"]
        is_side = text[:-1] != "1" and _SIDE_OR_END.match(match.string, match.end())
        return f"{number} {unit.many if is_side else unit.one}"

    def _part_number(self, text: str, match: re.Match[str]) -> str:
        """A number that may have a fraction in it or be one."""
        if text[-1] in VULGAR:
            return self._vulgar(text, match)
        if " " in text:
            return self._mixed(text, match)
        return self._fraction(text, match) if "/" in text else self._number(text, match)

    def _part_of_unit(self, text: str, match: re.Match[str]) -> str:
        """ "1/2 tsp"."""
        number = text.rstrip(_LETTERS).rstrip()
        unit = self._words.units[text[len(number) :].strip()]
        if self._language == "es" and number in ("1/2", "½"):
            return f"{'media' if unit.feminine else 'medio'} {unit.one}"
        has_whole = " " in number or (number[0] in "0123456789" and "/" not in number)
        return f"{self._part_number(number, match)} {unit.many if has_whole else unit.one}"

    def _feet(self, text: str, _: re.Match[str]) -> str:
        """ "5 ft 10 in"."""
        feet, inches = re.findall("[0-9]+", text)
        units = self._words.units
        return f"{self._counted(feet, units['ft'])} {self._counted(inches, units['″'])}"

    def _ago(self, text: str, _: re.Match[str]) -> str:
        return self._counted(text[:-1], _AGO[text[-1]])

    def _seconds(self, text: str, _: re.Match[str]) -> str:
        return self._counted(text[:-1], self._words.units["s"])

    def _lasting(self, text: str, _: re.Match[str]) -> str:
        """ "1h 30m"."""
        spoken = [
            self._counted(str(int(number)), self._words.units[_TIME_UNITS[letter]])
            for number, letter in re.findall("([0-9]+)([hms])", text)
        ]
        if text[-1].isdecimal():  # "1h30"
            spoken.append(self._value(text[-2:]))
        return " ".join(spoken)

    def _duration(self, text: str) -> str:
        """ "1:02:03" as a length of time."""
        parts = [
            self._counted(str(int(number)), self._words.units[unit])
            for number, unit in zip(text.split(":"), _TIME_UNITS.values(), strict=True)
            if int(number)
        ]
        if not parts:
            return self._counted("0", self._words.seconds)
        before = ", ".join(parts[:-1])
        return f"{before} {self._words.conjunction} {parts[-1]}" if before else parts[-1]

    def _money_before(self, text: str, _: re.Match[str]) -> str:
        minus = any(sign in text for sign in "-−–")
        text = re.sub("[-−–]", "", text)
        number, scale, sign = self._amount(text)
        return self._money(number, scale, sign, minus)

    def _money_range(self, text: str, _: re.Match[str]) -> str:
        """ "$5-10", "5 €–10 €"; the currency is said once where it can be."""
        first, last = _DASHES.split(text)
        first += "" if self._amount(first)[2] else self._amount(last)[2]
        last = ("" if self._amount(last)[2] else self._amount(first)[2]) + last
        amounts = [self._amount(first), self._amount(last)]
        (number, scale, sign), (last_number, last_scale, last_sign) = amounts
        last = self._money(last_number, last_scale, last_sign, False)
        if " - " in text and self._plain_value(number) >= self._plain_value(last_number):
            return f"{self._money(number, scale, sign, False)}, {last}"  # perhaps a difference
        has_hundredths = any(len(self._parts(amount[0])[1]) == 2 for amount in amounts)
        if has_hundredths or sign != last_sign:
            first = self._money(number, scale, sign, False)
        else:
            first = f"{self._value(number)} {self._words.scales.get(scale, '')}".rstrip()
        return f"{first} {self._words.to} {last}"

    def _plain_value(self, number: str) -> float:
        whole, fraction, _ = self._parts(number)
        return float(f"{whole}.{fraction}0")

    def _amount(self, text: str) -> tuple[str, str, str]:
        """Number, scale and sign of a currency, as they are written; the sign on either side."""
        sign = next((code for code in self._currencies if text.startswith(code)), "")
        number, rest = _apart(_with_zero(text[len(sign) :].strip()))
        sign_after = next((code for code in self._currencies if rest.endswith(code)), "")
        scale = rest.removesuffix(sign_after).strip()
        if self._words.decimal == "." and not scale and (sign_after or sign == "€"):
            number = _THOUSANDS.sub(r"\1,\2", number)
        if self._words.decimal == "," and sign.endswith("$"):
            number = _AMERICAN_THOUSANDS.sub(r"\1.\2", number)  # "$1,500", as in Mexico
        has_code = sign == "$" and sign_after
        return number, scale, sign_after if has_code else sign or sign_after

    def _money_code(self, text: str, match: re.Match[str]) -> str:
        number, scale, sign = self._amount(text)
        return self._money(number, scale, sign, False)

    def _money_after(self, text: str, _: re.Match[str]) -> str:
        minus = text[0] in "-−–"
        number, scale, sign = self._amount(text.lstrip("-−–"))
        return self._money(number, scale, sign, minus)

    def _money(self, number: str, scale: str, sign: str, minus: bool) -> str:
        coin, hundredth = self._words.currency[sign]
        whole, fraction, _ = self._parts(number)
        if scale:
            amount = f"{self._value(number)} {self._words.scales[scale]} {coin.many}"
        elif hundredth is not None and len(fraction) == 2:
            parts = [self._counted(whole, coin)] if int(whole) or fraction == "00" else []
            if int(fraction):
                parts.append(self._counted(str(int(fraction)), hundredth))
            amount = f" {self._words.conjunction} ".join(parts)
        else:
            amount = self._counted(number, coin)
        return f"{self._words.minus} {amount}" if minus else amount

    # -- dates and times ---------------------------------------------------------------------

    def _day(self, day: int, month: str, year: str = "") -> str:
        spoken_day = (
            numerals.ordinal(day, self._language)
            if self._words.ordinal_days
            else self._cardinal(day)
        )
        date = self._words.date.format(day=spoken_day, month=month)
        if not year:
            return date
        return self._words.date_year.format(date=date, year=self._year(year))

    def _numeric_date(self, day: int, month: int, year: str, text: str) -> str:
        """The date, or its numbers as written when they are no date."""
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return self._numbers_of(text)
        return self._day(day, self._words.months[month - 1], year)

    def _numbers_of(self, text: str) -> str:
        """Each number in turn, the signs between by their names."""
        signs = {"/": self._words.slash, "-": self._words.dash, ".": self._words.dot}
        return " ".join(
            self._number(part.lstrip("0") or "0", _NOTHING)
            if part.isdecimal()
            else signs.get(part, part)
            for part in re.findall(r"[0-9]+|[^0-9]", text)
        )

    def _iso_date(self, text: str, match: re.Match[str]) -> str:
        date, _, time = text.replace(" ", "T").replace("/", "-").partition("T")
        year, month, day = date.split("-")
        spoken = self._numeric_date(int(day), int(month), year, text[: len(date)])
        if not time:
            return spoken
        time, *zone = re.split("(?=[+−-])", time)
        spoken = f"{spoken}, {self._clock(time, match)}"
        return f"{spoken}, UTC{self._zone(zone[0], match)}" if zone else spoken

    def _zone(self, text: str, match: re.Match[str]) -> str:
        """ "UTC-05:00"; where nothing is before it, a number of hours."""
        hours, minutes = text[1:].split(":")
        sign = self._words.plus if text[0] == "+" else self._words.minus
        is_alone = match.string[match.start() - 1 : match.start()].strip() == ""
        if match.lastgroup == "zone" and is_alone and not int(minutes):
            return f" {sign} {self._counted(str(int(hours)), self._words.units['h'])}"
        spoken = self._cardinal(int(hours))
        if int(minutes):
            spoken += f" {self._cardinal(int(minutes))}"
        return f" {sign} {spoken}"

    def _slash_date(self, text: str, _: re.Match[str]) -> str:
        """Which is the day is said only where there is no doubt: above 12, or in Spanish."""
        first, second, year = re.split("[/-]", text)
        if len(year) == 2:
            return self._numbers_of(text)
        if int(first) > 12 or self._language == "es":
            return self._numeric_date(int(first), int(second), year, text)
        if int(second) > 12:
            return self._numeric_date(int(second), int(first), year, text)
        return self._numbers_of(text)

    _dash_date = _slash_date

    def _name_range(self, text: str, _: re.Match[str]) -> str:
        """ "Mon–Fri"."""
        parts = [part[:3].lower() for part in _DASHES.split(text)]
        for names in (self._words.days, self._words.months):  # "mar" is a day and a month
            whole = {name[:3].lower(): name for name in names}
            if whole.keys() >= set(parts):
                return f" {self._words.to} ".join(whole[part] for part in parts)
        return text

    def _day_range(self, text: str, match: re.Match[str]) -> str:
        """ "Dec 1-4, 2026"."""
        month = next(filter(None, map(self._month, re.findall(r"[A-Za-z]{3,}", text))))
        first, last, *year = re.findall("[0-9]+", text)
        days = [numerals.ordinal(int(day), self._language) for day in (first, last)]
        if text[0].isdecimal():
            spoken = f"the {days[0]} {self._words.to} the {days[1]} of {month}"
            if match.string[: match.start()].endswith("the "):
                spoken = spoken.removeprefix("the ")
        else:
            spoken = f"{month} {days[0]} {self._words.to} {days[1]}"
        return f"{spoken}, {self._year(year[0])}" if year else spoken

    def _dot_date(self, text: str, _: re.Match[str]) -> str:
        day, month, year = text.split(".")
        return self._numeric_date(int(day), int(month), year, text)

    def _named_date(self, text: str, match: re.Match[str]) -> str:
        name = next(part for part in re.findall(r"[^\W\d_]{3,}", text) if self._month(part))
        numbers = [part for part in re.findall("[0-9]+", text)]
        day = next((number for number in numbers if len(number) <= 2), "")
        year = next((number for number in numbers if len(number) == 4), "")
        if not 1 <= int(day) <= 31:
            return self._numbers_of(text)
        spoken = self._day(int(day), self._month(name), year)
        if self._words.ordinal_days and text[0].isdecimal():
            article = "" if match.string[: match.start()].lower().endswith("the ") else "the "
            number = numerals.ordinal(int(day), self._language)
            before = f"{article}{number} of {self._month(name)}"
            return f"{before}, {self._year(year)}" if year else before
        return spoken

    def _month(self, name: str) -> str:
        start = name[:3].lower()
        return next((month for month in self._words.months if month[:3].lower() == start), "")

    def _clock(self, text: str, match: re.Match[str]) -> str:
        if _DURATION.fullmatch(text) and not _POINT_IN_TIME.search(
            match.string[max(0, match.start() - 8) : match.start()]
        ):
            return self._duration(text)
        numbers = re.findall("[0-9]+", text)
        hour, minute = int(numbers[0]), numbers[1]
        half_day = _half_day(text)
        if minute == "00" and not half_day and len(numbers) == 2:
            pattern = self._words.oclock if hour <= 12 else self._words.hundred_hours
            spoken = pattern.format(hour=self._cardinal(hour))
            if self._language == "es":
                spoken = _spanish_hour(
                    spoken, match.string[max(0, match.start() - 5) : match.start()]
                )
        elif minute == "00" and len(numbers) == 2:
            spoken = self._cardinal(hour)
        else:
            low = "oh " if self._language == "en" else self._cardinal(0) + " "
            minutes = self._cardinal(int(minute))
            spoken = f"{self._cardinal(hour)} {low if minute[0] == '0' else ''}{minutes}"
        if len(numbers) > 2:
            count = self._counted(str(int(numbers[2])), self._words.seconds)
            spoken = f"{spoken} {self._words.conjunction} {count}"
        if len(numbers) > 3:
            spoken = f"{spoken} {self._words.point} {self._digits(numbers[3])}"
        return f"{spoken} {half_day}".strip()

    def _hours(self, text: str, match: re.Match[str]) -> str:
        """ "9am-5pm"."""
        first, last = _DASHES.split(text)
        if _half_day(last):
            first = first.removesuffix(":00")
        return f" {self._words.to} ".join(self._time(part, match) for part in (first, last))

    def _time(self, text: str, match: re.Match[str]) -> str:
        if ":" in text:
            return self._clock(text, match)
        return self._hour(text, match).rstrip()

    def _hour(self, text: str, _: re.Match[str]) -> str:
        return f"{self._value(re.findall('[0-9]+', text)[0])} {_half_day(text)}"

    # -- numbers that name things ------------------------------------------------------------

    def _phone(self, text: str, _: re.Match[str]) -> str:
        groups = ", ".join(self._digits(group) for group in re.findall("[0-9]+", text))
        return f"{self._words.plus} {groups}" if text.startswith("+") else groups

    _phone_in_threes = _phone_in_pairs = _phone

    def _called(self, text: str, _: re.Match[str]) -> str:
        """ "tel. 5551234567", "call 911"."""
        return numerals.grouped_digits(text, self._language)

    def _phone_in_letters(self, text: str, _: re.Match[str]) -> str:
        one, area, word = text.split("-")
        return f"{self._digits(one)}, {self._digits(area)}, {word}"

    def _identity(self, text: str, _: re.Match[str]) -> str:
        return f"{numerals.grouped_digits(text[:8], self._language)}, {text[-1]}"

    def _card(self, text: str, _: re.Match[str]) -> str:
        return ", ".join(map(self._digits, text.split()))

    def _hidden_card(self, text: str, _: re.Match[str]) -> str:
        """ "**** **** **** 1234"."""
        count = self._cardinal(text.count(text[0]))
        name = self._words.names.get(text[0], text[0])
        hidden = self._words.times.format(name=name, count=count)
        return f"{hidden}, {self._digits(text)}"

    def _account(self, text: str, _: re.Match[str]) -> str:
        return self._spelled(text.replace(" ", ""))

    def _serial(self, text: str, _: re.Match[str]) -> str:
        return ", ".join(self._short_number(group) for group in text.split("-"))

    def _short_number(self, text: str) -> str:
        return numerals.whole(text, self._language) if len(text) <= 2 else self._digits(text)

    def _version(self, text: str, _: re.Match[str]) -> str:
        name, *stage = text.split("-", 1)
        number = name.lstrip("vV")
        mark = f" {self._words.dot if number.count('.') > 1 else self._point('.')} "
        spoken = mark.join(
            numerals.whole(part, self._language) if len(part) <= 4 else self._digits(part)
            for part in number.split(".")
        )
        if stage:
            spoken += f" {self._dotted(stage[0].replace('rc', 'RC'))}"
        return f"{self._words.version} {spoken}" if number != name else spoken

    def _address(self, text: str, _: re.Match[str]) -> str:
        host, mark, rest = text.partition("/") if "/" in text else text.partition(":")
        spoken = f" {self._words.dot} ".join(self._digits(part) for part in host.split("."))
        if mark == "/":
            spoken += f" {self._words.slash} {self._value(rest)}"
        if mark == ":":
            spoken += f" {self._words.port} {self._digits(rest)}"
        return spoken

    def _address_of_card(self, text: str, _: re.Match[str]) -> str:
        """ "00:1A:2B:3C:4D:5E"."""
        return ", ".join(self._spelled(part) for part in re.split("[:-]", text))

    def _address_in_groups(self, text: str, _: re.Match[str]) -> str:
        """ "fe80::1%eth0": all of it matters, so each sign is said."""
        signs = {":": self._words.names[":"], ".": self._words.dot, "/": self._words.slash}
        address, mark, zone = text.partition("%")
        host, slash, size = address.partition("/")
        spoken = [signs.get(part) or self._spelled(part) for part in re.findall(r"\w+|\W", host)]
        if size:
            spoken += [signs[slash], self._value(size)]
        if mark:
            spoken += [self._words.symbols[mark], self._alnum(zone, _NOTHING)]
        return " ".join(spoken)

    def _hexadecimal(self, text: str, _: re.Match[str]) -> str:
        if text[1] in "bB":
            return self._spelled(text)
        return f"{self._words.hexadecimal} {self._spelled(text[2:])}"

    def _digest(self, text: str, _: re.Match[str]) -> str:
        return self._spelled(text)

    def _colour(self, text: str, _: re.Match[str]) -> str:
        return f"{self._words.hash} {self._spelled(text[1:], 3 if len(text) == 7 else 4)}"

    def _identifier(self, text: str, _: re.Match[str]) -> str:
        return ", ".join(self._spelled(part) for part in text.split("-"))

    def _spelled(self, text: str, size: int = 4) -> str:
        """Letters and digits one by one, in groups with a pause between."""
        groups = [text[start : start + size] for start in range(0, len(text), size)]
        return ", ".join(
            " ".join(self._digits(sign) if sign.isdecimal() else sign.upper() for sign in group)
            for group in groups
        )

    # -- places ------------------------------------------------------------------------------

    def _link(self, text: str, match: re.Match[str]) -> str:
        if text.startswith("<"):
            return f", {self._link(text[1:-1], match)}, "
        text, rest = _without_last_stops(text)
        address = re.sub(r"^(?i:[a-z]+:(?://)?)?(?:www\.)?", "", text)
        if "@" in address and "/" not in address:
            return self._mail(address.partition("?")[0], match) + rest
        return self._words.link.format(place=self._place(address)) + rest

    def _domain(self, text: str, _: re.Match[str]) -> str:
        text, rest = _without_last_stops(text)
        return self._place(text) + rest

    def _place(self, address: str) -> str:
        """Host, then the readable parts of the path; what is only for machines is counted."""
        host, _, path = address.partition("/")
        host, _, port = host.partition(":")
        spoken = [self._host(host)]
        if port:
            spoken.append(f"{self._words.port} {self._digits(port)}")
        parts = [part for part in re.split(r"[/?&=#;]", path) if part]
        left = 0
        for number, part in enumerate(parts):
            if number < _LONGEST_LINK and _READABLE_PART.fullmatch(part):
                spoken.append(self._name(part))
            else:
                left += len(part)
        if left:
            spoken.append(self._words.more.format(count=self._cardinal(left)))
        return ", ".join(part for part in spoken if part)

    def _host(self, host: str) -> str:
        is_address = _FOUR_NUMBERS.fullmatch(host)
        return self._address(host, _NOTHING) if is_address else self._dotted(host)

    def _dotted(self, name: str) -> str:
        return f" {self._words.dot} ".join(self._bare(part) for part in name.split(".") if part)

    def _bare(self, part: str) -> str:
        """Letters and digits of a name; hyphens and underscores are blanks, other signs named."""
        spoken = []
        for run in re.findall(r"[0-9]+|[^\W\d_]+|[^\w\s]|_", part):
            if run.isdecimal():
                is_long = len(run) > _LONGEST_YEAR
                spoken.append(self._digits(run) if is_long else self._number(run, _NOTHING))
            elif run[0].isalpha():
                spoken.append(_shorter(self._letters(run)))
            elif run not in "-_":
                spoken.append(self._words.symbols.get(run) or self._words.names.get(run, ""))
        return " ".join(word for word in spoken if word)

    def _name(self, name: str) -> str:
        """A file or the last part of an address: "notes dot TXT"."""
        stem, mark, ending = name.rpartition(".")
        if not mark or not ending or not stem:
            return self._dotted(name)
        if ending.isalpha() and len(ending) <= 4 and ending.lower() not in _SPOKEN_EXTENSIONS:
            ending = ending.upper()
        elif not ending.isalpha() and ending.isalnum():
            ending = self._alnum(ending.upper(), _NOTHING)  # "MP3"
        else:
            ending = self._bare(ending)
        return f"{self._dotted(stem)} {self._words.dot} {ending}"

    def _mail(self, text: str, match: re.Match[str]) -> str:
        if text.startswith("<"):
            return f", {self._mail(text[1:-1], match)}, "
        name, host = text.rsplit("@", 1)
        return f"{self._dotted(name)} {self._words.at} {self._host(host)}"

    def _file(self, text: str, _: re.Match[str]) -> str:
        return self._name(text)

    def _drive(self, text: str, _: re.Match[str]) -> str:
        return self._words.drive.format(letter=text[0])

    def _windows_path(self, text: str, match: re.Match[str]) -> str:
        parts = [part for part in re.split(r"[\\/]", text) if part]
        spoken = []
        if len(parts[0]) == 2 and parts[0][1] == ":":
            spoken.append(self._drive(parts.pop(0).upper(), match))
        return ", ".join([*spoken, *(self._name(part) for part in parts)]) + _last_stop(text)

    def _unix_path(self, text: str, _: re.Match[str]) -> str:
        parts = [part for part in text.split("/") if part]
        spoken = [
            self._words.symbols["~"]
            if part == "~"
            else " ".join([self._words.dot] * len(part))
            if not part.strip(".")
            else (self._words.dot + " " if part.startswith(".") else "")
            + self._name(part.strip("."))
            for part in parts
        ]
        first = f"{self._words.slash} " if text.startswith("/") else ""
        return first + ", ".join(spoken) + _last_stop(text)

    # -- words and signs ---------------------------------------------------------------------

    def _plain(self, text: str, _: re.Match[str]) -> str:
        return text

    def _whole(self, text: str, _: re.Match[str]) -> str:
        return self._words.whole[text]

    def _abbreviation(self, text: str, match: re.Match[str]) -> str:
        tables = (self._words.shortened, self._words.titles, self._words.numbered)
        word = next(table[text] for table in tables if text in table)
        return word + " " * match.string[match.end() : match.end() + 1].isdecimal()

    def _initials(self, text: str, match: re.Match[str]) -> str:
        """ "U.S.": a stop only where the sentence ends."""
        stop = "" if match.string[match.end() :].strip() else "."
        return " ".join(filter(str.isalpha, text)) + stop

    def _tag(self, _text: str, _match: re.Match[str]) -> str:
        return f"{self._words.hashtag} "

    def _handle(self, _text: str, _match: re.Match[str]) -> str:
        return f" {self._words.at} "

    def _alnum(self, text: str, _: re.Match[str]) -> str:
        """A word, or letters and digits run together: "MP3", "get_user_name"."""
        if text.isalpha() and len(text) <= _LONGEST_WORD:
            return self._letters(text) if not text.islower() else _shorter_runs(text, self)
        spoken = []
        for part in text.split("_"):
            if not part:
                continue
            runs = re.findall(r"[0-9]+|[^\W\d_]+(?:['’][^\W\d_]+)*|['’]", part)
            for run in runs:
                if run.isdecimal():
                    spoken.append(
                        self._inside(run) if len(runs) > 1 else self._number(run, _NOTHING)
                    )
                else:
                    spoken.append(_shorter(_shorter_runs(self._letters(run), self)))
        if text.startswith("_"):
            spoken.insert(0, self._words.underscore)
        # a quotation mark belongs to its word
        return re.sub(r" (?=['’])", "", " ".join(spoken))

    def _inside(self, text: str) -> str:
        """Digits within a name: "MP3", "GTX1080", "AB123456"."""
        if text.startswith("0") or len(text) == 3 or len(text) > 4:
            return self._digits(text)
        return numerals.pairs(text, self._language)

    def _letters(self, text: str) -> str:
        """A word with capitals inside is several words, unless it is a known kind of name."""
        if text.islower() or text.isupper() or _SPLIT_NAMES.fullmatch(text):
            return text
        parts = _CAMEL.split(text)
        if len(parts) == 2 and parts[0][0].isupper() and not parts[0].isupper():
            return text  # GitHub, YouTube: known as one word
        return " ".join(parts)

    def _plural(self, text: str, _: re.Match[str]) -> str:
        """ "PDFs": eSpeak leaves out the s of many."""
        return " ".join(text[:-1]) + "'s"

    def _repeated_letter(self, letter: str, count: int) -> str:
        return self._words.letter_times.format(name=letter.upper(), count=self._cardinal(count))

    def _operator(self, text: str, _: re.Match[str]) -> str:
        return f" {self._words.symbols[text]} "

    def _masked(self, text: str, _: re.Match[str]) -> str:
        name = self._words.names[text[0]]
        return ", " + self._words.times.format(name=name, count=self._cardinal(len(text))) + ", "

    def _rule(self, text: str, _: re.Match[str]) -> str:
        """A drawn line is a pause; dots, and marks that shout, keep their sense."""
        return text[0] + " " if text[0] in "!?" else "... " if text == "..." else ", "

    def _repeated(self, text: str, _: re.Match[str]) -> str:
        name = self._words.symbols.get(text[0]) or self._words.names.get(text[0])
        if name is None or text[0] in _PAUSES:
            return ", "
        return f", {self._words.times.format(name=name, count=self._cardinal(len(text)))}, "

    def _minus_after(self, _text: str, _match: re.Match[str]) -> str:
        return f" {self._words.minus}"

    def _minus_of(self, _text: str, _match: re.Match[str]) -> str:
        """ "a = -b"."""
        return f"{self._words.minus} "

    def _product(self, _text: str, _match: re.Match[str]) -> str:
        return f" {self._words.symbols['×']} "

    def _suffix_range(self, _text: str, _match: re.Match[str]) -> str:
        """ "5-10k"."""
        return f" {self._words.to} "

    def _key_name(self, text: str, _: re.Match[str]) -> str:
        return self._words.keys[text]

    def _key_sign(self, text: str, _: re.Match[str]) -> str:
        """ "Ctrl+-"."""
        return f" {self._words.minus if text == '-' else self._words.names[text]}"

    def _submenu(self, _text: str, _match: re.Match[str]) -> str:
        """ "Settings > Privacy"."""
        return ","

    def _flag(self, text: str, _: re.Match[str]) -> str:
        """ "--help"."""
        return f"{self._words.dash} " * len(text)

    def _any_ending(self, _text: str, _match: re.Match[str]) -> str:
        """ "*.txt"."""
        return f"{self._words.names['*']} {self._words.dot} "

    def _first_dot(self, _text: str, _match: re.Match[str]) -> str:
        """ ".gitignore"."""
        return f"{self._words.dot} "

    def _offset(self, _text: str, _match: re.Match[str]) -> str:
        """ "UTC-5"."""
        return f" {self._words.minus} "

    def _model_dash(self, _text: str, _match: re.Match[str]) -> str:
        return f" {self._words.dash} "

    def _lone_dash(self, _text: str, _match: re.Match[str]) -> str:
        """A difference or a range: only the sign is certain."""
        return self._words.dash

    def _missing_blank(self, _text: str, _match: re.Match[str]) -> str:
        return ". "

    def _inner_dot(self, _text: str, _match: re.Match[str]) -> str:
        return f" {self._words.dot} "

    def _dash(self, text: str, match: re.Match[str]) -> str:
        is_hyphen = text == "-" and not match.string[match.start() - 1].isspace()
        return text if is_hyphen else ", "

    def _mark(self, text: str, match: re.Match[str]) -> str:
        if text in _KEPT:
            return text
        if text in _PAUSES:
            return ", "
        if text in self._words.symbols:
            return f" {self._words.symbols[text]} "
        return " "


_KEPT = frozenset(".,;:!?()'’-¿¡…")
_PAUSES = frozenset("|•·●○■□▪◦‣›»«*‹")
_MASCULINE_IN_A = ("día", "mapa", "problema", "sistema", "programa", "tema", "idioma", "diagrama")
_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5",
    "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
_SIDE_OR_END = re.compile(r"[ -](?:tall|high|long|wide|deep|thick|across|apart|and|or|to)\b|\.?\Z")
_DASHES = re.compile(r"\s?[-–—]\s?")
_LETTERS = "abcdefghijklmnopqrstuvwxyzL"
_GROUP_MARKS = re.compile("[ \u00a0']")
# point and comma the other way round than in the language of the text
_OTHERS_MARKS = {".": re.compile(r",[0-9]{1,2}\Z|\..*\."), ",": re.compile(r",.*\.")}
# "10.000 €": nobody writes it so with three decimals, but for a small price, "€1.459"
_THOUSANDS = re.compile(r"\A([1-9][0-9]{1,2}(?=\.)|[1-9](?=\.000\Z))\.([0-9]{3})\Z")
_AMERICAN_THOUSANDS = re.compile(r"\A([1-9][0-9]{0,2}),([0-9]{3})\Z")
_MARKS_SWAPPED = str.maketrans(".,", ",.")
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_BEFORE_EXPONENT = re.compile(r"(?:[0-9)]|(?<![^\W_])[^\W\d_])\Z")
_PLURAL = re.compile(r" [^\W\d_]{1,19}[aeo]s\b")
_NEXT_WORD = re.compile(r" ([^\W\d_]{2,20}+)")
_NOT_COUNTED_TEXT = (
    "de del en por con al que es tras mientras menos entonces los las unos unas sus mis muchos muchas varios varias "
    "algunos algunas otros otras estos estas esos esas todos todas ambos ambas"
)
_NOT_COUNTED = frozenset(_NOT_COUNTED_TEXT.split())
"""What is not of the number before it."""
_HUNDREDS = re.compile(r"(cient|quinient)os(?!.*mill)")
_RANGE = re.compile(r"([0-9., \u00a0']+?)\s?[-–—]\s?([0-9., \u00a0']*[0-9])\s?(\D*)")
_NUMBER_FIRST = re.compile(
    r"([-−–]?[0-9][0-9.,]*(?:[ \u00a0'][0-9]{3}(?![0-9])[0-9.,]*)*)\s?(.*)", re.DOTALL
)
# with two digits for the hour it is as often a time of day
_DURATION = re.compile("[0-9](?::[0-5][0-9]){2}")
_POINT_IN_TIME = re.compile(r"(?:\b(?:at|since|until|by|from|las?)|(?:[0-9]{4}|/[0-9]{1,2}),?) \Z")
_TIME_UNITS = {"h": "h", "m": "min", "s": "s"}
# what "/month" can follow
_QUANTITIES = frozenset(
    ["money_before", "money_after", "money_code", "money_range", "measure", "per"]
)
_AGO = {
    "s": Noun("second", "seconds"), "m": Noun("minute", "minutes"), "h": Noun("hour", "hours"),
    "d": Noun("day", "days"), "w": Noun("week", "weeks"), "y": Noun("year", "years"),
}  # fmt: skip
_nothing = re.match("", "")
if _nothing is None:
    raise AssertionError("the empty pattern matches everything")
_NOTHING: re.Match[str] = _nothing


def _after_digits(text: str) -> str:
    return re.split("[0-9]", text)[-1].strip()


def _with_zero(amount: str) -> str:
    """ ".99" as "0.99"."""
    return f"0{amount}" if amount.startswith(".") else amount


def _apart(text: str) -> tuple[str, str]:
    """The number and what follows it."""
    found = _NUMBER_FIRST.fullmatch(text)
    if found is None:
        raise ValueError("the form of a quantity and its reading differ")
    return found.group(1), found.group(2).strip()


def _roman(text: str) -> int:
    """The number that a Roman numeral below ninety stands for."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[letter] for letter in text]
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )


def _is_name(first: str, second: str) -> bool:
    """ "747-8", "94103-1234": the second is too small for a range; a small one could be a score."""
    if not (first.isdecimal() and second.isdecimal()):
        return False
    return (len(first) > 2 and int(second) < int(first)) or bool(
        re.match("0[0-9]", second) and first[0] != "0"
    )


def _half_day(text: str) -> str:
    letter = re.search(r"(?i)([ap])\.?\s?m", text)
    return f"{letter.group(1).upper()}M" if letter else ""


def _last_stop(text: str) -> str:
    return "." if text.endswith(".") and not text.endswith("/.") else ""


def _without_last_stops(text: str) -> tuple[str, str]:
    """An address, and the punctuation of the sentence that clings to it."""
    bare = text.rstrip(".,;:!?'’*")
    while bare.endswith(")") and bare.count("(") < bare.count(")"):
        bare = bare[:-1].rstrip(".,;:!?")
    return bare, text[len(bare) :]


def _noun_after(match: re.Match[str]) -> Noun | None:
    """The word after a Spanish number, for its gender."""
    found = _NEXT_WORD.match(match.string, match.end())
    if found is None or found.group(1) in _NOT_COUNTED or found.group(1).istitle():
        return None
    word = found.group(1)
    return Noun("", "", word.endswith(("a", "as")) and not word.startswith(_MASCULINE_IN_A))


def _spanish_before(value: str, noun: Noun) -> str:
    """A number before a noun: "una hora", "doscientas libras", "veintiún metros", "un millón de euros"."""
    if value.endswith(("millón", "millones")):
        return f"{value} de"
    if noun.feminine:
        value = _HUNDREDS.sub(r"\1as", value)
    if not value.endswith("uno"):
        return value
    if noun.feminine:
        return value[:-1] + "a"
    return value[:-3] + ("ún" if value.endswith("veintiuno") else "un")


def _spanish_hour(spoken: str, before: str) -> str:
    """ "las veintiuna", "la una"; the article only where it was not written."""
    if spoken.endswith("uno"):
        spoken = spoken[:-1] + "a"
    spoken = "la una" if spoken == "las una" else spoken
    article = spoken.partition(" ")[0] + " "
    return spoken.removeprefix(article) if f" {before.lower()}".endswith(f" {article}") else spoken


def _shorter(word: str) -> str:
    """Cut what no voice gets through: it would be dropped without a sign."""
    if len(word) <= _LONGEST_WORD or " " in word:
        return word
    size = _LONGEST_WORD // 2
    return " ".join(word[start : start + size] for start in range(0, len(word), size))


def _shorter_runs(word: str, reader: _Reader) -> str:
    """ "aaaaaaaaaaaa" is said as a count."""
    return _SAME_LETTER.sub(
        lambda match: f" {reader._repeated_letter(match.group(1), len(match.group()))} ", word
    ).strip()
