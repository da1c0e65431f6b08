"""The error tree. Each error knows the sentence to speak and the command line's exit status.

The class carries the sentence (from `strings`), the instance its placeholders and, for the log, a
detail that is never spoken. `Cancelled` is not an error: nobody announces it as one.
"""

from __future__ import annotations

import re

from imagecraft_desktop import strings

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Signs that are not shown: they end a line, change colours, or turn what follows around."""

EXIT_DONE = 0
EXIT_DEFECT = 1
EXIT_USAGE = 2
EXIT_BAD_INPUT = 3
EXIT_MODEL = 4
EXIT_NO_SOUND = 5
EXIT_CANCELLED = 6
EXIT_NOT_RUNNING = 7


class Cancelled(Exception):
    """The user asked to stop. Raised by `tick()`; ends the work, never announced as a failure."""


class ImageCraftError(Exception):
    """Base of every error that has a sentence for the user.

    Args:
        detail: For the log only; may be technical, never holds the picture's content.
        words: Fill the placeholders of `message`.
    """

    message: str = strings.ERR_UNEXPECTED
    exit_code: int = EXIT_DEFECT

    def __init__(self, detail: str = "", **words: object) -> None:
        super().__init__(detail or type(self).__name__)
        self.detail = detail
        self.words = words

    @property
    def spoken(self) -> str:
        """The sentence, in the language of now."""
        return strings.say(self.message, **{key: harmless(one) for key, one in self.words.items()})

    def __str__(self) -> str:
        # a sentence as detail tells the log what was said, without a name in it
        is_said = not self.detail or strings.is_constant(self.detail)
        return self.spoken if is_said else f"{self.spoken} ({self.detail})"


def harmless(word: object) -> object:
    """A name of a file, say, without what would do something to a terminal, or end the line."""
    return _CONTROL.sub(" ", word) if isinstance(word, str) else word


class ChildFailed(ImageCraftError):
    """A process of ours ended without its answer. No words."""


class NotProved(ImageCraftError):
    """Whether something is sent could not be tried. words: reason."""

    message = strings.ERR_NOT_PROVED


class CaptureError(ImageCraftError):
    """words: name."""

    message = strings.ERR_CAPTURE
    exit_code = EXIT_BAD_INPUT


class NothingToCapture(CaptureError):
    """words: name."""

    message = strings.ERR_NOTHING_TO_CAPTURE


class RegionMissing(CaptureError):
    """No region of the screen was set. No words."""

    message = strings.APP_NO_REGION


class ScreenNotAllowed(CaptureError):
    """words: reason."""

    message = strings.ERR_SCREEN_NOT_ALLOWED


class NoActiveWindow(NothingToCapture):
    """No words."""

    message = strings.ERR_NO_ACTIVE_WINDOW


class WindowGone(NothingToCapture):
    """The window that was chosen closed before its picture was taken. No words."""

    message = strings.ERR_WINDOW_GONE


class WindowCovered(NothingToCapture):
    """words: name."""

    message = strings.ERR_WINDOW_COVERED


class NoElement(NothingToCapture):
    """No words."""

    message = strings.ERR_NO_ELEMENT


class NoPictureOnClipboard(NothingToCapture):
    """words: reason."""

    message = strings.ERR_NO_PICTURE_ON_CLIPBOARD


class AddressNotFetched(CaptureError):
    """words: name, reason."""

    message = strings.ERR_ADDRESS_NOT_FETCHED


class UnreadableImage(CaptureError):
    """words: name, reason."""

    message = strings.ERR_UNREADABLE_IMAGE


class DescribeError(ImageCraftError):
    """words: name."""

    message = strings.ERR_DESCRIBE
    exit_code = EXIT_MODEL


class ModelMissing(DescribeError):
    """words: name, next_step."""

    message = strings.ERR_MODEL_MISSING


class ModelDamaged(DescribeError):
    """words: name, next_step."""

    message = strings.ERR_MODEL_DAMAGED


class NoQuestions(DescribeError):
    """The captioner only describes. words: name."""

    exit_code = EXIT_USAGE
    message = strings.ERR_NO_QUESTIONS


class OutOfMemory(DescribeError):
    """words: name."""

    message = strings.ERR_OUT_OF_MEMORY


class NoMemoryForPicture(OutOfMemory):
    """It is too little even for what comes with the program. No words."""

    message = strings.ERR_NO_MEMORY_FOR_PICTURE


class DeviceRefused(DescribeError):
    """A graphics card does not take a network, or does not run it. words: name."""

    message = strings.ERR_DEVICE_REFUSED


class ServerError(DescribeError):
    """The server that describes pictures was not or not well answered. words: host."""


class ServerNotNamed(ServerError):
    """No words."""

    message = strings.ERR_SERVER_NOT_NAMED


class ServerAddressWrong(ServerError):
    """No words."""

    message = strings.ERR_SERVER_ADDRESS
    exit_code = EXIT_USAGE


class ServerNotAllowed(ServerError):
    """It is another machine, and the user has not allowed that pictures go there. words: host."""

    message = strings.ERR_SERVER_NOT_ALLOWED
    exit_code = EXIT_USAGE


class ServerNotAllowedOpen(ServerNotAllowed):
    """The user has allowed it, but not that pictures go there without encryption. words: host."""

    message = strings.ERR_SERVER_NOT_ALLOWED_OPEN


class ServerNotAccepted(ServerError):
    """The user, asked, did not allow it; nothing was changed. words: host."""

    message = strings.ERR_SERVER_REFUSED_BY_USER
    exit_code = EXIT_USAGE


class ServerNotKept(ServerError):
    """That the user allows it could not be written down. words: reason."""

    message = strings.ERR_SERVER_NOT_KEPT
    exit_code = EXIT_BAD_INPUT


class ServerNotRunning(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_NOT_RUNNING


class ServerNotSecure(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_NOT_SECURE


class ServerSilent(ServerError):
    """words: host, seconds."""

    message = strings.ERR_SERVER_SILENT


class ServerKeyRefused(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_KEY


class ServerModelUnknown(ServerError):
    """words: host, model."""

    message = strings.ERR_SERVER_MODEL


class ServerHasModels(ServerError):
    """It has several, and none was chosen. words: host, names."""

    message = strings.ERR_SERVER_MODELS


class ServerHasNoModel(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_NO_MODEL


class ServerBusy(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_BUSY


class ServerFailed(ServerError):
    """It tells of a failure of its own. words: host."""

    message = strings.ERR_SERVER_FAILED


class ServerRefused(ServerError):
    """It does not like the request. words: host."""

    message = strings.ERR_SERVER_REFUSED


class ServerBadRequest(ServerRefused):
    """There is something in the request that it does not know or want. words: host."""


class ServerNonsense(ServerError):
    """Its answer is none. words: host."""

    message = strings.ERR_SERVER_NONSENSE


class ServerCut(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_CUT


class ServerReplyTooLong(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_TOO_LONG


class ServerSaidNothing(ServerError):
    """words: host."""

    message = strings.ERR_SERVER_NOTHING


class ServerOnlyThought(ServerError):
    """The model thought and came to no answer. words: host."""

    message = strings.ERR_SERVER_THOUGHT


class ServerRedirects(ServerError):
    """words: host, other."""

    message = strings.ERR_SERVER_REDIRECTS


class StoreError(ImageCraftError):
    """A model could not be installed, removed or looked at. words: name."""

    exit_code = EXIT_MODEL


class ModelUnknown(StoreError):
    """words: name."""

    message = strings.ERR_MODEL_UNKNOWN
    exit_code = EXIT_USAGE


class HashMismatch(StoreError):
    """A file is not the one that is known; nothing was installed. words: name, file."""

    message = strings.ERR_HASH_MISMATCH


class NoSpace(StoreError):
    """The disk has not enough room, and nothing was begun. words: name, needed, free."""

    message = strings.ERR_NO_SPACE
    exit_code = EXIT_BAD_INPUT


class DiskFull(StoreError):
    """The disk became full in the middle. words: name, free."""

    message = strings.ERR_DISK_FULL
    exit_code = EXIT_BAD_INPUT


class ModelBusy(StoreError):
    """Another process changes it. words: name."""

    message = strings.ERR_MODEL_BUSY


class ModelNotKept(StoreError):
    """Its folder cannot be written; the old state stands. words: name, reason."""

    message = strings.ERR_MODEL_NOT_KEPT
    exit_code = EXIT_BAD_INPUT


class ImportIncomplete(StoreError):
    """A folder that was brought lacks a file. words: name, folder, file."""

    message = strings.ERR_IMPORT_INCOMPLETE
    exit_code = EXIT_BAD_INPUT


class ImportFolderMissing(ImportIncomplete):
    """words: folder."""

    message = strings.MODEL_NO_FOLDER


class TokenMissing(StoreError):
    """No access token was given."""

    message = strings.ERR_TOKEN_MISSING
    exit_code = EXIT_USAGE


class TokenRefused(StoreError):
    """The Hub does not know an access token, or it cannot be one."""

    message = strings.ERR_TOKEN_REFUSED


class LoginOffline(StoreError):
    """words: reason."""

    message = strings.ERR_LOGIN_OFFLINE


class LoginFailed(StoreError):
    """The Hub's answer to a token cannot be understood."""

    message = strings.ERR_LOGIN_FAILED


