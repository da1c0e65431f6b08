"""Every sentence a person sees or hears. One section for each room.

A constant is marked with `N_` (or is a `Plural`) and stays English until the moment of use, when
`say` translates and fills it; so a change of language needs no restart. The comment above each is
for translators: where it is heard, what each {placeholder} holds.

Write for the ear: short, no symbols, the important word first, the next step last. A next step that the settings
window has names its page first, by its title ("Settings, page Models"), then what is typed.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

DOMAIN = "imagecraft_desktop"


@dataclass(frozen=True)
class Plural:
    """A sentence with a number in it, {count}, in its singular and plural form."""

    one: str
    many: str


def N_(text: str) -> str:
    """Mark a sentence for translation; returns it unchanged."""
    return text


_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"
_is_english: ContextVar[bool] = ContextVar("is_english", default=False)
_NO_CATALOGUE = _gettext.NullTranslations()


def use_language(language: str, folder: Path) -> None:
    """Speak this language from now on; English where a sentence has no translation.

    Args:
        language: BCP 47 tag: "en", "es", "pt-BR".
        folder: Holds `<language>/LC_MESSAGES/imagecraft_desktop.mo`.
    """
    global _catalogue, _language
    tag = language.replace("-", "_")
    _catalogue = _gettext.translation(
        DOMAIN, localedir=folder, languages=[tag, tag.split("_")[0]], fallback=True
    )
    _language = language if isinstance(_catalogue, _gettext.GNUTranslations) else "en"


def language() -> str:
    """The language that sentences are in now."""
    return "en" if _is_english.get() else _language


@contextmanager
def in_english() -> Iterator[None]:
    """Within the block, and in this thread only, nothing is translated."""
    before = _is_english.set(True)
    try:
        yield
    finally:
        _is_english.reset(before)


def say(message: str | Plural, **words: object) -> str:
    """Translate a sentence and fill its placeholders. A Plural needs `count`."""
    catalogue = _NO_CATALOGUE if _is_english.get() else _catalogue
    if isinstance(message, Plural):
        count = words["count"]
        if not isinstance(count, int):
            raise TypeError("count must be a whole number")
        text = catalogue.ngettext(message.one, message.many, count)
    else:
        text = catalogue.gettext(message) if message else ""
    return text.format(**words) if words else text


def is_constant(text: str) -> bool:
    """Whether a text is a constant of this file: a sentence as it was before its placeholders were filled."""
    return text in globals().values()


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """The sentence that names up to three of the words that look most like a mistyped one, or ""."""
    from difflib import get_close_matches  # only who mistypes waits for it

    # the dashes of options make no two of them alike
    known = {one.lstrip("-"): one for one in words}
    near = get_close_matches(word.lower().lstrip("-"), list(known), n=3, cutoff=0.7)
    return say(DID_YOU_MEAN, names=", ".join(known[one] for one in near)) if near else ""


# --- errors ---------------------------------------------------------------------------------

# Heard when the program itself is at fault.
ERR_UNEXPECTED = N_("Something went wrong inside ImageCraft. The log file has the details.")
# {name} is a file, an address or "clipboard".
ERR_CAPTURE = N_("{name} could not be taken.")
# Heard when the clipboard, or what was pointed at, holds no picture. {name} as above.
ERR_NOTHING_TO_CAPTURE = N_("No picture here: {name}.")
# {reason} is a full sentence that says what to do.
ERR_SCREEN_NOT_ALLOWED = N_("The screen could not be taken. {reason}")
# {name} is the file or address; {reason} is a short clause such as "the file is cut off".
ERR_UNREADABLE_IMAGE = N_("{name} cannot be read as a picture: {reason}.")
# {name} is the captioner. Captioner is one of the settings on the page Description; the rest is typed.
ERR_DESCRIBE = N_(
    "The picture could not be described by {name}. Try again, or choose another captioner: Settings, page "
    "Description, Captioner, or the command imagecraft-desktop captioners."
)
# {name} is a model; {next_step} a full sentence.
ERR_MODEL_MISSING = N_("Model missing: {name}. {next_step}")
ERR_MODEL_DAMAGED = N_("Model damaged: {name}. {next_step}")
# {name} is a captioner, or several, such as "ImageCraft and PaliGemma". Models is a page of the settings window;
# the rest is typed.
ERR_NO_QUESTIONS = N_(
    "This captioner does not answer questions: {name}. For one that does: Settings, page Models, or the command "
    "imagecraft-desktop models list."
)
# {name} is a model.
ERR_OUT_OF_MEMORY = N_(
    "Not enough memory to describe this picture with {name}. Close other programs, or choose a lighter model: "
    "Settings, page Models, or the command imagecraft-desktop models list."
)
# It is too little even for what comes with the program.
ERR_NO_MEMORY_FOR_PICTURE = N_(
    "Not enough memory to describe this picture. Close other programs, or choose a smaller picture or a region of "
    "it, then try again."
)
ERR_DEVICE_REFUSED = N_(
    "The graphics card cannot run {name}. Install a newer driver of the card, or choose another model: Settings, "
    "page Models, or the command imagecraft-desktop models list."
)
# {name} is a voice.
ERR_SPEAK = N_("The voice {name} failed.")
ERR_VOICE_MISSING = N_("Voice missing: {name}. {next_step}")
# {name} is a voice of the user's own; {next_step} says what it lacks, and what to do.
ERR_VOICE_NOT_READY = N_("Voice {name} cannot speak yet. {next_step}")
# {name} is the file or folder of a voice; {reason} a technical clause in English, such as the name of
# what is wrong in the file.
ERR_VOICE_DAMAGED = N_("The voice model {name} is damaged: {reason}. Install it again.")
# A voice for English alone got nothing, or nothing but signs.
ERR_UNPRONOUNCEABLE = N_(
    "There is no word in this text that can be said in English. Write one, or choose another voice."
)
# Heard when speech is to be written to a file and the voice plays by itself, or is silent.
ERR_SPEECH_NOT_SAVED = N_(
    "The speech of the voice {name} cannot be saved. Choose another one with the option --voice."
)
# Instead of the sentence below where the speech goes to a file as well.
CLI_ONLY_SAVED = N_(
    "No sound device: the speech is saved, but not heard. Plug in or switch on headphones or speakers, or choose "
    "another device: Settings, page Speech."
)
ERR_NO_SOUND_DEVICE = N_(
    "No sound device. The text is shown instead. Plug in or switch on headphones or speakers, or choose "
    "another device: Settings, page Speech."
)
# {name} is the settings file.
ERR_BAD_SETTINGS_FILE = N_("The settings file could not be read. Default settings are used.")
# {name} is a setting, {value} what was given, {allowed} what may be given.
ERR_BAD_SETTING = N_("{name} cannot be {value}. Allowed: {allowed}.")
# {name} is a setting, {allowed} what may be given.
ERR_SETTING_EMPTY = N_("{name} cannot be empty. Allowed: {allowed}.")
# {value} is a model that was chosen to describe. Models is a page of the settings window; the rest is typed.
ERR_CAPTIONER_NOT_INSTALLED = N_(
    "{value} is not installed. Install it first: Settings, page Models, or the command imagecraft-desktop "
    "models install {value}"
)
# {next_step} is one or two of the sentences below it.
ERR_UNKNOWN_SETTING = N_("There is no setting called {name}. {next_step}")
SETTINGS_SEE_ALL = N_("See all of them: imagecraft-desktop settings list")
# Something was mistyped. {names} look like it.
DID_YOU_MEAN = N_("Did you mean {names}?")
# {next_step} is a command.
ERR_NOT_RUNNING = N_("ImageCraft is not running. Start it with: imagecraft-desktop app")
# Printed when the program got a command but said nothing for two seconds; it may still do it.
ERR_NO_ANSWER = N_(
    "ImageCraft is running but does not answer. It may be busy: wait a moment and try again."
)

# --- sound ----------------------------------------------------------------------------------

# Shown at the start when the sound library is not there. {package} is the name of a system package.
ERR_NO_SOUND_LIBRARY = N_("No sound: the library PortAudio is missing. Install {package}.")
# {name} is the sound device of the settings.
SOUND_DEVICE_UNKNOWN = N_("There is no sound device called {name}. The default one is used.")
# Shown when headphones are pulled out and the like, while speaking.
SOUND_DEVICE_LOST = N_("The sound device is gone. The default one is used.")
# {name} is a file; {reason} a short clause, one of the next or the system's own words.
ERR_SOUND_FILE = N_("{name} could not be written: {reason}.")
# {endings} is a list such as ".wav, .mp3".
SOUND_FILE_ENDING = N_("its name must end in one of {endings}")
# Why a file of any kind could not be written.
FILE_DISK_FULL = N_("the disk is full; make room, or choose another")
FILE_NOT_ALLOWED = N_("writing there is not allowed; choose another folder")
FILE_NO_FOLDER = N_("there is no such folder; make it, or choose another")

# --- settings -------------------------------------------------------------------------------
# Names of settings, as shown in lists and read aloud. Short noun phrases.

SET_VOICE = N_("Voice")
SET_RATE = N_("Speech rate")
SET_PITCH = N_("Voice pitch")
SET_VOLUME = N_("Speech volume")
SET_DEVICE = N_("Sound device; empty for the system's default")
SET_MICROPHONE = N_("Microphone; empty for the system's default")
SET_ROUTE = N_(
    "Who speaks: auto, voice for ImageCraft's own voice, reader for the screen reader, messages for messages by the reader and descriptions by the voice"
)
SET_CAPTIONER = N_("Captioner, which describes pictures")
SET_SERVER_ADDRESS = N_("Address of the server that the captioner server asks")
SET_SERVER_MODEL = N_("Model of that server; empty for the only one it has")
SET_SERVER_KEY = N_("Key for that server, if it wants one")
SET_SERVER_WAIT = N_("Seconds that server may be silent")
SET_DETAIL = N_("How much is said")
SET_LANGUAGE = N_("Language; auto for the system's")
SET_DESCRIPTION_LANGUAGE = N_(
    "Language that a model describes in, if it can; auto for that of the program"
)
# What a captioning model is told besides, in the user's words, such as "Say the colours." There is one
# for each of the three lengths of a description.
SET_INSTRUCTION_BRIEF = N_("What a model is told besides for a brief description")
SET_INSTRUCTION_NORMAL = N_("What a model is told besides for a normal description")
SET_INSTRUCTION_DETAILED = N_("What a model is told besides for a detailed description")
SET_REGION = N_("Region of the screen to describe: left, top, width, height")
SET_LAYER_KEY = N_("Key that waits for a second letter")
SET_WINDOW_KEY = N_("Key that describes the active window")
SET_EARCONS = N_("Short sounds")
SET_WORKING_TICK = N_("Soft tick while working")
SET_NOTIFICATIONS = N_("Show the description as a notification")
SET_HISTORY = N_("Keep a history of what was described")
SET_HISTORY_PICTURES = N_("Keep the pictures in the history, too")
SET_HISTORY_DAYS = N_("Days after which the history forgets, 0 for never")
SET_HISTORY_MB = N_("Megabytes that the history may take")
SET_AUTOSTART = N_("Start when I log in")
SET_UNLOAD_AFTER = N_("Minutes without use after which the models leave the memory, 0 for never")
SET_LOG_LEVEL = N_("Log level")
# Titles of groups of settings.
SECTION_SPEECH = N_("Speech")
SECTION_DESCRIPTION = N_("Description")
SECTION_HOTKEYS = N_("Hotkeys")
SECTION_SIGNS = N_("Signs")
SECTION_HISTORY = N_("History")
SECTION_PROGRAM = N_("The program")
# What a setting is for, read after its name by who asks for it. One or two short sentences each.
SET_VOICE_HELP = N_("Who speaks. When this voice fails, the next one that works speaks.")
SET_RATE_HELP = N_("1 is the normal speed of the voice, 2 is twice as fast.")
SET_PITCH_HELP = N_(
    "0 is the voice's own pitch, 12 is an octave higher, -12 an octave lower. Small steps keep the voice as it is."
)
# Added to the help of the pitch, and told after it was changed. {name} is a voice.
PITCH_IS_FIXED = N_("The voice {name} cannot change its pitch on this machine.")
SET_VOLUME_HELP = N_("1 is full loudness, 0 is silence. The sound of the system is not changed.")
SET_DEVICE_HELP = N_("Where the voice is heard, such as headphones.")
SET_MICROPHONE_HELP = N_(
    "Which one hears you when you record a voice of your own. It is used for nothing else."
)
SET_VOICECRAFT_MODEL_HELP = N_(
    "The model that speaks in a voice of your own. Leave it empty to use the one that is installed."
)
SET_VOICECRAFT_MODE_HELP = N_(
    "Trades exactness for speed. Auto takes the most exact form that speaks without waiting."
)
SET_CAPTIONER_HELP = N_(
    "Embedded says only what it can prove. A larger model says more, and may be wrong."
)
SET_SERVER_ADDRESS_HELP = N_(
    "A program that runs larger models, on this machine or another, such as 127.0.0.1:8080."
)
SET_SERVER_MODEL_HELP = N_("Needed only when the server has several models.")
SET_SERVER_KEY_HELP = N_("Kept in the settings file. It is never shown and never exported.")
SET_SERVER_WAIT_HELP = N_("After so long without a word from the server it is given up.")
SET_DETAIL_HELP = N_(
    "Brief is one sentence, normal the most useful, detailed everything that was found."
)
SET_LANGUAGE_HELP = N_("In which the program speaks to you. It is in use at once.")
SET_DESCRIPTION_LANGUAGE_HELP = N_("A model that cannot write it writes English, and says so once.")
SET_INSTRUCTION_BRIEF_HELP = N_("For models that can be told what to do, such as: Say the colours.")
SET_INSTRUCTION_NORMAL_HELP = N_(
    "For models that can be told what to do. They are told it with each normal description."
)
SET_INSTRUCTION_DETAILED_HELP = N_(
    "For models that can be told what to do. They are told it with each detailed description."
)
SET_REGION_HELP = N_(
    "Four numbers in pixels, such as 0,0,800,600. The layer key and R choose it, and G describes it."
)
SET_LAYER_KEY_HELP = N_(
    "Press this key anywhere, let go, then one letter: W for window, O for these settings, H for help."
)
SET_WINDOW_KEY_HELP = N_("Press this key anywhere to hear the active window.")
SET_EARCONS_HELP = N_("Short sounds for: understood, done, nothing found, error and cancelled.")
SET_WORKING_TICK_HELP = N_("Heard every five seconds while something takes long.")
SET_NOTIFICATIONS_HELP = N_(
    "Screen readers and braille displays find the text there. What cannot be spoken is shown anyway."
)
SET_ROUTE_HELP = N_(
    "Auto lets a running screen reader say everything. Voice is always our own voice; with messages "
    "the reader says the short messages and our voice the descriptions."
)
SET_CONTRAST_HELP = N_("White and yellow on black, in the windows of this program.")
SET_HISTORY_HELP = N_("What was described can be found and heard again. Only you may read it.")
SET_HISTORY_PICTURES_HELP = N_("Without this only the words are kept.")
SET_HISTORY_DAYS_HELP = N_("Older descriptions are forgotten for good.")
SET_HISTORY_MB_HELP = N_("When it takes more, the oldest are forgotten.")
SET_AUTOSTART_HELP = N_("The keys then work without starting the program by hand.")
SET_UNLOAD_AFTER_HELP = N_("The next description then takes a little longer.")
SET_LOG_LEVEL_HELP = N_(
    "How much is written for those who look for a fault. Pictures and descriptions never are."
)
# Stands for the value of a key that was set.
SET_HIDDEN = N_("set, not shown")
# What a setting may be, after "Allowed:". {low} and {high} are numbers.
ALLOWED_RANGE = N_("{low} to {high}")
ALLOWED_TEXT = N_("text")
# The last of those that are listed.
ALLOWED_FOLDER = N_("or the folder of a model")
# "auto" and the tags stay as they are: they are typed.
ALLOWED_LANGUAGE = N_("auto, or the tag of a language, such as en, es or pt-BR")

# --- engine ---------------------------------------------------------------------------------

# Follows "Model missing: X." {names} is a list of captioner names.
NEXT_CHOOSE_CAPTIONER = N_("Choose one of: {names}. Or name the folder of a model.")

# --- describe -------------------------------------------------------------------------------
# The embedded captioner. Sentences follow each other; each stands alone.

# The captioner that comes with the program: its name, a colon, what it does.
CAPTIONER_EMBEDDED = N_("Embedded describer: text, windows, people, animals and things, offline")
# The captioner above when it is spoken of, at the beginning of a sentence.
CAPTIONER_EMBEDDED_NAME = N_("The embedded describer")

# Captioners that ask a model, which is brought by the user. Each begins with its name, up to a comma or a colon.
CAPTIONER_PALIGEMMA = N_(
    "ImageCraft and PaliGemma, one sentence about a picture, in English; PaliGemma mix also describes at length, "
    "in 35 languages, and answers questions"
)
CAPTIONER_BLIP = N_("BLIP, one sentence about a picture, in English")
CAPTIONER_GIT = N_("GIT, one sentence about a picture, in English")
CAPTIONER_CHAT = N_(
    "SmolVLM, Qwen, Gemma, InternVL and MiniCPM: descriptions of any length, and answers to questions"
)
# The captioner that asks a server of the user's own.
CAPTIONER_SERVER = N_("A server of your own that describes pictures and answers questions")
CAPTIONER_FLORENCE = N_("Florence-2, a sentence or a paragraph about a picture, in English")
CAPTIONER_COCA = N_("CoCa, one sentence about a picture, in English")
# Why such a captioner cannot run.
CAPTIONER_NO_MODEL = N_(
    "None of its models is installed. Install one: Settings, page Models, which also takes one from a folder, or "
    "the command imagecraft-desktop models list."
)
# These follow "Model missing: X." or "Model damaged: X.", where X is the model's folder.
# {file} is a file's name; {names} is a list of up to three technical names.
MODEL_NO_FOLDER = N_("There is no folder {folder}. Check its name.")
MODEL_FILE_MISSING = N_("The file {file} is not there. Get the model again.")
MODEL_FILE_DAMAGED = N_("The file {file} cannot be read or is cut off. Get the model again.")
# Of a model whose page has no such file. {file} is a file's name.
MODEL_CLIP_WORDS = N_(
    "The file {file} is not there. Take it from openai/clip-vit-large-patch14 on the Hugging Face Hub and put it beside the weights."
)
MODEL_NO_WEIGHTS = N_(
    "It has no weights in a .safetensors file. Weights in other forms are not opened, because they can hold programs. "
    "Choose another model: Settings, page Models, or the command imagecraft-desktop models list."
)
MODEL_TENSORS_MISSING = N_("Missing in its weights: {names}. Get the model again.")
MODEL_TENSORS_UNEXPECTED = N_("Not expected in its weights: {names}. Get the model again.")
MODEL_TENSORS_MISMATCHED = N_("Of a wrong size in its weights: {names}. Get the model again.")
MODEL_NOT_LOADED = N_("Its configuration does not fit this program. Get the model again.")
MODEL_SHORTENED = N_(
    "Its weights are kept in a shortened form, which this program does not read. Get the model in its full form."
)
MODEL_NOT_NUMBERS = N_("Its weights are no numbers. Get the model again.")
# {kind} and {kinds} are technical names of kinds of models, such as "paligemma".
MODEL_KIND_UNKNOWN = N_("Models of the kind {kind} are not known. Choose one of these: {kinds}.")
# How sure a captioning model is. {caption} is an English sentence that may begin
# with a small letter. It is said in English.
CAPTION_PROBABLY = N_("Probably {caption}")
CAPTION_COULD_BE = N_("Could be {caption}")
# The same of a whole sentence in a language that is neither English nor the program's.
FOREIGN_PROBABLY = N_("Probably: {caption}")
FOREIGN_COULD_BE = N_("Could be: {caption}")
# Said at the end of a description. {name} and {other} are models.
CAPTIONER_ON_PROCESSOR = N_(
    "The graphics card has not enough memory for {name}. It works on the processor now, which takes longer."
)
CAPTIONER_NOT_ON_CARD = N_(
    "The graphics card cannot run {name}. It works on the processor now, which takes longer."
)
CAPTIONER_LIGHTER = N_("Not enough memory for {name}; the lighter model {other} was asked.")
# Said at the end of a description that broke off. {name} is a model.
CAPTIONER_LATER_ON_PROCESSOR = N_(
    "The graphics card has not enough memory for {name}. Ask again: until the model is unloaded, it works on the "
    "processor, which takes longer."
)
# Follows "The graphics card cannot run X." X is a model.
CAPTIONER_LATER_NOT_ON_CARD = N_(
    "Ask again: until the model is unloaded, it works on the processor, which takes longer."
)
# Once for a model that does not know the language in which the user wants descriptions.
CAPTIONER_OTHER_LANGUAGE = N_("The model {name} does not know your language, so it wrote English.")
# Once for a model that took long for a description. {time} is such as "23 seconds". Models is a page of the
# settings window, Captioner one of the settings; the rest is typed. {other} is a model.
CAPTIONER_SLOW = N_(
    "The model {name} took {time}. To look for a lighter one: Settings, page Models, or the command "
    "imagecraft-desktop models list."
)
CAPTIONER_SLOW_OTHER = N_(
    "The model {name} took {time}. The model {other} is lighter and is installed. To choose it: Settings, "
    "page Description, Captioner, or the command imagecraft-desktop settings set captioner {other}."
)
# Once for a model of which nothing is said any more. {name} is typed as it is.
CAPTIONER_SILENT = N_(
    "The model {name} says nothing: when it was measured with pictures whose content is known, it was not right "
    "often enough. To let it speak all the same, type: imagecraft-desktop bench certainty {name} --forget. To "
    "choose another model: Settings, page Models, or the command imagecraft-desktop models list."
)

# Joins names: "Retry, Save as and Cancel" is LIST_MORE of "Retry" and LIST_LAST of the other two.
# {one} and {other} are names, {rest} is the list that follows.
LIST_LAST = N_("{one} and {other}")
LIST_MORE = N_("{one}, {rest}")
# {names} is a list of packages, to be typed as they are.
CAPTIONER_PACKAGES_MISSING = N_("Parts of the program are missing: {names}. Install it again.")

# First words. {title} is a window's title, {app} a program.
OPEN_WINDOW = N_("A window: {title}.")
OPEN_WINDOW_OF = N_("A window of {app}: {title}.")
OPEN_WINDOW_UNTITLED = N_("A window.")
OPEN_WINDOW_UNTITLED_OF = N_("A window of {app}.")
OPEN_SCREEN = N_("The screen.")
# As the first words where there are several; {name} is "screen 2" or "all screens".
OPEN_SCREEN_NAMED = N_("This is {name}.")
# As the first words of a window that is a dialog or a warning; {title} is what stands in its title bar.
KNOWN_DIALOG = N_("A dialog: {title}.")
KNOWN_ALERT = N_("An alert: {title}.")
# What the keyboard acts on. {element} is one of the words of KNOWN_ROLES with its name and state, as in
# "check box, Bold, checked". This is for what one is inside of: a text field, a list, a window.
KNOWN_FOCUS = N_("Focus in {element}.")
# The same for what one is on: a button, a check box, an entry of a list.
KNOWN_FOCUS_ON = N_("Focus on {element}.")
# The first words where such a control alone was taken.
KNOWN_ELEMENT = N_("This is: {element}.")
# The state of a control, after its name.
KNOWN_CHECKED = N_("checked")
KNOWN_NOT_CHECKED = N_("not checked")
KNOWN_ON = N_("on")
KNOWN_OFF = N_("off")
KNOWN_NOT_SELECTED = N_("not selected")
KNOWN_OPEN = N_("expanded")
KNOWN_CLOSED = N_("collapsed")
KNOWN_DISABLED = N_("unavailable")
# What a control is, in the words of screen readers; its name follows.
KNOWN_ROLES = {
    "window": N_("window"),
    "dialog": N_("dialog"),
    "alert": N_("alert"),
    "button": N_("button"),
    "check box": N_("check box"),
    "radio button": N_("radio button"),
    "switch": N_("switch"),
    "edit": N_("edit"),
    "text": N_("text"),
    "password": N_("password edit"),
    "combo box": N_("combo box"),
    "spin box": N_("spin box"),
    "slider": N_("slider"),
    "progress": N_("progress bar"),
    "list": N_("list"),
    "list item": N_("list item"),
    "tree": N_("tree"),
    "tree item": N_("tree item"),
    "table": N_("table"),
    "cell": N_("cell"),
    "tab": N_("tab"),
    "menu": N_("menu"),
    "menu item": N_("menu item"),
    "link": N_("link"),
    "heading": N_("heading"),
    "image": N_("image"),
    "document": N_("document"),
    "terminal": N_("terminal"),
    "other": N_("element"),
}
OPEN_REGION = N_("Part of the screen.")


# First words about a picture of a screen or page, before the rest is read; {text} is its first
# line, with its full stop.
AT_THE_TOP = N_("A picture with text; at the top: {text}")
PAGE_OF_TEXT = N_("A page of text; at the top: {text}")
# When that is all there is.
ONLY_TEXT = N_("Only text: {text}")

# Nothing else is said after one of these. The first of each pair is for what was on the screen
# a moment ago, the other for a picture from a file or the clipboard.
SCREEN_BLACK = N_("The screen is black; nothing to describe.")
PICTURE_BLACK = N_("The picture is black; nothing to describe.")
# A window that came out black: some programs forbid it.
WINDOW_BLACK = N_("The window is all black; its program may forbid pictures of it.")
# The rest of the picture is described; the part may be a video that may not be captured.
PART_BLACK = N_("A part of it is all black; it may be protected.")
# {colour} is one of the names of colours below.
LIVE_ONE_COLOUR = N_("Nothing to see but one colour, {colour}.")
PICTURE_ONE_COLOUR = N_("The picture is one colour, {colour}.")
NEARLY_ONE_COLOUR = N_("Nearly all of it is one colour, {colour}. No text found.")
PICTURE_TOO_SMALL = N_("The picture is too small to describe: {width} by {height} pixels.")
# A smooth change of colours, and nothing on it.
PICTURE_SHADES = N_("Only shades of colour. No text and no picture found.")
PICTURE_NOISE = N_("Only fine noise. No text and no picture found.")

# A dialog. {title} is its title.
DIALOG = N_("A message box: {title}.")
DIALOG_ERROR = N_("An error message: {title}.")
DIALOG_WARNING = N_("A warning: {title}.")
DIALOG_UNTITLED = N_("A message box.")
DIALOG_ERROR_UNTITLED = N_("An error message.")
DIALOG_WARNING_UNTITLED = N_("A warning.")
# Red text in a form or on a page; {text} is what it says, with its full stop.
ERROR_TEXT = N_("Error: {text}")
# {names} is a list of what stands on them.
BUTTONS = N_("Buttons: {names}.")
BUTTON = N_("Button: {name}.")
# The entry of a list that is highlighted, the tab that is open. {position} counts from 1.
SELECTED = N_("Selected: {label}, {position} of {count}.")
SELECTED_TAB = N_("Open tab: {label}, {position} of {count}.")
# {names} is a list of settings.
SWITCHES_ON = N_("On: {names}.")
SWITCHES_OFF = N_("Off: {names}.")
CHECKED = N_("Checked: {names}.")
UNCHECKED = N_("Not checked: {names}.")
CHOSEN = N_("Chosen: {names}.")
# A form. {label} is the name of a field, {value} what it holds.
FIELD = N_("{label}: {value}.")
FIELD_EMPTY = N_("{label}: empty.")
# It holds something that could not be read, or dots for a password.
FIELD_FILLED = N_("{label}: filled in.")
FIELD_HIDDEN = N_("{label}: filled in, hidden.")
FIELD_UNNAMED = N_("A field: {value}.")
# A progress bar. {percent} is a whole number.
PROGRESS = N_("{label}: {percent} percent.")
PROGRESS_UNNAMED = N_("A progress bar, {percent} percent.")

# A chart. {title} is the text above it.
CHART = {
    "bar": N_("A bar chart: {title}."),
    "line": N_("A line chart: {title}."),
    "pie": N_("A pie chart: {title}."),
}
CHART_UNTITLED = {
    "bar": N_("A bar chart."),
    "line": N_("A line chart."),
    "pie": N_("A pie chart."),
}
BARS = Plural("One bar.", "{count} bars.")
# Never one: the form for one is there for languages that use it for 21, 31...
BARS_RISING = Plural(
    "{count} bar, each taller than the one before.",
    "{count} bars, each taller than the one before.",
)
BARS_FALLING = Plural(
    "{count} bar, each shorter than the one before.",
    "{count} bars, each shorter than the one before.",
)
# Bars that lie on their side.
BARS_RISING_LYING = Plural(
    "{count} bar, each longer than the one above.",
    "{count} bars, each longer than the one above.",
)
BARS_FALLING_LYING = Plural(
    "{count} bar, each shorter than the one above.",
    "{count} bars, each shorter than the one above.",
)
# {values} is a list of the next.
CHART_VALUES = N_("Values read: {values}.")
# One value, with the name of its bar: "March $55".
CHART_VALUE = N_("{label} {value}")
# {labels} are the names of bars whose numbers were not read.
CHART_UNREAD = N_("Values not read: {labels}.")
TALLEST_BAR = N_("The tallest is {label}.")

# A table. {columns} is a list of the columns' names.
TABLE = Plural(
    "A table with one row. Columns: {columns}.", "A table with {count} rows. Columns: {columns}."
)
# {columns} is a number, two or more.
TABLE_UNNAMED = Plural(
    "A table with one row, {columns} columns.", "A table with {count} rows, {columns} columns."
)
ROWS_BOLD = Plural("One row is in bold.", "{count} rows are in bold.")
# {row} is the cells of the last row, separated by commas.
ROW_LAST = N_("Last row: {row}.")
ROWS_MORE = Plural("One more row.", "{count} more rows.")

# {names} is a list of headings on a page.
HEADINGS = N_("Headings: {names}.")
# {names} is a list of the words in a menu bar, or of entries beside the main part.
MENU = N_("Menu: {names}.")
ASIDE = N_("Beside it: {names}.")
STATUS_BAR = N_("Status bar: {names}.")
# At the end of a description that was cut short, and of one in detail.
MORE_TEXT = Plural("One more line of text.", "{count} more lines of text.")
NO_TEXT_FOUND = N_("No text found.")
# Something was found that is writing, but its letters could not be made out: another script,
# handwriting, bad print.
UNREADABLE = N_("There is text that I cannot read.")
SOME_UNREADABLE = N_("Some text cannot be read.")
# Lines of text lean in a way that the rest does not, or could not be turned level.
TILTED = N_("Some text is tilted; parts of it may be missing.")
# The text stood on its side, upside down or tilted.
TURNED = N_("The picture is turned; it was turned back to be read.")
NOT_LOOKED_AT = N_("Icons without text are not described.")

# Photos. {things} is a list of the things below: "a dog and a cat".
PHOTO = N_("A photo.")
PHOTO_OF = N_("A photo of {things}.")
# Heard after "A photo." when only one of two networks saw it.
LOOKS_LIKE = N_("It looks like {things}.")
MORE_LIKELY = N_("There may also be {things}.")
# {plain}, then {kind}: a kind of animal with its plainer name first: "a dog, a German shepherd".
THING_AND_KIND = N_("{plain}, {kind}")
FACES = Plural("One face.", "{count} faces.")
FACE_PERHAPS_PICTURE = Plural(
    "A face, perhaps of a statue or in a picture.",
    "{count} faces, perhaps of statues or in pictures.",
)
FILLS_PICTURE = N_("It fills most of the picture.")
PHOTO_TEXT = N_("Text in the photo: {text}")
# Two programs looked for text in a photo. {text} is what they read alike, though one of them not well.
REREAD_PROBABLY = N_("Text, probably: {text}.")
# {text} is what one of them read; the other read something like it.
REREAD_COULD_BE = N_("Text that could be: {text}.")
# {read} was said before as text in the photo; the other program read {text} there.
REREAD_ALSO = N_("Instead of {read} the text could be: {text}.")
# Something in a photo looks like writing, but what was read there cannot be relied on, or could not be read again.
TEXT_PERHAPS = N_("There may be text that cannot be read.")
NO_TEXT_NO_PEOPLE = N_("No text and no people found.")
NO_TEXT_IN_PHOTO = N_("No text found in it.")
CANNOT_TELL = N_("I cannot tell what it shows.")
# At the end of a description, after what was proven: the model was asked about the picture, and
# was too unsure of all that it wrote.
CANNOT_TELL_MORE = N_("I cannot tell more about the picture.")
# The user asked a question about the picture; the model's answer is too unsure to be said.
CANNOT_ANSWER = N_("I cannot answer that.")
# The user asked a question, but such a picture is not shown to the model, for it would invent; what
# was found in the picture follows.
NOT_ASKED_TEXT = N_("The picture is mostly text, so the model was not asked.")
NOT_ASKED_HIDDEN = N_("A part is black and may be protected, so the model was not asked.")
NOT_ASKED_NO_PHOTO = N_("There is no large photo in the picture, so the model was not asked.")
# The largest colours; {colours} is a list of names such as "light blue".
COLOURS_OF = N_("Mostly {colours}.")
BARS_AROUND = N_("There are black bars at its edges.")
# A photo that is part of a screen; where it is.
PHOTO_PLACE = {
    "left": N_("A photo on the left."),
    "right": N_("A photo on the right."),
    "top": N_("A photo at the top."),
    "bottom": N_("A photo at the bottom."),
    "middle": N_("A photo in the middle."),
}
PHOTO_PLACE_OF = {
    "left": N_("A photo on the left: {things}."),
    "right": N_("A photo on the right: {things}."),
    "top": N_("A photo at the top: {things}."),
    "bottom": N_("A photo at the bottom: {things}."),
    "middle": N_("A photo in the middle: {things}."),
}
# When only one of two networks saw it.
PHOTO_PLACE_LIKE = {
    "left": N_("A photo on the left; it looks like {things}."),
    "right": N_("A photo on the right; it looks like {things}."),
    "top": N_("A photo at the top; it looks like {things}."),
    "bottom": N_("A photo at the bottom; it looks like {things}."),
    "middle": N_("A photo in the middle; it looks like {things}."),
}
PHOTOS_MORE = Plural("One more photo.", "{count} more photos.")

# Codes. {host} is a web site, {path} the rest of its address, {text} what a code holds.
QR_LINK = N_("A QR code leads to {host}.")
QR_LINK_PATH = N_("A QR code leads to {host}, {path}.")
QR_TEXT = N_("A QR code says: {text}")
QR_WIFI = N_("A QR code for the wireless network {text}.")
QR_EMPTY = N_("A QR code; it cannot be read.")
QR_MAIL = N_("A QR code for an e-mail to {text}.")
QR_PHONE = N_("A QR code for a call to {text}.")
BARCODE = N_("A barcode: {text}.")

# One sentence for everything ("brief"). {text} is what is written there, with its full stop.
BRIEF_DIALOG = N_("A message box, {title}: {text}")
BRIEF_DIALOG_ERROR = N_("An error message, {title}: {text}")
BRIEF_DIALOG_WARNING = N_("A warning, {title}: {text}")
BRIEF_ERROR_IN = N_("{title}, error: {text}")
BRIEF_WINDOW = N_("A window, {title}: {text}")
BRIEF_TITLED = N_("A picture with text, {title}: {text}")
# {row} is the cells of the first row, separated by commas.
BRIEF_TABLE = Plural("A table with one row, {row}.", "A table with {count} rows, the first {row}.")
BRIEF_CHART_BARS = Plural("A bar chart, {title}: one bar.", "A bar chart, {title}: {count} bars.")
BRIEF_CHART_RISING = Plural(
    "A bar chart, {title}: {count} bar, each taller than the one before.",
    "A bar chart, {title}: {count} bars, each taller than the one before.",
)
BRIEF_CHART_FALLING = Plural(
    "A bar chart, {title}: {count} bar, each shorter than the one before.",
    "A bar chart, {title}: {count} bars, each shorter than the one before.",
)
BRIEF_PHOTO_OF_TEXT = N_("A photo of {things} with the text: {text}")
BRIEF_PHOTO_TEXT = N_("A photo with the text: {text}")
BRIEF_PHOTO_LIKE = N_("A photo; it looks like {things}.")
BRIEF_PHOTO_UNKNOWN = N_("A photo; I cannot tell what it shows.")
BRIEF_PHOTO_FACES = Plural("A photo with one face.", "A photo with {count} faces.")

# What a photo may show, alone and several ("at least": some may have been missed). Stand in
# "A photo of {things}." and "It looks like {things}.".
THINGS = {
    "person": Plural("a person", "at least {count} people"),
    "bicycle": Plural("a bicycle", "at least {count} bicycles"),
    "car": Plural("a car", "at least {count} cars"),
    "motorcycle": Plural("a motorcycle", "at least {count} motorcycles"),
    "airplane": Plural("an airplane", "at least {count} airplanes"),
    "bus": Plural("a bus", "at least {count} buses"),
    "train": Plural("a train", "at least {count} trains"),
    "truck": Plural("a truck", "at least {count} trucks"),
    "boat": Plural("a boat", "at least {count} boats"),
    "traffic light": Plural("a traffic light", "at least {count} traffic lights"),
    "fire hydrant": Plural("a fire hydrant", "at least {count} fire hydrants"),
    "stop sign": Plural("a stop sign", "at least {count} stop signs"),
    "parking meter": Plural("a parking meter", "at least {count} parking meters"),
    "bench": Plural("a bench", "at least {count} benches"),
    "bird": Plural("a bird", "at least {count} birds"),
    "cat": Plural("a cat", "at least {count} cats"),
    "dog": Plural("a dog", "at least {count} dogs"),
    "horse": Plural("a horse", "at least {count} horses"),
    "sheep": Plural("a sheep", "at least {count} sheep"),
    "cow": Plural("a cow", "at least {count} cows"),
    "elephant": Plural("an elephant", "at least {count} elephants"),
    "bear": Plural("a bear", "at least {count} bears"),
    "zebra": Plural("a zebra", "at least {count} zebras"),
    "giraffe": Plural("a giraffe", "at least {count} giraffes"),
    "backpack": Plural("a backpack", "at least {count} backpacks"),
    "umbrella": Plural("an umbrella", "at least {count} umbrellas"),
    "handbag": Plural("a handbag", "at least {count} handbags"),
    "tie": Plural("a tie", "at least {count} ties"),
    "suitcase": Plural("a suitcase", "at least {count} suitcases"),
    "frisbee": Plural("a frisbee", "at least {count} frisbees"),
    "skis": Plural("skis", "at least {count} pairs of skis"),
    "snowboard": Plural("a snowboard", "at least {count} snowboards"),
    "sports ball": Plural("a ball", "at least {count} balls"),
    "kite": Plural("a kite", "at least {count} kites"),
    "baseball bat": Plural("a baseball bat", "at least {count} baseball bats"),
    "baseball glove": Plural("a baseball glove", "at least {count} baseball gloves"),
    "skateboard": Plural("a skateboard", "at least {count} skateboards"),
    "surfboard": Plural("a surfboard", "at least {count} surfboards"),
    "tennis racket": Plural("a tennis racket", "at least {count} tennis rackets"),
    "bottle": Plural("a bottle", "at least {count} bottles"),
    "wine glass": Plural("a wine glass", "at least {count} wine glasses"),
    "cup": Plural("a cup", "at least {count} cups"),
    "fork": Plural("a fork", "at least {count} forks"),
    "knife": Plural("a knife", "at least {count} knives"),
    "spoon": Plural("a spoon", "at least {count} spoons"),
    "bowl": Plural("a bowl", "at least {count} bowls"),
    "banana": Plural("a banana", "at least {count} bananas"),
    "apple": Plural("an apple", "at least {count} apples"),
    "sandwich": Plural("a sandwich", "at least {count} sandwiches"),
    "orange": Plural("an orange", "at least {count} oranges"),
    "broccoli": Plural("broccoli", "at least {count} pieces of broccoli"),
    "carrot": Plural("a carrot", "at least {count} carrots"),
    "hot dog": Plural("a hot dog", "at least {count} hot dogs"),
    "pizza": Plural("a pizza", "at least {count} pizzas"),
    "donut": Plural("a doughnut", "at least {count} doughnuts"),
    "cake": Plural("a cake", "at least {count} cakes"),
    "chair": Plural("a chair", "at least {count} chairs"),
    "couch": Plural("a sofa", "at least {count} sofas"),
    "potted plant": Plural("a potted plant", "at least {count} potted plants"),
    "bed": Plural("a bed", "at least {count} beds"),
    "dining table": Plural("a dining table", "at least {count} dining tables"),
    "toilet": Plural("a toilet", "at least {count} toilets"),
    "tv": Plural("a screen or television", "at least {count} screens or televisions"),
    "laptop": Plural("a laptop", "at least {count} laptops"),
    "mouse": Plural("a computer mouse", "at least {count} computer mice"),
    "remote": Plural("a remote control", "at least {count} remote controls"),
    "keyboard": Plural("a keyboard", "at least {count} keyboards"),
    "cell phone": Plural("a mobile phone", "at least {count} mobile phones"),
    "microwave": Plural("a microwave", "at least {count} microwaves"),
    "oven": Plural("an oven", "at least {count} ovens"),
    "toaster": Plural("a toaster", "at least {count} toasters"),
    "sink": Plural("a sink", "at least {count} sinks"),
    "refrigerator": Plural("a refrigerator", "at least {count} refrigerators"),
    "book": Plural("a book", "at least {count} books"),
    "clock": Plural("a clock", "at least {count} clocks"),
    "vase": Plural("a vase", "at least {count} vases"),
    "scissors": Plural("a pair of scissors", "at least {count} pairs of scissors"),
    "teddy bear": Plural("a teddy bear", "at least {count} teddy bears"),
    "hair drier": Plural("a hair dryer", "at least {count} hair dryers"),
    "toothbrush": Plural("a toothbrush", "at least {count} toothbrushes"),
    "animal": Plural("an animal", "at least {count} animals"),
    "amphibian": Plural("an amphibian", "at least {count} amphibians"),
    "bison": Plural("a bison", "at least {count} bison"),
    "camel or llama": Plural("a camel or llama", "at least {count} camels or llamas"),
    "cattle": Plural("a cow or ox", "at least {count} cows or oxen"),
    "crab": Plural("a crab", "at least {count} crabs"),
    "crocodile": Plural("a crocodile", "at least {count} crocodiles"),
    "fish": Plural("a fish", "at least {count} fish"),
    "fox": Plural("a fox", "at least {count} foxes"),
    "hippopotamus": Plural("a hippopotamus", "at least {count} hippopotamuses"),
    "insect": Plural("an insect", "at least {count} insects"),
    "lizard": Plural("a lizard", "at least {count} lizards"),
    "lobster": Plural("a lobster", "at least {count} lobsters"),
    "marsupial": Plural("a marsupial", "at least {count} marsupials"),
    "mongoose": Plural("a mongoose", "at least {count} mongooses"),
    "monkey or lemur": Plural("a monkey or lemur", "at least {count} monkeys or lemurs"),
    "panda": Plural("a panda", "at least {count} pandas"),
    "pig": Plural("a pig", "at least {count} pigs"),
    "rabbit": Plural("a rabbit", "at least {count} rabbits"),
    "sea mammal": Plural("a sea mammal", "at least {count} sea mammals"),
    "sheep, goat or antelope": Plural(
        "a sheep, goat or antelope", "at least {count} sheep, goats or antelopes"
    ),
    "small mammal": Plural("a small mammal", "at least {count} small mammals"),
    "snake": Plural("a snake", "at least {count} snakes"),
    "spider": Plural("a spider", "at least {count} spiders"),
    "turtle": Plural("a turtle", "at least {count} turtles"),
    "whale": Plural("a whale", "at least {count} whales"),
    "wild cat": Plural("a wild cat", "at least {count} wild cats"),
    "wild dog": Plural("a wild dog", "at least {count} wild dogs"),
}

# --- server ---------------------------------------------------------------------------------
# The user may run a program of another kind that describes pictures, on this machine or on another ("server").
# {host} is the name of the machine it runs on, such as "box.example" or "192.168.0.7". Commands, and words that
# begin with two hyphens, are typed as they are.

# Said with each picture that leaves this machine, before the answer.
SERVER_SENT = N_("Sent to {host}.")
# Said once, after sentences that turned out not to be the answer: what models do before it, as if they spoke to themselves.
SERVER_THOUGHT_ALOUD = N_("That was the model thinking. Its answer follows.")
ERR_SERVER_NOT_NAMED = N_(
    "No server is named. To name yours: Settings, page Description, or the command imagecraft-desktop "
    "settings set server_address 127.0.0.1:8080"
)
ERR_SERVER_ADDRESS = N_(
    "The address of the server is not understood. It looks like 127.0.0.1:8080 or https://box.example, "
    "without a password. To change it: Settings, page Description, or the command imagecraft-desktop settings"
    " set server_address ADDRESS"
)
ERR_SERVER_NOT_ALLOWED = N_(
    "Nothing was sent to {host}: it is another machine, and you have not allowed it. If you want your pictures "
    "to go there, press Permission to send in the settings, or: imagecraft-desktop server allow {host}"
)
# The user allowed the machine while its address began with https, or before that was asked; now it begins with http.
ERR_SERVER_NOT_ALLOWED_OPEN = N_(
    "Nothing was sent to {host}: its address does not begin with https, and you have not allowed that pictures go "
    "there without encryption. Correct the address, or allow it: press Permission to send in the settings, or: "
    "imagecraft-desktop server allow http://{host}"
)
# {reason} is the system's own words.
ERR_SERVER_NOT_KEPT = N_(
    "What you allow could not be written down: {reason}. Make sure that you may write there, then try again."
)
ERR_SERVER_NOT_RUNNING = N_(
    "No server answers at {host}. Start it, or correct its address, then try again: Settings, page "
    "Description, or the setting server_address."
)
ERR_SERVER_NOT_SECURE = N_(
    "The server {host} does not prove that it is the one you named, so nothing was sent. Correct the server's"
    " certificate, or its address: Settings, page Description, or the setting server_address."
)
# {seconds} is a whole number.
ERR_SERVER_SILENT = N_(
    "The server {host} was silent for {seconds} seconds. Choose a smaller model there, or a longer time: "
    "Settings, page Description, or the setting server_wait_s."
)
ERR_SERVER_KEY = N_(
    "The server {host} refuses the key. To give the right one: Settings, page Description, or the command "
    "imagecraft-desktop settings set server_key KEY"
)
# {model} is the name of a model.
ERR_SERVER_MODEL = N_(
    "The server {host} has no model {model}. Those it has are told by: imagecraft-desktop server test"
)
# {names} is a list of names.
ERR_SERVER_MODELS = N_(
    "The server {host} has several models: {names}. Choose one that sees pictures: Settings, page "
    "Description, or the command imagecraft-desktop settings set server_model NAME"
)
ERR_SERVER_NO_MODEL = N_("The server {host} has no model. Load one there, then try again.")
ERR_SERVER_BUSY = N_("The server {host} is busy. Try again in a minute.")
ERR_SERVER_FAILED = N_(
    "The server {host} failed. What went wrong stands in its own window; then try again."
)
ERR_SERVER_REFUSED = N_(
    "The server {host} refused the request. Perhaps its model sees no pictures; to choose another: Settings, "
    "page Description, or the command imagecraft-desktop settings set server_model NAME"
)
ERR_SERVER_NONSENSE = N_(
    "What is at {host} does not answer as a chat server does. Correct the address: Settings, page "
    "Description, or the setting server_address."
)
ERR_SERVER_CUT = N_("The connection to the server {host} broke off in the middle. Try again.")
ERR_SERVER_TOO_LONG = N_(
    "The answer of the server {host} has no end, so it was stopped. Choose another model: Settings, page "
    "Description, or the setting server_model."
)
ERR_SERVER_NOTHING = N_(
    "The server {host} answered without a word. Choose a model that sees pictures: Settings, page "
    "Description, or the setting server_model."
)
# What models do before they answer, as if they spoke to themselves.
ERR_SERVER_THOUGHT = N_(
    "The model of the server {host} only thought, and came to no answer. Turn off its thinking in the server, or choose "
    "a model that does not think: Settings, page Description, or the setting server_model."
)
# {other} is the name of a machine.
ERR_SERVER_REDIRECTS = N_(
    "The server {host} sends on to another address, {other}, and that was not followed. If it is right, make "
    "it the server's address: Settings, page Description, or the setting server_address."
)
# What is read before a machine is allowed; the second sentence when the way there is not encrypted.
SERVER_TERMS = N_(
    "Pictures that the captioner server is asked about, of your screen too, will be sent to {host}, and whoever "
    "runs that machine can keep them. Each time you will hear: Sent to {host}."
)
SERVER_TERMS_OPEN = N_("On their way there they are not encrypted.")
# Asked after these in the settings window, with the answers yes and no.
SERVER_CONFIRM = N_("Do you allow it?")
# A button below the address of the server: it allows the machine, or takes that back.
SERVER_PERMISSION = N_("Permission to send…")
SERVER_PERMISSION_HELP = N_(
    "Asks whether pictures may be sent to that server, or takes it back that they may."
)
SERVER_IS_ALLOWED = N_("{host} is allowed. The button Permission to send takes it back.")
SERVER_STAYS_FORBIDDEN = N_(
    "{host} is not allowed, and nothing is sent there. To be asked again, press the button Permission to send."
)
# Instead of the one before, where the machine is allowed with encryption, and was not allowed without.
SERVER_STAYS_ENCRYPTED = N_(
    "{host} is allowed only by an address that begins with https, and nothing is sent there without encryption. "
    "To be asked again, press the button Permission to send."
)
SERVER_SURE_FORGET = N_(
    "{host} is allowed. Take that back, so that nothing is sent there any more?"
)
SERVER_NONE_TYPED = N_("No server is named. Type its address first.")
# {yes} is the word to be typed; it is "yes" in English.
SERVER_ASK = N_("Do you allow it? If so, type {yes}: ")
SERVER_ALLOWED = N_("{host} is allowed. To take it back: imagecraft-desktop server forget {host}")
SERVER_IS_LOCAL = N_("{host} is this machine and needs no permission.")
SERVER_FORGOTTEN = N_("{host} is not allowed any more.")
SERVER_WAS_NOT_ALLOWED = N_("{host} was not allowed, so nothing changes.")
SERVER_NONE_ALLOWED = N_("No other machine is allowed.")
ERR_SERVER_REFUSED_BY_USER = N_(
    "{host} is not allowed, and nothing was changed. If you allow it, add --accept."
)
# What "server test" tells. {names} as above; {seconds} has one decimal.
SERVER_ANSWERS = N_("The server {host} answers. Its models: {names}.")
SERVER_TOOK = N_("A sample picture took {seconds} seconds. It says:")

# --- see ------------------------------------------------------------------------------------

# Follows "Model missing: X." and "Model damaged: X.", for models that came with the program.
SEE_INSTALL_AGAIN = N_("It is part of the program: install the program again.")
# Names of colours, in lists ("Mostly brown and green.") and alone ("The picture is one colour, red.").
COLOURS = {
    "black": N_("black"),
    "grey": N_("grey"),
    "white": N_("white"),
    "red": N_("red"),
    "orange": N_("orange"),
    "brown": N_("brown"),
    "beige": N_("beige"),
    "yellow": N_("yellow"),
    "green": N_("green"),
    "turquoise": N_("turquoise"),
    "blue": N_("blue"),
    "purple": N_("purple"),
    "pink": N_("pink"),
}

# --- command line ---------------------------------------------------------------------------
# Read in a terminal, by a screen reader. Words in capitals and those that begin with two hyphens
# are typed as they are and are not translated.

# First lines of --help.
CLI_FIRST = N_(
    "Hear what is on the screen.\n"
    "First try: imagecraft-desktop describe PICTURE\n"
    "Then start the program: imagecraft-desktop app\n"
    "and press Control Shift F12 to hear the active window.\n"
    "If something does not work: imagecraft-desktop self-test"
)
# Headings of --help: before the form of the command, above what follows a command, above options.
CLI_USAGE = N_("usage:")
CLI_ARGUMENTS = N_("what follows")
CLI_OPTIONS = N_("options")
# Help for each command and option: one short phrase.
CLI_HELP = N_("print this help")
CLI_VERSION = N_("print the version")
CLI_DESCRIBE = N_("describe pictures, windows or the screen, and speak")
CLI_DESCRIBE_LONG = N_("Describes each source, prints the description and speaks it.")
CLI_SOURCE = N_("picture file, PDF, web address, or - for standard input")
CLI_SCREEN = N_("a screen by number, or all; the one in use when no number is given")
CLI_WINDOW = N_("the active window")
CLI_REGION = N_("a part of the screen: left, top, width, height")
CLI_CLIPBOARD = N_("the picture in the clipboard")
CLI_PRIVATE = N_("let a web address lead into the private network")
CLI_DETAIL = {
    "brief": N_("one sentence"),
    "normal": N_("the most useful; this is the default"),
    "detailed": N_("everything"),
}
CLI_TEXT = N_("only the text, in reading order")
CLI_ASK = N_(
    "a question about the picture, for a captioner that answers questions; may be given several times"
)
CLI_JSON = N_("print one JSON object for each source")
CLI_CAPTIONER = N_(
    "what describes: a name, see imagecraft-desktop captioners; or the folder of a model"
)
CLI_VOICE = N_("what speaks; see: imagecraft-desktop voices")
CLI_RATE = N_("speed of speech; 1 is normal")
CLI_PITCH = N_("how much higher than the voice's own, in semitones; lower if negative")
CLI_VOLUME = N_("loudness of speech")
CLI_SEED = N_("a number that makes the result repeatable")
CLI_OUT = N_("also write the speech to this file: wav, mp3, ogg or flac")
CLI_NO_SPEAK = N_("print only")
CLI_SPEAK = N_("speak a text")
CLI_SPEAK_TEXT = N_("the text, or - for standard input")
CLI_LANGUAGE = N_("language of the text, for example en or es; that of the program when not given")
CLI_VOICES = N_("list the voices")
CLI_CAPTIONERS = N_("list the captioners")
CLI_SERVER = N_("which server describes pictures, and whether they may be sent there")
CLI_SERVER_ALLOW = N_("let pictures be sent to another machine")
CLI_SERVER_FORGET = N_("take that back, for one machine or for all")
CLI_SERVER_TEST = N_("ask the server for its models, and about a sample picture")
CLI_SERVER_HOST = N_("name of the machine")
CLI_SERVER_ACCEPT = N_("I allow that pictures of my screen are sent there")
CLI_VOICE_OWN = N_("make and keep voices of your choosing")
CLI_VOICE_ADD = N_("make a voice from a recording of 3 to 9 seconds")
CLI_VOICE_ADD_LONG = N_(
    "Makes a voice from a recording of somebody who agreed to it. Best are 6 seconds of one person, "
    "speaking English in a quiet room."
)
CLI_VOICE_LIST = N_("list the voices of your own")
CLI_VOICE_REMOVE = N_("remove a voice of your own")
CLI_VOICE_TEST = N_("speak a sentence in a voice of your own")
CLI_VOICE_NAME = N_("name of the voice")
CLI_VOICE_AUDIO = N_("the recording: wav, flac, mp3, ogg and others")
CLI_VOICE_TRANSCRIPT = N_("the words that are said in it; recognised when not given")
CLI_VOICE_CUT = N_("use the recording up to so many seconds; a transcript given ends there too")
CLI_VOICE_REPLACE = N_("put it in the place of a voice of that name")
CLI_VOICE_AGREED = N_("I say: the person has agreed, or it is my own voice")
CLI_VOICE_TEXT = N_("what to say")
CLI_SELF_TEST = N_("try each part and say what works")
CLI_OFFLINE = N_(
    "describe and read with the network closed, and say whether anything tried to reach it"
)
CLI_APP = N_("start the program that waits for its keys")
CLI_TRIGGER = N_("tell the running program to do something")
# {actions} is a list of words that are typed as they are.
CLI_ACTION = N_("one of: {actions}")
CLI_ACTION_QUESTION = N_("what to ask, with the action ask")
CLI_ACTION_FILE = N_("the picture, for the action file")
CLI_START = N_("start the program if it is not running")
CLI_STOP = N_("stop speaking and end the work, in the running program")
CLI_REPEAT = N_("say the last description again, in the running program")
CLI_STATUS = N_("say what the running program is doing")
CLI_SETTINGS = N_("read and change the settings")
CLI_SETTINGS_GET = N_("print a setting")
CLI_SETTINGS_SET = N_("change a setting")
CLI_SETTINGS_LIST = N_("print all settings")
CLI_SETTINGS_WINDOW = N_("open the settings window of the running program")
CLI_SETTINGS_RESET = N_("put a setting, or all, back to what it was in the beginning")
CLI_SETTINGS_ASK_AGAIN = N_(
    "forget how a Wayland desktop lets the screen be seen, so that it may ask again; nothing else goes"
)
CLI_SETTINGS_EXPORT = N_("write what was changed to a file, without secrets")
CLI_SETTINGS_IMPORT = N_("take settings from such a file")
CLI_SETTINGS_PATH = N_("print where the settings file is")
CLI_BENCH = N_("measure speed, memory and errors on this machine")
CLI_BENCH_FOLDER = N_(
    "folder of pictures; the samples when none is given. The word voicecraft measures that voice; "
    "caption and the name of a model measure that captioning model; certainty, a model and folders of pictures whose "
    "content is known tell how often it is right"
)
CLI_BENCH_JSON = N_("also write the figures to this file; without a file, print them as JSON")
# Options of bench voicecraft. A mode is how the weights are stored.
CLI_BENCH_SIZE = N_("voicecraft: millions of weights, 330 if not given")
CLI_BENCH_MODE = N_(
    "voicecraft: only this mode; all that run on the device if not given. caption: fp32, bf16 or fp16"
)
CLI_BENCH_DEVICE = N_(
    "voicecraft and caption: where it runs, cpu if not given. certainty: the fastest if not given"
)
CLI_BENCH_CHECKPOINT = N_("voicecraft: real weights instead of random ones")
CLI_BENCH_KEEP = N_(
    "certainty: raise what the model must reach to what was found; it counts when it is next loaded"
)
CLI_BENCH_FORGET = N_("certainty: forget what was kept of a model with --keep")
CLI_BENCH_RANDOM = N_("caption: with random weights, so that nothing is downloaded")
CLI_BENCH_ONLY = N_("only this part: start, pictures, ocr or keys")
# Wrong usage. {low} and {high} are numbers.
CLI_NOT_A_NUMBER = N_("a number from {low} to {high} is needed")
CLI_NOT_A_REGION = N_("four whole numbers are needed: left,top,width,height")
CLI_NOT_WHOLE = N_("a whole number is needed")
# The command is typed as it is.
CLI_NOT_AN_ENTRY = N_(
    "the number of a description is needed; imagecraft-desktop history list tells the numbers"
)
CLI_VALUE_NEEDED = N_("something must follow it")
# {other} is an option, as it is typed.
CLI_NOT_TOGETHER = N_("it cannot be used together with {other}")
# {name} is what is typed, or stands for it; {reason} is one of the clauses here.
CLI_ARGUMENT_WRONG = N_("{name}: {reason}.")
# {names} are what is typed, or stand for it.
CLI_MISSING = N_("Something is missing: {names}.")
CLI_MISSING_ONE = N_("One of these is missing: {names}.")
# {word} was typed.
CLI_UNKNOWN_WORD = N_("{word} is not known here.")
# {command} is typed.
CLI_SEE_HELP = N_("For help: {command}")
CLI_EMPTY_REGION = N_("width and height must be above zero")
CLI_NOT_A_SCREEN = N_("a screen number from 1, or all, is needed")
CLI_NO_SOURCE = N_(
    "Nothing to describe was named. For example: imagecraft-desktop describe photo.jpg, "
    "or imagecraft-desktop describe --window"
)
# `speak` was given only spaces.
CLI_NOTHING_TO_SAY = N_("Nothing to say: the text is empty.")
# What is printed goes to a file on a full disk.
CLI_DISK_FULL = N_("The disk is full: the output could not be written.")
# Before each description when there are several. {name} is a file or an address.
CLI_SOURCE_NAME = N_("{name}:")
# {path} is the file that was written, {seconds} a number with one decimal.
CLI_SAVED = N_("Speech saved to {path}, {seconds} seconds.")
# Lists: {name} is typed on the command line, {label} is what it is, {state} one of the next two
# or a sentence that says what is missing.
CLI_ITEM = N_("{name}: {label}. {state}")
CLI_READY = N_("Ready.")
# One setting. {name} is typed as it is, {value} its value, {label} says what it is.
CLI_SETTING = N_("{name} = {value} ({label})")
# Heard and printed when the user has stopped the work.
CANCELLED = N_("Cancelled.")

# --- keys -----------------------------------------------------------------------------------

# {key} is a key combination as it is said, or as it was typed when it is none; {reason} is one of the sentences below.
ERR_KEY_NOT_ALLOWED = N_("{key} cannot be a hotkey. {reason}")
# {key} is a key combination.
ERR_KEY_TAKEN = N_("{key} is used by another program.")
# {reason} is a full sentence.
ERR_HOTKEYS_IMPOSSIBLE = N_("{reason}")
KEY_UNKNOWN = N_("There is no key of that name. An example is ctrl+shift+f11.")
# "ctrl+shift" was typed.
KEY_MODIFIER_ALONE = N_("A modifier alone is no hotkey. An example is ctrl+shift+f11.")
KEY_NEEDS_MODIFIER = N_("Add Control or Alt to it, for example Control Shift F11.")
KEY_TYPES = N_("It types a character on many keyboards. Use Control and Shift instead.")
KEY_OF_PROGRAMS = N_("Nearly every program uses it. Add Shift, for example Control Shift F11.")
KEY_OF_READER = N_("Screen readers use it. Use Control and Shift with a function key instead.")
KEY_OF_SYSTEM = N_("The system uses it. Use Control and Shift with a function key instead.")
# A held key before the next: "Control Shift F11". {modifier} and {key} are names of keys.
KEY_WITH_MODIFIER = N_("{modifier} {key}")
# Names of keys, spoken.
KEY_CTRL = N_("Control")
KEY_ALT = N_("Alt")
KEY_SHIFT = N_("Shift")
KEY_SUPER = N_("Super")
# Names of keys on a Macintosh keyboard.
KEY_OPTION = N_("Option")
KEY_COMMAND = N_("Command")
KEY_ESCAPE = N_("Escape")
KEY_TAB = N_("Tab")
KEY_RETURN = N_("Enter")
KEY_BACKSPACE = N_("Backspace")
KEY_DELETE = N_("Delete")
KEY_HOME = N_("Home")
KEY_END = N_("End")
KEY_PAGE_UP = N_("Page Up")
KEY_PAGE_DOWN = N_("Page Down")
KEY_LEFT = N_("Left")
KEY_RIGHT = N_("Right")
KEY_UP = N_("Up")
KEY_DOWN = N_("Down")
KEY_PAUSE = N_("Pause")
KEY_SCROLL_LOCK = N_("Scroll Lock")
KEY_PRINT = N_("Print Screen")
KEY_MENU = N_("Menu")
KEY_SPACE = N_("Space")

# --- trigger --------------------------------------------------------------------------------

# Heard at start and after a change of settings. {key} and {other} are spoken names of key
# combinations; the command is typed as it is, {setting} and {typed} are parts of it.
TRIGGER_TAKEN = N_(
    "{key} is used by another program. {other} is free. To take it: Settings, page Hotkeys, or the command "
    "imagecraft-desktop settings set {setting} {typed}"
)
TRIGGER_TAKEN_NONE_FREE = N_(
    "{key} is used by another program. To choose another: Settings, page Hotkeys, or the command "
    "imagecraft-desktop settings set {setting}"
)
# The keyboard has no such key. {key} is the spoken name of a combination.
TRIGGER_NO_SUCH_KEY = N_(
    "{key} is not on this keyboard. To choose another: Settings, page Hotkeys, or the command "
    "imagecraft-desktop settings set {setting}"
)
# One line of the self-test. {backend} is a technical name, {keys} a list of key combinations.
TRIGGER_WORKS = N_("work, by {backend}: {keys}.")
# Why hotkeys are not possible; each ends with what to do instead.
TRIGGER_WAYLAND = N_(
    "No hotkeys: on Wayland a program cannot take keys. In the keyboard settings of your "
    "desktop, give a key this command: imagecraft-desktop trigger window"
)
# Said while a dialog of the desktop is open.
TRIGGER_ASKING = N_("The desktop asks whether ImageCraft Desktop may have keys. Answer its dialog.")
# The desktop asked the user whether the program may have keys; the answer was no.
TRIGGER_REFUSED = N_(
    "The desktop did not give this program any keys. Allow it in the settings of the desktop, "
    "or give a key this command there: imagecraft-desktop trigger window"
)
TRIGGER_NO_DISPLAY = N_(
    "No hotkeys: there is no screen to take them from. Use the command: "
    "imagecraft-desktop trigger window"
)
TRIGGER_FAILED = N_(
    "No hotkeys: the keyboard cannot be read. Use the command: imagecraft-desktop trigger window"
)
TRIGGER_NO_PERMISSION = N_(
    "No hotkeys: permission is missing. Open System Settings, Privacy and Security, "
    "Accessibility, and allow ImageCraft. Then start ImageCraft again."
)
# The layer key was pressed while another program holds the whole keyboard.
TRIGGER_KEYBOARD_HELD = N_("Another program holds the keyboard. Close its menu and try again.")
# A letter that means nothing was pressed after the layer key. {key} is the layer key.
TRIGGER_UNKNOWN_LETTER = N_("That key does nothing here. For help press {key}, then H.")
# Heard at start. {path} is a folder.
ERR_SOCKET_REFUSED = N_(
    "The command line cannot reach ImageCraft: {path} cannot be used. The hotkeys work."
)
# Answers to the command line that should not happen.
TRIGGER_BAD_MESSAGE = N_("The running program did not understand. Quit it and start it again.")

# --- the running program --------------------------------------------------------------------

# Heard once, at the very first start; sentences about the keys follow.
APP_READY = N_("ImageCraft is ready.")
# Heard and printed when the program is started a second time; sentences about the keys follow.
APP_ALREADY = N_("ImageCraft is already running.")
# Which keys there are. {window} and {layer} are spoken names of keys.
APP_KEY_WINDOW = N_("Press {window} to hear the active window.")
APP_KEY_HELP = N_("For help press {layer}, then H.")
# The same when no key could be taken.
APP_NO_KEYS = N_(
    "No hotkeys are in force. In the keyboard settings of your desktop, give a key this command: "
    "imagecraft-desktop trigger window"
)
# Heard at start when the program crashed the last time.
APP_CRASHED_LAST = N_("ImageCraft crashed last time. The details are in the log folder.")
# Help, heard after the layer key and H. {layer} is a spoken key; the single letters are keys and
# stay as they are.
APP_HELP = N_(
    "Press {layer}, let go, and then one letter. "
    "W: window. S: screen. M: all screens. 1 to 9: the screen of that number. E: what has the "
    "focus. U: what is under the mouse. R: choose a region. G: the last region. "
    "C: clipboard. F: file. T: text only. "
    "D: more detail about the last picture. A: ask about it. V: image window. L: list of what was "
    "described. Space: repeat. P: pause or go on. "
    "Right: next sentence. Left: sentence before. I: what is going on. O: settings. "
    "X or Escape: stop. Q: quit ImageCraft."
)
APP_NO_REGION = N_(
    "No region is set. Choose one: press the layer key, then R. Or set one with its left, top, width "
    "and height, for example: imagecraft-desktop settings set region 0,0,800,600"
)
# Title of the dialog that asks for a picture file.
APP_CHOOSE_FILE = N_("Choose a picture to describe")
# Kinds of file in that dialog; the part in brackets is added by the program.
APP_PICTURES = N_("Pictures")
APP_NOTHING_YET = N_("Nothing has been described yet.")
APP_NOTHING_RUNS = N_("Nothing is running.")
# Answers to the command line: what is begun now. {name} is a window's title, a file, a screen.
APP_DESCRIBING = N_("Describing {name}.")
APP_RELOADED = N_("The new settings are in use.")
APP_GOODBYE = N_("ImageCraft ends.")
# Status. {name} as above; {count} is a number of seconds.
APP_IDLE = N_("Ready. Nothing is running.")
# The same when what was done or needed last failed. {sentence} says what, and what to do.
APP_PROBLEM = N_("Problem: {sentence}")
APP_BUSY = Plural(
    "Still describing {name}, for {count} second.", "Still describing {name}, for {count} seconds."
)
# Status, while speech is made for a file.
APP_SAVING = Plural(
    "Still making the speech for a file, for {count} second.",
    "Still making the speech for a file, for {count} seconds.",
)
APP_SPEAKING = N_("Speaking.")
APP_PAUSED = N_("Paused. To go on, pause again.")
APP_GOING_ON = N_("Going on.")
# Shown when the user wants to pause, skip or go back while the system's own voice speaks.
APP_ONLY_STOP = N_("This voice can be stopped, but not paused or moved in.")
# Names of what is described, where it has none of its own.
APP_ACTIVE_WINDOW = N_("the active window")
# A notification cut short. {text} is the beginning.
APP_CUT = N_("{text} And more.")
# Heard once, on desktops that have no tray for icons.
APP_NO_TRAY = N_("This desktop has no tray, so there is no icon. Keys and commands do everything.")
# Heard once, on desktops without a notification service.
APP_NO_NOTIFICATIONS = N_(
    "This desktop shows no notifications. To read what was said, open the list: press the layer "
    "key, then L. Or type: imagecraft-desktop history"
)
# Printed and said when the program is started where there is no screen.
APP_NO_SCREEN = N_("ImageCraft could not start: there is no screen. Start it in a desktop session.")
# Printed after the reason, which is in English, and said. Qt is the library that draws windows.
APP_NO_QT = N_(
    "ImageCraft could not start: a part of Qt is missing, or does not fit this desktop. The lines above name "
    "it. Set the program up again: python3 installer/bootstrap.py"
)

# --- tray -----------------------------------------------------------------------------------
# The menu of the icon. The letter after & is the key that chooses it; each letter once.

TRAY_WINDOW = N_("Describe &Window")
TRAY_SCREEN = N_("Describe &Screen")
TRAY_REGION = N_("Choose Re&gion…")
TRAY_LAST_REGION = N_("Describe &Last Region")
TRAY_ALL_SCREENS = N_("Describe All &Monitors")
TRAY_ELEMENT = N_("Describe Eleme&nt with the Focus")
TRAY_CLIPBOARD = N_("Describe &Clipboard")
TRAY_FILE = N_("Describe &File…")
TRAY_TEXT = N_("Read &Text Only")
TRAY_REPEAT = N_("&Repeat")
TRAY_STOP = N_("St&op")
TRAY_PAUSE = N_("&Pause or Go On")
# The first entry. {sentence} is what "status" answers: "Speaking."
TRAY_STATUS = N_("Stat&us: {sentence}")
TRAY_HELP = N_("&Help")
TRAY_SETTINGS = N_("S&ettings…")
TRAY_QUIT = N_("&Quit")
TRAY_ASK = N_("&Ask About the Picture…")
TRAY_IMAGES = N_("&Image Window")
TRAY_HISTORY = N_("Histor&y")
TRAY_MORE = N_("More &Detail")
TRAY_SKIP = N_("Ne&xt Sentence")
TRAY_BACK = N_("Sentence &Before")
# Beside the menu's own, in the list of shortcuts of the desktop's settings; no keys that choose.
SHORTCUT_MONITOR = N_("Describe Monitor {number}")
SHORTCUT_TOUR = N_("Introduction")
SHORTCUT_STATUS = N_("Status")
# The name of the icon and the title of notifications.
TRAY_NAME = N_("ImageCraft")
# Shown beside the icon when the mouse is on it. {sentence} as in the entry "Status".
TRAY_TIP = N_("ImageCraft: {sentence}")

# --- choosing a region ------------------------------------------------------------------------
# Heard while a part of the screen is chosen with the keyboard: the shorter, the better. Numbers are
# pixels from the upper left corner of the desktop.

# The title of the frame.
REGION_TITLE = N_("Choose a region")
# Said as the frame opens, where no screen reader says its title; REGION_OPENED follows.
REGION_CHOOSE = N_("Choose a region.")
REGION_OPENED = N_(
    "Arrows move the edges at the top left corner, Tab goes to the next corner. Enter describes, "
    "Escape cancels, H for help."
)
# {control} is the name of the key Control, or Command on a Macintosh.
REGION_HELP = N_(
    "Arrows move the edges at a corner, by 50 pixels; with Shift 200, with {control} 10, with both 1. "
    "Tab: the other corner, then the whole frame. W: window. S: screen. F: focus. L: last region. "
    "1 to 4: the edges. 5: the size. 6: what is under it. Space: everything. Enter describes, "
    "Escape cancels."
)
# What the arrows move from now on; where it is follows.
REGION_TOP_LEFT = N_("Top left corner.")
REGION_BOTTOM_RIGHT = N_("Bottom right corner.")
REGION_WHOLE = N_("Whole frame.")
# The frame closed again: the desktop let another window keep the keyboard.
REGION_NO_KEYS = N_(
    "The desktop did not give the keyboard to the frame, so no region can be chosen. "
    "Describe the window or the screen."
)
REGION_CANCELLED = N_("No region chosen.")
# {left} and {top} are where the frame begins.
REGION_AT = N_("{left}, {top}.")
# {place} is a number of pixels.
REGION_LEFT = N_("Left {place}.")
REGION_TOP = N_("Top {place}.")
REGION_RIGHT = N_("Right {place}.")
REGION_BOTTOM = N_("Bottom {place}.")
# {width} and {height} are numbers of pixels.
REGION_SIZE = N_("{width} by {height}.")
# {name} is what is under the middle of the frame: a window's title, "button, OK".
REGION_UNDER = N_("Under it: {name}.")
REGION_UNDER_NOTHING = N_("What is under it is not known.")
REGION_NO_FURTHER = N_("No further.")
# The frame is now around this.
REGION_WINDOW = N_("Window.")
REGION_FOCUS = N_("Focus.")
REGION_LAST = N_("Last region.")
# {number} counts from 1.
REGION_SCREEN = N_("Screen {number}.")
REGION_NO_WINDOW = N_("There is no window.")
REGION_NO_FOCUS = N_("Where the focus is, is not known.")
REGION_NO_LAST = N_("There is no last region.")

# --- settings file --------------------------------------------------------------------------

# {file} is the new name of the broken file, such as settings.json.bad.
SETTINGS_SET_ASIDE = N_(
    "The settings file is broken and was set aside as {file}. Default settings are used."
)
# Said after one of the sentences above, or when the setting of the history cannot be used.
SETTINGS_HISTORY_OFF = N_("Nothing is kept in the history until you turn it on in the settings.")
# {reason} is the system's own words, such as "No space left on device".
ERR_SETTINGS_NOT_SAVED = N_(
    "Setting not saved: {reason}. Check the disk and the permissions of its folder, then try again."
)
# Two programs change the settings at once.
ERR_SETTINGS_LOCKED = N_("Setting not saved: another program is changing them. Try again.")

# --- settings window ------------------------------------------------------------------------
# Buttons, labels and sentences of the window. {name} is the name of a setting, if not said otherwise.

SETTINGS_TITLE = N_("ImageCraft Settings")
SETTINGS_SEARCH = N_("Search settings")
SETTINGS_PAGES = N_("Pages")
SETTINGS_RESET_ONE = N_("Reset this setting")
SETTINGS_RESET_ALL = N_("Reset all…")
SETTINGS_EXPORT = N_("Export…")
SETTINGS_IMPORT = N_("Import…")
SETTINGS_CLOSE = N_("Close")
SETTINGS_CANCEL = N_("Cancel")
# Kinds of file in the dialogs; the part in brackets is added by the program.
SETTINGS_FILES = N_("Settings")
# After a search.
SETTINGS_FOUND = Plural("{count} setting or button found.", "{count} settings or buttons found.")
# After Enter in the search. {name} is a button that is off at the moment.
SETTINGS_FOUND_RESTS = N_("{name}: this button cannot be used now.")
SETTINGS_NONE_CHOSEN = N_("Move to a setting first.")
SETTINGS_SURE_ONE = N_("Reset this setting: {name}?")
SETTINGS_SURE_ALL = N_("Reset all settings? Voices and models stay.")
SETTINGS_RESET_DONE = N_("The settings are as in the beginning.")
SETTINGS_ASK_AGAIN_DONE = N_(
    "What the desktop allowed or refused is forgotten; it will ask again. The history stays."
)
SETTINGS_KEPT = N_("Changed: {name}.")
# {name} is a file.
SETTINGS_EXPORTED = N_("The settings were written to {name}.")
SETTINGS_SECRET_LEFT_OUT = N_("The key of the server was left out.")
SETTINGS_IMPORTED = Plural("{count} setting was taken over.", "{count} settings were taken over.")
# {name} is a file; {reason} a clause, such as the next one.
ERR_SETTINGS_FILE = N_("The settings in {name} could not be read: {reason}. Nothing was changed.")
SETTINGS_NOT_EXPORTED = N_("ImageCraft did not export that file; choose one that it did")
# {reason} is the system's own words.
ERR_AUTOSTART = N_(
    "Not started at log-in: {reason}. Nothing was changed. Check the disk and the permissions of its folder, then try again."
)
# A control with its value: "Key that describes the active window: Control Shift F12". {value} is a key.
SETTINGS_NAMED = N_("{name}: {value}")
SETTINGS_NO_KEY = N_("no key")
SETTINGS_PRESS_KEY = N_("Press the new key now. Escape keeps the old one.")
# {key} and {other} are spoken names of keys.
SETTINGS_KEY_IS = N_("The key is {key} now.")
SETTINGS_TRY_KEYS = N_("Try the keys")
SETTINGS_PRESS_EITHER = N_("Press {key} or {other}. For 15 seconds they only tell that they work.")
SETTINGS_PRESS_ONE = N_("Press {key}. For 15 seconds it only tells that it works.")
SETTINGS_KEY_WORKS = N_("{key} works.")
SETTINGS_HEAR_VOICE = N_("Hear the voice")
SETTINGS_HEAR_DEVICE = N_("Hear the sound device")
# {name} is one of the names after it.
SETTINGS_HEAR_SIGN = N_("Hear the sound: {name}")
EARCON_NAMES = {
    "accepted": N_("understood"),
    "working": N_("working"),
    "done": N_("done"),
    "nothing": N_("nothing found"),
    "error": N_("error"),
    "cancelled": N_("cancelled"),
}
SETTINGS_HEAR_TOUR = N_("Hear the introduction")
# What a setting may be, in a list to choose from.
SETTING_WORDS = {
    "auto": N_("automatic"),
    "brief": N_("brief"),
    "normal": N_("normal"),
    "detailed": N_("detailed"),
    "debug": N_("everything"),
    "info": N_("what happens"),
    "warning": N_("what is wrong"),
    "error": N_("failures only"),
}
# {name} is a voice or captioner, {label} says what it is.
CHOICE = N_("{name}: {label}")
# {choice} is the sentence above. Why not, and what to do, is told beside it.
CHOICE_MISSING = N_("{choice} (not ready)")
CHOICE_DEVICE_DEFAULT = N_("the system's default")
CHOICE_LANGUAGE_SYSTEM = N_("the system's")
# The language that models describe in.
CHOICE_LANGUAGE_PROGRAM = N_("the program's")
# {name} is a voice that the user made.
VOICE_OWN = N_("{name}: a voice of your own")

# Titles of pages beside the groups of settings.
PAGE_VOICES = N_("Your voices")
PAGE_MODELS = N_("Models")
PAGE_PRIVACY = N_("Privacy")

# The page of voices. {name} is a voice, here and below.
VOICES_LIST = N_("Voices that you made")
VOICES_NEW = N_("New voice…")
VOICES_PLAY = N_("Play the recording")
VOICES_RENAME = N_("Rename…")
VOICES_REMOVE = N_("Remove…")
VOICES_NEW_NAME = N_("New name for {name}")
VOICES_RENAMED = N_("The voice is called {name} now.")
VOICES_SURE_REMOVE = N_("Remove the voice {name} and its recording?")

# The dialog that makes a voice.
VOICE_DIALOG_TITLE = N_("New Voice")
VOICE_DIALOG_HINT = N_(
    "Record 3 to 9 seconds, best 6, of one person who speaks English in a quiet room. Read a sentence or two aloud. "
    "Use headphones if a screen reader is running."
)
VOICE_DIALOG_NAME = N_("Name of the voice")
# The button begins and ends a recording and keeps its name, so that no screen reader talks meanwhile.
VOICE_DIALOG_RECORD = N_("Record or stop")
VOICE_DIALOG_CHECK = N_("Check the microphone")
VOICE_DIALOG_CHECK_HELP = N_(
    "Speak as you will in the recording. A tone tells how loud you are: the higher, the louder. "
    "Nothing is recorded. Press it again for the verdict."
)
VOICE_DIALOG_RECORD_HELP = N_(
    "A tone, then speak. While you record, the key of the next button tells how loud you are; for as long as "
    "that is said nothing is recorded, and after the tone it goes on."
)
VOICE_DIALOG_LOUD = N_("How loud am I")
VOICE_DIALOG_LOUD_HELP = N_("Says whether you are too quiet, good or too loud.")
# Name of the bar that shows how loud it is.
VOICE_DIALOG_LEVEL = N_("Level of the microphone")
VOICE_DIALOG_NOT_LISTENING = N_("The microphone is off. Record, or check it, first.")
# Said while a voice is recorded, as short as can be.
LEVEL_SILENT = N_("Nothing is heard.")
LEVEL_QUIET = N_("Too quiet.")
LEVEL_GOOD = N_("Good.")
LEVEL_LOUD = N_("Too loud.")
VOICE_DIALOG_FILE = N_("Choose a sound file…")
VOICE_DIALOG_FILES = N_("Sound files")
VOICE_DIALOG_WORDS = N_("What is said, word for word")
VOICE_DIALOG_RECOGNISE = N_("Let the words be recognised")
# Status, while words are recognised, a recording is cut, a voice of the user's own is made.
VOICE_NOW_RECOGNISED = N_("Recognising what is said in the recording.")
VOICE_NOW_CUT = N_("Preparing the recording.")
VOICE_NOW_MADE = N_("Making the voice {name}.")
VOICE_DIALOG_CUT = N_("Use it up to this second, 0 for all of it")
VOICE_DIALOG_CUT_HELP = N_("It is cut in the pause between two words that is nearest.")
VOICE_DIALOG_PREVIEW = N_("Hear what will be used")
VOICE_DIALOG_MAKE = N_("Make the voice")
VOICE_DIALOG_NO_SOUND = N_("No recording yet.")
# Name of the file with the recording; ends in .wav.
VOICE_DIALOG_RECORDING = N_("recording.wav")
# {seconds} is a number with one decimal.
VOICE_DIALOG_GOOD = N_("Good: {seconds} seconds of speech.")
# {name} is a file, {about} the sentence above.
VOICE_DIALOG_OF_FILE = N_("{name}. {about}")
VOICE_DIALOG_NO_CONSENT = N_(
    "A voice is made only when the person has agreed. If it is so, check the box that says it."
)
ERR_MICROPHONE_MISSING = N_("No microphone. Connect one, or choose a sound file.")
# {reason} is one of the two sentences after it.
ERR_MICROPHONE_REFUSED = N_("The microphone gives no sound. {reason}")
MICROPHONE_NOT_OPEN = N_("Another program may hold it. Close that, then try again.")
# It was pulled out; a sentence about what it had heard until then follows.
MICROPHONE_LOST = N_("The microphone was disconnected while it listened. Connect it and try again.")
MICROPHONE_MUTED = N_(
    "It is muted, or the system does not allow ImageCraft to listen. Look in the sound settings."
)
# Said before a recording. {name} is a microphone.
MICROPHONE_UNKNOWN = N_("There is no microphone called {name}. The system's default one is used.")
# What the program does, beside "Speaking." and "Ready.": the user records a voice, or checks the microphone.
MICROPHONE_ON = N_("The microphone is on.")
MICROPHONE_GOOD = N_("The microphone hears well.")
MICROPHONE_QUIET = N_("Too quiet. Come closer to the microphone, or turn it up.")
MICROPHONE_LOUD = N_("Too loud. Go further from the microphone, or turn it down.")

# The page of models. {name} is a model, here and below.
MODELS_LIST = N_("Models, those first that suit this machine")
MODELS_TELL = N_("Say how far the work is")
MODELS_TELL_HELP = N_(
    "Each tenth of a download and each step of a measurement is spoken, so that you can do other things meanwhile."
)
MODELS_PROGRESS = N_("How far it is")
MODELS_INSTALL = N_("Install…")
MODELS_SHOW = N_("All about it…")
MODELS_SHOW_HELP = N_(
    "Size, memory, licence and where to read it, version, and how fast the model is here."
)
# The title of the small window that opens.
MODELS_ABOUT = N_("About {name}")
MODELS_IMPORT = N_("Install from a folder…")
MODELS_IMPORT_HELP = N_(
    "For a machine without internet: the files of the model, which you brought, lie in one folder."
)
# The button that opens the window in which that folder is chosen, and its title.
MODELS_FOLDER = N_("Choose the folder…")
MODELS_NOT_IMPORTED = N_("Nothing was installed.")
MODELS_PAUSE = N_("Pause the download")
MODELS_RESUME = N_("Go on with the download")
MODELS_CHECK = N_("Check the files")
MODELS_REMOVE = N_("Remove…")
MODELS_MEASURE = N_("Measure its speed")
MODELS_MEASURE_HELP = N_(
    "The model describes sample pictures, and you hear how long it takes here. Only for models that describe."
)
# Told while a model is measured. {done} and {total} are small numbers.
MODELS_MEASURE_STEP = N_("Measuring, step {done} of {total}.")
# Said after "Cancelled.", here and below.
MODELS_NOT_MEASURED = N_("The model {name} is installed, but not measured; Measure does it later.")
MODELS_CANCEL = N_("Cancel the work")
# Buttons. The Hub is where models come from; some of them are given only to those who log in there.
MODELS_LOGIN = N_("Log in to the Hub…")
MODELS_LOGIN_HELP = N_(
    "Some models are given only to those who log in to the Hugging Face Hub. Logging in anew changes who you are there."
)
MODELS_LOGOUT = N_("Log out of the Hub")
MODELS_LOGOUT_HELP = N_(
    "The access token is deleted from this machine, for other programs that use it, too."
)
# The window with the field for an access token, a long word that lets a person in to the Hub; the field, its help and
# the button.
LOGIN_TITLE = N_("Log In to the Hugging Face Hub")
LOGIN_TOKEN = N_("Access token of the Hugging Face Hub")
LOGIN_TOKEN_HELP = N_(
    "Make one at huggingface.co/settings/tokens, one that may read is enough, and paste it here. It is kept where "
    "the Hub's own programs keep it, and never shown or spoken."
)
LOGIN_GO = N_("Log in")
MODELS_TERMS_TITLE = N_("Licence and Size")
MODELS_AGREE = N_("I accept the licence and the size")
MODELS_DOWNLOAD = N_("Download")
MODELS_NOT_ACCEPTED = N_("Nothing was downloaded.")
MODELS_KEPT = N_("What has come of {name} is kept, and Install goes on from there.")
MODELS_SURE_REMOVE = N_("Remove the model {name} from this machine?")

# The page that says what is kept. {path} is a folder or file; {count} and {megabytes} are numbers above 1.
PRIVACY_LIST = N_("What is kept, and for how long")
PRIVACY_MACHINE = N_("Pictures are looked at on this machine. Nothing is sent anywhere.")
PRIVACY_NETWORK = N_(
    "The network is used only when you install a model or name a web address yourself."
)
PRIVACY_SERVER = N_(
    "If you choose the captioner server, pictures go to the server that you name; on another machine only after "
    "you have allowed it, and you hear it each time."
)
PRIVACY_PICTURES = N_(
    "The last picture stays in memory until the next one. It is written to disk only if you let the "
    "history keep pictures."
)
PRIVACY_HISTORY = N_("What was described is kept as words, in {path}. Only you may read it.")
# Follow each other and the sentence above. {days} and {megabytes} are numbers, {count} the days, rounded.
PRIVACY_HISTORY_OFF = N_("The history is off: nothing is added to it.")
PRIVACY_HISTORY_DAYS = Plural(
    "It is forgotten after {days} day; the oldest earlier, when all takes more than {megabytes} megabytes.",
    "It is forgotten after {days} days; the oldest earlier, when all takes more than {megabytes} megabytes.",
)
PRIVACY_HISTORY_MB = N_(
    "It is forgotten, the oldest first, only when all takes more than {megabytes} megabytes."
)
PRIVACY_HISTORY_CHANGE = N_("The page History changes that.")
PRIVACY_SETTINGS = N_("The settings stay until you change them, in {path}.")
PRIVACY_VOICES = N_("Your voices stay until you remove them, in {path}. Only you may enter it.")
PRIVACY_LOG = N_(
    "The log holds no picture, no description and no clipboard. It is kept in {path}: {count} files at most, "
    "together {megabytes} megabytes; the newest replaces the oldest."
)

# The button that tries whether something is sent, and what it found.
PRIVACY_PROVE = N_("Prove it")
PRIVACY_PROVE_HELP = N_(
    "Describes two pictures and reads them with your captioner and your voice, with the network closed, and says "
    "whether anything tried to reach it. Press it again to cancel."
)
PROOF_BEGUN = N_("Describing and reading with the network closed. This takes some seconds.")
# Status, while that goes on.
PROOF_BUSY = N_("Still trying whether anything is sent.")
# {captioner} and {voice} are names.
PROOF_NOTHING_SENT = N_(
    "Two pictures were described by {captioner} and read by {voice} with the network closed: nothing was sent, and "
    "nothing tried to."
)
# The same, with a voice that was not tried.
PROOF_DESCRIBED = N_(
    "Two pictures were described by {captioner} with the network closed: nothing was sent, and nothing tried to."
)
# The resolver is the part of the system that finds the address of a name.
PROOF_BY_KERNEL = N_(
    "The system itself kept the process from every network. Names that parts written in C ask the system's own "
    "resolver for could not be watched."
)
PROOF_BY_WATCH = N_(
    "This system does not close the network for one process, so each attempt was watched for. Parts that are not "
    "written in Python could not be watched."
)
# {what} is a list of addresses.
PROOF_ATTEMPT = N_(
    "Not proved: something tried to reach {what}. It was stopped. Please report this as a defect."
)
PROOF_UNKNOWN = N_("an unknown address")
PROOF_SERVER = N_(
    "Your own captioner is a server, to which each picture is sent, as you chose; it was not tried."
)
# {voice} is the voice of the system.
PROOF_OTHER_PROGRAM = N_(
    "The voice {voice} is another program, which speaks by itself; it was not tried."
)
# Why it could not be tried. {name} is a captioning model.
PROOF_NOT_ASKED = N_(
    "The model {name} was not asked, or wrote nothing. To try another one, choose it first: Settings, page "
    "Description, Captioner."
)
# {reason} is a sentence.
ERR_NOT_PROVED = N_("Not proved: it could not be tried. {reason}")
PROOF_ENDED = N_(
    "The process ended in the middle, as when the memory is too small. Close other programs, then try again."
)

# --- the introduction -----------------------------------------------------------------------
# Heard at the very first start, after "ImageCraft is ready" and what the keys are; about a minute.
# {layer} is a spoken key; single letters are keys and stay as they are.

TOUR_SKIP = N_("To skip this introduction, press {layer}.")
# When there is no layer key: "Stop" as in the tray menu.
TOUR_STOP = N_(
    "To skip this introduction, choose Stop in the tray menu, or run: imagecraft-desktop trigger stop"
)
TOUR_WHAT = N_(
    "ImageCraft tells you what is on the screen: a window, a picture, the clipboard or a file. "
    "What it says plainly is certain; looks like and probably mean that it may be wrong. "
    "Try it at any time: go to a window and press its key."
)
TOUR_LETTERS = N_(
    "All else begins with {layer}: press it, let go, and then one letter. S is the screen, C the clipboard, F a file, "
    "Space repeats, X stops, and I tells what is going on."
)
TOUR_VOICE = N_("To choose another voice or speed, press {layer}, then O, for the settings.")
# When there are no hotkeys.
TOUR_COMMAND = N_(
    "To choose another voice or speed, choose Settings in the tray menu, or run: imagecraft-desktop settings "
    "window"
)
TOUR_PRIVATE = N_(
    "Everything happens on this machine. Nothing is sent anywhere unless you choose it."
)
TOUR_END = N_("That is all. To hear it again, look in the settings, on the page The program.")

# --- capture --------------------------------------------------------------------------------

# Names of what is taken; heard as {name} in the sentences about errors.
CAPTURE_STDIN = N_("standard input")
CAPTURE_CLIPBOARD = N_("clipboard")
CAPTURE_ALL_SCREENS = N_("all screens")
# {number} counts from 1.
CAPTURE_SCREEN = N_("screen {number}")
CAPTURE_REGION = N_("region of the screen")
CAPTURE_WINDOW = N_("active window")
CAPTURE_ELEMENT = N_("element")
# The allowed form of a region, after "Allowed:".
# Said before a description: the user asked for a window.
CAPTURE_NO_WINDOWS = N_(
    "This is the whole screen: a Wayland desktop does not tell where the window is."
)
# Said before the description of a window, or of a control in it.
CAPTURE_LEFT_OUT = N_("A window of ImageCraft covers a part of it. That part is left out.")
# As before, where our window could not be left out.
CAPTURE_COVERED = N_("A window of ImageCraft covers a part of it, and is in the picture.")
CAPTURE_REGION_FORM = N_("four whole numbers: left, top, width, height, the last two above zero")
# Why the screen could not be taken; each is said after "The screen could not be taken."
SCREEN_NONE = N_("There is no screen here. Describe a file instead.")
SCREEN_WAYLAND = N_(
    "This Wayland desktop does not let programs look at the screen. "
    "Take a screenshot with the desktop's own key, then describe the clipboard or the file."
)
# The user, or the desktop for them, said no to its question.
SCREEN_REFUSED = N_(
    "The desktop was asked for a picture of the screen, and it was not allowed. "
    "Press the key again to be asked again, or allow it in the settings of the desktop."
)
SCREEN_PORTAL_FAILED = N_(
    "The desktop was asked for a picture of the screen and did not give one. "
    "Take a screenshot with the desktop's own key, then describe the clipboard or the file."
)
# Said after a picture that the user had to allow, as the one before.
SCREEN_CAST_NEXT = N_(
    "This desktop asks for each picture. The next time it will ask to share the screen instead: "
    "choose all screens and let it be remembered, and it asks no more."
)
# The user did not let the screen be shared; they are not asked for that again.
SCREEN_CAST_REFUSED = N_(
    "The desktop was asked to share the screen, and it was not allowed. From now on it asks for each "
    "picture again. To be asked to share once more: imagecraft-desktop settings ask-again."
)
# It could not be shared. Said before a picture that came the other way.
SCREEN_CAST_FAILED = N_(
    "The screen could not be shared here. From now on the desktop asks for each picture again."
)
# Status, and when the key is pressed again: the desktop was asked for a picture of the screen.
SCREEN_WAITS = N_(
    "The desktop has not given its picture yet. It may be asking you for permission. To give up, choose Stop."
)
# Another key came before the desktop had given the picture, or the history was forgotten.
SCREEN_GIVEN_UP = N_("It was given up before the picture came. Press the key again.")
# As SCREEN_REFUSED, but the desktop keeps the answer.
SCREEN_REFUSED_KEPT = N_(
    "The desktop was asked for a picture of the screen, and it was not allowed. It does not ask again: "
    "allow it in the privacy settings of the desktop."
)
# The same where there is another way.
SCREEN_REFUSED_SHARE = N_(
    "The desktop was asked for a picture of the screen, and it was not allowed. It does not ask again. "
    "Press the key again, and it asks to share the screen instead."
)
# What a Wayland desktop needs for pictures is not installed; {packages} are names, with commas.
SCREEN_WAYLAND_INSTALL = N_(
    "This desktop lacks what gives programs a picture of the screen. Install {packages}, and log in again. "
    "Until then take a screenshot with the desktop's own key, and describe the clipboard or the file."
)
# Asked for was one window, one element or one screen.
SCREEN_ONLY_ALL = N_(
    "This Wayland desktop gives programs the whole screen only. Describe the screen, or choose a region: "
    "Choose Region in the tray menu, or the command imagecraft-desktop trigger choose-region"
)
# On Wayland: a region, window or screen is not in the picture, or that is not of all screens.
SCREEN_OTHER_SHAPE = N_(
    "What was wanted is not in the picture that the desktop gave. Describe all screens instead."
)
# Asked for was what is under the mouse.
SCREEN_NO_POINTER = N_(
    "This desktop does not tell where the mouse is. Describe the window, or what has the focus."
)
# The X server has gone or refuses us.
SCREEN_BROKEN = N_("The display does not answer. Is it still running?")
SCREEN_MAC_PERMISSION = N_(
    "Allow ImageCraft under System Settings, Privacy and Security, Screen Recording. "
    "Then start it again."
)
# A screen number that does not exist; both are numbers.
SCREEN_NO_SUCH = Plural(
    one="There is only {count} screen, not number {number}.",
    many="There are {count} screens; there is no number {number}.",
)
# The region lies outside of every screen, or has no area.
SCREEN_EMPTY_REGION = N_("The region is empty or lies outside the screens.")
# No program has a window in front, or it is minimised.
ERR_NO_ACTIVE_WINDOW = N_("There is no active window.")
# A window that was chosen went before its picture was taken.
ERR_WINDOW_GONE = N_("The window closed while its picture was taken. Try again.")
# {name} is the title of the window, or the name of a control in it.
ERR_WINDOW_COVERED = N_(
    "A window of ImageCraft covers {name}. Close it or move it, then press the key again."
)
ERR_NO_ELEMENT = N_("This program does not tell where its focus is. Describe the window instead.")
# {reason} is one of the sentences below it.
ERR_NO_PICTURE_ON_CLIPBOARD = N_("No picture on the clipboard. {reason}")
CLIPBOARD_EMPTY = N_("It is empty.")
CLIPBOARD_TEXT = N_("It holds text.")
CLIPBOARD_OTHER = N_("What it holds is not a picture.")
CLIPBOARD_ADDRESS = N_(
    "It holds a web address. To fetch it, paste it into the image window, or type: imagecraft-desktop "
    "describe, and the address."
)
CLIPBOARD_BROKEN = N_("What it holds is damaged. Copy it again.")
CLIPBOARD_SILENT = N_("The program that owns it does not answer. Copy it again.")
# The program ended, or another one copied something, while the picture was being read.
CLIPBOARD_GONE = N_("The program that it came from has ended. Copy it again.")
CLIPBOARD_NO_DISPLAY = N_("There is no desktop here to ask.")
# Wayland shows the clipboard only to the program in front.
CLIPBOARD_WAYLAND = N_(
    "This Wayland desktop shows it only to the program in front. Save the picture and describe the file."
)
# {count} files were copied; the first is described.
CLIPBOARD_SEVERAL = Plural(
    one="The clipboard holds {count} file.",
    many="The clipboard holds {count} files. This is the first.",
)
# Notes about how a picture was opened; each a sentence, heard after the description.
# {count} is the number of pages.
NOTE_FIRST_PAGE = Plural(one="The only page.", many="First page of {count}.")
# An animation of {count} pictures; {number} is the one described, from 1.
NOTE_ANIMATION = Plural(
    one="An animation of {count} picture.",
    many="An animation of {count} pictures; this is number {number}.",
)
# A drawing refers to pictures in other files or on the web, which are never opened.
NOTE_LINKS_LEFT_OUT = N_("Linked pictures were left out.")
# Why something cannot be read as a picture: short clauses after a colon, without a full stop, each with what to do
# next.
READ_MISSING = N_("there is no such file; check its name")
READ_FOLDER = N_("it is a folder; name a file in it")
READ_NOT_ALLOWED = N_("you are not allowed to read it; change its permissions, or ask its owner")
READ_SPECIAL = N_("it is not an ordinary file; choose another")
# {detail} is the system's own words.
READ_SYSTEM = N_("the system says: {detail}; try again, or choose another file")
READ_EMPTY = N_("the file is empty; get it again")
# {megabytes} is a whole number.
READ_TOO_BIG = N_("it is larger than {megabytes} megabytes; make it smaller, or choose another")
READ_TEXT = N_("it is text, not a picture; open it in a text editor or a browser")
READ_WEB_PAGE = N_("it is a web page, not a picture; open it in a browser and describe the window")
READ_NOT_PICTURE = N_(
    "it is not a kind of picture that can be opened here; open it in another program and describe the window"
)
READ_CUT_OFF = N_("the file is cut off; get it again")
READ_DAMAGED = N_("the file is damaged; get it again")
# {width} and {height} are whole numbers of pixels, {millions} is how many millions may be opened.
READ_TOO_MANY_PIXELS = N_(
    "it has too many pixels, {width} by {height}; make it smaller than {millions} million"
)
READ_NO_MEMORY = N_(
    "there is not enough memory to open it; close other programs, or make it smaller"
)
# A program in Python gave an array.
READ_ARRAY = N_("a grey, RGB or RGBA array of uint8 is needed; convert it")
READ_PASSWORD = N_("it is protected by a password; open it in a PDF reader and describe the window")
READ_NO_PAGES = N_("it has no pages; get it again")
READ_NO_DRAWING = N_("it holds no drawing; choose another file")
READ_NOT_DRAWN = N_("it is damaged, or needs too much memory; get it again, or make it smaller")
# {seconds} is a whole number.
READ_TOO_SLOW = N_(
    "it was not drawn within {seconds} seconds; open it in another program and describe the window"
)
# {name} is an address; {reason} is one of the clauses below it.
ERR_ADDRESS_NOT_FETCHED = N_("{name} could not be fetched: {reason}.")
FETCH_BAD_ADDRESS = N_("it is not a web address; check how it is written")
# --allow-private is typed.
FETCH_PRIVATE = N_(
    "it leads into a private network. If you trust it, type: imagecraft-desktop describe --allow-private, and the "
    "address"
)
FETCH_UNKNOWN_HOST = N_(
    "there is no such server, or no network; check the address and the connection"
)
FETCH_NO_ANSWER = N_("the server does not answer; try again later")
# {seconds} is a whole number.
FETCH_TOO_SLOW = N_(
    "it took longer than {seconds} seconds; download it in a browser, then describe the file"
)
# Said of what was to be read as a picture. {megabytes} is a whole number.
FETCH_TOO_BIG = N_(
    "it is larger than {megabytes} megabytes; download it in a browser, then describe the file"
)
# {status} is a number such as 404.
FETCH_STATUS = N_("the server answered {status}; check the address, or open it in a browser")
FETCH_TOO_MANY_REDIRECTS = N_("it was redirected too often; open it in a browser")
# A wrong clock makes every certificate look expired.
FETCH_NOT_SECURE = N_(
    "the server could not prove who it is; check the address, and the clock of this computer"
)
FETCH_LEAVES_SECURE = N_(
    "it leads from a secure address to one that is not secure; if you trust it, open it in a browser"
)
FETCH_CUT_OFF = N_("the connection was cut off; try again")
FETCH_BAD_ANSWER = N_(
    "the server gave an answer that makes no sense; check the address, or try again later"
)

# --- history --------------------------------------------------------------------------------
# What was described is kept on this machine, to be found and heard again ("history").

# Heard when a description could not be kept. {reason} is one of the next or the system's own words.
ERR_HISTORY_NOT_KEPT = N_("The history cannot be used: {reason}.")
HISTORY_DISK_FULL = N_("the disk is full; make room on it")
HISTORY_NOT_ALLOWED = N_("its file may not be written; change its permissions")
# {detail} is a number.
HISTORY_BASE = N_("its file gives error {detail}; check the disk that it is on")
ERR_HISTORY_LOCKED = N_(
    "The history is held by another program. What is described is kept in memory and written later."
)
ERR_HISTORY_NEWER = N_(
    "The history was made by a newer ImageCraft, so it is left alone. Install that version."
)
# {number} is that of an entry.
ERR_HISTORY_NO_ENTRY = N_(
    "The history has no number {number}. See: imagecraft-desktop history list"
)
ERR_HISTORY_NO_PICTURE = N_(
    "No picture is kept with number {number}. To keep them from now on: Settings, page History, or the command "
    "imagecraft-desktop settings set history_pictures on"
)
# The same while pictures are kept. "history_mb" is the name of a setting.
ERR_HISTORY_PICTURE_NOT_YET = N_(
    "No picture is kept with number {number}: pictures were not kept when it was described, or this one is larger than "
    "the setting history_mb allows. To keep it, describe it again."
)
# {file} is the new name of the broken file.
HISTORY_SET_ASIDE = N_("The history is broken and was set aside as {file}. A new one is begun.")
# Heard once, where the user's folder lies on another machine.
HISTORY_IN_MEMORY = N_(
    "Your data folder is on a network share. The history stays in memory and ends with ImageCraft."
)
HISTORY_NOT_HERE = N_(
    "Your data folder is on a network share, so no history is written there. The running program has "
    "its own: imagecraft-desktop trigger history"
)
# Printed by the commands. {number} is that of an entry, {when} date and time, {name} what was described,
# {text} the beginning of its description.
HISTORY_LINE = N_("{number}. {when}, {name}: {text}")
HISTORY_LINE_ASKED = N_("{number}. {when}, {name}. Asked: {question} {text}")
HISTORY_EMPTY = N_("The history is empty.")
HISTORY_NOT_FOUND = N_("Nothing like that in the history.")
# The last line of a list that is cut short. {count} is how many are left, {total} how many there are; --most is typed.
HISTORY_MORE = Plural(
    "There is one more. To list all, add --most {total}",
    "There are {count} more. To list all, add --most {total}",
)
# After a search in the window.
HISTORY_FOUND = Plural("{count} description found.", "{count} descriptions found.")
# A line of what is written about a description. {number} is its number.
HISTORY_HAS_PICTURE = N_("The picture is kept under number {number}.")
# {path} is a file.
HISTORY_PICTURE_WRITTEN = N_("The picture is written to {path}.")
# History is a page of the settings window; what stands after "command" is typed.
HISTORY_OFF = N_(
    "The history is off. To have one: Settings, page History, or the command "
    "imagecraft-desktop settings set history on"
)
# {when} and {name} as above; {captioner} is a technical name.
HISTORY_HEAD = N_("{when}, {name}, described by {captioner}.")
# {question} is what the user asked.
HISTORY_QUESTION = N_("Asked: {question}")
# How sure a sentence is, before it. {text} is the sentence.
HISTORY_SURE = {
    "certain": N_("Certain: {text}"),
    "likely": N_("Likely: {text}"),
    "unsure": N_("Unsure: {text}"),
}
HISTORY_EXPORTED = Plural(
    "{count} description is written to {path}.", "{count} descriptions are written to {path}."
)
# {name} is a file, {endings} a list such as ".txt, .json".
HISTORY_ENDING = N_("its name must end in one of {endings}")
HISTORY_FORGOTTEN = Plural(
    "{count} description is forgotten.", "{count} descriptions are forgotten."
)
# Printed when nothing was forgotten, for it was not said which. NUMBER stands for what is typed there.
HISTORY_FORGET_WHAT = N_(
    "Nothing is forgotten. For one: imagecraft-desktop history forget NUMBER. For all: imagecraft-desktop "
    "history forget --all"
)
# {name} is a file that could not be written, {reason} the system's own words or one of those above.
ERR_FILE_NOT_WRITTEN = N_("{name} could not be written: {reason}.")

# The window that lists the history. The letter after & is the key that chooses it, with Alt; each
# letter once in a window.
HISTORY_TITLE = N_("History - ImageCraft")
HISTORY_SEARCH = N_("&Search")
HISTORY_ENTRIES = N_("&Descriptions")
HISTORY_STATEMENTS = N_("Se&ntences")
HISTORY_REPEAT = N_("&Repeat")
HISTORY_COPY = N_("&Copy")
HISTORY_PICTURE = N_("&Open Picture")
HISTORY_EXPORT = N_("&Export…")
HISTORY_FORGET_ONE = N_("&Forget This One…")
HISTORY_FORGET_ALL = N_("Forget &All…")
HISTORY_CLOSE = N_("C&lose")
# Asked before one is deleted. {number} is its number, {name} what was described.
HISTORY_SURE_ONE = N_("Forget description {number}, {name}? It cannot be brought back.")
# Asked before all is deleted.
HISTORY_SURE_ALL = N_("Forget everything that was described? It cannot be brought back.")
HISTORY_FILES = N_("Text or JSON")
HISTORY_COPIED = N_("Copied.")

# --- asking ---------------------------------------------------------------------------------
# The small window in which a question about the last picture is typed. The letters after & as above.

QUESTION_TITLE = N_("Ask About the Picture - ImageCraft")
# {name} is what was described: a window's title, a file.
QUESTION_LABEL = N_("&Question about {name}")
QUESTION_ASK = N_("&Ask")
QUESTION_CANCEL = N_("&Cancel")

# --- questions with yes and no ----------------------------------------------------------------

# The title of the small window, and its two buttons; the letter after & chooses one.
CONFIRM_TITLE = N_("ImageCraft asks")
CONFIRM_YES = N_("&Yes")
CONFIRM_NO = N_("&No")

# --- pictures with their description inside ---------------------------------------------------

# Why a copy of a picture could not be written: short clauses after a colon, without a full stop.
KEEP_ORIGINAL = N_("that is the original; choose another name")
KEEP_DAMAGED = N_("what the picture file says about itself is damaged")
KEEP_TOO_MUCH = N_("the picture file says too much about itself")
KEEP_NO_PICTURE = N_("the picture is not there any more")

# --- image window ---------------------------------------------------------------------------
# The window that shows a picture, what was found in it, and a list of pictures to be described. The
# letter after & is the key that chooses it; each letter once in the main window, and once in a menu.

IMAGES_TITLE = N_("Image Window - ImageCraft")
# {name} is what is shown: a file, a window's title.
IMAGES_TITLE_OF = N_("{name} - ImageCraft")
IMAGES_PICTURE = N_("&Picture")
# Read by a screen reader. {width} and {height} are pixels.
IMAGES_PICTURE_OF = N_("Picture, {name}, {width} by {height} pixels")
# Read by a screen reader after the name of the picture: the keys that it has.
IMAGES_PICTURE_KEYS = N_("Plus and minus zoom, 0 fits it in, arrow keys move it.")
IMAGES_NO_PICTURE = N_("No picture. Open one, paste one, or drop one here.")
IMAGES_STATEMENTS = N_("Descriptio&n")
IMAGES_FOUND = N_("&Text and things found")
IMAGES_QUESTION = N_("&Question")
IMAGES_ASK = N_("&Ask")
IMAGES_QUEUE = N_("Pict&ures to describe")
# Menus and their entries.
IMAGES_MENU_FILE = N_("&File")
IMAGES_MENU_PICTURE = N_("&View")
IMAGES_MENU_DESCRIPTION = N_("&Description")
IMAGES_MENU_QUEUE = N_("&List")
IMAGES_OPEN = N_("&Open Pictures…")
IMAGES_OPEN_FOLDER = N_("Open &Folder…")
IMAGES_PASTE = N_("&Paste")
IMAGES_SAVE_TEXT = N_("Save Description as &Text…")
IMAGES_SAVE_SPEECH = N_("Save Description as &Speech…")
IMAGES_SAVE_PICTURE = N_("Save Picture with &Description Inside…")
IMAGES_CLOSE = N_("&Close")
IMAGES_LARGER = N_("&Larger")
IMAGES_SMALLER = N_("&Smaller")
IMAGES_FIT = N_("&Fit in Window")
IMAGES_REAL = N_("&Real Size")
IMAGES_BOXES = N_("Show &Boxes")
IMAGES_INVERT = N_("&Invert the Picture's Colours")
IMAGES_CONTRAST = N_("&High Contrast")
IMAGES_AGAIN = N_("Describe &Again")
IMAGES_MORE = N_("&More Detail")
IMAGES_LESS = N_("&Less Detail")
IMAGES_COPY = N_("&Copy Line")
IMAGES_COPY_ALL = N_("Copy &Everything")
IMAGES_REPEAT = N_("&Repeat")
IMAGES_HUSH = N_("&Stop")
IMAGES_PAUSE_SPEECH = N_("&Pause or Go On Speaking")
IMAGES_PAUSE = N_("Paus&e List")
IMAGES_RESUME = N_("&Go On")
IMAGES_CANCEL = N_("Cancel L&ist")
# Titles of the dialogs that ask for a file; the names of kinds of files in them.
IMAGES_CHOOSE = N_("Choose pictures to describe")
IMAGES_CHOOSE_FOLDER = N_("Choose a folder of pictures to describe")
IMAGES_TEXT_FILES = N_("Text")
IMAGES_SOUND_FILES = N_("Sound")
IMAGES_ALL_FILES = N_("All files")
# The name of the copy of a picture. {name} is that of the original without its ending.
IMAGES_COPY_NAME = N_("{name} described")
IMAGES_UNNAMED = N_("picture")
# Names of pictures that have none.
IMAGES_DROPPED = N_("dropped picture")

# One line of the description or of what was found. {text} is a sentence or a line of text, {sure} one of
# the words below, {place} one of the places below.
IMAGES_LINE = N_("{text} {sure}.")
IMAGES_LINE_PLACE = N_("{text} {sure}, {place}.")
IMAGES_SURE = {
    "certain": N_("Certain"),
    "likely": N_("Likely"),
    "unsure": N_("Unsure"),
}
# Where something is in the picture.
PLACES = {
    "top left": N_("top left"),
    "top": N_("top"),
    "top right": N_("top right"),
    "left": N_("left"),
    "middle": N_("middle"),
    "right": N_("right"),
    "bottom left": N_("bottom left"),
    "bottom": N_("bottom"),
    "bottom right": N_("bottom right"),
    "nearly everywhere": N_("nearly everywhere"),
}
# A line of text that was read. {text} is what it says.
FOUND_TEXT = N_("Text: {text}.")
# {text} is the name of a thing with its article, such as "a dog".
FOUND_THING = N_("Thing: {text}.")
# {format} is a kind of code such as QRCode, {text} what it holds.
FOUND_CODE = N_("{format}: {text}. Press Enter to open it.")
FOUND_CODE_PLAIN = N_("{format}: {text}.")
# {text} is a line of text that has a web address in it.
FOUND_LINK = N_("Text: {text}. Press Enter to open the address.")
# {text} is a sentence of the description that tells of a web address.
IMAGES_LINE_LINK = N_("{text} Press Enter to open the address.")
# Said after Enter on a line that is about no web address.
IMAGES_NOTHING_TO_OPEN = N_("There is nothing to open in this line.")
# Said after Enter on a code that is no web address. {key} is the key that copies, such as Control C.
CODE_KINDS = {
    "mail": N_("An e-mail address, not opened from here. {key} copies it."),
    "phone": N_("A phone number, not called from here. {key} copies it."),
    "message": N_("A text message to a phone, not sent from here. {key} copies it."),
    "place": N_("A place on the map, not opened from here. {key} copies it."),
    "network": N_("A wireless network, not joined from here. {key} copies its name and password."),
    "contact": N_("A contact, not added from here. {key} copies it."),
    "event": N_("An appointment, not added from here. {key} copies it."),
    "number": N_("A number, nothing to open. {key} copies it."),
    "text": N_("A text, nothing to open. {key} copies it."),
}
# What the user asked, as a line of the description. {question} is it.
IMAGES_ASKED = N_("You asked: {question}")
# Asked before a web address is opened. {address} is it.
IMAGES_OPEN_LINK = N_("Open this address in the browser? {address}")
# The desktop has no browser, or it did not begin; then the question. {address} is a web address.
IMAGES_NOT_OPENED = N_("No browser opened the address.")
IMAGES_COPY_LINK = N_("Copy the address instead? {address}")
# Asked before a picture is fetched from the web. {host} is the name of a machine.
IMAGES_FETCH = N_("Fetch the picture from {host}? The network is used for that.")
# The same of several. {hosts} is the names of machines, separated by commas.
IMAGES_FETCH_SEVERAL = Plural(
    "Fetch {count} picture from {hosts}? The network is used for that.",
    "Fetch {count} pictures from {hosts}? The network is used for that.",
)
# Status, while a picture is fetched from the web. {host} is the name of a machine.
IMAGES_FETCHING = N_("Fetching a picture from {host}.")
# The same of several, one after the other.
IMAGES_FETCHING_SEVERAL = N_("Fetching picture {number} of {count} from {host}.")
# Status, and said when it takes long: folders that the user gave are searched for pictures.
IMAGES_LOOKING = N_("Looking for pictures in the folder.")
# One line of the list of pictures. {name} is a file, {state} one of the words below.
QUEUE_LINE = N_("{name}, {state}")
QUEUE_STATES = {
    "waiting": N_("waiting"),
    "working": N_("being described"),
    "done": N_("described"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
}
# Said before each picture of a list. {number} counts from 1, {count} is how many there are, {name} a file.
QUEUE_OPENING = N_("{number} of {count}: {name}.")
# Of a picture of the list that was pasted, dropped or fetched, and is not kept any more. {name} is what it is
# called, {text} its description: sentences.
QUEUE_GONE = N_("Not kept any more: {name}. Give it again to hear it.")
QUEUE_GONE_TEXT = N_("Not kept any more: {name}. Its description was: {text}")
QUEUE_ADDED = Plural("{count} picture is in the list.", "{count} pictures are in the list.")
QUEUE_PAUSED = N_("The list is paused.")
QUEUE_RESUMED = N_("The list goes on.")
QUEUE_CANCELLED = N_("The list is cancelled.")
QUEUE_DONE = Plural("Done: {count} picture.", "Done: {count} pictures.")
# {failed} is how many could not be described.
QUEUE_DONE_FAILED = Plural(
    "Done: {count} picture, of which {failed} failed.",
    "Done: {count} pictures, of which {failed} failed.",
)
# A folder had more than this program takes at once.
QUEUE_TOO_MANY = Plural("Only the first {count} is taken.", "Only the first {count} are taken.")
IMAGES_NOTHING_THERE = N_("There is no picture in what you gave.")
IMAGES_MOST_DETAIL = N_("More detail is not possible.")
IMAGES_LEAST_DETAIL = N_("Less detail is not possible.")
IMAGES_COPIED = N_("Copied.")
# {name} is the file that was written.
IMAGES_SAVED = N_("{name} is saved.")
IMAGES_SPEECH_NOT_SAVED = N_("The speech is not saved: it was ended before it was complete.")
CLI_WINDOW_OPEN = N_("open the image window of the running program, with pictures or folders")
CLI_WINDOW_FILES = N_("picture files and folders")
# The list of files is too long for one command.
CLI_WINDOW_TOO_MANY = N_("Too many files for one command. Name their folder instead.")
SET_CONTRAST = N_("High contrast in the windows of ImageCraft")

# --- self-test ------------------------------------------------------------------------------
# One line for each part of the program.

# {part} is one of the next names, {result} a sentence.
TEST_LINE = N_("{part}: {result}")
TEST_PART_SETTINGS = N_("Settings")
TEST_PART_SCREEN = N_("Screen")
TEST_PART_WINDOW = N_("Active window")
TEST_PART_DESCRIBER = N_("Describer")
TEST_PART_VOICE = N_("Voice")
TEST_PART_SOUND = N_("Sound")
TEST_PART_ROUTE = N_("Speech goes")
TEST_PART_HOTKEYS = N_("Hotkeys")
TEST_PART_PROGRAM = N_("Program")
# {path} is a file.
TEST_SETTINGS = N_("works, kept in {path}.")
# {width} and {height} are pixels.
TEST_SCREEN = N_("works, {width} by {height} pixels.")
# {title} is the title of a window.
TEST_WINDOW = N_("works, now {title}.")
# {seconds} is a number with one decimal.
TEST_DESCRIBER = N_("works, a sample was described in {seconds} seconds.")
# Spoken to try the voice.
TEST_SENTENCE = N_("This is the voice of ImageCraft.")
# {name} is the voice that spoke.
TEST_VOICE = N_("works, {name} spoke a sentence after {seconds} seconds.")
# {name} is a sound device.
TEST_SOUND = N_("works, through {name}. You should have heard a sentence.")
TEST_DEFAULT_DEVICE = N_("the default device")
TEST_ROUTE_VOICE = N_("through ImageCraft's own voice and the sound device.")
# {name} is the screen reader that runs: Orca, NVDA.
TEST_ROUTE_READER = N_("to the screen reader, {name}.")
TEST_ROUTE_MESSAGES = N_(
    "messages to the screen reader, {name}; descriptions through ImageCraft's own voice."
)
TEST_ROUTE_VOICE_BESIDE = N_(
    "through ImageCraft's own voice, as the setting output_route says. {name} runs, too."
)
TEST_ROUTE_TEXT = N_("nowhere; the text is printed and shown as a notification.")
# The running program holds the keys. {keys} is a list of key names, {backend} a technical name.
TEST_KEYS_HELD = N_("work in the running program, by {backend}: {keys}.")
TEST_KEYS_NONE = N_("The running program has none.")
# Follows "Allowed:" when two settings would have the same key.
ALLOWED_ANOTHER_KEY = N_("a key that no other setting has")
# {megabytes} is a whole number.
TEST_RUNNING = N_("running, {megabytes} megabytes of memory.")

# --- voices ---------------------------------------------------------------------------------

# Names of voices, in lists and read aloud.
VOICE_HIBARI = N_("Hibari, the built-in English voice")
VOICE_ESPEAK = N_("eSpeak NG, more than 100 languages")
VOICE_SYSTEM = N_("The system's own voice")
VOICE_SILENCE = N_("Silence; the text is only shown")
# Why a voice cannot be used, and what to do.
VOICE_NO_HIBARI = N_("The built-in voice is not installed. Install ImageCraft again.")
VOICE_NO_ESPEAK = N_(
    "eSpeak NG is not installed. Its licence is GPL 3. "
    "To add it: pip install 'imagecraft-desktop[languages]'"
)
VOICE_NO_PHONEMIZER = N_("The package phonemizer is not installed. Install ImageCraft again.")
VOICE_NO_QT = N_(
    "The system's voices need Qt TextToSpeech. On Linux install libpulse0 and libspeechd2."
)
VOICE_NO_APPLICATION = N_("Choose it from the start with: --voice system")
VOICE_NO_ENGINE = N_("The system has no speech engine. On Linux install speech-dispatcher.")
# {names} is a list of voices.
NEXT_CHOOSE_VOICE = N_("Choose one of: {names}.")
# Spoken and shown once when a voice failed. {name} is the voice, {other} the one that speaks now.
VOICE_FELL_BACK = N_("Voice {name} failed; using {other}.")
# {name} is a voice; nothing else can speak.
VOICE_ALL_FAILED = N_("Voice {name} failed, and no other voice works. The text is shown instead.")
# Said once when no voice here knows the language; {language} is its name.
VOICE_WRONG_LANGUAGE = N_("No voice for {language}; it is read as if it were English.")
# Said once when the chosen voice does not know the language; {other} is the voice that speaks instead.
VOICE_OTHER_LANGUAGE = N_("The voice {name} does not speak {language}; using {other}.")
# Stands for a text that no voice here can read; {language} is its name, {count} its characters.
TEXT_UNREADABLE = Plural(
    "text in {language}, {count} character", "text in {language}, {count} characters"
)
TEXT_UNREADABLE_UNKNOWN = Plural(
    "text in an unknown script, {count} character",
    "text in an unknown script, {count} characters",
)
# Names of languages, as used inside the sentences above.
LANG_CHINESE = N_("Chinese")
LANG_JAPANESE = N_("Japanese")
LANG_KOREAN = N_("Korean")
LANG_RUSSIAN = N_("Russian")
LANG_UKRAINIAN = N_("Ukrainian")
LANG_ARABIC = N_("Arabic")
LANG_PERSIAN = N_("Persian")
LANG_HEBREW = N_("Hebrew")
LANG_GREEK = N_("Greek")
LANG_HINDI = N_("Hindi")
LANG_BENGALI = N_("Bengali")
LANG_PUNJABI = N_("Punjabi")
LANG_GUJARATI = N_("Gujarati")
LANG_TAMIL = N_("Tamil")
LANG_TELUGU = N_("Telugu")
LANG_KANNADA = N_("Kannada")
LANG_MALAYALAM = N_("Malayalam")
LANG_SINHALA = N_("Sinhala")
LANG_THAI = N_("Thai")
LANG_LAO = N_("Lao")
LANG_BURMESE = N_("Burmese")
LANG_GEORGIAN = N_("Georgian")
LANG_ARMENIAN = N_("Armenian")
LANG_AMHARIC = N_("Amharic")
LANG_KHMER = N_("Khmer")
LANG_TIBETAN = N_("Tibetan")
LANG_ENGLISH = N_("English")
LANG_SPANISH = N_("Spanish")
LANG_GERMAN = N_("German")
LANG_FRENCH = N_("French")
LANG_ITALIAN = N_("Italian")
LANG_PORTUGUESE = N_("Portuguese")
LANG_POLISH = N_("Polish")

# --- VoiceCraft -----------------------------------------------------------------------------
# The voice that speaks like the person in a short recording. VoiceCraft is a name, {folder} a folder.
# Words that begin with two hyphens, and commands, are typed as they are.

VOICE_VOICECRAFT = N_("VoiceCraft, in the voice of a recording of yours, English")
VOICECRAFT_NO_TORCH = N_(
    "PyTorch, transformers or safetensors is not installed. Install ImageCraft again."
)
VOICECRAFT_NO_FOLDER = N_(
    "There is no folder {folder}. To install a model: Settings, page Models, or the command "
    "imagecraft-desktop models install voicecraft-830m. To name the folder that holds one: Settings, page "
    "Speech, or the command imagecraft-desktop voice model FOLDER"
)
# The user named no folder.
VOICECRAFT_NO_MODEL = N_(
    "No VoiceCraft model is installed. To install one: Settings, page Models, or the command "
    "imagecraft-desktop models install voicecraft-830m. To name the folder that holds one: Settings, page "
    "Speech, or the command imagecraft-desktop voice model FOLDER"
)
VOICECRAFT_NO_NETWORK = N_(
    "The folder {folder} has no network: config.json with model.safetensors, or one file that ends "
    "in .pth. Put it there."
)
VOICECRAFT_NO_CODEC = N_(
    "The folder {folder} must have one codec file, encodec_4cb2048_giga.th. Put it there."
)
VOICECRAFT_NOT_ACCEPTED = N_(
    "Its terms of use are not accepted yet. Read and accept them with: "
    "imagecraft-desktop voice licence --accept"
)
# {licence} is the name of a licence, {address} where to read it.
VOICECRAFT_TERMS = N_(
    "The VoiceCraft models are under the {licence}. You may use them, and what they speak, for "
    "non-commercial purposes only. Whoever gets the models or recordings of what they speak from you "
    "must get this licence too, or its address: {address}. Speak only in the voices of people who "
    "agreed to it."
)
# Asked in a terminal. {yes} is a word, to be typed.
VOICECRAFT_ASK = N_("If you accept these terms, type {yes}: ")
VOICECRAFT_ACCEPTED = N_("The terms are accepted.")
ERR_LICENCE_NOT_ACCEPTED = N_(
    "The terms are not accepted, and nothing was changed. If you accept them, add --accept."
)
# {reason} is the system's own words.
ERR_LICENCE_NOT_KEPT = N_(
    "That you accept the terms could not be written down: {reason}. Make room, then try again."
)
# {size} is millions of numbers that the network has learnt.
VOICECRAFT_MODEL_FOUND = N_(
    "VoiceCraft speaks with the model in {folder}, {size} million parameters."
)
# {name} is a voice.
ERR_SPEECH_WENT_WRONG = N_("The voice {name} lost its text several times. Choose another voice.")
CLI_VOICE_MODEL = N_("name the folder with the VoiceCraft model")
CLI_VOICE_MODEL_FOLDER = N_("holds config.json, model.safetensors and encodec_4cb2048_giga.th")
CLI_VOICE_LICENCE = N_("read the terms of the VoiceCraft models, and accept them")
CLI_VOICE_ACCEPT = N_("I accept the terms")
SET_VOICECRAFT_MODEL = N_("Folder of the VoiceCraft model")
SET_VOICECRAFT_MODE = N_("How exactly VoiceCraft computes: auto, or fp32 to int4 for more speed")

# --- models ---------------------------------------------------------------------------------
# Networks that describe pictures or speak, and that are installed by choice ("models"). {name} is what
# a model is called when it is typed; commands, and words that begin with two hyphens, are typed as they are.

ERR_MODEL_UNKNOWN = N_(
    "There is no model called {name}. See them all with: imagecraft-desktop models list"
)

# {file} is a file of a model, here and below.
ERR_HASH_MISMATCH = N_(
    "The file {file} of the model {name} is not what it must be, and nothing was installed. Get it again."
)
# {needed} and {free} are sizes, such as "2.4 gigabytes".
ERR_NO_SPACE = N_(
    "Not enough room on the disk for the model {name}: {needed} are needed and {free} are free. "
    "Make room, then try again."
)
ERR_DISK_FULL = N_(
    "The disk became full while the model {name} was written; {free} are free. What has come is kept. Make "
    "room, then do the same again."
)
ERR_MODEL_BUSY = N_(
    "Another command is working on the model {name}. Wait until it ends, then try again."
)
# {reason} is one of the two clauses after this one.
ERR_MODEL_NOT_KEPT = N_("The folder of the model {name} cannot be changed: {reason}.")
# {detail} is the system's own words.
MODEL_NOT_WRITTEN = N_(
    "the system says: {detail}. Make sure that you may write there, then try again"
)
# {folder} is a folder, here and below.
MODEL_FOLDER_TAKEN = N_(
    "the folder {folder} holds files that were not installed by this command. Move them away, then try again"
)
ERR_IMPORT_INCOMPLETE = N_(
    "The folder {folder} is not the model {name}: it has no file {file}. Nothing was installed. "
    "Copy all files of the model there, then try again."
)
# The Hugging Face Hub, or "Hub", is the place on the internet that models come from. {address} is a page there.
# {reason} is one of the next two clauses.
ERR_OFFLINE = N_(
    "The model {name} was not downloaded: {reason}. Without internet: Settings, page Models, Install from a "
    "folder, or the command imagecraft-desktop models import {name} FOLDER"
)
# Part of it had been downloaded before.
ERR_OFFLINE_MIDWAY = N_(
    "The model {name} was not downloaded: {reason}. What has come is kept; install it again to go on from "
    "there. Without internet: Settings, page Models, Install from a folder, or the command imagecraft-desktop"
    " models import {name} FOLDER"
)
HUB_NO_CONNECTION = N_("the Hugging Face Hub cannot be reached")
HUB_OFFLINE_SWITCH = N_("the variable HF_HUB_OFFLINE forbids it")
ERR_DOWNLOAD_CUT = N_(
    "The connection broke off while the model {name} was downloaded. What has come is kept. Install it again "
    "to go on."
)
# "Log in to the Hub" is MODELS_LOGIN, a button.
ERR_GATED = N_(
    "The model {name} is given only to those who log in to the Hugging Face Hub. Accept its terms on "
    "{address}. Log in: Settings, page Models, Log in to the Hub, or the command imagecraft-desktop models login. "
    "Then install it again; as a command: imagecraft-desktop models install {name} --login"
)
# An access token is a long word that lets a person in to the Hub. It is never said or shown.
ERR_TOKEN_REFUSED = N_(
    "The Hugging Face Hub does not know this access token. Nothing was kept. Make one at "
    "huggingface.co/settings/tokens, copy all of it, then try again."
)
# An empty line was typed where the access token is asked for.
ERR_TOKEN_MISSING = N_(
    "No access token was given, and nothing was changed. Make one at huggingface.co/settings/tokens, copy all of it, "
    "then try again."
)
# {reason} is HUB_NO_CONNECTION or HUB_OFFLINE_SWITCH.
ERR_LOGIN_OFFLINE = N_(
    "You are not logged in: {reason}. Nothing was kept. Try again with internet."
)
ERR_LOGIN_FAILED = N_(
    "You are not logged in: the Hugging Face Hub gave an answer that is of no use. Nothing was kept. Try again later."
)
# {reason} is one of the three clauses after this one.
ERR_LOGIN_NOT_CHANGED = N_("The login to the Hugging Face Hub could not be changed: {reason}.")
LOGIN_VARIABLE = N_(
    "the variable HF_TOKEN holds an access token; take it out of the environment, then log out again"
)
LOGIN_FILE = N_(
    "the file of the access token cannot be changed. Make sure that you may write it, then try again"
)
# {detail} is the system's own words.
LOGIN_SYSTEM = N_(
    "the system says: {detail}. Make sure that the file of the access token can be written, then try again"
)
# {name} is what a person is called on the Hub.
LOGGED_IN = N_(
    "You are logged in to the Hugging Face Hub as {name}. A model that needs it can be installed when you have "
    "accepted its terms on its page."
)
# Said after the sentence before this one.
LOGIN_OVERRULED = N_("But the access token in the variable HF_TOKEN is used before this one.")
LOGGED_OUT = N_(
    "You are logged out of the Hugging Face Hub on this machine, in other programs that use it, too."
)
NOT_LOGGED_IN = N_("You are not logged in to the Hugging Face Hub.")
LOGIN_NOW = N_("Logging in to the Hugging Face Hub.")
# Asked in a terminal.
LOGIN_ASK = N_(
    "Access token of the Hugging Face Hub, made at huggingface.co/settings/tokens; it is not shown: "
)
ERR_LOGIN_REFUSED = N_(
    "Your login to the Hugging Face Hub may not read the model {name}. Accept its terms on {address} with "
    "the same account, wait until you are let in, then try again."
)
# {file} is what was looked for: a file, or the name of a model there.
ERR_NOT_ON_HUB = N_(
    "{file}, which the model {name} needs, is not on the Hugging Face Hub, or not in a form that is safe to "
    "read. Look at {address}, or choose another model."
)
# Weights are the numbers of a model; "safetensors" is the name of a form of file. {next_step} is a sentence:
# MODEL_STEP_INSTEAD or MODEL_STEP_LIST.
ERR_NO_SAFE_WEIGHTS = N_(
    "The page of the model {name} has no weights in the form safetensors, the only one that is safe to read. "
    "Nothing was downloaded. {next_step}"
)
# {instead} is the name of another model.
MODEL_STEP_INSTEAD = N_(
    "{instead} is like it. To install that: Settings, page Models, or the command imagecraft-desktop models "
    "install {instead}"
)
MODEL_STEP_LIST = N_(
    "Choose another one: Settings, page Models, or the command imagecraft-desktop models list"
)
ERR_VERSION_GONE = N_(
    "The version of the model {name} that this program knows is not on the Hugging Face Hub any more. Nothing "
    "was changed. Choose another model, or get a newer version of this program, which may know a newer one."
)
ERR_HUB_CHANGED = N_(
    "The Hugging Face Hub offers another file {file} for the model {name} than this program knows. It was not "
    "downloaded. Choose another model, or get a newer version of this program, which may know it."
)
# {minutes} is a number.
ERR_HUB_BUSY = N_(
    "The Hugging Face Hub is busy. Install the model {name} again in {minutes} minutes; what has come is kept."
)
ERR_HUB_FAILED = N_(
    "The Hugging Face Hub gave an answer for the model {name} that is of no use. Try again later; what has come "
    "is kept."
)
ERR_NOTHING_DOWNLOADED = N_(
    "The model {name} is not being downloaded. To begin, or to go on: imagecraft-desktop models install {name}"
)
ERR_NOT_PAUSED = N_("The download of the model {name} is not paused.")
# An installed model was tried on sample pictures, to find out how long it takes here.
ERR_DOES_NOT_RUN = N_(
    "The model {name} does not run here: the memory is too small for it. It stays installed. Close other "
    "programs and measure its speed again, or choose a lighter model: Settings, page Models, or the commands "
    "imagecraft-desktop models calibrate {name} and imagecraft-desktop models list"
)
# {reason} is one of the three clauses after this one, or why the model is of no use.
ERR_NOT_MEASURED = N_(
    "How fast the model {name} is here could not be measured: {reason}. It stays installed. To try again: "
    "Settings, page Models, or the command imagecraft-desktop models calibrate {name}"
)
NOT_MEASURED_SLOW = Plural(
    "it took longer than {count} minute", "it took longer than {count} minutes"
)
NOT_MEASURED_MEMORY = N_("other programs use the memory that it needs; close some of them first")
NOT_MEASURED_ENDED = N_("it ended in the middle, as when the memory is too small")
# What is said after "Model missing: ..." or "Model damaged: ..."
MODEL_STEP_INSTALL = N_(
    "It is not installed. To install it: Settings, page Models, or the command imagecraft-desktop models install {name}"
)
MODEL_STEP_NOTHING = N_("It is not installed, so there is nothing to remove.")
MODEL_STEP_REPAIR = N_(
    "The file {file} has changed. To bring it in order: Settings, page Models, or the command "
    "imagecraft-desktop models install {name}"
)
MODEL_STEP_CUT = N_(
    "The file {file} is cut off or missing, and nothing was installed. Get it again."
)
# Sizes of files and memory. {number} has at most one digit after the point.
SIZE_GIGABYTES = N_("{number} gigabytes")
SIZE_MEGABYTES = Plural("{count} megabyte", "{count} megabytes")

# How long something takes. {number} has one digit after the point, {count} is a whole number.
SECONDS = Plural("{count} second", "{count} seconds")
SECONDS_AND_TENTHS = N_("{number} seconds")

# What a model is good for; they follow "for ".
MODEL_USES = {
    "caption": N_("short captions"),
    "detail": N_("details"),
    "text": N_("text"),
    "questions": N_("questions"),
    "speech": N_("speaking in a voice of your choosing"),
}
MODEL_MANY_LANGUAGES = N_("many other languages")
MODEL_ANY_LANGUAGE = N_("many languages")
# One line for each model, read aloud. {uses} are some of the words above, {languages} languages, both with
# commas; {size} and {memory} are sizes, {licence} is the name of a licence; {state} is one or more of the
# sentences after this one.
MODEL_LINE = N_(
    "{name}, for {uses}. Download {size}, memory {memory}, licence {licence}, {languages}. {state}"
)
MODEL_INSTALLED = N_("Installed.")
# {day} is a date such as 2026-11-28.
MODEL_OUTDATED = N_(
    "Installed on {day}. A newer version is known; to have it, install the model again."
)
MODEL_NOT_INSTALLED = N_("Not installed.")
MODEL_BEGUN = N_("Download begun, {size} have come.")
MODEL_WANTS_LOGIN = N_("Needs a login to the Hugging Face Hub.")
# Weights are the numbers of a model. {instead} is the name of another model.
MODEL_MAYBE_UNSAFE = N_("Its page may have no weights that are safe to read; {instead} is like it.")
# {time} is a length of time, such as "2 seconds", as it was measured on this machine.
MODEL_TAKES = N_("Describes a picture in about {time} here.")
MODEL_NOT_MEASURED = N_("How long it takes here is not measured.")
# How a model suits this machine; said after the sentences above.
MODEL_FITS = {
    "gpu": N_("Fits the graphics card."),
    "fits": N_("Fits this machine."),
    "tight": N_("Tight on this machine: close other programs."),
    "too_big": N_("Too big for this machine."),
}
# Lines of "models show". {label} is a model's full name. {millions} is how many million numbers a model has learnt.
MODEL_SHOW_SIZE = N_(
    "{label}: {millions} million parameters. Download about {size}. Memory about {memory} in bfloat16, {more} in float32."
)
# {more} is a size, as {memory}. {repo} is a name on the Hub, {commit} a version there.
MODEL_SHOW_SOURCE = N_("From {repo}, version {commit}.")
# Follows the sentence above.
MODEL_SHOW_NEWER = N_(
    "The newer version is {commit}. To install it: Settings, page Models, or the command imagecraft-desktop models install {name}"
)
MODEL_SHOW_NEWEST = N_("From {repo}, the version of the day it is first downloaded.")
MODEL_SHOW_LICENCE = N_("Licence: {licence}. Read it at {address}")
MODEL_SHOW_INSTALLED = N_("Installed on {day} in {folder}, {size}.")
# Follows the sentence above.
MODEL_SHOW_FOLDER = N_("It was installed from a folder, so its version is not known.")
# {day} is a date such as 2026-11-28.
# {load}, {first} and {time} are lengths of time. {device} and {dtype} are technical names, {processor} is
# what the processor of the machine is called.
MODEL_SHOW_SPEED = N_(
    "Measured on {day}: ready in {load}, first words after {first}, a description in {time}; on {device} in "
    "{dtype}, {processor}."
)

# How it is decided whether a model's sentence is said plainly, with "probably" or with "could be". {day} is a date.
MODEL_SHOW_CHOSEN = N_("How sure it must be of what it says was chosen, not measured.")
MODEL_SHOW_CALIBRATED = Plural(
    "How sure it must be of what it says was measured on {day} with one sentence.",
    "How sure it must be of what it says was measured on {day} with {count} sentences.",
)

# Before a model is downloaded. {label} is its full name.
MODEL_TERMS = N_("{label}, a download of about {size}. Licence: {licence}. Read it at {address}")
# The same before a model is copied from a folder.
MODEL_TERMS_BROUGHT = N_("{label}, about {size}. Licence: {licence}. Read it at {address}")
MODEL_TERMS_BOUND = N_("You may use it only as these terms allow.")
MODEL_TERMS_GATED = N_(
    "It is given only to those who log in: your own login to the Hugging Face Hub is used."
)
# "safetensors" is the name of a form of file. {instead} is the name of another model.
MODEL_TERMS_UNSAFE = N_(
    "Its page may have no weights in the form safetensors, the only one that is read here; you hear it then "
    "before anything comes. {instead} is like it and has them."
)
# Asked in a terminal. {yes} is a word, to be typed.
MODEL_ASK = N_("If you accept this and want the model, type {yes}: ")
# {percent} is a number, {done} and {total} are sizes.
MODEL_DOWNLOADING = N_(
    "Downloading {total}. It can be cancelled at any time and goes on later from there."
)
MODEL_GOING_ON = N_("Going on at {percent} percent of {total}.")
MODEL_PERCENT = N_("{percent} percent, {done} of {total}.")
# {total} is the size of all files.
MODEL_COPYING = N_("Copying {total}.")
MODEL_CHECKING = N_("Checking the files.")
MODEL_WAITING = Plural(
    "The Hugging Face Hub is busy. Waiting {count} second.",
    "The Hugging Face Hub is busy. Waiting {count} seconds.",
)
# Said in short, in place of the sentence with the sizes.
MODEL_PERCENT_SHORT = N_("{percent} percent.")
MODEL_PAUSED = N_("Paused. To go on: imagecraft-desktop models resume {name}")
MODEL_PAUSED_SHORT = N_("Paused.")
MODEL_RESUMED = N_("Going on.")
# Status, while something is done with a model. {percent} is a whole number, {total} the size of all files.
MODEL_NOW_BEGINS = N_("The download of {name} begins.")
MODEL_NOW = N_("Downloading {name}: {percent} percent of {total}.")
MODEL_NOW_COPIED = N_("Copying the files of {name} from a folder, and checking them.")
MODEL_NOW_CHECKED = N_("Checking the files of {name}.")
MODEL_NOW_MEASURED = N_("Measuring how fast {name} is here.")
MODEL_NOW_MEASURES = N_("Measuring how fast {name} is here, step {done} of {total}.")
# What the commands say that pause a download in another terminal.
MODEL_PAUSES = N_(
    "The download of the model {name} pauses. To go on: imagecraft-desktop models resume {name}"
)
MODEL_RESUMES = N_("The download of the model {name} goes on.")
MODEL_SILENT = N_("Nothing comes at the moment. Waiting.")
MODEL_READY = N_("The model {name} is installed.")
MODEL_ALREADY = N_("The model {name} is installed already, and its files are as they should be.")
# What follows are the licence and the size of the download.
MODEL_NEWER = N_(
    "A newer version of the model {name} is known. The one that is installed stays until the newer one has come."
)
MODEL_KEPT = N_("What has come is kept. To go on: imagecraft-desktop models install {name}")
MODEL_MAKE_VOICE = N_(
    "Make a voice to speak in with: imagecraft-desktop voice add NAME --audio FILE"
)
MODEL_MEASURING = N_("Measuring how fast it is here. This may take a few minutes.")
# The user asked for a description while a model is measured, which is done anew after it.
MODEL_GIVES_WAY = N_("A description comes first. The measurement begins again when it has ended.")
MODEL_SPEAKS = N_("Only models that describe pictures are measured. {name} speaks.")
MODEL_REMOVED = N_("The model {name} is removed, which frees {size}.")
# {count} is a number of files.
MODEL_VERIFIED = Plural(
    "{name}: {count} file, as it was installed.",
    "{name}: {count} files, all as they were installed.",
)
# The program notes what the first download of a model brought, and compares later ones with it. {file} is a file.
# "Check the files" is MODELS_CHECK, a button.
MODELS_RECORD_SPOILED = N_(
    "What was noted of the first downloads of models cannot all be read; it is kept as {file}. When a model of "
    "which nothing is known now is downloaded again, its files are taken as they come, and noted anew. To see "
    "whether the installed models are still as they came: Settings, page Models, Check the files, or the command "
    "imagecraft-desktop models verify"
)
MODELS_NONE = N_("No models are installed. See what there is with: imagecraft-desktop models list")

# Help of the command line.
CLI_HISTORY = N_("find, hear again and forget what was described")
CLI_HISTORY_LIST = N_("list the newest descriptions")
CLI_HISTORY_SEARCH = N_("list those that have all of the words")
CLI_HISTORY_SHOW = N_("print one with how sure each sentence is")
CLI_HISTORY_REPEAT = N_("speak one again")
CLI_HISTORY_EXPORT = N_("write all of them to a file: txt or json")
CLI_HISTORY_FORGET = N_("delete one by its number for good, or all of them with --all")
CLI_HISTORY_FORGET_ALL = N_("delete all of them; they cannot be brought back")
CLI_HISTORY_WORDS = N_("words to look for")
CLI_HISTORY_NUMBER = N_("number of a description")
CLI_HISTORY_FILE = N_("the file")
CLI_HISTORY_PICTURE = N_("also write the picture that was kept to this PNG file")
CLI_HISTORY_MOST = N_("how many are listed; 20 when not given")
CLI_NO_HISTORY = N_("do not keep this in the history")
CLI_MODELS = N_("install and remove models that describe pictures or speak")
CLI_MODELS_LIST = N_("list all models that there are")
CLI_MODELS_SHOW = N_("tell all about one model")
CLI_MODELS_INSTALL = N_("download a model, or go on with it, or bring a damaged one in order")
CLI_MODELS_REMOVE = N_("delete a model")
CLI_MODELS_VERIFY = N_(
    "read all files of a model, or of all, and compare them with what was installed"
)
CLI_MODELS_IMPORT = N_("install a model from a folder, without internet")
CLI_MODELS_CALIBRATE = N_("measure how long an installed model takes to describe a picture here")
CLI_MODELS_NO_CALIBRATE = N_("do not measure how fast it is here")
CLI_MODELS_PAUSE = N_("let a download in another terminal wait")
CLI_MODELS_RESUME = N_("let it go on")
CLI_MODELS_SAY = N_("speak how far it is, each 10 percent")
CLI_MODELS_NAME = N_("name of the model")
CLI_MODELS_FOLDER = N_("holds the files of the model")
CLI_MODELS_ACCEPT = N_("I accept the licence and the size")
CLI_MODELS_LOGIN = N_("use my login to the Hugging Face Hub")
CLI_MODELS_LOG_IN = N_(
    "log in to the Hugging Face Hub with an access token, which is asked for or read from the standard input"
)
CLI_MODELS_LOG_OUT = N_("forget the login to the Hugging Face Hub on this machine")

# --- voice prompts --------------------------------------------------------------------------
# A voice of your choosing is made from a short recording of somebody ("recording"), with the words
# that are heard in it ("transcript"). Words that begin with two hyphens are typed as they are.

# Kept with the voice, with the day it was said. Whoever makes the voice says it.
VOICE_CONSENT = N_("The person whose voice this is has agreed to it, or it is my own voice.")
# Asked in a terminal. {yes} is the next word, to be typed.
VOICE_ASK_CONSENT = N_(
    "Whose voice is it? If it is your own, or the person has agreed that this program speaks with it, "
    "type {yes}: "
)
VOICE_YES = N_("yes")
ERR_VOICE_CONSENT = N_(
    "A voice is made only when the person has agreed. If it is so, add the option --speaker-agreed."
)
# {name} is the name of a voice; {reason} one of the next clauses.
ERR_VOICE_NAME = N_("A voice cannot be called {name}: {reason}.")
VOICE_NAME_LETTERS = N_(
    "a name has letters, digits, blanks, hyphens and underscores, and begins with a letter or a digit"
)
# {count} is the most letters that a name has.
VOICE_NAME_LONG = Plural("a name has at most {count} letter", "a name has at most {count} letters")
VOICE_NAME_BUILT_IN = N_("a voice of the program has that name")
VOICE_NAME_TAKEN = N_("there is one already. To put the new one in its place, add --replace")
VOICE_NAME_RESERVED = N_("Windows keeps that name for itself")
# {next_step} is "Choose one of: ...", or the sentence after this one.
ERR_VOICE_PROMPT_MISSING = N_("There is no voice of your own called {name}. {next_step}")
VOICE_NONE_YET = N_(
    "No voices of your own yet. To make one: Settings, page Your voices, or the command imagecraft-desktop "
    "voice add NAME --audio FILE"
)
# {name} is a voice that was made here.
ERR_VOICE_PROMPT_DAMAGED = N_(
    "The voice {name} is damaged. Make it again from its recording, with --replace."
)
# {reason} is the system's own words, or the next clause.
ERR_VOICE_NOT_SAVED = N_("The voice {name} could not be kept: {reason}. Nothing was changed.")
VOICE_BUSY = N_("another command is changing the voices")
# {name} is a sound file, here and below; {reason} a short clause such as "the file is empty".
ERR_RECORDING_UNREADABLE = N_("{name} cannot be read as a recording: {reason}.")
RECORDING_NOT_SOUND = N_(
    "it is not a kind of sound file that can be opened here; save it as WAV or FLAC"
)
RECORDING_NO_SOUND = N_("it holds no sound; record again")
# {minutes} is a whole number.
RECORDING_ENDLESS = N_("it lasts longer than {minutes} minutes; make it shorter")
# {rate} is how many samples a second it has, {least} how many are needed.
RECORDING_COARSE = N_(
    "it has {rate} samples a second, and at least {least} are needed; record again with more"
)
# {decibels} is a whole number, without a minus.
ERR_RECORDING_SILENT = N_(
    "{name} is silent: its loudest part is {decibels} decibels below full loudness. "
    "Check the microphone and record again."
)
# {seconds} has one decimal, {least} and {best} are whole numbers.
ERR_RECORDING_SHORT = N_(
    "{name} is too short: {seconds} seconds of speech. At least {least} are needed, and {best} are "
    "best. Record more."
)
# {seconds} and {most} have one decimal. The network of a voice has learnt from speech that never takes more
# time for its words.
ERR_RECORDING_SLOW = N_(
    "{name} is spoken too slowly: it lasts {seconds} seconds, and its words may take {most} at most. The "
    "voice would stumble. Record again at a normal pace, without long pauses; the transcript must have "
    "every word that is said."
)
# Loud parts were cut off flat by the microphone or the program that recorded. {percent} has one decimal.
ERR_RECORDING_CLIPPED = N_(
    "{name} is distorted: {percent} percent of it is cut off at the loudest level. "
    "Record again, softer or further from the microphone."
)
WARN_RECORDING_CLIPPED = N_(
    "A little distorted: {percent} percent of it is cut off at the loudest level. "
    "If the voice sounds harsh, record again, softer."
)
# {decibels} is how much louder than the noise the speech is, a whole number; {least} too.
ERR_RECORDING_NOISY = N_(
    "{name} is too noisy: the speech is only {decibels} decibels louder than the noise, and {least} "
    "are needed. Record again in a quiet room, closer to the microphone."
)
WARN_RECORDING_NOISY = N_(
    "Some noise: the speech is {decibels} decibels louder than the noise; {best} or more are better. "
    "The voice may sound noisy too."
)
# {rate} is a number of samples a second.
WARN_RECORDING_COARSE = N_(
    "It sounds like a telephone: {rate} samples a second. The voice will sound so too."
)
# {cut}, {low} and {high} are seconds from the start of the recording, with one decimal.
ERR_RECORDING_CUT = N_("{name} cannot be cut at {cut} seconds; {low} to {high} is possible.")
ERR_TRANSCRIPT_NEEDED = N_(
    "The words of {name} are needed. Write them after --transcript, or let them be recognised; for that: "
    "pip install 'imagecraft-desktop[voice-input]'"
)
ERR_TRANSCRIPT_EMPTY = N_(
    "The transcript has no English words. Write what is said in {name}, word for word."
)
# {letters} is how many letters it has, {seconds} how long the recording is, with one decimal.
ERR_TRANSCRIPT_LONG = N_(
    "The transcript is not that of {name}: nobody says {letters} letters in {seconds} seconds. "
    "Write only what is said in it."
)
WARN_TRANSCRIPT_SHORT = N_(
    "The transcript is short, {letters} letters for {seconds} seconds. If words are missing in it, "
    "the voice will stumble."
)
# {name} is the file of a recording. Said where a recogniser of speech is installed, which may be wrong.
WARN_TRANSCRIPT_OTHER = N_(
    "More than half of the words heard in {name} differ from the transcript. Check that it is what is said, word for "
    "word; if not, the voice will stumble."
)
# A voice needs {least} to {most} seconds.
ERR_TRANSCRIPT_UNCUT = N_(
    "{name} lasts {seconds} seconds. A voice needs {least} to {most}, and where a cut would fall in "
    "your transcript cannot be known. Give a recording of {least} to {most} seconds, or install what "
    "finds your words in it: pip install 'imagecraft-desktop[voice-input]'"
)
# Said where the words are looked for in the recording, and are not found, or no pause between them.
ERR_TRANSCRIPT_UNMATCHED = N_(
    "{name} lasts {seconds} seconds. A voice needs {least} to {most}, and no pause was found where your "
    "transcript could be cut, too. Write word for word what is said, or leave out --transcript and let "
    "the words be recognised."
)
ERR_TRANSCRIPT_UNHEARD = N_(
    "No English words were recognised in {name}. Write them after --transcript."
)
# Printed by the commands. {name} is a voice, {seconds} a number with one decimal.
VOICE_ADDED = N_("Voice {name} is ready, made from {seconds} seconds.")
# Instead, where the model is missing with which it would speak; the next one follows.
VOICE_KEPT = N_("Voice {name} is kept, made from {seconds} seconds.")
# {next_step} says what is missing, and what to do.
VOICE_NOT_YET = N_("It cannot speak yet. {next_step}")
# {cut} is where in the recording it was cut, in seconds.
VOICE_CUT = N_("The recording was cut at {cut} seconds.")
# {transcript} is what is said in the recording.
VOICE_SAYS = N_("It says: {transcript}")
# {command} is typed as it is.
VOICE_TRY = N_("Hear it with: {command}")
VOICE_REMOVED = N_("Voice {name} is removed.")
# One line of the list.
VOICE_LISTED = N_("{name}: {seconds} seconds. It says: {transcript}")

# --- bench ----------------------------------------------------------------------------------
# Printed by `imagecraft-desktop bench` and read aloud. Most sentences stand above columns of figures
# and say what the columns are, from left to right.

# {processor} and {system} are names, {python} a version, {gigabytes} a number with one decimal.
BENCH_MACHINE = Plural(
    "Machine: one core, {processor}, {gigabytes} gigabytes of memory, {system}, Python {python}.",
    "Machine: {count} cores, {processor}, {gigabytes} gigabytes of memory, {system}, Python {python}.",
)
# {names} is a list of packages with their versions.
BENCH_VERSIONS = N_("Versions: {names}.")
# How far it is; {now} is a number, {count} how many there are.
BENCH_ROUND = N_("Round {now} of {count}.")
BENCH_PICTURES = Plural(
    "Pictures, described once, by a program that is warm and has never seen them. Columns: picture, "
    "kind, first sound in milliseconds, time in the describer in seconds, time until all is described "
    "and turned into speech, processor seconds, memory in megabytes, most memory, seconds of speech, "
    "first sound at a second look in milliseconds, time at a second look, absent things named.",
    "Pictures, described {count} times, by programs that are warm and have never seen them; the "
    "figures are medians. Columns: picture, kind, first sound in milliseconds, time in the describer "
    "in seconds, time until all is described and turned into speech, processor seconds, memory in "
    "megabytes, most memory, seconds of speech, first sound at a second look in milliseconds, time at "
    "a second look, absent things named.",
)
# The first request of a program. {name} is a picture, {first} milliseconds, {whole} seconds.
BENCH_COLD = N_(
    "The very first request, {name}: first sound after {first} milliseconds, all after {whole} seconds."
)
# {name} is a picture, {words} a list of things.
BENCH_ABSENT = N_("Named in {name}, but not in it: {words}.")
BENCH_OCR = Plural(
    "Reading, once by each reader. Columns: picture, reader, percent of letters wrong, percent of "
    "words found, percent of found words that are right, seconds, processor seconds, most memory in "
    "megabytes.",
    "Reading, {count} times by each reader in turn; the figures are medians. Columns: picture, "
    "reader, percent of letters wrong, percent of words found, percent of found words that are right, "
    "seconds, processor seconds, most memory in megabytes.",
)
BENCH_OCR_SUMS = N_(
    "All pictures together. Columns: reader, percent of letters wrong, percent of words found, "
    "percent of found words that are right, seconds, processor seconds, most memory in megabytes, "
    "percent of letters wrong in the worst picture."
)
BENCH_NO_TRUTH = N_("Reading is not measured: these folders have no files that tell the true text.")
# {name} is another program that reads text.
BENCH_NOT_INSTALLED = N_("{name}: not installed.")
BENCH_START = Plural(
    "Start, once. Columns: program, seconds until it hears its keys, idle memory in megabytes. The "
    "bare program is an empty tray icon.",
    "Start, {count} times each in turn; the figures are medians. Columns: program, seconds until it "
    "hears its keys, idle memory in megabytes. The bare program is an empty tray icon.",
)
BENCH_KEYS = Plural(
    "Keys, one press on a window that fills the screen, and one command for a photo. Columns: case, "
    "milliseconds to the first sign, milliseconds to the first word, seconds to the end of speech, "
    "milliseconds until the command is done. Window-cold is the first press after the start.",
    "Keys, {count} presses on a window that fills the screen, each time with new text, and as many "
    "commands for a photo; the figures are medians. Columns: case, milliseconds to the first sign, "
    "milliseconds to the first word, seconds to the end of speech, milliseconds until the command is "
    "done. Window-cold is the first press after the start.",
)
# Why a part is left out. {part} is its name on the command line.
BENCH_LINUX_ONLY = N_("The part {part} is measured on Linux only.")
BENCH_NO_SCREEN = N_("The part {part} needs a screen, and there is none.")
BENCH_X11_ONLY = N_("The part {part} needs a desktop on X11, and this one is on Wayland.")
BENCH_RUNNING = N_("The part {part} needs the hotkeys. End the running ImageCraft, then try again.")
# {names} is a list of programs.
BENCH_NO_PROGRAM = N_("The part {part} needs programs that are not installed: {names}.")
# {parts} is a list of names.
BENCH_NO_PART = N_("There is no such part. The parts are: {parts}.")
BENCH_NO_PICTURES = N_("No pictures found there.")
# {path} is a file.
BENCH_WRITTEN = N_("Figures written to {path}.")
# In a column where there is no figure.
BENCH_NONE = N_("none")
# A promise. {what} is one of the sentences after the next, {figure} what was measured and {limit} what
# is allowed, each with its unit.
BENCH_MET = N_("{what}: {figure}. Target: at most {limit}. Met.")
BENCH_MISSED = N_("{what}: {figure}. Target: at most {limit}. Missed.")
# Units; {number} is a figure.
BENCH_TIMES = N_("{number} times")
BENCH_MS = N_("{number} milliseconds")
BENCH_S = N_("{number} seconds")
BENCH_MB = N_("{number} megabytes")
BENCH_PERCENT = N_("{number} percent")
BENCH_COUNT = N_("{number}")
# What was measured.
BENCH_PHOTO_FIRST = N_("First sound for a photo, warm")
BENCH_PHOTO_WORST = N_("First sound for the slowest photo")
BENCH_ABSENT_ALL = N_("Absent things named")
BENCH_OCR_ERROR = N_("Letters read wrong")
BENCH_READY = N_("Start until the keys work")
BENCH_IDLE = N_("Idle memory")
BENCH_EARCON = N_("Key to the first sign")
BENCH_WINDOW_FIRST = N_("Key to the first word of a window")
BENCH_COMMAND = N_("A command from a shell")
BENCH_VOICECRAFT_BEST = N_("A step of the fastest mode")
BENCH_VOICECRAFT_INT8 = N_("A step in int8")
# A step beside its matrix products alone: how many times as long.
BENCH_VOICECRAFT_FP32_PASS = N_("A step in fp32, beside its matrix products alone")
BENCH_VOICECRAFT_BF16_PASS = N_(
    "A step in bf16, beside its matrix products alone as PyTorch usually takes them"
)
BENCH_VOICECRAFT_INT8_PASS = N_("A step in int8, beside its matrix products alone")
BENCH_VOICECRAFT_TRIES = N_("A step of all tries in bf16, beside one of a single try")
BENCH_VOICECRAFT_FLAT = N_("A step at position 900, beside one at 100, in the worst mode")
BENCH_VOICECRAFT_BOUND = N_("A step in bf16, beside reading what it must read")
BENCH_VOICECRAFT_BF16 = N_("A step in bf16")
# Its figure: how many times as long as the sound lasts.
BENCH_VOICECRAFT_REAL_TIME = N_("Making speech in bf16, beside how long it lasts")
BENCH_VOICECRAFT_FIRST = N_("Text to the first sound in bf16")

# The part voicecraft: a network that speaks, one step for each 20 milliseconds of sound. A mode, such as
# fp32, bf16, int8 or int4, is how its weights are stored; a position is how much was said before.
# {size} is 330 or 830, millions of weights. {device} is cpu, cuda, mps or the name of a graphics card.
BENCH_VOICECRAFT_RANDOM = N_(
    "VoiceCraft, {size} million weights, on {device}. The weights are random: the speed is that of the "
    "real voice, the speech is not."
)
# {name} is a folder, {device} as above.
BENCH_VOICECRAFT_CHECKPOINT = N_("VoiceCraft, the checkpoint {name}, on {device}.")
# Told while it works. {mode} is the name of a mode.
BENCH_VOICECRAFT_MEASURING = N_("Measuring {mode}.")
BENCH_VOICECRAFT_COMPARING = N_("Comparing {mode} with fp32.")
BENCH_VOICECRAFT_STEPS = Plural(
    "Steps: one makes 20 milliseconds of sound. Medians in milliseconds. Columns: mode, at position "
    "100, at 500, at 900, the least at 500, how many times as long at 900 as at 100, one try at 500, "
    "how many times as long as one, seconds of work for a second of sound.",
    "Steps: one makes 20 milliseconds of sound. Medians in milliseconds. Columns: mode, at position "
    "100, at 500, at 900, the least at 500, how many times as long at 900 as at 100, {count} tries at "
    "once at 500, how many times as long as one, seconds of work for a second of sound.",
)
BENCH_VOICECRAFT_BOUNDS = N_(
    "What a step at position 500 could be at best. Columns: mode, its matrix products alone in "
    "milliseconds, the least of them, how many times as long the step is, the same products as PyTorch "
    "usually takes them if those are others, how many times as long the step is, megabytes that it "
    "must read, gigabytes a second that this machine reads, milliseconds that this takes, how many "
    "times as long the step is."
)
# Attention: the part of a step that looks at everything that was said before.
BENCH_VOICECRAFT_ATTENTION = N_(
    "Attention to what was said before, which grows with it. Columns: mode, all of it alone in "
    "milliseconds at position 100, at 500, at 900, in percent of a step at 100, at 500, at 900, how many "
    "times as long a step is at 900 as at 100, how many times as much it must read."
)
BENCH_VOICECRAFT_START = N_(
    "Start and memory. Columns: mode, seconds to pack the weights, milliseconds to take in 100 sounds of "
    "text and 3 seconds of a voice, milliseconds from a text to the first sound of a voice that is "
    "warm, most memory while loading in megabytes, memory when loaded, most memory while speaking, "
    "most memory of the graphics card."
)
BENCH_VOICECRAFT_DEAF = N_(
    "How long a cancel is not heard at the most. Columns: mode, milliseconds while a recording is taken in, "
    "while text and steps are computed, while the sound is made."
)
BENCH_VOICECRAFT_LIKENESS = Plural(
    "Likeness to fp32 over one step, with the same draws. Columns: mode, percent of codes whose "
    "likeliest value is the same, percent of codes drawn that are the same, mean divergence, largest "
    "difference of a probability, difference of the sound beside its loudness.",
    "Likeness to fp32 over {count} steps, with the same draws. Columns: mode, percent of codes whose "
    "likeliest value is the same, percent of codes drawn that are the same, mean divergence, largest "
    "difference of a probability, difference of the sound beside its loudness.",
)
BENCH_VOICECRAFT_NO_SPEECH = N_(
    "Likeness was measured on random sounds, not on speech. So it only tells what rounding does, and "
    "nothing about how the voice sounds; for that, name a checkpoint with its codec."
)
# Whisper is a program that recognises speech.
BENCH_VOICECRAFT_WORDS = N_(
    "Words that Whisper hears wrong in a sentence that each mode says. Columns: mode, percent in this "
    "mode, percent in fp32."
)
BENCH_VOICECRAFT_NO_WORDS = N_(
    "Wrong words were not counted: random sounds have none. Name a checkpoint with its codec."
)
# "voice-input" is typed as it is.
BENCH_VOICECRAFT_NO_WHISPER = N_(
    "Wrong words were not counted: Whisper is not installed. It comes with the extra voice-input."
)
# {mode} is the name of a mode, {reason} a technical sentence in English.
BENCH_VOICECRAFT_FAILED = N_("{mode} could not be measured: {reason}")
# {device} is cuda or mps.
BENCH_VOICECRAFT_NO_DEVICE = N_(
    "There is no device {device} here. Try it without the option --device."
)
# {mode} and {names} are names of modes, {device} is cpu, cuda or mps.
BENCH_VOICECRAFT_NO_MODE = N_("The mode {mode} does not run on {device}. What runs there: {names}.")
# {folder} is what the user named.
BENCH_VOICECRAFT_NO_CHECKPOINT = N_(
    "There is no checkpoint {folder}. Name a folder or a .pth file."
)
# {names} are options of the command line.
BENCH_VOICECRAFT_ONLY = N_("Only bench voicecraft and bench caption have these options: {names}.")
BENCH_VOICECRAFT_ALONE = N_("bench voicecraft takes no folders and no option --only.")

# --- measuring captioning models ---------------------------------------------------------------

# {names} is a list of technical names, as they are typed.
BENCH_CAPTION_WORDS = N_(
    "Type: imagecraft-desktop bench caption MODEL --random. There are options --device and --mode. "
    "Models: {names}, or the name that models list has for one like these."
)
BENCH_CAPTION_NO_MODE = N_("Modes of bench caption: {names}.")
# {name} is a model, such as blip-base.
BENCH_CAPTION_MEASURING = N_("Measuring {name}.")
# {reason} is technical, in English.
BENCH_CAPTION_FAILED = N_("{name} could not be measured: {reason}")
# {millions} is the count of weights, {device} a processor or card, {mode} fp32, bf16 or fp16.
BENCH_CAPTION_HEAD = N_(
    "{name}, {millions} million random weights in {mode}, on {device}. They say nothing; the speed is that "
    "of real ones."
)
BENCH_CAPTION_COLUMNS = Plural(
    "Columns: way, milliseconds to the first token, to a sentence of {count} token, the least of those.",
    "Columns: way, milliseconds to the first token, to a sentence of {count} tokens, the least of those.",
)
# The ways: first words of a row. The last one is our own network without what listens for a cancel.
BENCH_CAPTION_OURS = N_("this program")
BENCH_CAPTION_PLAIN = N_("plain transformers")
BENCH_CAPTION_BARE = N_("the same, deaf to a cancel")
# {share} is a number.
BENCH_CAPTION_VISION = N_("Looking at the picture takes {share} percent of the sentence.")
# {tokens} is a number; {bound} is how many times as long.
BENCH_CAPTION_STEPS = N_(
    "{tokens} tokens a second after the first; each takes {bound} times as long as reading the weights."
)
# In MiB: {loaded} when it is loaded, {peak} at most; {card} is that of the graphics card.
BENCH_CAPTION_MEMORY = N_(
    "Memory in MiB: {loaded} loaded, {peak} at most, {card} at most on the graphics card."
)
BENCH_CAPTION_DEAF = N_("A cancel is heard after {number} ms at the latest.")
# What was measured, beside its target.
BENCH_CAPTION_RATIO = N_("A sentence, beside plain transformers")
BENCH_CAPTION_FIRST_RATIO = N_("The first token, beside plain transformers")
BENCH_CAPTION_CANCEL = N_("Longest time in which a cancel is not heard")
BENCH_CAPTION_SENTENCE = N_("A whole sentence")
BENCH_CAPTION_BOUND = N_("A token, beside reading the weights")
BENCH_CAPTION_FIRST = N_("To the first token")

# --- how often a captioner is right ------------------------------------------------------------

# MODEL, FOLDER and what stands before them are typed as they are.
BENCH_CERTAINTY_WORDS = N_(
    "Type: imagecraft-desktop bench certainty MODEL FOLDER. MODEL is an installed captioner, or the folder of "
    "one. FOLDER has pictures, and a manifest.json that tells what is in them."
)
# {name} is what the user typed.
BENCH_CERTAINTY_NO_NETWORK = N_("{name} has no network whose words could be judged.")
BENCH_CERTAINTY_NO_PICTURES = N_(
    "There is no picture whose content is known. The folder needs a manifest.json that lists the objects "
    "of each picture."
)
BENCH_CERTAINTY_HEAD = Plural(
    "{name} wrote {count} sentence.",
    "{name} wrote {count} sentences.",
)
# {level} is one of the three below; {right}, {wrong} and {open} are counts; {bound} and {now} are numbers
# from 0 to 1, or "none".
BENCH_CERTAINTY_LEVEL = N_(
    "{level}: {right} right, {wrong} wrong, {open} to be judged by a person. For {share} percent right the "
    "least probability would be {bound}; now it is {now}."
)
BENCH_CERTAINTY_PLAIN = N_("Said plainly")
BENCH_CERTAINTY_PROBABLY = N_("Said with probably")
BENCH_CERTAINTY_COULD_BE = N_("Said with could be")
# How the numbers in use came about.
BENCH_CERTAINTY_HOW = {
    "chosen": N_("The probabilities in use were chosen, not measured."),
    "calibrated": N_("The probabilities in use were measured with this model."),
}
# {name} is a model. Said when the user wanted the numbers to be kept; the next two follow, for each level.
BENCH_CERTAINTY_KEPT = N_(
    "Kept: when {name} is next loaded, it is as sure as these probabilities allow. They only raise what was "
    "chosen, never lower it."
)
# {level} is one of the three above; {bound} is a number from 0 to 1.
BENCH_CERTAINTY_KEPT_LEVEL = N_("{level}: from {bound}.")
BENCH_CERTAINTY_NEVER = N_("{level}: never.")
# {name} is what the user typed, a folder perhaps.
BENCH_CERTAINTY_NOT_INSTALLED = N_(
    "Nothing was measured: --keep is for an installed model, and {name} is none. Type: imagecraft-desktop "
    "models list."
)
# {option} is typed as it is: --keep or --forget.
BENCH_CERTAINTY_ONLY = N_("Only bench certainty has the option {option}.")
# {name} is a model, here and below.
BENCH_CERTAINTY_FORGOTTEN = N_(
    "Forgotten: {name} is as sure as was chosen for all models when it is next loaded."
)
BENCH_CERTAINTY_NOTHING = N_("Nothing is kept of how sure {name} must be.")
BENCH_CERTAINTY_FORGET_WORDS = N_("Type: imagecraft-desktop bench certainty MODEL --forget.")
# Said after "never" was told of every level. {name} is a model; --keep is typed as it is.
BENCH_CERTAINTY_NO_LEVEL = N_(
    "At no probability were enough sentences right, so {name} says nothing about a picture. To let it speak, "
    "measure it with other pictures and --keep, or type: imagecraft-desktop bench certainty {name} --forget."
)
# {reason} is what the system says, such as "No space left on device".
BENCH_CERTAINTY_NOT_WRITTEN = N_("Not kept: {reason}.")
BENCH_CERTAINTY_NOT_KEPT = N_("Not kept: at least {count} sentences must be judged.")
# {count} is 50.
BENCH_CERTAINTY_FEW = N_(
    "Fewer than {count} sentences could be judged, so these bounds say little."
)
