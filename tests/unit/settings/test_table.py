"""The table tells a person what each setting is for, and in which group it is."""

from __future__ import annotations

import pytest

from imagecraft_desktop.settings.table import rows, sections


def test_every_setting_is_in_one_group_and_in_the_order_of_the_table() -> None:
    assert [name for names in sections().values() for name in names] == list(rows())
    assert all(sections())


def test_a_group_begins_where_a_setting_names_it() -> None:
    groups = list(sections().values())
    assert groups[0][0] == "voice"
    assert ("layer_key", "window_key") in groups


@pytest.mark.parametrize("name", rows())
def test_every_setting_has_a_sentence_of_help(name: str) -> None:
    assert rows()[name].metadata["help"].endswith(".")