class LoginNotChanged(StoreError):
    """words: reason."""

    message = strings.ERR_LOGIN_NOT_CHANGED


class NothingIsDownloaded(StoreError):
    """No download of this model is running, so none can be paused. words: name."""

    message = strings.ERR_NOTHING_DOWNLOADED


class NotPaused(StoreError):
    """A download is to go on that does not wait. words: name."""

    message = strings.ERR_NOT_PAUSED


class DoesNotRunHere(StoreError):
    """An installed model that the memory is too small for. words: name."""

    message = strings.ERR_DOES_NOT_RUN


class NotMeasured(StoreError):
    """How fast an installed model is was not found out. words: name, reason."""

    message = strings.ERR_NOT_MEASURED


class HubError(StoreError):
    """A download that did not come to its end; what has come is kept. words: name."""

    message = strings.ERR_HUB_FAILED


class Offline(HubError):
    """words: name, reason."""

    message = strings.ERR_OFFLINE


class OfflineMidway(Offline):
    """Part of the model had come before, and is kept. words: name, reason."""

    message = strings.ERR_OFFLINE_MIDWAY


class DownloadCut(HubError):
    """words: name."""

    message = strings.ERR_DOWNLOAD_CUT


class Gated(HubError):
    """The Hub gives the model only to those it knows, and no login was used. words: name, address."""

    message = strings.ERR_GATED


