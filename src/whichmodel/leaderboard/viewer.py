"""Who looks at a page, and what is shown to who may see nothing."""

from __future__ import annotations

import streamlit as st

from whichmodel.config import Config, Oidc
from whichmodel.leaderboard import identity, signing
from whichmodel.leaderboard.elements import Line, prose
from whichmodel.leaderboard.identity import Visitor
from whichmodel.leaderboard.places import places


def organisations(config: Config) -> tuple[str, ...]:
    """Names of the organisations that may be shown to who looks, the default one first; () = none."""
    return identity.organisations(config, signing.settled(places()), visitor())


def visitor() -> Visitor | None:
    """Who looks. None = nobody has signed in."""
    let_in = identity.stamped(st.context.headers)
    sign_in = signing.settled(places())
    return _signed_in(sign_in) if let_in is None and isinstance(sign_in, Oidc) else let_in


def is_known() -> bool:
    """Whether people sign in here, so that what goes wrong is no longer told to everybody."""
    return signing.settled(places()) is not None


def nothing() -> None:
    """The page of somebody who may see no organisation: how to sign in, or whom to ask."""
    who = visitor()
    sign_in = signing.settled(places())
    _, middle, _ = st.columns([1, 2, 1])
    with middle, st.container(border=True, key="turned_away"):
        if who is None:
            st.title("Sign in", anchor=False)
            prose("sign_in_words", Line("These pages show each organisation to its own people alone."))
            if isinstance(sign_in, Oidc):
                st.button(
                    "Sign in", type="primary", key="sign_in", on_click=st.login, args=(sign_in.provider,)
                )
            else:
                prose("sign_in_way", Line("Open this page at the address of its sign-in proxy.", "muted"))
            return
        st.title("Nothing to show you", anchor=False)
        prose("turned_away_words", *_why(who))
        if isinstance(sign_in, Oidc):
            st.button("Sign out", key="sign_out", on_click=st.logout)


def signed_in() -> None:
    """Who is signed in, below what the sidebar holds; nothing where nobody signs in."""
    who = visitor()
    if who is None or not who.address:
        return
    with st.sidebar:
        prose("signed_in_as", Line(("Signed in as", who.address), "muted"))
        if isinstance(signing.settled(places()), Oidc):
            st.button("Sign out", key="sign_out", on_click=st.logout, width="stretch")


def _why(who: Visitor) -> list[Line]:
    lines = [Line(f"You are signed in as {who.address or 'somebody without an address'}.")]
    if not who.is_verified:
        return [
            *lines,
            Line("Your provider does not say that this address was checked, so it is not relied on."),
        ]
    return [
        *lines,
        Line("No organisation lists this address among its viewers."),
        Line(
            "Ask whoever runs this leaderboard: they add it to `viewers` of your organisation in bench.yaml, "
            "and it counts at your next visit.",
            "muted",
        ),
    ]


def _signed_in(sign_in: Oidc) -> Visitor | None:
    """Who has signed in at the provider; an address that nobody checked is not relied on."""
    user = st.user.to_dict()
    if user.get("is_logged_in") is not True or user.get("provider") != (sign_in.provider or "default"):
        return None
    address = user.get("email")
    known = address.lower() if isinstance(address, str) else ""
    return Visitor(address=known, is_verified=bool(known) and user.get("email_verified") is True)
