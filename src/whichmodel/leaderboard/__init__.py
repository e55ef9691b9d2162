"""The pages that show standings and routes. One file a page; nothing here decides anything."""

from __future__ import annotations

from pathlib import Path

ICON = Path(__file__).parent / "icon.png"
"""The icon of the browser's tab: a local file, so that no other host is asked for one."""