class LoginRefused(HubError):
    """words: name, address."""

    message = strings.ERR_LOGIN_REFUSED


class NotOnHub(HubError):
    """words: name, file, address."""

    message = strings.ERR_NOT_ON_HUB


class NoSafeWeights(HubError):
    """A repository has weights in no form that is read here. words: name, address, next_step."""

    message = strings.ERR_NO_SAFE_WEIGHTS


class VersionGone(HubError):
    """The revision that is always taken is not there any more. words: name."""

    message = strings.ERR_VERSION_GONE


class HubChanged(HubError):
    """The Hub tells another SHA-256 of a file than is known. words: name, file."""

    message = strings.ERR_HUB_CHANGED


class HubBusy(HubError):
    """words: name, minutes."""

    message = strings.ERR_HUB_BUSY


class HubFailed(HubError):
    """An answer nobody foresaw: an error of the server, a page that is no answer. words: name."""

    message = strings.ERR_HUB_FAILED


class SpeakError(ImageCraftError):
    """words: name."""

    message = strings.ERR_SPEAK
    exit_code = EXIT_MODEL


class VoiceMissing(SpeakError):
    """words: name, next_step."""

    message = strings.ERR_VOICE_MISSING


class VoiceNotReady(VoiceMissing):
    """A voice of the user's own is there, but not what it speaks with. words: name, next_step."""

    message = strings.ERR_VOICE_NOT_READY


class VoiceAway(SpeakError):
    """Its network left the memory for another one, which is at work. words: name."""


class VoiceDamaged(SpeakError):
    """A file of a voice's network is cut off, or not what it should be. words: name, reason."""

    message = strings.ERR_VOICE_DAMAGED


class SpeechWentWrong(SpeakError):
    """The voice did not get the text right, several times over. words: name."""

    message = strings.ERR_SPEECH_WENT_WRONG


class LicenceNotKept(SpeakError):
    """That the user accepts a licence could not be written down. words: reason."""

    message = strings.ERR_LICENCE_NOT_KEPT
    exit_code = EXIT_BAD_INPUT


