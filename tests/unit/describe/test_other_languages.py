"""What is written in Spanish is compared with what was proven, as English is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.truth import check
from imagecraft_desktop.describe.vocabulary import VOCABULARIES
from imagecraft_desktop.values import Caption, Certainty, Thing

CERTAIN, UNSURE, LIKELY = Certainty.CERTAIN, Certainty.UNSURE, Certainty.LIKELY
DOG = Thing("German shepherd", 1, CERTAIN, 0.9, family="dog")
DOGS = Thing("dog", 3, CERTAIN, 0.9)
PEOPLE = Thing("person", 3, CERTAIN, 0.9)
BUS = Thing("bus", 1, CERTAIN, 0.9)
SPOON = Thing("spoon", 1, CERTAIN, 0.9)
ALL = dict.fromkeys(
    ["red", "green", "blue", "black", "white", "grey", "brown", "yellow", "orange", "pink"], 0.1
)


def checked(
    text: str, things: Sequence[Thing] = (), *, question: str = "", **shares: float
) -> Caption:
    written = make_caption(text, [0.9] * 4, True, "es-MX")
    assert written.certainty is CERTAIN
    return check(written, things, (), lambda: shares, question)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Un perro en la playa.", CERTAIN),
        ("Tres perros en la playa.", CERTAIN),
        ("3 perros.", CERTAIN),
        ("Dos perros en la playa.", None),
        ("2 perros.", None),
        ("Un par de perros.", None),
        ("Un solo perro.", None),
        ("Una única perra.", CERTAIN),  # the others may be male
        ("Dos perros negros.", UNSURE),  # the third may be brown
        ("Dos perras en la playa.", CERTAIN),
        ("Dos perros y una perra.", UNSURE),
        ("Dos de los perros duermen.", CERTAIN),
        ("Cuatro perros.", UNSURE),
        ("Cuatro perras.", UNSURE),
        ("Cinco pequeños perros.", UNSURE),
        ("Varios perros.", CERTAIN),
        ("Muchos perros.", UNSURE),
        ("Docenas de perros.", UNSURE),
        ("No hay muchos perros.", CERTAIN),
        ("No hay perros.", None),
        ("No hay ningún perro en la playa.", None),
        ("Ni perros ni gatos.", None),
        ("Ni gatos ni perros en la playa.", None),
        ("Ni un perro.", None),
        ("Ni un solo perro en la playa.", None),
        ("No hay gatos ni perros.", None),
        ("No hay ni gatos ni perros.", None),
        ("No hay coches, ni perros.", None),
        ("Una playa sin gatos ni perros.", None),
        ("Ningún gato ni ningún perro.", None),
        ("Ni gatos ni perros negros.", UNSURE),
        ("No hay otros gatos ni perros.", UNSURE),
        ("No es ni un perro ni un gato.", CERTAIN),
        ("Una estatua que no es un gato ni un perro.", CERTAIN),
        ("Ni los gatos ni los perros duermen.", CERTAIN),
        ("Un hombre sin sombrero ni perro.", CERTAIN),
        ("No se ven perros.", None),
        ("Una playa sin perros.", None),
        ("Ningun perro.", None),
        ("No hay otros perros.", CERTAIN),
        ("Un perro sin correa.", CERTAIN),
        ("Sin perros grandes.", UNSURE),
        ("Ningún perro duerme.", UNSURE),
        ("Perros que comen dos perritos calientes.", CERTAIN),
        ("Un niño de dos años y perros.", CERTAIN),
    ],
)
def test_counts(text: str, level: Certainty | None):
    found = checked(text, [DOGS], **ALL)
    assert found.certainty is level
    assert found.contradicts == (() if level is CERTAIN else ("count",))


@pytest.mark.parametrize("text", ["Varios perros.", "Dos perros.", "Una docena de perras."])
def test_many_are_not_said_where_one_was_found(text: str):
    assert checked(text, [DOG]).certainty is UNSURE
    assert checked(text).certainty is CERTAIN, "that nothing was found proves nothing"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Perros en la playa.", UNSURE),
        ("Unos perros juegan en la playa.", UNSURE),
        ("Un hombre pasea con los perros.", UNSURE),
        ("Un perro junto a otros perros.", UNSURE),
        ("Cachorros en una cesta.", UNSURE),
        ("Animales en la playa.", UNSURE),
        ("Un animal en la playa.", CERTAIN),
        ("Un perro en la playa.", CERTAIN),
        ("Una perra en la playa.", CERTAIN),
        ("No hay muchos perros.", CERTAIN),
        ("Un perro sin otros perros.", CERTAIN),
        ("Perros calientes en un plato.", CERTAIN),
    ],
)
def test_a_plural_is_not_plain_where_one_was_found(text: str, level: Certainty):
    assert checked(text, [DOG]).certainty is level
    assert checked(text, [DOGS]).certainty in (CERTAIN, None)
    assert checked(text).certainty is CERTAIN, "that nothing was found proves nothing"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Personas sentadas en un banco.", UNSURE),
        ("Gente en la playa.", UNSURE),
        ("Niños jugando en la arena.", UNSURE),
        ("Una calle con jóvenes.", UNSURE),
        ("Mujeres en la calle.", UNSURE),
        ("Una persona sentada en un banco.", CERTAIN),
        ("Un niño jugando en la arena.", CERTAIN),
        ("No hay otras personas.", CERTAIN),
    ],
)
def test_people_are_not_plain_where_one_was_found(text: str, level: Certainty):
    assert checked(text, [Thing("person", 1, CERTAIN, 0.9)]).certainty is level
    assert checked(text, [PEOPLE]).certainty is CERTAIN


@pytest.mark.parametrize(
    ("text", "level"),
    [("Una res en el prado.", CERTAIN), ("Reses en el prado.", UNSURE)],
)
def test_not_every_word_with_an_s_is_a_plural(text: str, level: Certainty):
    assert checked(text, [Thing("cow", 1, CERTAIN, 0.9)]).certainty is level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Dos personas en la calle.", None),
        ("Mucha gente en la calle.", UNSURE),
        ("Dos hombres en la calle.", CERTAIN),
        ("Cuatro mujeres.", UNSURE),
        ("Un grupo de personas.", CERTAIN),
        ("No hay gente.", None),
        ("Sin gente.", None),
        ("Ninguna persona.", None),
        ("Ninguna persona a la vista.", None),
        ("Ni personas ni animales.", None),
        ("Ni animales ni personas.", None),
        ("Ni coches ni gente en la calle.", None),
        ("Ni una persona en la calle.", None),
        ("Una calle sin gente.", None),
        ("No se distinguen personas.", None),
        ("No existe gente en la escena.", None),
        ("No se aprecia la presencia de personas.", None),
        ("No se pueden ver personas.", None),
        ("La ausencia de personas.", None),
        ("Una calle solitaria.", UNSURE),
        ("Una calle abandonada.", UNSURE),
        ("No se pueden ver otras personas.", CERTAIN),
        ("La presencia de personas.", CERTAIN),
        ("No hay nadie.", None),
        ("No hay nadie en la playa.", None),
        ("Nadie.", None),
        ("No hay nadie ni nada.", None),
        ("Ni un alma en la playa.", None),
        ("No hay ni un alma.", None),
        ("No se ve un alma.", None),
        ("Un alma perdida.", CERTAIN),
        ("Una playa sin nadie.", None),
        ("No hay nadie más.", CERTAIN),
        ("No hay nadie mirando a la cámara.", CERTAIN),
        ("Nadie sonríe.", CERTAIN),
        ("Una playa desierta.", None),
        ("Un camello en el desierto.", CERTAIN),
        ("Una calle vacía.", UNSURE),
        ("La calle está completamente vacía.", UNSURE),
        ("Una calle casi vacía.", CERTAIN),
        ("Una calle con una mesa vacía.", CERTAIN),
        ("Sin mujeres.", CERTAIN),
    ],
)
def test_counts_of_people(text: str, level: Certainty | None):
    assert checked(text, [PEOPLE]).certainty is level
    assert checked(text).certainty is CERTAIN, "that nobody was found proves nothing"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    "text", ["Un hombre en una calle vacía.", "Una mujer en una playa desierta."]
)
def test_one_who_is_named_may_be_alone(text: str, count: int):
    found = checked(text, [Thing("person", count, CERTAIN, 0.9)])
    assert (found.certainty is CERTAIN) == (count == 1)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Un gato en un sofá.", UNSURE),
        ("Dos gatitas.", UNSURE),
        ("Una ardilla en el césped.", UNSURE),
        ("No hay animales.", None),
        ("Ni personas ni animales.", None),
        ("Una playa sin animales.", None),
        ("Un gato y un perro.", CERTAIN),
        ("Una gata y una perra.", CERTAIN),
        ("Un paso de cebra.", CERTAIN),
        ("Una mujer con cola de caballo.", CERTAIN),
        ("Un oso de peluche.", CERTAIN),
        ("Un hombre con un mono azul.", CERTAIN),
    ],
)
def test_another_animal_than_the_one_that_is_there(text: str, level: Certainty | None):
    assert checked(text, [DOG], **ALL).certainty is level


@pytest.mark.parametrize(
    ("text", "shares", "level"),
    [
        ("Un autobús azul.", {"red": 1.0}, UNSURE),
        ("Un autobús azul.", {"red": 0.9, "blue": 0.1}, CERTAIN),
        ("Unas casas rojas.", {"blue": 1.0}, UNSURE),
        ("Unos coches rojos.", {"blue": 0.9, "red": 0.1}, CERTAIN),
        ("Una puerta marron.", {"blue": 1.0}, UNSURE),
        ("Zapatos marrones.", {"blue": 1.0}, UNSURE),
        ("Una camisa naranja.", {"blue": 1.0}, UNSURE),
        ("Una pared de color rosa.", {"green": 1.0}, UNSURE),
        ("Flores rosas.", {"green": 1.0}, UNSURE),
        ("Una bolsa de color café.", {"green": 1.0}, UNSURE),
        ("Una taza de café.", {"green": 1.0}, CERTAIN),
        ("Una naranja y dos rosas.", {"green": 1.0}, CERTAIN),
        ("Un hombre come naranjas.", {"green": 1.0}, CERTAIN),
        ("Un zumo de naranja.", {"green": 1.0}, CERTAIN),
        ("Un ramo de rosas.", {"green": 1.0}, CERTAIN),
        ("Rosa sonríe.", {"green": 1.0}, CERTAIN),
        ("Una copa de vino blanco.", {"green": 1.0}, CERTAIN),
        ("Una red en la playa.", {"blue": 1.0}, CERTAIN),
    ],
)
def test_colours_that_are_nowhere(text: str, shares: dict[str, float], level: Certainty):
    assert checked(text, **shares).certainty is level


def test_what_cannot_be_compared_is_not_plain():
    """A thing without Spanish words, and an answer to a question."""
    assert checked("Un perro.", [DOG, BUS]).certainty is CERTAIN
    assert checked("Un perro.", [DOG, SPOON]).certainty is LIKELY
    assert checked("No.", [DOG], question="¿Hay un perro?").certainty is LIKELY


def test_what_was_proven_has_words_of_its_own():
    """A colour that is also in a list of things, or a word with an accent, would never be found."""
    for known in VOCABULARIES.values():
        words = {*known.colours, *known.numbers, *known.least}
        words |= {word for nouns in known.nouns.values() for word in nouns.words}
        assert all(word == word.lower() and word.isalpha() for word in words)
        assert not {sign for word in words for sign in word} & set("áéíóúü")
        assert known.fruits <= set(known.colours)


@given(st.text(max_size=60), st.lists(st.sampled_from([DOGS, PEOPLE, BUS]), max_size=3))
def test_nothing_becomes_surer(text: str, things: list[Thing]):
    written = make_caption(text, [0.6], True, "es")
    found = check(written, things, [], lambda: {"blue": 1.0})
    levels = [CERTAIN, LIKELY, UNSURE, None]
    assert levels.index(found.certainty) >= levels.index(written.certainty)
