"""Writes installer/constraints.txt: each direct dependency at the version installed here.

    python installer/make_constraints.py

Run it with the virtual environment in which the tests have passed, after a change of dependencies.
"""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TITLE = "# The versions that the tests run with. Written by make_constraints.py."


ELSEWHERE = {"comtypes": "1.4.17"}
"""Packages of other systems than the one that this runs on."""


def pins() -> list[str]:
    """Lines "name==version", sorted; without the local part of a version, as in 2.13.0+cpu."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wishes = [*project["dependencies"], *extras["languages"], *extras["dev"]]
    names = {canonicalize_name(Requirement(wish).name) for wish in wishes}
    return [f"{name}=={_version(name)}" for name in sorted(names)]


def _version(name: str) -> str:
    return ELSEWHERE.get(name) or version(name).partition("+")[0]


if __name__ == "__main__":
    text = "\n".join([TITLE, *pins()]) + "\n"
    (ROOT / "installer" / "constraints.txt").write_text(text, "utf-8")
