"""The user's login to the Hugging Face Hub: an access token, kept where the Hub's own programs keep theirs.

The token is handed from the field or the prompt to the Hub's package and nowhere else: it is in no log, setting,
export or sentence, nor in the words of an error.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    LoginFailed,
    LoginNotChanged,
    LoginOffline,
    TokenMissing,
    TokenRefused,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Tick
from imagecraft_desktop.weights.download import PROGRAM, hush

_LOOKS_RIGHT = re.compile(r"[!-~]+")
_OF_ORGANIZATION = "api_org"
_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


def login(token: str, tick: Tick) -> str:
    """Ask the Hub whose token this is, and keep it.

    Args:
        tick: What it raises before the token is kept leaves everything as it was.
    Returns:
        A sentence that says who is logged in.
    Raises:
        TokenMissing, TokenRefused, LoginOffline, LoginFailed, LoginNotChanged.
    """
    token = token.strip()
    if not token:
        raise TokenMissing
    import huggingface_hub

    hush()
    if not _LOOKS_RIGHT.fullmatch(token) or token.startswith(_OF_ORGANIZATION):
        raise TokenRefused
    with _in_our_words():
        name = _whose(token)
        tick()
        # it asks once more, but without an end where no answer comes
        huggingface_hub.login(token=token, add_to_git_credential=False)
        is_used = huggingface_hub.get_token() == token
    said = say(strings.LOGGED_IN, name=name)
    return said if is_used else f"{said} {say(strings.LOGIN_OVERRULED)}"


def logout() -> str:
    """Forget all tokens that are kept on this machine.

    Returns:
        A sentence that says so.
    Raises:
        LoginNotChanged.
    """
    import huggingface_hub

    hush()
    if huggingface_hub.get_token() is None:
        return say(strings.NOT_LOGGED_IN)
    reason = say(strings.LOGIN_FILE)
    try:
        huggingface_hub.logout()
    except OSError as error:  # also where there is no git, which may know a token, too
        reason = _why(error)
    if huggingface_hub.get_token() is not None:
        if any(map(os.environ.get, _VARIABLES)):
            reason = say(strings.LOGIN_VARIABLE)
        raise LoginNotChanged(reason=reason)
    return say(strings.LOGGED_OUT)


def _whose(token: str) -> str:
    """The name of a token's owner. Raises TokenRefused, LoginFailed, and what the transport does."""
    from huggingface_hub import constants, get_session

    answer = get_session().get(
        f"{constants.ENDPOINT}/api/whoami-v2",
        headers={"Authorization": f"Bearer {token}", "User-Agent": PROGRAM},
        timeout=float(constants.HF_HUB_ETAG_TIMEOUT),
    )
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise TokenRefused
    if answer.status_code != HTTPStatus.OK:
        raise LoginFailed(str(answer.status_code))
    return str(answer.json()["name"])


@contextmanager
def _in_our_words() -> Iterator[None]:
    import httpx2
    from huggingface_hub import errors

    try:
        yield
    except errors.OfflineModeIsEnabled as error:
        raise LoginOffline(reason=say(strings.HUB_OFFLINE_SWITCH)) from error
    except (errors.HfHubHTTPError, ValueError, TypeError, LookupError) as error:
        raise LoginFailed(type(error).__name__) from error
    except httpx2.TransportError as error:
        reason = say(strings.HUB_NO_CONNECTION)
        raise LoginOffline(type(error).__name__, reason=reason) from error
    except httpx2.HTTPError as error:
        raise LoginFailed(type(error).__name__) from error
    except OSError as error:
        raise LoginNotChanged(type(error).__name__, reason=_why(error)) from error


def _why(error: OSError) -> str:
    if error.strerror:
        return say(strings.LOGIN_SYSTEM, detail=error.strerror)
    return say(strings.LOGIN_FILE)
