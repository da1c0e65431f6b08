"""Makes the pictures of the settings window in docs/pictures again.

    python -m tests.settings_pictures [FOLDER]

They are drawn without a screen, in English, with the models of the catalogue and a made-up voice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
LIGHT, DARK, CONTRAST = "light", "dark", "high-contrast"
_COLOURS = {
    LIGHT: ("#efefef", "#ffffff", "#1b1b1b", "#2a5db0", "#ffffff"),
    DARK: ("#2b2b2b", "#1e1e1e", "#f0f0f0", "#4c86d8", "#000000"),
}
"""Window, fields, text, chosen, text on it."""
_COLOURS_KEPT = 48
_PAGES = (
    "speech",
    "description",
    "hotkeys",
    "signs",
    "history",
    "program",
    "voices",
    "models",
    "privacy",
)


def _palette(kind: str) -> Any:
    from PySide6.QtGui import QColor, QPalette

    window, base, text, chosen, on_chosen = map(QColor, _COLOURS.get(kind, _COLOURS[LIGHT]))
    palette = QPalette(window)
    role = QPalette.ColorRole
    for one in (role.Base, role.AlternateBase):
        palette.setColor(one, base)
    for one in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText):
        palette.setColor(one, text)
    palette.setColor(role.Highlight, chosen)
    palette.setColor(role.HighlightedText, on_chosen)
    return palette


@contextmanager
def _made(kind: str, scale: float) -> Iterator[tuple[Any, Any]]:
    """The window and its voice dialog, in these colours, with letters so much larger."""
    from PySide6.QtWidgets import QApplication

    from imagecraft_desktop import choices
    from imagecraft_desktop.settings.table import Settings
    from imagecraft_desktop.ui.settings.models_page import ModelsPage
    from imagecraft_desktop.ui.settings.privacy_page import PrivacyPage
    from imagecraft_desktop.ui.settings.voice_dialog import VoiceDialog
    from imagecraft_desktop.ui.settings.voices_page import VoicesPage
    from imagecraft_desktop.ui.settings.window import Page, SettingsWindow
    from imagecraft_desktop.values import Choice
    from imagecraft_desktop.weights import catalogue, fit, lines
    from imagecraft_desktop.windows import privacy
    from imagecraft_desktop.windows import settings as desk

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setPalette(_palette(kind))
    font = application.font()
    font.setFamily("DejaVu Sans")
    font.setPointSizeF(10 * scale)
    application.setFont(font)
    parts: list[Any] = []

    def keep(part: Any) -> Any:
        parts.append(part)
        return part

    window = SettingsWindow(
        Settings(high_contrast=kind == CONTRAST),
        list(choices.OFFERED),
        [
            Page("Your voices", lambda keys: keep(VoicesPage(keys))),
            Page("Models", lambda keys: keep(ModelsPage(keys))),
            Page("Privacy", lambda keys: PrivacyPage(privacy._about(), keys)),
        ],
    )
    holder = SimpleNamespace(_hear_voice=id, _hear_device=id, _try_keys=id, _hear_tour=id)
    holder._player_of = lambda _: id
    desk.SettingsDesk._furnish(holder, window)  # type: ignore[arg-type]
    window.show_keys(desk._spoken_keys(Settings()))
    for name in ("voice", "captioner", "language"):
        window.offer(name, choices.offered(name, Settings()))
    for name in ("sound_device", "microphone"):
        window.offer(name, [Choice("", "the system's default")])
    voices, models = parts
    voices.show_voices([Choice("Anna", "Anna: 6.2 seconds. It says: The train leaves at noon.")])
    machine = fit.Machine(8 * 2**30, 0, has_bf16=False)
    ranked = fit.ranked(catalogue.known().values(), machine)
    models.show_models([Choice(one.name, lines.line(one, machine)) for one in ranked])
    dialog = VoiceDialog(can_recognise=True, parent=window)
    dialog.meter.show_level(-14)
    dialog.tell("Good: 6.2 seconds of speech.")
    yield window, dialog
    dialog.deleteLater()
    window.deleteLater()


def main(folder: Path) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    application.setStyle("Fusion")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [(LIGHT, 1.0, page) for page in _PAGES]
    wanted += [(kind, 1.0, page) for kind in (DARK, CONTRAST) for page in ("speech", "models")]
    wanted += [(LIGHT, 2.0, page) for page in ("speech", "voices")]
    home = "/home/anna"
    with patch.dict(os.environ, {"HOME": home, "XDG_DATA_HOME": f"{home}/.local/share"}):
        for kind, scale in dict.fromkeys((kind, scale) for kind, scale, _ in wanted):
            with _made(kind, scale) as (window, dialog):
                window.show()
                for page in [page for k, s, page in wanted if (k, s) == (kind, scale)]:
                    window.turn_to(_PAGES.index(page))
                    _save(window, folder, page, kind, scale)
                dialog.show()
                _save(dialog, folder, "new-voice", kind, scale)


def _save(part: Any, folder: Path, page: str, kind: str, scale: float) -> None:
    from PIL import Image
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    for _ in range(3):
        QApplication.processEvents()
    name = f"settings-{page}-{kind}{'-200' if scale > 1 else ''}.png"
    shown = part.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = bytes(shown.constBits())
    picture = Image.frombytes(
        "RGB", (shown.width(), shown.height()), data, "raw", "RGB", shown.bytesPerLine()
    )
    few = picture.quantize(_COLOURS_KEPT, dither=Image.Dither.NONE)
    few.save(folder / name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
