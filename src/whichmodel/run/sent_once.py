"""Repeats that no `max_retries` reaches, switched off where one is known."""

from __future__ import annotations

from typing import Any

from inspect_ai.model import Model as InspectModel


def sent_once(inspect: InspectModel) -> InspectModel:
    """The same model, whose calls go over the wire once.

    google-genai sends a request again, up to ten seconds later, when the connection breaks, unless its own
    retries are configured: one attempt is. Inspect 0.3.285 has no argument for that.
    """
    api: Any = inspect.api
    if type(api).__name__ == "GoogleGenAIAPI":
        from google.genai.types import HttpRetryOptions

        plain = api._http_options

        def once(config: Any = None) -> Any:
            options = plain(config)
            options.retry_options = HttpRetryOptions(attempts=1)
            return options

        api._http_options = once
    return inspect
