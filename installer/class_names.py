"""The spoken names of the 1000 ImageNet classes, for convert_models.py.

Each line of resources/models/imagenet_names.txt is a class as it is said, with its article ("an
espresso", "jeans"); an empty line is a class that is never said.
"""

from __future__ import annotations

EDITS = {
    7: "chicken",
    8: "chicken",
    21: "kite, a bird of prey",
    97: "duck",
    101: "elephant",
    104: "kangaroo or wallaby",
    133: "bittern, a bird",
    134: "crane, a bird",
    224: "Belgian sheepdog",
    227: "Australian kelpie",
    235: "German shepherd",
    268: "Mexican hairless dog",
    271: "red or maned wolf",
    281: "tabby cat",
    282: "tabby cat",
    285: "Egyptian mau cat",
    312: "cricket, an insect",
    330: "rabbit",
    332: "rabbit",
    339: "horse",
    348: "ram",
    352: "antelope",
    389: "snoek, a fish",
    392: "rock beauty, a fish",
    395: "gar, a fish",
    412: "trash can",
    413: "rifle",
    419: "sticking plaster",
    421: "handrail",
    439: "bearskin hat",
    458: "plaque",
    478: "cardboard box",
    494: "wind chime",
    506: "spiral or coil",
    513: "trumpet",
    519: "crate",
    521: "slow cooker",
    548: "television cabinet",
    570: "gas mask",
    584: "hair clip",
    590: "handheld device",
    605: "music player",
    612: "rickshaw",
    618: "spoon or ladle",
    620: "laptop",
    632: "loudspeaker",
    633: "magnifying glass",
    639: "swimsuit",
    642: "xylophone",
    661: "vintage car",
    664: "computer screen",
    681: "laptop",
    692: "packet",
    732: "instant camera",
    744: "missile",
    758: "fishing reel",
    763: "handgun",
    769: "ruler",
    782: "computer screen",
    789: "sliding screen",
    796: "ski mask",
    807: "solar panels",
    810: "keyboard",
    821: "arch bridge",
    824: "scarf",
    836: "sunglasses",
    842: "swimming trunks",
    844: "light switch",
    854: "stage curtain",
    862: "torch",
    884: "vaulted ceiling",
    885: "velvet",
    890: "volleyball",
    908: "airplane wing",
    910: "wooden spoon",
    914: "sailing boat",
    919: "street sign",
    925: "clear soup",
    930: "baguette",
    942: "butternut squash",
    948: "green apple",
    956: "custard apple",
    966: "red wine",
    986: "orchid",
    994: "stinkhorn mushroom",
    998: "ear of grain",
}

# Never said. People and what would class them; clothing close to the body; words for whole pages,
# which the detectors invent on screens; buildings that are often mistaken for one another.
UNSAID = frozenset(
    {981, 982, 983}
    | {399, 400, 452, 578, 601, 614, 652, 689, 735, 775, 808}
    | {433, 445, 459, 638, 639, 655}
    | {916, 917, 918, 921, 922, 781, 688, 846, 885}
    | {415, 424, 467, 509, 582, 663, 698, 733, 743, 762, 788, 860, 865, 500, 727, 536}
)

# No article: plurals and what is not counted.
BARE = frozenset(
    {
        "binoculars",
        "broccoli",
        "chain mail",
        "clear soup",
        "clogs",
        "corn",
        "dough",
        "eggnog",
        "face powder",
        "guacamole",
        "hair spray",
        "hay",
        "ice cream",
        "jeans",
        "lotion",
        "mashed potatoes",
        "pajamas",
        "paper towel",
        "parallel bars",
        "rapeseed",
        "red wine",
        "solar panels",
        "sunglasses",
        "sunscreen",
        "swimming trunks",
        "toilet paper",
        "wool",
        "carbonara",
        "chocolate syrup",
        "meatloaf",
        "cauliflower",
        "perfume",
    }
)

_SOUNDS_LIKE_YOU = ("Eur", "uni")
_SILENT_H = ("hour",)


def edited(clean: list[str]) -> list[str]:
    """The 1000 lines, from the package's names in class order."""
    return ["" if i in UNSAID else with_article(EDITS.get(i, name)) for i, name in enumerate(clean)]


def with_article(name: str) -> str:
    """ "an espresso" for "espresso"; unchanged when it takes no article."""
    if name in BARE:
        return name
    vowel = name[0].lower() in "aeiou" and not name.startswith(_SOUNDS_LIKE_YOU)
    return f"{'an' if vowel or name.startswith(_SILENT_H) else 'a'} {name}"
