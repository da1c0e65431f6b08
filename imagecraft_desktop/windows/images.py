"""Does what the image window wants: takes pictures, has them described, fetches and saves.

Lives in the main thread. The window is made when it is first asked for.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.capture import clipboard
from imagecraft_desktop.capture.clipboard import Offered
from imagecraft_desktop.control import Control, Reply
from imagecraft_desktop.errors import FileNotWritten, ImageCraftError
from imagecraft_desktop.settings import store as settings_store
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.new_file import write_new
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.ui.confirm import confirm
from imagecraft_desktop.ui.picture_queue import DONE, FAILED, Item, PictureQueue
from imagecraft_desktop.values import (
    Capture,
    Description,
    Detail,
    Failure,
    Origin,
    Outcome,
    Picture,
    Progress,
    Request,
)
from imagecraft_desktop.windows.fetching import Fetching, host_of
from imagecraft_desktop.windows.given import MOST, capture_of, captures_of
from imagecraft_desktop.windows.jobs import Jobs
from imagecraft_desktop.windows.looking import Found, Looking
from imagecraft_desktop.windows.speech_file import SpeechFile

if TYPE_CHECKING:
    from imagecraft_desktop.ui.image_files import Shown
    from imagecraft_desktop.ui.image_window import ImageWindow

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_FETCHED = 20
"""More addresses are not fetched at once."""
_READ_PER_S = 17.0
"""Characters that a screen reader says in a second at the usual rate: three words."""
_MOST_READ_S = 60.0
_FOLLOW_MS = 150
_SPEECH_ACTS = {"repeat": Action.REPEAT, "pause": Action.PAUSE, "stop": Action.STOP}


class Images(QObject):
    """The image window of the running program."""

    _saved = Signal(str)

    def __init__(self, control: Control, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._window: ImageWindow | None = None
        self._read_until = 0.0
        self._queue = PictureQueue(self._is_heard, self)
        self._queue.changed.connect(self._wait_no_more)
        self._queue.changed.connect(self._let_go_of_pictures)
        self._queue.wanted.connect(self._describe_next)
        self._queue.told.connect(self._say)
        self._is_next = self._is_in_work = False
        self._jobs = Jobs(self._say, self)
        self._fetching = Fetching(self._jobs, self._take_fetched, self._say, self)
        self._looking = Looking(self._jobs, self._take_found, self._say, self)
        self._talk: list[tuple[Request, Outcome | None]] = []
        """The last description and the questions about it, with what came of them."""
        self._follow = QTimer(self, interval=_FOLLOW_MS)
        self._follow.timeout.connect(self._follow_speech)
        self._saved.connect(self._say)
        control.began.connect(self._begin)
        control.progressed.connect(self._go_on)
        control.ended.connect(self._end)
        control.stopped.connect(self._queue.pause)
        control.stopped.connect(self._stop_what_comes)
        control.add_work(self._fetching.sentence)
        control.add_work(self._looking.sentence)
        control.forgotten.connect(self._forget)
        control.reloaded.connect(self._follow_settings)
        control.skipped.connect(self._go_on_at_once)
        control.add_act(Action.IMAGES, self._open)

    # --- the window ---

    def _open(self, words: Mapping[str, str]) -> Reply:
        """Show the window, with these pictures if any are named, else with the last one."""
        if self._window is None:  # made anew each time, in the language and the colours of now
            self._window = self._make_window()
            self._show_last(self._window)
            self._look_who_answers()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._follow.start()
        paths = [Path(name) for name in json.loads(words.get("paths", "[]"))]
        if words.get("path"):
            paths.append(Path(words["path"]))
        if paths:
            self._take(Offered(paths=tuple(paths)))
        return {"ok": True, "spoken": ""}

    def _make_window(self) -> ImageWindow:
        from imagecraft_desktop.ui.image_window import ImageWindow  # its memory comes with it

        window = ImageWindow(self._queue, self._control.settings.high_contrast)
        window.describe_wanted.connect(self._describe)
        window.item_wanted.connect(self._show_item)
        window.question_wanted.connect(self._ask)
        window.act_wanted.connect(self._act)
        window.cancel_wanted.connect(self._cancel)
        window.dropped.connect(self._drop)
        window.paste_wanted.connect(self._paste)
        window.paths_chosen.connect(self._choose)
        window.save_wanted.connect(self._save)
        window.contrast_wanted.connect(self._keep_contrast)
        window.told.connect(self._control.tell)
        window.walked.connect(self._control.read_line)
        window.closed.connect(self._let_go)
        return window

    @Slot()
    def _let_go(self) -> None:
        """A closed window would go on to draw every picture, and hold the last."""
        window, self._window = self._window, None
        self._follow.stop()
        if window is not None:
            window.hide()  # so that nobody is told of the rest
            window.forget()  # whoever still holds it would hold the picture, too
            window.deleteLater()
        if self._stop_what_comes():
            self._control.tell(say(strings.CANCELLED), is_important=True)

    @Slot()
    def _stop_what_comes(self) -> bool:
        """Neither fetch pictures nor look for them any more; whether that was done."""
        was_fetching, was_looking = self._fetching.stop(), self._looking.stop()
        return was_fetching or was_looking

    def _show_last(self, window: ImageWindow) -> None:
        """What was described before the window was there."""
        for request, outcome in self._talk:
            window.begin(request)
            if self._control.picture is not None:
                window.show_picture(self._control.picture)
            if outcome is not None and outcome.description is not None:
                window.show_found(outcome.description)

    @Slot()
    def _follow_settings(self) -> None:
        if self._window is not None:
            self._window.show_contrast(self._control.settings.high_contrast)
            self._follow_language(self._window)
            self._look_who_answers()

    def _follow_language(self, window: ImageWindow) -> None:
        """While a description is in work the sentences that are known would be lost, so it waits for its end."""
        if window.language != strings.language() and not self._is_in_work:
            window.build_again()
            self._show_last(window)
            self._look_who_answers()

    def _look_who_answers(self) -> None:
        self._jobs.run(self._control.why_no_answer, self._show_why_no_answer)

    def _show_why_no_answer(self, sentence: str) -> None:
        if self._window is not None:
            self._window.show_why_no_answer(sentence)

    @Slot(object)
    def _begin(self, request: Request) -> None:
        self._is_in_work = True
        if not self._is_next:
            self._queue.pause()  # what the user asks for by other means comes first
        is_more = request.wish.question and self._talk[:1]
        if not is_more or self._talk[0][0].capture is not request.capture:
            self._talk = []
        self._talk.append((request, None))
        self._let_go_of_pictures()
        if self._window is not None:
            self._window.begin(request)

    @Slot(object)
    def _go_on(self, progress: Progress) -> None:
        if self._window is None:
            return
        if progress.picture is not None:
            self._window.show_picture(progress.picture)
        if progress.statement is not None:
            self._window.add_statement(progress.statement, progress.sentence)

    @Slot(object, object)
    def _end(self, request: Request, result: Outcome | Failure | None) -> None:
        state = {Outcome: DONE, Failure: FAILED}.get(type(result))
        found = result.description if isinstance(result, Outcome) else None
        failure = result.spoken if isinstance(result, Failure) else ""
        if isinstance(result, Outcome):
            self._talk[-1:] = [(request, result)]
            if result.reader:
                self._read_until = time.monotonic() + self._reading_s(request.opening + result.text)
            if self._window is not None and result.description is not None:
                self._window.show_found(result.description)
        elif isinstance(result, Failure) and self._window is not None:
            self._window.show_failure(result.spoken)
        self._is_in_work = False
        if self._window is not None:
            self._follow_language(self._window)
        self._queue.note_ended(request.id, state, found, failure)

    def _is_heard(self) -> bool:
        """Whether what came of a picture was said. A screen reader tells nobody when it has ended, so for it that is a guess."""
        return self._control.is_quiet() and time.monotonic() >= self._read_until

    def _reading_s(self, text: str) -> float:
        """How long a reader may need; who chose a quick voice has a quick reader, too."""
        return min(len(text) / (_READ_PER_S * self._control.settings.speech_rate), _MOST_READ_S)

    @Slot()
    def _wait_no_more(self) -> None:
        """Paused, the list goes on at once when the user wants it to."""
        if self._queue.is_paused:
            self._read_until = 0.0

    @Slot()
    def _let_go_of_pictures(self) -> None:
        """A picture that is no file is in the memory only until the next one."""
        self._queue.let_go(self._control.capture)

    @Slot()
    def _go_on_at_once(self) -> None:
        self._read_until = 0.0

    @Slot()
    def _forget(self) -> None:
        self._stop_what_comes()
        self._talk = []
        self._queue.cancel()
        self._queue.items.clear()
        self._queue.changed.emit()
        if self._window is not None:
            self._window.forget()

    @Slot()
    def _follow_speech(self) -> None:
        """Highlight the sentence that is being heard."""
        if self._window is not None:
            self._window.mark_sentence(self._control.spoken_sentence())

    @Slot(object, object)
    def show_again(self, capture: Capture, found: Description) -> None:
        """Show and say what was described before, unless the user wants something else by the time its picture
        is decoded, in a thread."""
        from imagecraft_desktop.capture.decode import to_picture

        self._queue.pause()  # its next picture would be something else
        turn = self._control.take_turn()

        def follow(act: Callable[[T], None], result: T) -> None:
            if turn == self._control.turn:
                act(result)

        self._jobs.run(
            lambda: to_picture(capture),
            lambda picture: follow(lambda one: self._take_up(capture, one, found), picture),
            lambda sentence: follow(self._say, sentence),
        )

    def _take_up(self, capture: Capture, picture: Picture, found: Description) -> None:
        request = Request(capture)
        outcome = Outcome(request.id, found, found.spoken)
        self._control.take_up(capture, picture, outcome)
        self._talk = [(request, outcome)]
        self._let_go_of_pictures()
        if self._window is not None and self._window.isVisible():
            self._show_last(self._window)
        self._open({})

    @Slot(object)
    def _show_item(self, item: Item) -> None:
        """Enter on a picture of the list: what came of it, or that nothing has come of it yet."""
        if item.is_gone and item.state == DONE:
            self._say(_told_of_gone(item))
        elif item.found is not None:
            self.show_again(item.capture, item.found)
        elif item.state == DONE:
            self._control.describe(item.capture)
        else:
            state = say(strings.QUEUE_STATES[item.state])
            self._say(item.failure or say(strings.QUEUE_LINE, name=item.name, state=state))

    # --- what it wants ---

    @Slot(object, object)
    def _describe(self, capture: Capture, detail: Detail) -> None:
        self._control.describe(capture, detail)

    @Slot(object, str)
    def _describe_next(self, capture: Capture, opening: str) -> None:
        self._is_next, turn = True, self._control.turn
        reply = self._control.describe(capture, opening=opening)
        self._is_next, self._control.turn = False, turn  # nothing that the user wants just now
        self._queue.note_began(int(reply.get("request", 0)))

    @Slot(str)
    def _ask(self, question: str) -> None:
        reply = self._control.do(Action.ASK, {"question": question})
        if self._window is None:
            return
        if reply["ok"]:
            self._window.clear_question()
        else:
            self._window.tell(reply["spoken"])

    @Slot(str)
    def _act(self, word: str) -> None:
        self._control.do(_SPEECH_ACTS[word])

    @Slot()
    def _cancel(self) -> None:
        self._control.stop_describing(self._stop_what_comes())

    @Slot(bool)
    def _keep_contrast(self, is_on: bool) -> None:
        if is_on == self._control.settings.high_contrast:
            return
        try:
            settings_store.set_value("high_contrast", is_on)
        except ImageCraftError as error:
            self._refuse(error)
            return
        self._control.do(Action.RELOAD)

    # --- what it is given ---

    @Slot(list)
    def _choose(self, paths: list[str]) -> None:
        self._take(Offered(paths=tuple(map(Path, paths))))

    @Slot(QMimeData)
    def _drop(self, mime: QMimeData) -> None:
        self._take_from(lambda: clipboard.dropped(mime))

    @Slot()
    def _paste(self) -> None:
        self._take_from(clipboard.grab_all, Origin.CLIPBOARD)

    def _take_from(self, read: Callable[[], Offered], origin: Origin = Origin.FILE) -> None:
        try:
            offered = read()
        except ImageCraftError as error:
            self._refuse(error)
            return
        self._take(offered, origin)

    def _take(self, offered: Offered, origin: Origin = Origin.FILE) -> None:
        if any(path.is_dir() for path in offered.paths):
            self._looking.start(offered.paths)
        elif offered.addresses:
            self._ask_to_fetch(offered.addresses)
        else:
            captures, are_more = captures_of(offered.paths)
            captures += [capture_of(content, origin) for content in offered.contents]
            self._take_found((captures, are_more))

    def _take_found(self, found: Found) -> None:
        captures, are_more = found
        if are_more:
            self._say(say(strings.QUEUE_TOO_MANY, count=MOST))
        if captures:
            self._queue.add(captures)
        else:
            self._say(say(strings.IMAGES_NOTHING_THERE))

    def _ask_to_fetch(self, addresses: Sequence[str]) -> None:
        """The network is used only when the user says so; what is private is refused even then."""
        if len(addresses) > MOST_FETCHED:
            self._say(say(strings.QUEUE_TOO_MANY, count=MOST_FETCHED))
        wanted = addresses[:MOST_FETCHED]
        hosts = ", ".join(dict.fromkeys(map(host_of, wanted)))
        question = (
            say(strings.IMAGES_FETCH, host=hosts)
            if len(wanted) == 1
            else say(strings.IMAGES_FETCH_SEVERAL, count=len(wanted), hosts=hosts)
        )

        def fetch() -> None:
            self._queue.resume()
            self._fetching.start(wanted)

        confirm(self._window, question, fetch)

    def _take_fetched(self, came: Capture | ImageCraftError) -> None:
        if isinstance(came, ImageCraftError):
            self._refuse(came)
        else:
            self._queue.add([came], goes_on=False)  # it was paused after the user asked for this

    # --- what it saves ---

    @Slot(str, str, object)
    def _save(self, what: str, name: str, shown: Shown) -> None:
        path = Path(name)
        try:
            if what == "speech":
                self._save_speech(path, shown.text)
                return
            if what == "picture":  # a large one takes a while
                self._jobs.run(lambda: _save_picture(path, shown), self._say)
                return
            write_new(path, (shown.text + "\n").encode(errors="replace"))
        except ImageCraftError as error:
            self._refuse(error)
            return
        self._say(say(strings.IMAGES_SAVED, name=path.name))

    def _save_speech(self, path: Path, text: str) -> None:
        from imagecraft_desktop.speak.save import check

        check(path)
        file = SpeechFile(path, self._control.settings.voice, self._saved.emit)
        self._control.make(text, file)

    # --- telling ---

    @Slot(str)
    def _say(self, sentence: str) -> None:
        if self._window is not None:
            self._window.tell(sentence)
        self._control.tell(sentence, is_important=True)

    def _refuse(self, error: ImageCraftError) -> None:
        log.warning("the image window: %s", error.detail or type(error).__name__)
        self._say(error.spoken)


def _told_of_gone(item: Item) -> str:
    if item.found is None:
        return say(strings.QUEUE_GONE, name=item.name)
    return say(strings.QUEUE_GONE_TEXT, name=item.name, text=item.found.spoken)


def _save_picture(path: Path, shown: Shown) -> str:
    """In a thread. Gives the sentence that it is done."""
    from imagecraft_desktop.capture.file import read_file
    from imagecraft_desktop.keep.picture import alt_of, save_described

    capture = shown.request.capture if shown.request is not None else None
    if shown.picture is None or capture is None:
        raise FileNotWritten(name=path.name, reason=say(strings.KEEP_NO_PICTURE))
    content = capture.content
    source = content if isinstance(content, Path) else None
    original = read_file(source) if source is not None else content
    alt = alt_of(shown.statements, shown.language)
    data = original if isinstance(original, bytes) else None
    save_described(path, data, shown.picture, alt, source)
    return say(strings.IMAGES_SAVED, name=path.name)
