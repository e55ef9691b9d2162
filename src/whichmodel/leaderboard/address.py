"""The state of a page in its address: ids, bound by hand, so that an address reopens what was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st


def selectbox(
    name: str, label: str, options: Sequence[str], *, title: Callable[[str], str], help: str | None = None
) -> str:
    """A selectbox over ids whose choice stands in the address as `?name=id`; the first option is the default.

    An id that is not among the options gives a toast and the default.
    """
    _enter(name, label, options)
    st.selectbox(
        label, options, key=name, format_func=title, help=help, on_change=_remember, args=(name, options[0])
    )
    return str(st.session_state[name])


def segments(name: str, label: str, options: Sequence[str], *, title: Callable[[str], str]) -> str:
    """The same as a row of buttons, for a few options."""
    _enter(name, label, options)
    st.segmented_control(
        label,
        options,
        key=name,
        format_func=title,
        required=True,
        on_change=_remember,
        args=(name, options[0]),
    )
    return str(st.session_state[name])


def choose(name: str, value: str) -> None:
    """Set a choice from elsewhere on the page; in a callback only, before the widget is drawn again."""
    st.session_state[name] = value
    st.query_params[name] = value


def _enter(name: str, label: str, options: Sequence[str]) -> None:
    """The choice of the address at the first visit, the one made since at any later one."""
    asked = st.session_state.get(name, st.query_params.get(name, options[0]))
    if asked not in options:
        st.toast(f"{label}: there is none by the name in this address. Shown instead: the default.")
        st.query_params.pop(name, None)
        asked = options[0]
    st.session_state[name] = asked


def _remember(name: str, default: str) -> None:
    value = st.session_state[name]
    if value == default:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def current(name: str, options: Sequence[str]) -> str:
    """The choice as it stands before its widget is drawn."""
    asked = st.session_state.get(name, st.query_params.get(name, options[0]))
    return asked if asked in options else options[0]
