"""How people sign in here, settled when the server starts; and whether everything that takes is at hand."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from whichmodel.config import Config, Oidc, TrustedHeader, load_config
from whichmodel.config.leaderboard import EXAMPLE
from whichmodel.errors import ConfigError, UsageError, nearest
from whichmodel.leaderboard.identity import SHORTEST_TOKEN, SignIn
from whichmodel.leaderboard.places import Places

PEERS_VARIABLE = "FORWARDED_ALLOW_IPS"
"""Whom the web server lets say who is at the other end; "" = nobody, so that an address cannot be made up."""
SECRETS = Path(".streamlit") / "secrets.toml"
SHORTEST_SECRET = 32
CALLBACK = "/oauth2callback"
NEW_SECRET = "`python -c 'import secrets; print(secrets.token_urlsafe(32))'` makes one."
PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")


@cache
def settled(places: Places) -> SignIn:
    """As bench.yaml said when it was first asked: a running server does not open or close by an edit."""
    return load_config(places.config).leaderboard.sign_in


def ready(places: Places) -> SignIn:
    """The same, where the server was started so that it can be relied on. Raises ConfigError, UsageError."""
    found = settled(places)
    if isinstance(found, TrustedHeader) and os.environ.get(PEERS_VARIABLE) != "":
        raise UsageError(
            "The web server would believe who says to be the proxy.",
            where=PEERS_VARIABLE,
            remedy=f"Start it by `bench leaderboard`, or with {PEERS_VARIABLE} set to nothing.",
        )
    return found


def check(config: Config, host: str, is_loopback: bool, secrets: Path) -> tuple[str, ...]:
    """Whether the server may be started so; names by which browsers ask for it, besides its own.

    host: the address it is to listen at. secrets: the file with the provider's client, for OpenID Connect.
    Raises UsageError and ConfigError saying what is missing.
    """
    sign_in, names = config.leaderboard.sign_in, config.leaderboard.hosts
    if sign_in is None:
        if not is_loopback:
            raise UsageError(
                f"Whoever reaches {host} could read every organisation's pages: nobody signs in.",
                where=f"--host {host}",
                remedy=f"Set `leaderboard.sign_in` in {config.path} (docs/guides/sign-in.md) or leave "
                f"--host out. This works, with your proxy's address:\n{EXAMPLE}",
            )
        return names
    _tokens(config)
    if isinstance(sign_in, TrustedHeader):
        _variable(sign_in.secret_env, SHORTEST_TOKEN, f"{config.path}: leaderboard.sign_in.secret_env")
        return names
    return (*names, _client(sign_in, secrets))


def nobody(config: Config) -> tuple[str, ...]:
    """Organisations that nobody may look at, though people sign in."""
    if config.leaderboard.sign_in is None:
        return ()
    return tuple(name for name, each in config.organisations.items() if not each.viewers)


def check_private(config: Config, tasks: Callable[[], frozenset[str]]) -> None:
    """Whether every private task is one that there is: a misspelt one would hide nothing.

    tasks: names of those with a card and of those measured. Raises ConfigError.
    """
    listed = {name: each.private_tasks for name, each in config.organisations.items() if each.private_tasks}
    known = tasks() if listed else frozenset()
    for name, task in ((name, task) for name, own in listed.items() for task in own):
        if task not in known:
            close = nearest(task, sorted(known))
            raise ConfigError(
                f"There is no task '{task}', measured or to measure, so nothing is hidden by it.",
                where=f"{config.path}: organisations.{name}.private_tasks",
                remedy=f"Nearest: {', '.join(close)}." if close else "`bench tasks` lists those there are.",
            )


def _tokens(config: Config) -> None:
    for organisation in config.organisations.values():
        where = f"{config.path}: organisations.{organisation.name}.token_env"
        _variable(organisation.token_env, SHORTEST_TOKEN, where)


def _variable(name: str | None, shortest: int, where: str) -> None:
    """A variable that bench.yaml names holds a secret that cannot be guessed."""
    if name is not None and len(os.environ.get(name, "")) < shortest:
        raise ConfigError(
            f"The variable {name} is not set, or holds less than {shortest} characters.",
            where=where,
            remedy=NEW_SECRET,
        )


def _client(sign_in: Oidc, secrets: Path) -> str:
    """The client at the provider is described and can be used; the host it comes back to."""
    if find_spec("authlib") is None:
        raise UsageError(
            "Signing in at a provider needs the package Authlib.",
            where="leaderboard.sign_in.oidc",
            remedy="`pip install 'whichmodel[sign-in]'` brings it.",
        )
    auth = _auth(secrets)
    section: Any = auth.get(sign_in.provider, {}) if sign_in.provider else auth
    name = f"auth.{sign_in.provider}" if sign_in.provider else "auth"
    wanted = {"redirect_uri": auth, "cookie_secret": auth, **dict.fromkeys(PROVIDER_KEYS, section)}
    for key, place in wanted.items():
        if not isinstance(place, Mapping) or not isinstance(place.get(key), str):
            here = "auth" if place is auth else name
            raise ConfigError(
                f"`{key}` is missing under `[{here}]`.",
                where=str(secrets),
                remedy="docs/guides/sign-in.md shows a whole file.",
            )
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        raise ConfigError(
            f"`cookie_secret` has less than {SHORTEST_SECRET} characters: who guesses it is anybody at will.",
            where=str(secrets),
            remedy=NEW_SECRET,
        )
    back = urlsplit(auth["redirect_uri"])
    if back.scheme not in ("http", "https") or not back.hostname or back.path != CALLBACK:
        raise ConfigError(
            "`redirect_uri` is not where the provider can send people back to.",
            where=str(secrets),
            remedy=f"Write the address at which browsers open the page, with {CALLBACK} behind it.",
        )
    return str(back.hostname)


def _auth(secrets: Path) -> Mapping[str, Any]:
    try:
        found = tomllib.loads(secrets.read_text(encoding="utf-8")).get("auth")
    except FileNotFoundError:
        raise ConfigError(
            "Signing in at a provider needs a file with the client's id and secret.",
            where=str(secrets),
            remedy="Write it as docs/guides/sign-in.md shows, or name it by `--secrets`.",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"The file cannot be read: {type(error).__name__}.", where=str(secrets), remedy="It is TOML."
        ) from None
    if not isinstance(found, Mapping):
        raise ConfigError("The section `[auth]` is missing.", where=str(secrets), remedy="Add it.")
    return found
