"""The words of Qt's own dialogs, in the language of the program."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

log = logging.getLogger(__name__)


class QtWords:
    """What Qt itself says: buttons of its dialogs, and which way lines run. English without a file."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None

    def use(self, language: str) -> None:
        """Take them from Qt's own translation; main thread, with the application made.

        Args:
            language: BCP 47 tag, that of our own sentences.
        """
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{language.replace('-', '_')}", folder):
            self._translator = translator  # else it is gone at once
            QCoreApplication.installTranslator(translator)
        elif not language.startswith("en"):
            log.info("Qt has no words in %s", language)
