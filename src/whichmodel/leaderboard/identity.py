"""Who asks, as far as it is proved, and which organisations that may see. Nothing here asks the address."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache

from whichmodel.config import Config, Oidc, TrustedHeader, may_view

STAMP = "X-Whichmodel-Visitor"
"""Header in which the gate hands on whom it let in; what comes from outside under this name is dropped."""
SHORTEST_TOKEN = 24
"""Characters of a gateway's token, under which it could be guessed."""
SignIn = TrustedHeader | Oidc | None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody, or a program, that was let in."""

    address: str = ""
    """E-mail address. "" = it has none."""
    is_verified: bool = True
    """False = whoever gave the address has not checked that it is this person's."""
    gateway_of: str | None = None
    """The organisation whose token a gateway has shown. None = it is no gateway."""
    is_warming: bool = False
    """The server's own first visit, by which the next one finds everything read."""


def organisations(config: Config, sign_in: SignIn, visitor: Visitor | None) -> tuple[str, ...]:
    """Names of the organisations that may be seen, the default one first where it is among them.

    visitor: None = nobody has signed in, who sees all where nobody has to and none elsewhere.
    """
    default = config.default_organisation
    names = (default, *(name for name in config.organisations if name != default))
    if sign_in is None:
        return names
    if visitor is None:
        return ()
    if visitor.is_warming:
        return names[:1]
    if visitor.gateway_of is not None:
        return tuple(name for name in names if name == visitor.gateway_of)
    if not visitor.is_verified:
        return ()
    return tuple(n for n in names if may_view(config.organisations[n].viewers, visitor.address))


def gateway(config: Config, authorization: str) -> Visitor | None:
    """The gateway that shows a token as `Authorization: Bearer <token>`; None = it is no token of anyone."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    found = None
    for organisation in config.organisations.values():
        token = os.environ.get(organisation.token_env or "", "")
        if len(token) >= SHORTEST_TOKEN and is_same(given.strip(), token):
            found = Visitor(gateway_of=organisation.name)
    return found


def stamp(visitor: Visitor) -> str:
    """A visitor as the gate hands it on: nobody outside this process can write one."""
    return f"{_seal()} {json.dumps(asdict(visitor))}"


def stamped(headers: Mapping[str, str]) -> Visitor | None:
    """Whom the gate let in; None = there is no stamp, or not the gate's."""
    seal, _, body = headers.get(STAMP, "").partition(" ")
    return Visitor(**json.loads(body)) if is_same(seal, _seal()) else None


def is_same(given: str, known: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing about them."""
    return hmac.compare_digest(given.encode(), known.encode())


@cache
def _seal() -> str:
    return secrets.token_urlsafe(32)
