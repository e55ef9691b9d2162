"""The state of a page in its address: ids, bound by hand, so that an address reopens what was seen.

`?name=id` for each choice that is not its default. A choice that several pages have under one name goes along
from page to page; an id that does not exist gives a toast and the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

PAGE, KEPT, WRITTEN = "address.page", "address.kept", "address.written"
"""Where the session keeps the page last shown, every choice made, and what the address was made to say."""
SHARED = ("org", "run", "rule")
"""What a link takes along to another page."""


def enter(page: str) -> None:
    """A page begins: what its address says comes before what was chosen on the way."""
    if st.session_state.get(PAGE) != page:
        st.session_state[PAGE] = page
        st.session_state[WRITTEN] = {}
        if not st.query_params and (state := along()):
            st.query_params.update(state)  # together, so that the way back has one step of it


def selectbox(
    name: str,
    label: str,
    options: Sequence[str],
    *,
    title: Callable[[str], str] = str,
    default: str | None = None,
    help: str | None = None,
    hidden: bool = False,
    always: bool = False,
) -> str:
    """A selectbox over ids; default: the first option. hidden: without its label.

    always: the address names it even where it is the default, which later runs may change.
    """
    first = options[0] if default is None else default
    _enter(name, label, first, lambda value: value in options, always=always)
    st.selectbox(
        label,
        options,
        key=name,
        format_func=title,
        help=help,
        on_change=_remember,
        args=(name, None if always else first),
        label_visibility="collapsed" if hidden else "visible",
    )
    return str(st.session_state[name])


def segments(
    name: str, label: str, options: Sequence[str], *, title: Callable[[str], str] = str, hidden: bool = False
) -> str:
    """The same as a row of buttons, for a few options."""
    _enter(name, label, options[0], lambda value: value in options)
    st.segmented_control(
        label,
        options,
        key=name,
        format_func=title,
        required=True,
        on_change=_remember,
        args=(name, options[0]),
        label_visibility="collapsed" if hidden else "visible",
    )
    return str(st.session_state[name])


def pills(
    name: str, label: str, options: Sequence[str], *, title: Callable[[str], str] = str
) -> tuple[str, ...]:
    """Several of a few options, in the address between commas; () = no choice was made, which means all."""
    _enter(name, label, "", lambda value: not value or set(value.split(",")) <= set(options))
    picked = [each for each in str(st.session_state[name] or "").split(",") if each]
    widget = f"{name}.pills"
    st.session_state[widget] = picked
    st.pills(
        label,
        options,
        key=widget,
        format_func=title,
        selection_mode="multi",
        wrap=True,
        on_change=_remember_pills,
        args=(name, widget),
    )
    return tuple(each for each in options if each in picked)


def toggle(name: str, label: str, *, help: str | None = None) -> bool:
    """A switch, off by default; `?name=on`."""
    _enter(name, label, "", lambda value: value in ("", "on"))
    widget = f"{name}.toggle"
    st.session_state[widget] = st.session_state[name] == "on"
    st.toggle(label, key=widget, help=help, on_change=_remember_toggle, args=(name, widget))
    return bool(st.session_state[name] == "on")


def number(
    name: str,
    label: str,
    default: float,
    *,
    low: float,
    high: float,
    step: float,
    help: str | None = None,
) -> float:
    """A number between two bounds."""
    _enter(name, label, _shown(default), lambda value: _is_number(value, low, high))
    widget = f"{name}.number"
    st.session_state[widget] = float(st.session_state[name])
    st.number_input(
        label,
        min_value=low,
        max_value=high,
        step=step,
        key=widget,
        help=help,
        on_change=_remember_number,
        args=(name, widget, _shown(default)),
    )
    return float(st.session_state[name])


def held(name: str, label: str, is_valid: Callable[[str], bool]) -> str:
    """A choice that has no widget, as of a row in a table; "" = none, the default."""
    _enter(name, label, "", lambda value: not value or is_valid(value))
    return str(st.session_state[name])


def depend(on: tuple[str, ...], *names: str) -> None:
    """Let choices go when what they depend on changes on the page, but not where the address brings new ones.

    Before their widgets are drawn.
    """
    mark = f"address.on.{','.join(names)}"
    before, st.session_state[mark] = st.session_state.get(mark), on
    written: Mapping[str, str | None] = st.session_state.get(WRITTEN, {})
    if before in (None, on):
        return
    for name in names:
        if st.query_params.get(name) == written.get(name):
            st.session_state.pop(name, None)
            _write(name, None)


def choose(name: str, value: str) -> None:
    """Set a choice from elsewhere on the page; in a callback only, before the widget is drawn again."""
    st.session_state[name] = value
    _write(name, value)


def current(name: str, options: Sequence[str], default: str | None = None) -> str:
    """The choice as it stands before its widget is drawn."""
    first = options[0] if default is None else default
    asked, _ = _asked(name, first)
    return asked if asked in options else first


def along(**ids: str) -> dict[str, str]:
    """What a link to another page says: the same organisation, run and rule, and ids of its own."""
    kept: Mapping[str, str] = st.session_state.get(KEPT, {})
    return {name: kept[name] for name in SHARED if name in kept} | ids


def link(page: str, **ids: str) -> str:
    """The address of a page by its path, with that."""
    state = along(**ids)
    return f"/{page}?{urlencode(state)}" if state else f"/{page}"


def _asked(name: str, default: str) -> tuple[str, bool]:
    """What is chosen, and whether the address says so.

    At a page's first run: by the address, else by a page before. Later: by the address where it was changed
    since, as by the browser's own arrows, else on the page.
    """
    named = st.query_params.get(name)
    written: Mapping[str, str | None] = st.session_state.get(WRITTEN, {})
    if name not in written:
        before = st.session_state.get(KEPT, {}).get(name, default)
        return (before, False) if named is None else (named, True)
    if named != written[name]:
        return (default, False) if named is None else (named, True)
    return str(st.session_state.get(name, default if named is None else named)), False


def _enter(
    name: str, label: str, default: str, is_valid: Callable[[str], bool], *, always: bool = False
) -> None:
    asked, by_address = _asked(name, default)
    if not is_valid(asked):
        if by_address:
            st.toast(f"{label}: there is none by the name in this address. Shown instead: the default.")
        asked = default
    st.session_state[name] = asked
    _write(name, None if asked == default and not always else asked)


def _write(name: str, value: str | None) -> None:
    """Into the address, and into what goes along; None = the default, which neither needs to name."""
    st.session_state[WRITTEN] = {**st.session_state.get(WRITTEN, {}), name: value}
    kept = {key: each for key, each in st.session_state.get(KEPT, {}).items() if key != name}
    st.session_state[KEPT] = kept if value is None else {**kept, name: value}
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def _remember(name: str, default: str | None) -> None:
    value = str(st.session_state[name])
    _write(name, None if value == default else value)


def _remember_pills(name: str, widget: str) -> None:
    value = ",".join(st.session_state[widget])
    st.session_state[name] = value
    _write(name, value or None)


def _remember_toggle(name: str, widget: str) -> None:
    on = bool(st.session_state[widget])
    st.session_state[name] = "on" if on else ""
    _write(name, "on" if on else None)


def _remember_number(name: str, widget: str, default: str) -> None:
    value = _shown(float(st.session_state[widget]))
    st.session_state[name] = value
    _write(name, None if value == default else value)


def _shown(value: float) -> str:
    return f"{value:g}"


def _is_number(text: str, low: float, high: float) -> bool:
    try:
        return low <= float(text) <= high
    except ValueError:
        return False