class LicenceNotAccepted(SpeakError):
    """The user did not accept it; nothing was changed. No words."""

    message = strings.ERR_LICENCE_NOT_ACCEPTED
    exit_code = EXIT_USAGE


class VoicePromptMissing(VoiceMissing):
    """There is no voice of that name in the user's folder. words: name, next_step."""

    message = strings.ERR_VOICE_PROMPT_MISSING


class VoicePromptDamaged(VoiceMissing):
    """Its files are not what was written. words: name."""

    message = strings.ERR_VOICE_PROMPT_DAMAGED


class VoiceNotSaved(SpeakError):
    """A voice's folder cannot be written or removed; nothing changed. words: name, reason."""

    message = strings.ERR_VOICE_NOT_SAVED
    exit_code = EXIT_BAD_INPUT


class VoiceNameRefused(SpeakError):
    """words: name, reason."""

    message = strings.ERR_VOICE_NAME
    exit_code = EXIT_USAGE


class ConsentMissing(SpeakError):
    """Nobody said that the speaker agreed. No words."""

    message = strings.ERR_VOICE_CONSENT
    exit_code = EXIT_USAGE


class RecordingRefused(SpeakError):
    """A recording, or its transcript, from which no voice can be made. words: name."""

    exit_code = EXIT_BAD_INPUT


class RecordingUnreadable(RecordingRefused):
    """words: name, reason."""

    message = strings.ERR_RECORDING_UNREADABLE


class RecordingSilent(RecordingRefused):
    """words: name, decibels."""

    message = strings.ERR_RECORDING_SILENT


class RecordingTooShort(RecordingRefused):
    """words: name, seconds, least, best."""

    message = strings.ERR_RECORDING_SHORT


class RecordingTooSlow(RecordingRefused):
    """It lasts longer than its words allow. words: name, seconds, most."""

    message = strings.ERR_RECORDING_SLOW


class RecordingClipped(RecordingRefused):
    """words: name, percent."""

    message = strings.ERR_RECORDING_CLIPPED


class RecordingNoisy(RecordingRefused):
    """words: name, decibels, least."""

    message = strings.ERR_RECORDING_NOISY


class RecordingNotCut(RecordingRefused):
    """It cannot be cut where it was asked to be. words: name, cut, low, high."""

    message = strings.ERR_RECORDING_CUT


class TranscriptMissing(RecordingRefused):
    """None was given, and nothing is installed that recognises speech. words: name."""

    message = strings.ERR_TRANSCRIPT_NEEDED


class TranscriptEmpty(RecordingRefused):
    """words: name."""

    message = strings.ERR_TRANSCRIPT_EMPTY


class TranscriptTooLong(RecordingRefused):
    """More than can be said in that time. words: name, letters, seconds."""

    message = strings.ERR_TRANSCRIPT_LONG


class TranscriptNotCut(RecordingRefused):
    """Where it ends is not known, for the recording must be cut. words: name, seconds, least, most."""

    message = strings.ERR_TRANSCRIPT_UNCUT


class TranscriptUnmatched(TranscriptNotCut):
    """Other words are heard, or there is no pause between those. words: as of TranscriptNotCut."""

    message = strings.ERR_TRANSCRIPT_UNMATCHED


class NothingRecognised(RecordingRefused):
    """words: name."""

    message = strings.ERR_TRANSCRIPT_UNHEARD


class Unpronounceable(SpeakError):
    """Nothing in a text has a sound for this voice. No words."""

    message = strings.ERR_UNPRONOUNCEABLE
    exit_code = EXIT_BAD_INPUT


class SpeechNotSaved(SpeakError):
    """The voice gives no sound that could be written to a file. words: name."""

    message = strings.ERR_SPEECH_NOT_SAVED


class MicrophoneError(SpeakError):
    """Nothing can be recorded."""

    message = strings.ERR_MICROPHONE_MISSING
    exit_code = EXIT_NO_SOUND


class MicrophoneMissing(MicrophoneError):
    """No words."""


class MicrophoneRefused(MicrophoneError):
    """It is there but does not open, or gives nothing: words: reason."""

    message = strings.ERR_MICROPHONE_REFUSED


class NoSoundDevice(SpeakError):
    """No words."""

    message = strings.ERR_NO_SOUND_DEVICE
    exit_code = EXIT_NO_SOUND


class SoundLibraryMissing(NoSoundDevice):
    """PortAudio is not installed. words: package."""

    message = strings.ERR_NO_SOUND_LIBRARY


