"""What the settings make of a wish: for the tray program and the command line alike."""

from __future__ import annotations

from imagecraft_desktop import strings
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.values import Detail, Server, Wish


def wish_for(
    settings: Settings,
    detail: Detail,
    *,
    text_only: bool = False,
    seed: int = 0,
    question: str = "",
) -> Wish:
    """How a picture is to be described, or a question about it answered."""
    instructions = {
        Detail.BRIEF: settings.instruction_brief,
        Detail.NORMAL: settings.instruction_normal,
        Detail.DETAILED: settings.instruction_detailed,
    }
    wanted = settings.description_language
    return Wish(
        detail,
        text_only,
        seed,
        question,
        instruction="" if question else instructions[detail],  # they are for descriptions
        language=strings.language() if wanted in {"", "auto"} else wanted,
        server=server_of(settings),
    )


def server_of(settings: Settings) -> Server:
    """The server that the settings name."""
    return Server(
        settings.server_address,
        settings.server_model,
        settings.server_key,
        settings.server_wait_s,
    )
