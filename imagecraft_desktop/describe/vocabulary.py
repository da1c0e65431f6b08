"""Words of languages other than English that a sentence is compared by: colours, numbers, what can be proven. Tables
alone, one for each language that models write in; used by `other_languages`. A language without one is not compared.

All words stand in small letters without accents, "ñ" apart, for networks leave accents out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Nouns:
    """What a thing is called.

    Attributes:
        singular, plural: Words that mean each of them, and all.
        kinds: Words for some of them, "women", "puppies": fewer of these deny nothing.
    """

    singular: frozenset[str]
    plural: frozenset[str]
    kinds: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """All of them."""
        return self.singular | self.plural | self.kinds

    def is_plural(self, word: str) -> bool:
        """Whether one of them means several. Of the kinds it is another one with "s" or "es"."""
        is_kinds = word in self.kinds and word.endswith("s")
        return word in self.plural or (is_kinds and bool({word[:-1], word[:-2]} & self.kinds))


@dataclass(frozen=True)
class Vocabulary:
    """Of one language.

    Attributes:
        colours: A colour's words, in all genders, and the names of `see.colours` that people may call so.
        fruits: Those of them that are things, too ("naranja"): a colour only right after a thing.
        coloured: Before a word it makes it a colour ("de color café").
        only_coloured: Colours that are one after `coloured` alone; the rest of the time they are things.
        named: What a colour right after it only names ("vino blanco").
        nouns: English name of a thing, or of its family, to its words.
        rewritten: What is said in a longer way, and its usual words ("se pueden ver").
        idioms: Where its words mean something else ("paso de cebra").
        numbers: Words of exact numbers.
        least: Words that say that there are many, and the least number that each can mean.
        of: Between such a word and the noun.
        none: "no", "without" right before a noun.
        neither: "neither", "nor".
        negation: "not", before one of `there`.
        there: "is", "are seen".
        between: May stand between `there` and the noun in "there is not any dog".
        others: "other", "more": none besides those.
        small: Words without content; what stands before one is not said of the noun after it.
        of_all: What is written of any picture ("la imagen muestra").
        goes_on: After a noun they do not make it one of some kind.
        nobody: "nobody".
        of_kind: After "nobody" they say which people are none ("nobody who ...").
        doing: Ends of words that do so as well ("nobody smiling").
        places: Where "empty" is mostly said of people.
        empty, deserted: Adjectives of places.
        nearly: "almost".
    """

    colours: Mapping[str, tuple[str, ...]]
    fruits: frozenset[str]
    coloured: str
    only_coloured: Mapping[str, tuple[str, ...]]
    named: frozenset[str]
    nouns: Mapping[str, Nouns]
    rewritten: Mapping[str, str]
    idioms: tuple[str, ...]
    numbers: Mapping[str, int]
    least: Mapping[str, int]
    of: str
    none: frozenset[str]
    neither: str
    negation: str
    there: frozenset[str]
    between: frozenset[str]
    others: frozenset[str]
    small: frozenset[str]
    of_all: frozenset[str]
    goes_on: frozenset[str]
    nobody: str
    of_kind: frozenset[str]
    doing: tuple[str, ...]
    places: frozenset[str]
    empty: frozenset[str]
    deserted: frozenset[str]
    nearly: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _nouns(both: str, kinds: str = "") -> Nouns:
    """Of pairs "perro/perros"; without one of the two where there is none."""
    singular, plural = zip(*(pair.split("/") for pair in both.split()), strict=True)
    return Nouns(frozenset(singular) - {""}, frozenset(plural) - {""}, _words(kinds))


def _spanish_forms(colour: str) -> list[str]:
    """rojo, roja, rojos, rojas; verde, verdes; azul, azules."""
    if colour.endswith("o"):
        return [colour[:-1] + end for end in ("o", "a", "os", "as")]
    return [colour, colour + ("s" if colour[-1] in "aeiou" else "es")]


_SPANISH_COLOURS = {
    "rojo": "red pink orange brown purple",
    "naranja": "orange red yellow brown beige",
    "anaranjado": "orange red yellow brown beige",
    "amarillo": "yellow beige orange green brown",
    "verde": "green turquoise yellow brown grey",
    "turquesa": "turquoise green blue",
    "azul": "blue turquoise purple grey black",
    "celeste": "blue turquoise grey",
    "morado": "purple pink blue red",
    "purpura": "purple pink blue red",
    "violeta": "purple pink blue red",
    "lila": "purple pink blue grey",
    "rosa": "pink red purple orange beige",
    "rosado": "pink red purple orange beige",
    "marron": "brown orange red beige yellow black grey",
    "beige": "beige brown white yellow grey orange",
    "beis": "beige brown white yellow grey orange",
    "gris": "grey black white blue brown beige",
    "negro": "black grey brown blue",
    "blanco": "white grey beige",
    "plateado": "grey white black blue beige brown turquoise",
    "dorado": "yellow orange brown beige green",
    "rubio": "yellow orange brown beige white grey",
    "granate": "red brown purple pink black",
}
_SPANISH_NOUNS = {
    "person": _nouns(
        "persona/personas /gente individuo/individuos humano/humanos",
        "hombre hombres mujer mujeres niño niños niña niñas chico chicos chica chicas muchacho muchachos "
        "muchacha muchachas señor señores señora señoras joven jovenes adulto adultos bebe bebes",
    ),
    "dog": _nouns(
        "perro/perros can/canes",
        "perra perras perrito perritos perrita perritas cachorro cachorros",
    ),
    "cat": _nouns("gato/gatos felino/felinos", "gata gatas gatito gatitos gatita gatitas"),
    "horse": _nouns("caballo/caballos", "yegua yeguas potro potros poni ponis"),
    "sheep": _nouns("oveja/ovejas", "cordero corderos carnero carneros"),
    "cow": _nouns(
        "vaca/vacas", "toro toros ternero terneros ternera terneras buey bueyes res reses"
    ),
    "bird": _nouns(
        "pajaro/pajaros ave/aves",
        "pajarito pajaritos gaviota gaviotas paloma palomas loro loros aguila aguilas buho buhos pato patos "
        "gallina gallinas gallo gallos ganso gansos pavo pavos cisne cisnes pinguino pinguinos gorrion gorriones",
    ),
    "elephant": _nouns("elefante/elefantes"),
    "bear": _nouns("oso/osos", "osa osas osezno oseznos"),
    "zebra": _nouns("cebra/cebras"),
    "giraffe": _nouns("jirafa/jirafas"),
    "lion": _nouns("leon/leones", "leona leonas"),
    "tiger": _nouns("tigre/tigres"),
    "fox": _nouns("zorro/zorros", "zorra zorras"),
    "wolf": _nouns("lobo/lobos", "loba lobas"),
    "rabbit": _nouns("conejo/conejos", "coneja conejas conejito conejitos"),
    "pig": _nouns("cerdo/cerdos", "cerda cerdas cerdito cerditos"),
    "goat": _nouns("cabra/cabras", "cabrito cabritos"),
    "deer": _nouns("ciervo/ciervos venado/venados"),
    "duck": _nouns("pato/patos", "patito patitos"),
    "chicken": _nouns("gallina/gallinas", "gallo gallos pollito pollitos"),
    "fish": _nouns("pez/peces"),
    "snake": _nouns("serpiente/serpientes"),
    "turtle": _nouns("tortuga/tortugas"),
    "frog": _nouns("rana/ranas"),
    "camel": _nouns("camello/camellos"),
    "panda": _nouns("panda/pandas"),
    "kangaroo": _nouns("canguro/canguros"),
    "squirrel": _nouns("ardilla/ardillas"),
    "hamster": _nouns("hamster/hamsters"),
    "raccoon": _nouns("mapache/mapaches"),
    "donkey": _nouns("burro/burros asno/asnos"),
    "gorilla": _nouns("gorila/gorilas"),
    "leopard": _nouns("leopardo/leopardos"),
    "lizard": _nouns("lagarto/lagartos", "lagartija lagartijas"),
    "crocodile": _nouns("cocodrilo/cocodrilos"),
    "dolphin": _nouns("delfin/delfines"),
    "whale": _nouns("ballena/ballenas"),
    "otter": _nouns("nutria/nutrias"),
    "animal": _nouns("animal/animales"),
    "bicycle": _nouns("bicicleta/bicicletas bici/bicis"),
    "car": _nouns("coche/coches carro/carros auto/autos automovil/automoviles"),
    "motorcycle": _nouns("motocicleta/motocicletas moto/motos"),
    "airplane": _nouns("avion/aviones"),
    "bus": _nouns("autobus/autobuses"),
    "train": _nouns("tren/trenes"),
    "truck": _nouns("camion/camiones"),
    "boat": _nouns("barco/barcos", "barca barcas bote botes lancha lanchas velero veleros"),
    "traffic light": _nouns("semaforo/semaforos"),
    "bottle": _nouns("botella/botellas"),
    "cup": _nouns("taza/tazas"),
    "chair": _nouns("silla/sillas"),
    "couch": _nouns("sofa/sofas"),
    "bed": _nouns("cama/camas"),
    "backpack": _nouns("mochila/mochilas"),
    "suitcase": _nouns("maleta/maletas"),
    "banana": _nouns("platano/platanos banana/bananas"),
    "apple": _nouns("manzana/manzanas"),
    "orange": _nouns("naranja/naranjas"),
    "pizza": _nouns("pizza/pizzas"),
    "book": _nouns("libro/libros"),
    "clock": _nouns("reloj/relojes"),
    "keyboard": _nouns("teclado/teclados"),
}
_SPANISH_COUNTED = "dos tres cuatro cinco seis siete ocho nueve diez once doce"
_SPANISH_LEAST = {
    **dict.fromkeys(["grupo", "diversos", "diversas", "multiples"], 2),
    **dict.fromkeys(["varios", "varias", "manada", "rebaño", "bandada", "jauria"], 3),
    **dict.fromkeys(
        ["mucha", "muchos", "muchas", "numerosos", "numerosas", "multitud", "monton"], 5
    ),
    **{"docena": 12, "decenas": 20, "docenas": 24, "cientos": 200, "miles": 2000},
}
SPANISH = Vocabulary(
    colours={
        form: tuple(names.split())
        for colour, names in _SPANISH_COLOURS.items()
        for form in _spanish_forms(colour)
    },
    fruits=_words("naranja naranjas rosa rosas violeta violetas lila lilas celeste dorado dorados"),
    coloured="color",
    only_coloured={
        "cafe": ("brown", "orange", "red", "beige", "yellow", "black", "grey"),
        "castaño": ("brown", "orange", "red", "beige", "yellow", "black", "grey"),
        "crema": ("beige", "white", "yellow", "grey", "brown"),
        "vino": ("red", "brown", "purple", "pink", "black"),
        "burdeos": ("red", "brown", "purple", "pink", "black"),
        "oro": ("yellow", "orange", "brown", "beige", "green"),
        "plata": ("grey", "white", "black", "blue", "beige", "brown", "turquoise"),
    },
    named=_words("vino vinos uva uvas mar cruz pimienta te"),
    nouns=_SPANISH_NOUNS,
    rewritten={
        "puede ver": "ve",
        "pueden ver": "ven",
        "la presencia de": "",
        "presencia de": "",
        "ausencia de": "sin",
        "ni un alma": "nadie",
        "no (hay|se ve) un alma": r"no \1 nadie",
    },
    idioms=(
        "paso de cebra",
        "pasos de cebra",
        "cola de caballo",
        "perro caliente",
        "perros calientes",
        "perrito caliente",
        "perritos calientes",
        "oso de peluche",
        "osos de peluche",
        "diente de leon",
        "dientes de leon",
        "ojo de pez",
    ),
    numbers={
        **{word: number for number, word in enumerate(_SPANISH_COUNTED.split(), 2)},
        **{"cero": 0, "solo": 1, "sola": 1, "unico": 1, "unica": 1, "par": 2, "pareja": 2},
    },
    least=_SPANISH_LEAST,
    of="de",
    none=_words("ningun ninguna sin"),
    neither="ni",
    negation="no",
    there=_words(
        "hay ve ven veo vemos aparece aparecen aprecia aprecian observa observan existe existen distingue distinguen "
        "percibe perciben detecta detectan encuentra encuentran"
    ),
    between=_words("a un una ningun ninguna ni solo sola"),
    others=_words("otro otra otros otras mas demas"),
    small=_words(
        "a al ante bajo con contra de del desde en entre hacia para por sobre tras y e o u ni que se es son "
        "el la los las un una unos unas lo su sus este estos estas ese esa"
    ),
    of_all=_words(
        "imagen foto fotografia escena vista muestra se ve ven aparece aparecen hay esta estan grupo varios varias"
    ),
    goes_on=_words("en aqui ahi alli visible visibles a y ni o sobre"),
    nobody="nadie",
    of_kind=_words("mas que con excepto salvo"),
    doing=("ando", "endo"),
    places=_words(
        "calle calles carretera carreteras camino plaza parque playa campo sala habitacion pasillo aula clase "
        "oficina cocina restaurante estacion anden estadio teatro iglesia acera"
    ),
    empty=_words(
        "vacio vacia vacios vacias solitario solitaria solitarios solitarias abandonado abandonada abandonados "
        "abandonadas"
    ),
    deserted=_words("desierto desierta desiertos desiertas"),
    nearly=_words("casi medio semi parcialmente no"),
)
"""Not in it: "mono", a monkey, but also an overall and "cute"; "pollo", mostly food; "banco", a bench or a bank."""
VOCABULARIES: Mapping[str, Vocabulary] = {"es": SPANISH}
"""By BCP 47 tag without region."""