class SoundFileError(SpeakError):
    """Speech could not be written to a file. words: name, reason."""

    message = strings.ERR_SOUND_FILE
    exit_code = EXIT_BAD_INPUT


class SettingsError(ImageCraftError):
    """words: name."""

    message = strings.ERR_BAD_SETTINGS_FILE
    exit_code = EXIT_USAGE


class BadSettingsFile(SettingsError):
    """No words."""


class SettingsNotSaved(SettingsError):
    """The settings file cannot be written; the old one is intact. words: reason."""

    message = strings.ERR_SETTINGS_NOT_SAVED
    exit_code = EXIT_BAD_INPUT


class SettingsLocked(SettingsError):
    """Another process is changing the settings file. No words."""

    message = strings.ERR_SETTINGS_LOCKED
    exit_code = EXIT_DEFECT


class BadSetting(SettingsError):
    """words: name, value, allowed."""

    message = strings.ERR_BAD_SETTING

    @property
    def spoken(self) -> str:
        """The sentence; another one where the value is empty and could not be heard."""
        if self.words.get("value") == "":
            return strings.say(strings.ERR_SETTING_EMPTY, **self.words)
        return super().spoken


class CaptionerNotInstalled(BadSetting):
    """A model was chosen that is known but not installed. words: value."""

    message = strings.ERR_CAPTIONER_NOT_INSTALLED


class UnknownSetting(SettingsError):
    """words: name, next_step."""

    message = strings.ERR_UNKNOWN_SETTING


class HistoryError(ImageCraftError):
    """The history of descriptions cannot be used. words: reason."""

    message = strings.ERR_HISTORY_NOT_KEPT
    exit_code = EXIT_BAD_INPUT


class HistoryNotKept(HistoryError):
    """Its file cannot be written or read. words: reason."""


class HistoryLocked(HistoryError):
    """Another program holds its file. No words."""

    message = strings.ERR_HISTORY_LOCKED


class HistoryNewer(HistoryError):
    """A newer version of the program made its file. No words."""

    message = strings.ERR_HISTORY_NEWER


class HistoryEntryMissing(HistoryError):
    """words: number."""

    message = strings.ERR_HISTORY_NO_ENTRY
    exit_code = EXIT_USAGE


class HistoryPictureMissing(HistoryError):
    """words: number. It depends on whether pictures are kept now."""

    exit_code = EXIT_USAGE

    def __init__(self, number: int, *, are_kept: bool) -> None:
        super().__init__(number=number)
        self.message = (
            strings.ERR_HISTORY_PICTURE_NOT_YET if are_kept else strings.ERR_HISTORY_NO_PICTURE
        )


class FileNotWritten(ImageCraftError):
    """A file that the user named cannot be written. words: name, reason."""

    message = strings.ERR_FILE_NOT_WRITTEN
    exit_code = EXIT_BAD_INPUT


class SettingsNotRead(SettingsError):
    """A file of settings that the user named cannot be read. words: name, reason."""

    message = strings.ERR_SETTINGS_FILE
    exit_code = EXIT_BAD_INPUT


class AutostartFailed(SettingsError):
    """The system does not let the program be started at log-in. words: reason."""

    message = strings.ERR_AUTOSTART
    exit_code = EXIT_BAD_INPUT


class NotRunning(ImageCraftError):
    """The program is not running. No words."""

    message = strings.ERR_NOT_RUNNING
    exit_code = EXIT_NOT_RUNNING


class NoAnswer(ImageCraftError):
    """The program runs but does not answer, or not in time. No words."""

    message = strings.ERR_NO_ANSWER
    exit_code = EXIT_NOT_RUNNING


class SocketRefused(ImageCraftError):
    """The running program cannot be reached by the command line. words: path."""

    message = strings.ERR_SOCKET_REFUSED


class HotkeyError(ImageCraftError):
    """words: key."""

    message = strings.ERR_KEY_TAKEN
    exit_code = EXIT_USAGE


class HotkeysImpossible(HotkeyError):
    """No keys can be heard on this desktop. words: reason, a sentence."""

    message = strings.ERR_HOTKEYS_IMPOSSIBLE


class KeyNotAllowed(HotkeyError):
    """words: key, reason."""

    message = strings.ERR_KEY_NOT_ALLOWED
