"""The words that stand for symbols, units and money when text is read aloud, by language.

They follow the language of the text that is read, which need not be the language of the program,
so they are tables here and not sentences of `strings`. Used by `normalize`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Noun:
    """What is counted: "kilometer", "kilometers". Feminine matters where numbers agree."""

    one: str
    many: str
    feminine: bool = False


@dataclass(frozen=True)
class Words:
    """One language's words.

    Attributes:
        decimal: The sign between whole and fraction.
        months: Names, January first.
        days: Names, Monday first.
        raised: Before an exponent.
        keys: Names of keys that are shortened, beside another key.
        compass: Letters after degrees.
        greek: Letters of Greek whose names are not those of Unicode.
        arc_minute: A sixtieth of a degree.
        date: {day} is an ordinal or number word, {month} a name; the year is added by `date_year`.
        fractions: Names of one part, by denominator.
        units: By the sign written after a number.
        currency: By sign or code: the coin and, where there is one, its hundredth.
        scales: "1.5m" after a currency sign.
        symbols: Read wherever they stand.
        names: Read only when nothing else is there to say.
        whole: Written forms with a reading of their own.
        shortened: Abbreviations that end in a dot; before a voice the dot would end the sentence.
        titles: The same, but only before a name.
        numbered: The same, but only before a number.
        rulers: Names after which a Roman numeral is an ordinal.
        parts: Nouns after which one is a cardinal.
        kinds: Nouns after which one of two letters or more is.
        spelled: Acronyms with a vowel that nobody says as a word, for their plural.
        per: What stands after a price and "/".
        rated: Words after which "4/5" is a score.
        stars: What makes it one when it follows; a regular expression.
        years: Words after which a number of four digits before 1900 is a year; as regular expressions.
        waits: Words after which "30s" are seconds and no decade.
        called: Words after which a long number is a telephone's; as regular expressions.
        calls: Words after which a short one is.
        feet: "{feet}" and "{inches}"; empty where nobody measures so.
    """

    decimal: str
    months: tuple[str, ...]
    days: tuple[str, ...]
    date: str
    date_year: str
    ordinal_days: bool
    fractions: dict[int, Noun]
    units: dict[str, Noun]
    currency: dict[str, tuple[Noun, Noun | None]]
    scales: dict[str, str]
    symbols: dict[str, str]
    names: dict[str, str]
    whole: dict[str, str]
    shortened: dict[str, str]
    titles: dict[str, str]
    numbered: dict[str, str]
    rulers: tuple[str, ...]
    parts: tuple[str, ...]
    kinds: tuple[str, ...]
    spelled: tuple[str, ...]
    per: dict[str, str]
    rated: tuple[str, ...]
    stars: str
    years: tuple[str, ...]
    waits: tuple[str, ...]
    called: tuple[str, ...]
    calls: tuple[str, ...]
    feet: str
    raised: str
    keys: dict[str, str]
    compass: dict[str, str]
    greek: dict[str, str]
    arc_minute: Noun
    power_of_ten: str
    minus: str
    point: str
    to: str
    each: str
    out_of: str
    by: str
    link: str
    at: str
    dot: str
    slash: str
    dash: str
    version: str
    hexadecimal: str
    hash: str
    hashtag: str
    number: str
    port: str
    drive: str
    over: str
    conjunction: str
    half: str
    plus: str
    oclock: str
    hundred_hours: str
    seconds: Noun
    times: str
    letter_times: str
    more: str
    underscore: str


_EN_SYMBOLS = {
    "−": "minus", "&": "and", "@": "at", "+": "plus", "=": "equals", "%": "percent", "‰": "per mille",
    "<": "less than", ">": "greater than", "^": "caret", "~": "tilde", "\\": "backslash",
    "/": "slash", "_": "underscore", "#": "hash", "$": "dollar", "€": "euro", "£": "pound",
    "¥": "yen", "¢": "cent", "₹": "rupee", "{": "left brace", "}": "right brace",
    "±": "plus or minus", "×": "times", "÷": "divided by", "≈": "about", "≠": "not equal to",
    "≤": "at most", "≥": "at least", "∞": "infinity", "√": "square root of", "°": "degrees",
    "§": "section", "¶": "paragraph", "©": "copyright", "®": "registered", "™": "trade mark",
    "№": "number", "→": "right arrow", "←": "left arrow", "↑": "up arrow", "↓": "down arrow",
    "↔": "left right arrow", "⇒": "right arrow", "★": "star", "☆": "empty star", "✓": "check mark",
    "✗": "cross mark", "☐": "empty box", "☑": "checked box", "☒": "crossed box",
    "²": "squared", "³": "cubed", "⁻": "minus", "∑": "sum", "∫": "integral",
    "µ": "micro", "♪": "note", "♯": "sharp", "♭": "flat",
    "==": "equals equals", "===": "triple equals", "!=": "not equal to", "<=": "at most",
    ">=": "at least", "=>": "arrow", "->": "arrow", "<-": "left arrow", "&&": "and", "||": "or",
    "++": "plus plus", "+=": "plus equals", "-=": "minus equals", ":=": "is set to",
    "⌘": "Command", "⌥": "Option", "⇧": "Shift", "⏎": "Enter", "⌃": "Control",
    "⇥": "Tab", "⌫": "Backspace", "⌦": "Delete", "⎋": "Escape", "⇪": "Caps Lock", "␣": "Space",
    "+/-": "plus or minus", "∈": "in", "∉": "not in", "⊂": "subset of", "⊆": "subset of or equal to",
    "∪": "union", "∩": "intersection", "∀": "for all", "∃": "there is", "∂": "partial", "∇": "nabla",
    "∝": "proportional to", "∠": "angle", "⊥": "perpendicular to", "∥": "parallel to",
    "∅": "empty set", "∴": "therefore", "∏": "product", "≡": "identical to", "≅": "about equal to",
    "≪": "much less than", "≫": "much greater than", "¬": "not", "∛": "cube root of", "⌀": "diameter",
    "⊕": "circled plus", "⊗": "circled times", "∘": "ring", "↗": "up right arrow", "↘": "down right arrow",
    "↙": "down left arrow", "↖": "up left arrow", "➔": "right arrow", "➜": "right arrow",
    "⟶": "right arrow", "⟵": "left arrow", "⟹": "right arrow", "⇐": "left arrow", "⇔": "left right arrow",
    "⇄": "left right arrow", "↻": "clockwise arrow", "↺": "anticlockwise arrow", "☰": "menu", "⋮": "more",
    "⋯": "more", "✘": "cross mark", "✕": "cross mark", "†": "dagger", "‡": "double dagger",
}  # fmt: skip
_EN_NAMES = {
    ".": "full stop", ",": "comma", "?": "question mark", "!": "exclamation mark", ":": "colon",
    ";": "semicolon", "-": "dash", "–": "dash", "—": "dash", "(": "left parenthesis",
    ")": "right parenthesis", "[": "left bracket", "]": "right bracket", '"': "quote",
    "'": "apostrophe", "`": "backtick", "*": "star", "|": "vertical bar", "•": "bullet",
    "·": "dot", "…": "dots", "¡": "exclamation mark", "¿": "question mark", "«": "quote",
    "»": "quote", "“": "quote", "”": "quote", "„": "quote", "‘": "quote", "’": "quote",
    "●": "dot", "○": "circle", "□": "square", "■": "black square", "▲": "up triangle",
    "▼": "down triangle",
}  # fmt: skip
_EN_UNITS = {
    "km": Noun("kilometer", "kilometers"), "m": Noun("meter", "meters"),
    "cm": Noun("centimeter", "centimeters"), "mm": Noun("millimeter", "millimeters"),
    "µm": Noun("micrometer", "micrometers"), "nm": Noun("nanometer", "nanometers"),
    "km²": Noun("square kilometer", "square kilometers"),
    "m²": Noun("square meter", "square meters"), "m³": Noun("cubic meter", "cubic meters"),
    "cm²": Noun("square centimeter", "square centimeters"), "ha": Noun("hectare", "hectares"),
    "kg": Noun("kilogram", "kilograms"), "g": Noun("gram", "grams"),
    "m2": Noun("square meter", "square meters"), "m3": Noun("cubic meter", "cubic meters"),
    "km2": Noun("square kilometer", "square kilometers"),
    "cm2": Noun("square centimeter", "square centimeters"),
    "cm³": Noun("cubic centimeter", "cubic centimeters"),
    "cm3": Noun("cubic centimeter", "cubic centimeters"),
    "µg": Noun("microgram", "micrograms"), "MP": Noun("megapixel", "megapixels"),
    "mg": Noun("milligram", "milligrams"), "lb": Noun("pound", "pounds"),
    "lbs": Noun("pounds", "pounds"), "oz": Noun("ounce", "ounces"), "ft": Noun("foot", "feet"),
    "mi": Noun("mile", "miles"), "mph": Noun("mile per hour", "miles per hour"),
    "km/h": Noun("kilometer per hour", "kilometers per hour"),
    "m/s": Noun("meter per second", "meters per second"), "l": Noun("liter", "liters"),
    "L": Noun("liter", "liters"), "ml": Noun("milliliter", "milliliters"),
    "cl": Noun("centiliter", "centiliters"), "Hz": Noun("hertz", "hertz"),
    "kHz": Noun("kilohertz", "kilohertz"), "MHz": Noun("megahertz", "megahertz"),
    "GHz": Noun("gigahertz", "gigahertz"), "KB": Noun("kilobyte", "kilobytes"),
    "kB": Noun("kilobyte", "kilobytes"), "MB": Noun("megabyte", "megabytes"),
    "GB": Noun("gigabyte", "gigabytes"), "TB": Noun("terabyte", "terabytes"),
    "KiB": Noun("kibibyte", "kibibytes"), "MiB": Noun("mebibyte", "mebibytes"),
    "GiB": Noun("gibibyte", "gibibytes"), "kbps": Noun("kilobit per second", "kilobits per second"),
    "Mbps": Noun("megabit per second", "megabits per second"),
    "Gbps": Noun("gigabit per second", "gigabits per second"),
    "KB/s": Noun("kilobyte per second", "kilobytes per second"),
    "kB/s": Noun("kilobyte per second", "kilobytes per second"),
    "MB/s": Noun("megabyte per second", "megabytes per second"),
    "GB/s": Noun("gigabyte per second", "gigabytes per second"),
    "KiB/s": Noun("kibibyte per second", "kibibytes per second"),
    "MiB/s": Noun("mebibyte per second", "mebibytes per second"),
    "GiB/s": Noun("gibibyte per second", "gibibytes per second"),
    "B/s": Noun("byte per second", "bytes per second"),
    "kb/s": Noun("kilobit per second", "kilobits per second"),
    "Mb/s": Noun("megabit per second", "megabits per second"),
    "Gb/s": Noun("gigabit per second", "gigabits per second"),
    "kbit/s": Noun("kilobit per second", "kilobits per second"),
    "Gbit/s": Noun("gigabit per second", "gigabits per second"),
    "Mbit/s": Noun("megabit per second", "megabits per second"),
    "ms": Noun("millisecond", "milliseconds"), "s": Noun("second", "seconds"),
    "sec": Noun("second", "seconds"), "min": Noun("minute", "minutes"),
    "mins": Noun("minutes", "minutes"), "h": Noun("hour", "hours"), "hr": Noun("hour", "hours"),
    "hrs": Noun("hours", "hours"), "W": Noun("watt", "watts"), "kW": Noun("kilowatt", "kilowatts"),
    "kWh": Noun("kilowatt hour", "kilowatt hours"), "V": Noun("volt", "volts"),
    "mA": Noun("milliamp", "milliamps"), "mAh": Noun("milliamp hour", "milliamp hours"),
    "px": Noun("pixel", "pixels"), "dpi": Noun("dot per inch", "dots per inch"),
    "fps": Noun("frame per second", "frames per second"),
    "rpm": Noun("revolution per minute", "revolutions per minute"),
    "dB": Noun("decibel", "decibels"), "hPa": Noun("hectopascal", "hectopascals"),
    "m/s²": Noun("meter per second squared", "meters per second squared"),
    "m/s2": Noun("meter per second squared", "meters per second squared"),
    "km/s": Noun("kilometer per second", "kilometers per second"),
    "mg/dL": Noun("milligram per deciliter", "milligrams per deciliter"),
    "mg/dl": Noun("milligram per deciliter", "milligrams per deciliter"),
    "mg/L": Noun("milligram per liter", "milligrams per liter"),
    "mg/l": Noun("milligram per liter", "milligrams per liter"),
    "g/cm³": Noun("gram per cubic centimeter", "grams per cubic centimeter"),
    "kg/m³": Noun("kilogram per cubic meter", "kilograms per cubic meter"),
    "µg/m³": Noun("microgram per cubic meter", "micrograms per cubic meter"),
    "mmHg": Noun("millimeter of mercury", "millimeters of mercury"),
    "bpm": Noun("beat per minute", "beats per minute"), "psi": Noun("PSI", "PSI"),
    "Pa": Noun("pascal", "pascals"), "kPa": Noun("kilopascal", "kilopascals"),
    "MPa": Noun("megapascal", "megapascals"), "kJ": Noun("kilojoule", "kilojoules"),
    "MW": Noun("megawatt", "megawatts"), "GW": Noun("gigawatt", "gigawatts"),
    "Wh": Noun("watt hour", "watt hours"), "MWh": Noun("megawatt hour", "megawatt hours"),
    "Ah": Noun("amp hour", "amp hours"), "mV": Noun("millivolt", "millivolts"),
    "kV": Noun("kilovolt", "kilovolts"), "mW": Noun("milliwatt", "milliwatts"),
    "ns": Noun("nanosecond", "nanoseconds"), "µs": Noun("microsecond", "microseconds"),
    "PB": Noun("petabyte", "petabytes"), "TiB": Noun("tebibyte", "tebibytes"),
    "Tbps": Noun("terabit per second", "terabits per second"),
    "tbsp": Noun("tablespoon", "tablespoons"), "tsp": Noun("teaspoon", "teaspoons"),
    "yd": Noun("yard", "yards"), "gal": Noun("gallon", "gallons"), "mpg": Noun("mile per gallon", "miles per gallon"),
    "sq ft": Noun("square foot", "square feet"), "ft²": Noun("square foot", "square feet"),
    "sq m": Noun("square meter", "square meters"), "ppm": Noun("part per million", "parts per million"),
    "mL": Noun("milliliter", "milliliters"), "µL": Noun("microliter", "microliters"),
    "dL": Noun("deciliter", "deciliters"), "µF": Noun("microfarad", "microfarads"),
    "nF": Noun("nanofarad", "nanofarads"), "pF": Noun("picofarad", "picofarads"),
    "ohm": Noun("ohm", "ohms"), "kohm": Noun("kilohm", "kilohms"), "Mohm": Noun("megohm", "megohms"),
    "kcal": Noun("kilocalorie", "kilocalories"), "°": Noun("degree", "degrees"),
    "ºC": Noun("degree Celsius", "degrees Celsius"), "ºF": Noun("degree Fahrenheit", "degrees Fahrenheit"),
    "°C": Noun("degree Celsius", "degrees Celsius"),
    "°F": Noun("degree Fahrenheit", "degrees Fahrenheit"), "%": Noun("percent", "percent"),
    "‰": Noun("per mille", "per mille"), "″": Noun("inch", "inches"), "′": Noun("foot", "feet"),
}  # fmt: skip
_DOLLAR, _CENT = Noun("dollar", "dollars"), Noun("cent", "cents")
_EURO, _POUND = Noun("euro", "euros"), Noun("pound", "pounds")
_RUPEE = Noun("rupee", "rupees")
_PENNY = Noun("penny", "pence")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

ENGLISH = Words(
    decimal=".",
    months=_MONTHS,
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    date="{month} {day}",
    date_year="{date}, {year}",
    ordinal_days=True,
    fractions={
        2: Noun("half", "halves"), 3: Noun("third", "thirds"), 4: Noun("quarter", "quarters"),
        5: Noun("fifth", "fifths"), 6: Noun("sixth", "sixths"), 7: Noun("seventh", "sevenths"),
        8: Noun("eighth", "eighths"), 9: Noun("ninth", "ninths"), 10: Noun("tenth", "tenths"),
        16: Noun("sixteenth", "sixteenths"),
    },
    units=_EN_UNITS,
    currency={
        "$": (_DOLLAR, _CENT), "US$": (Noun("US dollar", "US dollars"), _CENT),
        "A$": (Noun("Australian dollar", "Australian dollars"), _CENT),
        "C$": (Noun("Canadian dollar", "Canadian dollars"), _CENT),
        "CA$": (Noun("Canadian dollar", "Canadian dollars"), _CENT),
        "AU$": (Noun("Australian dollar", "Australian dollars"), _CENT),
        "AUD": (Noun("Australian dollar", "Australian dollars"), _CENT),
        "NZ$": (Noun("New Zealand dollar", "New Zealand dollars"), _CENT),
        "HK$": (Noun("Hong Kong dollar", "Hong Kong dollars"), _CENT),
        "NT$": (Noun("Taiwan dollar", "Taiwan dollars"), None),
        "S$": (Noun("Singapore dollar", "Singapore dollars"), _CENT),
        "MX$": (Noun("Mexican peso", "Mexican pesos"), Noun("centavo", "centavos")),
        "R$": (Noun("real", "reais"), Noun("centavo", "centavos")),
        "BRL": (Noun("real", "reais"), Noun("centavo", "centavos")),
        "USD": (Noun("US dollar", "US dollars"), _CENT), "€": (_EURO, _CENT),
        "EUR": (_EURO, _CENT), "£": (_POUND, _PENNY), "GBP": (_POUND, _PENNY),
        "¥": (Noun("yen", "yen"), None), "JPY": (Noun("yen", "yen"), None),
        "CNY": (Noun("yuan", "yuan"), None), "₹": (_RUPEE, None), "INR": (_RUPEE, None),
        "Rs.": (_RUPEE, None), "Rs": (_RUPEE, None), "₩": (Noun("won", "won"), None),
        "₽": (Noun("ruble", "rubles"), None), "₿": (Noun("bitcoin", "bitcoins"), None),
        "CHF": (Noun("Swiss franc", "Swiss francs"), None), "¢": (_CENT, None),
        "₺": (Noun("lira", "lira"), None), "₫": (Noun("dong", "dong"), None),
        "₱": (Noun("peso", "pesos"), None), "₦": (Noun("naira", "naira"), None),
        "₪": (Noun("shekel", "shekels"), None), "₴": (Noun("hryvnia", "hryvnias"), None),
        "฿": (Noun("baht", "baht"), None), "THB": (Noun("baht", "baht"), None),
        "MXN": (Noun("Mexican peso", "Mexican pesos"), Noun("centavo", "centavos")),
        "ARS": (Noun("Argentine peso", "Argentine pesos"), Noun("centavo", "centavos")),
        "CLP": (Noun("Chilean peso", "Chilean pesos"), None),
        "SEK": (Noun("Swedish krona", "Swedish kronor"), None),
        "NOK": (Noun("Norwegian krone", "Norwegian kroner"), None),
        "DKK": (Noun("Danish krone", "Danish kroner"), None),
        "PLN": (Noun("zloty", "zlotys"), None), "CZK": (Noun("Czech koruna", "Czech korunas"), None),
        "HUF": (Noun("forint", "forints"), None), "RUB": (Noun("ruble", "rubles"), None),
        "UAH": (Noun("hryvnia", "hryvnias"), None), "KRW": (Noun("won", "won"), None),
        "NZD": (Noun("New Zealand dollar", "New Zealand dollars"), _CENT),
        "HKD": (Noun("Hong Kong dollar", "Hong Kong dollars"), _CENT),
        "SGD": (Noun("Singapore dollar", "Singapore dollars"), _CENT),
        "ZAR": (Noun("rand", "rand"), None),
        "zł": (Noun("zloty", "zlotys"), None), "kr": (Noun("krona", "kronor"), None),
    },
    scales={
        "k": "thousand", "K": "thousand", "m": "million", "M": "million", "mn": "million",
        "b": "billion", "B": "billion", "bn": "billion", "T": "trillion",
        "thousand": "thousand", "million": "million", "billion": "billion",
        "trillion": "trillion",
    },
    symbols=_EN_SYMBOLS,
    names=_EN_NAMES,
    whole={
        "C#": "C sharp", "F#": "F sharp", "C++": "C plus plus", "g++": "G plus plus",
        ".NET": "dot net", "A+": "A plus", "Ctrl": "Control", "Ctrl++": "Control plus plus", "Cmd": "Command",
        "N/A": "N A",
        "n/a": "N A", "w/o": "without", "w/": "with", "c/o": "care of", "24/7": "twenty-four seven",
        "CO2": "C O two", "SO2": "S O two", "NO2": "N O two", "H2SO4": "H two S O four",
        "50/50": "fifty fifty", "401k": "four oh one K", "401(k)": "four oh one K", "and/or": "and or",
        "WWI": "World War one", "WWII": "World War two", "WW1": "World War one", "WW2": "World War two",
        "IPv4": "I P v four", "IPv6": "I P v six", "PgUp": "Page Up", "PgDn": "Page Down", "Esc": "Escape",
    },
    shortened={
        "vs.": "versus", "approx.": "approximately", "e.g.": "for example", "i.e.": "that is",
        "Ph.D.": "P H D", "incl.": "including", "excl.": "excluding", "dept.": "department",
        "Dept.": "Department", "Ave.": "Avenue", "Blvd.": "Boulevard",
    },
    titles={
        "Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Prof.": "Professor", "St.": "Saint",
        "Mt.": "Mount", "Rev.": "Reverend", "Gen.": "General", "Capt.": "Captain", "Lt.": "Lieutenant",
        "Sgt.": "Sergeant", "Sen.": "Senator", "Gov.": "Governor", "Ft.": "Fort", "Col.": "Colonel",
    },
    numbered={
        "No.": "number", "no.": "number", "Nos.": "numbers", "Fig.": "figure", "fig.": "figure",
        "Vol.": "volume", "vol.": "volume", "p.": "page", "pp.": "pages",
        "Tel.:": "telephone:", "Tel.": "telephone", "tel.": "telephone", "Figs.": "figures", "figs.": "figures",
        "nos.": "numbers", "Ch.": "chapter", "ch.": "chapter", "Sec.": "section", "Eq.": "equation",
        "eq.": "equation", "Art.": "article", "N°": "number", "n°": "number", "Nº": "number",
        "nº": "number", "max.": "maximum", "Max.": "maximum", "min.": "minimum", "Min.": "minimum",
        "ext.": "extension", "Ext.": "extension", "apt.": "apartment", "Apt.": "apartment", "Rm.": "room",
    },
    # none with which a family name could be meant: "George V. Smith" has one letter
    rulers=(
        "Louis", "Henry", "Charles", "George", "Edward", "Richard", "William", "James", "Elizabeth",
        "Philip", "Napoleon", "Frederick", "Catherine", "Alexander", "Nicholas", "Wilhelm",
        "Ferdinand", "Ramses", "Rameses", "Ptolemy", "Gustav", "Christian", "Benedict", "Pius",
        "Leo", "Gregory", "Clement", "Innocent", "Urban", "John Paul", "Pope John", "Pope Paul",
        "Boniface", "Julius", "Sixtus", "Leopold", "Otto", "Ivan", "Peter", "Mary", "Francis", "Albert",
        "Felipe", "Alfonso", "Victor Emmanuel", "Mehmed", "Darius", "Amenhotep", "Thutmose",
    ),
    parts=(
        "chapter", "Chapter", "CHAPTER", "part", "Part", "PART", "act", "Act", "ACT", "scene", "Scene",
        "SCENE", "Book", "BOOK", "volume", "Volume", "VOLUME", "Article", "ARTICLE",
    ),
    kinds=(
        "section", "Section", "SECTION", "book", "type", "Type", "phase", "Phase", "stage", "Stage",
        "level", "Level", "class", "Class", "grade", "Grade", "appendix", "Appendix", "Annex", "Title",
        "figure", "Figure", "table", "Table", "season", "Season", "episode", "Episode", "Round", "Tier",
        "Mark", "Vol.", "vol.", "Super Bowl", "Final Fantasy", "Vatican",
    ),
    spelled=("ID", "CPU", "GPU", "TPU", "NPU", "EV", "UFO", "CEO", "SUV", "NGO", "DUI", "EP", "VIP"),
    per={
        "month": "month", "mo": "month", "year": "year", "yr": "year", "week": "week", "wk": "week",
        "day": "day", "hour": "hour", "hr": "hour", "h": "hour", "minute": "minute", "min": "minute",
        "second": "second", "sec": "second", "night": "night", "person": "person", "user": "user",
        "seat": "seat", "head": "head", "kg": "kilogram", "g": "gram", "lb": "pound", "oz": "ounce",
        "l": "liter", "L": "liter", "km": "kilometer", "mile": "mile", "GB": "gigabyte",
        "kWh": "kilowatt hour", "m²": "square meter",
    },
    rated=("rated", "Rated", "rating", "Rating", "rating:", "Rating:", "score", "Score", "score:", "Score:"),
    stars="stars?",
    years=(
        "in", "In", "since", "Since", "until", "Until", "till", "by", "By", "from", "From", "between",
        "Between", r"\bfrom [0-9]{4} to", r"\bbetween [0-9]{4} and", "year", "Year", "born", "Born", "died",
        "circa", r"c\.", r"ca\.", "AD", "War of", "[Ss]ummer of", "[Ww]inter of", "[Ss]pring of",
        "[Aa]utumn of", *_MONTHS, *(month[:3] for month in _MONTHS),
        *(month[:3] + r"\." for month in _MONTHS),
    ),
    waits=(
        "minutes", "minute", "mins", "min", "minutes and", "minute and", "wait", "Wait", "for", "in",
        "after", "After", "every", "Every", "within", "Within", "takes", "took", "lasts",
    ),
    called=(r"[Tt]el\.", "[Tt]el", "[Pp]hone", "[Tt]elephone", "[Mm]obile", "[Cc]all", "[Ff]ax", "[Dd]ial"),
    calls=("[Cc]all", "[Dd]ial", "CALL"),
    feet="{feet} foot {inches}",
    keys={"Win": "Windows", "Del": "Delete", "Ins": "Insert", "Opt": "Option"},
    compass={"N": "north", "S": "south", "E": "east", "W": "west"},
    greek={"lamda": "lambda"},
    arc_minute=Noun("minute", "minutes"),
    raised="to the power of", power_of_ten="{number} times ten to the power of {exponent}",
    minus="minus", point="point", to="to", each="per", out_of="out of", by="by", link="link to {place}", at="at", dot="dot",
    slash="slash", dash="dash", version="version", hexadecimal="hex", hash="hash",
    hashtag="hashtag", number="number", port="port", drive="{letter} drive", over="over",
    conjunction="and", half="one half", plus="plus", oclock="{hour} o'clock",
    hundred_hours="{hour} hundred", seconds=Noun("second", "seconds"),
    times="{name}, {count} times", letter_times="letter {name}, {count} times",
    more="and {count} more characters", underscore="underscore",
)  # fmt: skip


_ES_SYMBOLS = _EN_SYMBOLS | {
    "−": "menos", "&": "y", "@": "arroba", "+": "más", "=": "igual a", "%": "por ciento", "‰": "por mil",
    "<": "menor que", ">": "mayor que", "^": "acento circunflejo", "~": "virgulilla",
    "\\": "barra invertida", "/": "barra", "_": "guion bajo", "#": "almohadilla",
    "$": "dólar", "£": "libra", "¢": "centavo", "₹": "rupia", "{": "abre llave",
    "}": "cierra llave", "±": "más o menos", "×": "por", "÷": "entre", "≈": "aproximadamente",
    "≠": "distinto de", "≤": "como máximo", "≥": "como mínimo", "∞": "infinito",
    "√": "raíz cuadrada de", "°": "grados", "§": "sección", "¶": "párrafo",
    "®": "marca registrada", "™": "marca comercial", "№": "número", "→": "flecha derecha",
    "←": "flecha izquierda", "↑": "flecha arriba", "↓": "flecha abajo",
    "↔": "flecha doble", "⇒": "flecha derecha", "★": "estrella", "☆": "estrella vacía",
    "✓": "marca de verificación", "✗": "cruz", "☐": "casilla vacía", "☑": "casilla marcada",
    "☒": "casilla tachada", "²": "al cuadrado", "³": "al cubo", "⁻": "menos", "∑": "suma",
    "∫": "integral", "♪": "nota", "♯": "sostenido",
    "♭": "bemol", "==": "igual igual", "===": "triple igual", "!=": "distinto de",
    "<=": "como máximo", ">=": "como mínimo", "=>": "flecha", "->": "flecha",
    "<-": "flecha izquierda", "&&": "y", "||": "o", "++": "más más", "+=": "más igual",
    "-=": "menos igual", ":=": "se define como", "⌘": "Comando", "⌥": "Opción",
    "⇧": "Mayúsculas", "⏎": "Intro", "⇥": "Tabulador", "⌫": "Retroceso", "⌦": "Suprimir",
    "⇪": "Bloqueo de mayúsculas", "␣": "Espacio", "+/-": "más o menos", "∈": "en", "∉": "no en",
    "⊂": "subconjunto de", "⊆": "subconjunto o igual a", "∪": "unión", "∩": "intersección",
    "∀": "para todo", "∃": "existe", "∂": "parcial", "∝": "proporcional a", "∠": "ángulo",
    "⊥": "perpendicular a", "∥": "paralelo a", "∅": "conjunto vacío", "∴": "por tanto",
    "∏": "producto", "≡": "idéntico a", "≅": "casi igual a", "≪": "mucho menor que",
    "≫": "mucho mayor que", "¬": "no", "∛": "raíz cúbica de", "⌀": "diámetro", "⊕": "más en círculo",
    "⊗": "por en círculo", "∘": "círculo", "↗": "flecha arriba derecha", "↘": "flecha abajo derecha",
    "↙": "flecha abajo izquierda", "↖": "flecha arriba izquierda", "➔": "flecha derecha",
    "➜": "flecha derecha", "⟶": "flecha derecha", "⟵": "flecha izquierda", "⟹": "flecha derecha",
    "⇐": "flecha izquierda", "⇔": "flecha doble", "⇄": "flecha doble", "↻": "flecha en sentido horario",
    "↺": "flecha en sentido antihorario", "☰": "menú", "⋮": "más opciones", "⋯": "más opciones",
    "✘": "cruz", "✕": "cruz", "†": "cruz", "‡": "cruz doble",
}  # fmt: skip
_ES_NAMES = _EN_NAMES | {
    ".": "punto", ",": "coma", "?": "cierra interrogación", "!": "cierra exclamación",
    ":": "dos puntos", ";": "punto y coma", "-": "guion", "–": "guion", "—": "raya",
    "(": "abre paréntesis", ")": "cierra paréntesis", "[": "abre corchete",
    "]": "cierra corchete", '"': "comillas", "'": "apóstrofo", "`": "acento grave",
    "*": "asterisco", "|": "barra vertical", "•": "viñeta", "·": "punto medio",
    "…": "puntos suspensivos", "¡": "abre exclamación", "¿": "abre interrogación",
    "«": "comillas", "»": "comillas", "“": "comillas", "”": "comillas", "„": "comillas",
    "‘": "comillas", "’": "comillas", "●": "punto", "○": "círculo", "□": "cuadrado",
    "■": "cuadrado negro", "▲": "triángulo hacia arriba", "▼": "triángulo hacia abajo",
}  # fmt: skip
_ES_UNITS = {
    "km": Noun("kilómetro", "kilómetros"), "m": Noun("metro", "metros"),
    "cm": Noun("centímetro", "centímetros"), "mm": Noun("milímetro", "milímetros"),
    "m²": Noun("metro cuadrado", "metros cuadrados"), "m³": Noun("metro cúbico", "metros cúbicos"),
    "km²": Noun("kilómetro cuadrado", "kilómetros cuadrados"),
    "m2": Noun("metro cuadrado", "metros cuadrados"), "m3": Noun("metro cúbico", "metros cúbicos"),
    "km2": Noun("kilómetro cuadrado", "kilómetros cuadrados"),
    "cm²": Noun("centímetro cuadrado", "centímetros cuadrados"),
    "cm2": Noun("centímetro cuadrado", "centímetros cuadrados"),
    "cm³": Noun("centímetro cúbico", "centímetros cúbicos"),
    "cm3": Noun("centímetro cúbico", "centímetros cúbicos"),
    "µg": Noun("microgramo", "microgramos"), "MP": Noun("megapíxel", "megapíxeles"),
    "kg": Noun("kilo", "kilos"), "g": Noun("gramo", "gramos"), "mg": Noun("miligramo", "miligramos"),
    "lb": Noun("libra", "libras", True), "oz": Noun("onza", "onzas", True),
    "km/h": Noun("kilómetro por hora", "kilómetros por hora"),
    "m/s": Noun("metro por segundo", "metros por segundo"), "l": Noun("litro", "litros"),
    "L": Noun("litro", "litros"), "ml": Noun("mililitro", "mililitros"),
    "Hz": Noun("hercio", "hercios"), "kHz": Noun("kilohercio", "kilohercios"),
    "MHz": Noun("megahercio", "megahercios"), "GHz": Noun("gigahercio", "gigahercios"),
    "KB": Noun("kilobyte", "kilobytes"), "kB": Noun("kilobyte", "kilobytes"),
    "MB": Noun("megabyte", "megabytes"), "GB": Noun("gigabyte", "gigabytes"),
    "TB": Noun("terabyte", "terabytes"), "MB/s": Noun("megabyte por segundo", "megabytes por segundo"),
    "kB/s": Noun("kilobyte por segundo", "kilobytes por segundo"),
    "KB/s": Noun("kilobyte por segundo", "kilobytes por segundo"),
    "GB/s": Noun("gigabyte por segundo", "gigabytes por segundo"),
    "Mbps": Noun("megabit por segundo", "megabits por segundo"),
    "ms": Noun("milisegundo", "milisegundos"), "s": Noun("segundo", "segundos"),
    "min": Noun("minuto", "minutos"), "h": Noun("hora", "horas", True),
    "W": Noun("vatio", "vatios"), "kW": Noun("kilovatio", "kilovatios"),
    "kWh": Noun("kilovatio hora", "kilovatios hora"), "V": Noun("voltio", "voltios"),
    "px": Noun("píxel", "píxeles"), "dB": Noun("decibelio", "decibelios"),
    "m/s²": Noun("metro por segundo al cuadrado", "metros por segundo al cuadrado"),
    "m/s2": Noun("metro por segundo al cuadrado", "metros por segundo al cuadrado"),
    "mg/dL": Noun("miligramo por decilitro", "miligramos por decilitro"),
    "mg/dl": Noun("miligramo por decilitro", "miligramos por decilitro"),
    "g/cm³": Noun("gramo por centímetro cúbico", "gramos por centímetro cúbico"),
    "kg/m³": Noun("kilo por metro cúbico", "kilos por metro cúbico"),
    "µg/m³": Noun("microgramo por metro cúbico", "microgramos por metro cúbico"),
    "mmHg": Noun("milímetro de mercurio", "milímetros de mercurio"), "nm": Noun("nanómetro", "nanómetros"),
    "µm": Noun("micrómetro", "micrómetros"), "ha": Noun("hectárea", "hectáreas", True),
    "cl": Noun("centilitro", "centilitros"), "hPa": Noun("hectopascal", "hectopascales"),
    "kPa": Noun("kilopascal", "kilopascales"), "MPa": Noun("megapascal", "megapascales"),
    "kJ": Noun("kilojulio", "kilojulios"), "MW": Noun("megavatio", "megavatios"),
    "GW": Noun("gigavatio", "gigavatios"), "Wh": Noun("vatio hora", "vatios hora"),
    "MWh": Noun("megavatio hora", "megavatios hora"), "mA": Noun("miliamperio", "miliamperios"),
    "mAh": Noun("miliamperio hora", "miliamperios hora"), "Ah": Noun("amperio hora", "amperios hora"),
    "mV": Noun("milivoltio", "milivoltios"), "kV": Noun("kilovoltio", "kilovoltios"),
    "ns": Noun("nanosegundo", "nanosegundos"), "µs": Noun("microsegundo", "microsegundos"),
    "seg": Noun("segundo", "segundos"), "ud": Noun("unidad", "unidades", True),
    "uds": Noun("unidad", "unidades", True), "PB": Noun("petabyte", "petabytes"),
    "Mb/s": Noun("megabit por segundo", "megabits por segundo"),
    "Gb/s": Noun("gigabit por segundo", "gigabits por segundo"),
    "kbit/s": Noun("kilobit por segundo", "kilobits por segundo"),
    "Mbit/s": Noun("megabit por segundo", "megabits por segundo"),
    "Gbit/s": Noun("gigabit por segundo", "gigabits por segundo"),
    "kbps": Noun("kilobit por segundo", "kilobits por segundo"),
    "Gbps": Noun("gigabit por segundo", "gigabits por segundo"),
    "rpm": Noun("revolución por minuto", "revoluciones por minuto", True),
    "ppm": Noun("parte por millón", "partes por millón", True),
    "fps": Noun("fotograma por segundo", "fotogramas por segundo"),
    "mL": Noun("mililitro", "mililitros"), "dl": Noun("decilitro", "decilitros"),
    "dL": Noun("decilitro", "decilitros"), "µF": Noun("microfaradio", "microfaradios"),
    "nF": Noun("nanofaradio", "nanofaradios"), "pF": Noun("picofaradio", "picofaradios"),
    "ohm": Noun("ohmio", "ohmios"), "kohm": Noun("kiloohmio", "kiloohmios"),
    "Mohm": Noun("megaohmio", "megaohmios"),
    "kcal": Noun("kilocaloría", "kilocalorías", True), "°": Noun("grado", "grados"),
    "ºC": Noun("grado Celsius", "grados Celsius"), "ºF": Noun("grado Fahrenheit", "grados Fahrenheit"),
    "°C": Noun("grado Celsius", "grados Celsius"),
    "°F": Noun("grado Fahrenheit", "grados Fahrenheit"), "%": Noun("por ciento", "por ciento"),
    "‰": Noun("por mil", "por mil"), "″": Noun("pulgada", "pulgadas", True),
    "′": Noun("pie", "pies"),
}  # fmt: skip
_DOLAR, _CENTAVO = Noun("dólar", "dólares"), Noun("centavo", "centavos")
_CENTIMO = Noun("céntimo", "céntimos")
_LIBRA, _PENIQUE = Noun("libra", "libras", True), Noun("penique", "peniques")

SPANISH = Words(
    decimal=",",
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
    ),
    days=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    date="{day} de {month}",
    date_year="{date} de {year}",
    ordinal_days=False,
    fractions={
        2: Noun("medio", "medios"), 3: Noun("tercio", "tercios"), 4: Noun("cuarto", "cuartos"),
        5: Noun("quinto", "quintos"), 6: Noun("sexto", "sextos"), 7: Noun("séptimo", "séptimos"),
        8: Noun("octavo", "octavos"), 9: Noun("noveno", "novenos"), 10: Noun("décimo", "décimos"),
    },
    units=_ES_UNITS,
    currency={
        "$": (_DOLAR, _CENTAVO), "US$": (_DOLAR, _CENTAVO), "USD": (_DOLAR, _CENTAVO),
        "R$": (Noun("real", "reales"), _CENTAVO),
        "MX$": (Noun("peso mexicano", "pesos mexicanos"), _CENTAVO),
        "€": (_EURO, _CENTIMO), "EUR": (_EURO, _CENTIMO), "£": (_LIBRA, _PENIQUE),
        "GBP": (_LIBRA, _PENIQUE), "¥": (Noun("yen", "yenes"), None),
        "JPY": (Noun("yen", "yenes"), None),
        "₹": (Noun("rupia", "rupias", True), None), "¢": (_CENTAVO, None),
        "CHF": (Noun("franco suizo", "francos suizos"), None),
        "MXN": (Noun("peso mexicano", "pesos mexicanos"), _CENTAVO),
        "ARS": (Noun("peso argentino", "pesos argentinos"), _CENTAVO),
        "CLP": (Noun("peso chileno", "pesos chilenos"), None),
        "S/": (Noun("sol", "soles"), _CENTIMO), "S/.": (Noun("sol", "soles"), _CENTIMO),
        "BRL": (Noun("real", "reales"), _CENTAVO), "CNY": (Noun("yuan", "yuanes"), None),
        "₺": (Noun("lira", "liras", True), None), "₱": (Noun("peso", "pesos"), None),
        "₪": (Noun("séquel", "séqueles"), None), "₽": (Noun("rublo", "rublos"), None),
        "₩": (Noun("won", "wones"), None), "₿": (Noun("bitcóin", "bitcoines"), None),
        "₲": (Noun("guaraní", "guaraníes"), None), "₡": (Noun("colón", "colones"), None),
    },
    scales={
        "mil": "mil", "millón": "millones de", "millones": "millones de", "M": "millones de",
        "m": "millones de", "k": "mil", "K": "mil",
    },
    symbols=_ES_SYMBOLS,
    names=_ES_NAMES,
    whole={
        "C#": "C sharp", "C++": "C más más", ".NET": "punto net", "Ctrl": "Control", "Ctrl++": "Control más más", "Cmd": "Comando",
        "y/o": "y o", "24/7": "veinticuatro siete",
        "CO2": "C O dos", "SO2": "S O dos", "NO2": "N O dos", "H2SO4": "H dos S O cuatro",
        "50/50": "cincuenta cincuenta", "Esc": "Escape",
        "N/A": "no aplicable", "L-V": "lunes a viernes", "L–V": "lunes a viernes",
        "EEUU": "Estados Unidos", "C/": "calle", "s/n": "sin número",
    },
    shortened={
        "p. ej.": "por ejemplo", "p.ej.": "por ejemplo", "P. ej.": "por ejemplo", "aprox.": "aproximadamente",
        "EE. UU.": "Estados Unidos", "EE.UU.": "Estados Unidos", "Avda.": "avenida", "Ud.": "usted",
        "Uds.": "ustedes", "a. C.": "antes de Cristo", "a.C.": "antes de Cristo",
        "d. C.": "después de Cristo", "d.C.": "después de Cristo", "vs.": "contra", "Tfno.": "teléfono",
        "izq.": "izquierda", "izda.": "izquierda", "dcha.": "derecha",
    },
    titles={
        "Dr.": "doctor", "Dra.": "doctora", "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita",
        "Prof.": "profesor", "Dña.": "doña",
        "Av.": "avenida", "Pza.": "plaza", "Sta.": "santa", "Sto.": "santo",
    },
    numbered={
        "Tel.:": "teléfono:", "Tel.": "teléfono", "tel.": "teléfono", "pág.": "página", "Pág.": "página", "págs.": "páginas",
        "Págs.": "páginas", "núm.": "número", "Núm.": "número",
        "art.": "artículo", "Art.": "artículo", "cap.": "capítulo", "Cap.": "capítulo", "vol.": "volumen",
        "Vol.": "volumen", "fig.": "figura", "Fig.": "figura", "máx.": "máximo", "Máx.": "máximo",
        "mín.": "mínimo", "Mín.": "mínimo", "ext.": "extensión", "s.": "siglo",
        # the sign of degrees is often typed in place of the small o
        **{f"{n}{dot}{o}": "número" for n in "Nn" for dot in ("", ".") for o in "º°"},
    },
    rulers=(),
    parts=(
        "siglo", "Siglo", r"s\.", "capítulo", "Capítulo", "CAPÍTULO", "tomo", "Tomo", "volumen", "Volumen",
        "acto", "Acto", "título", "Título",
    ),
    kinds=(),
    spelled=(),
    per={
        "mes": "mes", "año": "año", "semana": "semana", "día": "día", "dia": "día", "hora": "hora",
        "h": "hora", "noche": "noche", "persona": "persona", "usuario": "usuario", "kg": "kilo",
        "l": "litro", "L": "litro", "km": "kilómetro", "GB": "gigabyte", "kWh": "kilovatio hora",
        "m²": "metro cuadrado",
    },
    rated=(),
    stars="estrellas",
    years=(),
    waits=(),
    called=(r"[Tt]el\.", "[Tt]el", "[Tt]eléfono", "[Mm]óvil", r"[Tt]fno\.", "[Ff]ax"),
    calls=(),
    feet="",
    keys={"Win": "Windows", "Supr": "Suprimir", "Mayús": "Mayúsculas", "Ins": "Insertar"},
    compass={"N": "norte", "S": "sur", "E": "este", "O": "oeste", "W": "oeste"},
    greek={
        "lamda": "lambda", "alpha": "alfa", "epsilon": "épsilon", "omicron": "ómicron",
        "upsilon": "ípsilon", "phi": "fi", "chi": "ji",
    },
    arc_minute=Noun("minuto", "minutos"),
    raised="elevado a", power_of_ten="{number} por diez elevado a {exponent}",
    minus="menos", point="coma", to="a", each="por", out_of="de", by="por", link="enlace a {place}", at="arroba",
    dot="punto", slash="barra", dash="guion", version="versión", hexadecimal="hexadecimal",
    hash="almohadilla", hashtag="etiqueta", number="número", port="puerto",
    drive="unidad {letter}", over="sobre", conjunction="y", half="un medio", plus="más",
    oclock="las {hour}", hundred_hours="las {hour}", seconds=Noun("segundo", "segundos"),
    times="{name}, {count} veces", letter_times="letra {name}, {count} veces",
    more="y {count} caracteres más", underscore="guion bajo",
)  # fmt: skip

_TABLES = {"en": ENGLISH, "es": SPANISH}


def words_for(language: str) -> Words | None:
    """The table of a BCP 47 tag's language; None when there is none."""
    return _TABLES.get(language.lower().partition("-")[0].partition("_")[0])
