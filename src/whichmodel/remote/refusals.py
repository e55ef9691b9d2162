"""What a store's client raises, as errors that say what, where, and what would work."""

from __future__ import annotations

import re

from whichmodel.errors import StoreError


class Away(StoreError):
    """The store did not do what it was asked; what is here is as it was, and it can be tried again."""


class Denied(Away):
    """The store does not let this reader or writer in here."""


_CODE = re.compile(r"<Code>\s*(\w+)\s*</Code>|\"(?:code|status|reason)\"\s*:\s*\"(\w+)\"")
_STATUS = re.compile(r"non-2xx status code: (\d{3})")
NO_BUCKET = frozenset({"NoSuchBucket", "ContainerNotFound", "InvalidBucketName", "NoSuchContainer"})
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
SKEWED = frozenset({"RequestTimeTooSkewed"})
UNKNOWN_KEY = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "UnrecognizedClientException"}
    | {"AuthenticationFailed", "UNAUTHENTICATED", "NoAuthenticationInformation"}
)
BUSY = frozenset({"SlowDown", "ServiceUnavailable", "InternalError", "ServerBusy", "RequestTimeout"})
NO_CREDENTIALS = ("169.254.169.254", "169.254.170.2", "metadata.google.internal", "Missing AccountKey")
"""Where clients look for credentials when the environment holds none."""
UNREACHABLE = ("error sending request", "dns error", "tcp connect error", "timed out", "operation timed out")
READ_KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, GOOGLE_APPLICATION_CREDENTIALS, AZURE_STORAGE_*"
KEPT = "What was measured is kept here; `bench store push` brings it later."


def explained(error: Exception, where: str, address: str) -> Away | None:
    """An error of ours for one of the client's; None = there is no such object.

    The client's own text is not handed on: it may quote headers and addresses with signatures.
    """
    text = str(error)
    found = _CODE.search(text)
    code = (found[1] or found[2]) if found else ""
    status = int(match[1]) if (match := _STATUS.search(text)) else None
    if code in NO_BUCKET or "bucket does not exist" in text:
        return Away(
            "There is no such bucket.", where=address, remedy="Make it, or mend `store:` in bench.yaml."
        )
    if isinstance(error, FileNotFoundError):
        return None
    for told in (_identity(text, code, status, where), _network(text, code, status, where)):
        if told:
            return told
    if "No space left" in text or "Quota exceeded" in text or "Disk quota" in text:
        return Away("There is no room left in the store.", where=where, remedy=f"Make room. {KEPT}")
    if isinstance(error, OSError):
        return Away(f"The store cannot be used: {error.strerror or 'unreadable'}.", where=where)
    reason = f"{code or type(error).__name__}" + (f" ({status})" if status else "")
    return Away(f"The store refused the request: {reason}.", where=where, remedy=KEPT)


def _identity(text: str, code: str, status: int | None, where: str) -> Away | None:
    if code in EXPIRED:
        return Away("The credentials of the store have expired.", where=where, remedy=f"Sign in anew. {KEPT}")
    if code in SKEWED:
        return Away(
            "The store refuses requests because this machine's clock is wrong.",
            where=where,
            remedy=f"Set the clock (`timedatectl set-ntp true`). {KEPT}",
        )
    if any(sign in text for sign in NO_CREDENTIALS):
        return Away(
            "There are no credentials for the store.",
            where=where,
            remedy=f"Set the variables that its own clients read: {READ_KEYS}.",
        )
    if code in UNKNOWN_KEY or status == 401:
        return Away(
            f"The store does not know these credentials ({code or status}).",
            where=where,
            remedy=f"Check the variables that its own clients read: {READ_KEYS}.",
        )
    if status == 403 or "Permission denied" in text or "Read-only file system" in text:
        return Denied(
            "The store denies access.",
            where=where,
            remedy="Ask for the right to list, read and write there; `bench store pull` needs no writing.",
        )
    return None


def _network(text: str, code: str, status: int | None, where: str) -> Away | None:
    if "incorrectly configured region" in text:
        return Away(
            "The bucket lies in another region.",
            where=where,
            remedy="Name it: `store_options: {region: eu-central-1}` in bench.yaml, or AWS_REGION.",
        )
    if status == 501 or "hard link" in text.lower() or "NotImplemented" in code:
        return Away(
            "The store cannot write an object only where there is none, on which its manifest rests.",
            where=where,
            remedy="Use a service with conditional writes (If-None-Match), or a file system with hard links.",
        )
    if code in BUSY or (status is not None and status >= 500) or status == 429:
        return Away("The store is busy or broken.", where=where, remedy=f"Try again later. {KEPT}")
    if "URL scheme is not allowed" in text or "BadScheme" in text:
        return Away(
            "The endpoint speaks plain HTTP, which is refused.",
            where=where,
            remedy="Use https, or write `store_options: {allow_http: true}` for a store on this machine.",
        )
    if any(sign in text for sign in UNREACHABLE):
        return Away("The store cannot be reached.", where=where, remedy=f"Check network and endpoint. {KEPT}")
    return None
