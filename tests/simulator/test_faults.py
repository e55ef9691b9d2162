"""Every fault in every protocol: what each real SDK and each of Inspect's providers makes of it.

A table names what is observed: a stop reason and the model that answered (SELF = the one that was asked), an
error's class and HTTP status, `would retry` where Inspect takes the error for a passing one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from simulator.faulty_panel import NAMES, Observatory, aliases, faults

from whichmodel.domain import Bank
from whichmodel.simulator.serve import serve

Row = dict[str, str]
UNSHOWN = "cannot be shown"


@pytest.fixture(scope="module")
def observatory(invoices: Bank, pictures: Bank) -> Iterator[Observatory]:
    """A panel on which every fault has models of its own."""
    panel = serve([invoices, pictures], faults=faults(), aliases=aliases(), latency_s=0.01)
    with panel as found, pytest.MonkeyPatch.context() as patch:
        # Inspect draws the traceback of each error for its log: a third of a second for each.
        patch.setattr("inspect_ai._util.rich.rich_traceback", lambda *_, **__: "")
        yield Observatory(found, invoices.items[0].input, pictures.items[0].input)


def answers(stop: str, filtered: str, length: str) -> Row:
    """A good answer, one that a filter stopped, one that a limit stopped, one by another model."""
    return {
        "none": f"{stop} by SELF",
        "filter": f"{filtered} by SELF",
        "length": f"{length} by SELF",
        "other_model": f"{stop} by another-model",
    }


def pictures_only(good: str) -> Row:
    """A protocol that has no words for a filter with status 200, a limit or the model's name."""
    return {"none": good, **dict.fromkeys(("filter", "length", "other_model"), UNSHOWN)}


ENDLESS = {"hang": "does not end", "drip": "does not end"}
WHOLE = {"early_end": UNSHOWN, "error_event": UNSHOWN}

# The SDKs

OPENAI = ENDLESS | {
    "429": "raises RateLimitError 429",
    "500": "raises InternalServerError 500",
    "529": "raises InternalServerError 529",
    "401": "raises AuthenticationError 401",
    "403": "raises PermissionDeniedError 403",
    "404": "raises NotFoundError 404",
    "quota": "raises RateLimitError 429",
    "filter_400": "raises BadRequestError 400",
    "reset": "raises APIConnectionError",
    "cut": "raises APIConnectionError",
    "bad_json": "raises JSONDecodeError",
    "html": "raises AttributeError",
}
ANTHROPIC = OPENAI | {"529": "raises OverloadedError 529", "quota": "raises BadRequestError 400"}
GOOGLE = ENDLESS | {
    **{status: f"raises ClientError {status}" for status in ("429", "401", "403", "404")},
    **{status: f"raises ServerError {status}" for status in ("500", "529")},
    "quota": "raises ClientError 429",
    "filter_400": UNSHOWN,
    "reset": "raises ClientOSError",
    "cut": "raises ClientPayloadError",
    "bad_json": "raises JSONDecodeError",
    "html": "raises JSONDecodeError",
    "empty": "None by SELF",
}
HUGGING_FACE = ENDLESS | {
    **{s: f"raises HfHubHTTPError {s}" for s in ("429", "500", "529", "401", "403", "404")},
    "quota": "raises HfHubHTTPError 402",
    "filter_400": "raises BadRequestError 400",
    "reset": "raises ReadError",
    "cut": "raises RemoteProtocolError",
    "bad_json": "raises JSONDecodeError",
    "html": "raises JSONDecodeError",
}
CHAT = answers("stop", "content_filter", "length")
RESPONSES = answers("completed", "content_filter", "max_output_tokens")
CLAUDE = answers("end_turn", "refusal", "max_tokens")
GEMINI = answers("STOP", "SAFETY", "MAX_TOKENS")

SDK: Mapping[str, Row] = {
    "chat": OPENAI | WHOLE | CHAT | {"empty": "no choices"},
    "chat stream": OPENAI
    | CHAT
    | {
        "early_end": "None by SELF",
        "error_event": "raises APIError",
        "html": "None by ",
        "empty": "None by SELF",
    },
    "responses": OPENAI | WHOLE | RESPONSES | {"empty": "no output by SELF"},
    "responses stream": OPENAI
    | RESPONSES
    | {
        "early_end": "no last event",
        "error_event": "error event: server_error",
        "html": "no last event",
        "empty": "no output by SELF",
    },
    "anthropic": ANTHROPIC | WHOLE | CLAUDE | {"empty": "None by SELF"},
    "anthropic stream": ANTHROPIC
    | CLAUDE
    | {
        "cut": "raises RemoteProtocolError",
        "early_end": "None by SELF",
        "error_event": "raises APIStatusError 200",
        "bad_json": "None by SELF",
        "html": "raises AssertionError",
        "empty": "None by SELF",
    },
    "google": GOOGLE | WHOLE | GEMINI,
    "google stream": GOOGLE
    | GEMINI
    | {
        "early_end": "None by SELF",
        "error_event": "raises ServerError 503",
        "bad_json": "raises UnknownApiResponseError",
        "html": "raises UnknownApiResponseError",
    },
    "hf": HUGGING_FACE | WHOLE | CHAT | {"empty": "no choices"},
    "hf stream": HUGGING_FACE
    | CHAT
    | {
        "early_end": "None by SELF",
        "error_event": "raises UnknownError",
        "html": "None by ",
        "empty": "None by SELF",
    },
    "openai-images": OPENAI | WHOLE | pictures_only("a picture") | {"empty": "no picture"},
    "hf-images": HUGGING_FACE
    | WHOLE
    | pictures_only("a picture of 512x512")
    | dict.fromkeys(("bad_json", "html", "empty"), "raises UnidentifiedImageError")
    | {"filter_400": UNSHOWN},
    "gemini-images": GOOGLE
    | WHOLE
    | {"none": "a picture", "filter": "SAFETY by SELF", "length": UNSHOWN, "other_model": "a picture"},
    "imagen": GOOGLE
    | WHOLE
    | pictures_only("a picture")
    | {"filter": "filtered", "filter_400": "raises ClientError 400", "empty": "no picture"},
}

# Inspect's providers

INSPECTED = answers("stop", "content_filter", "max_tokens")
INSPECT_OPENAI = (
    ENDLESS
    | INSPECTED
    | {
        "429": "would retry RateLimitError 429",
        "500": "would retry InternalServerError 500",
        "529": "would retry InternalServerError 529",
        "401": "raises AuthenticationError 401",
        "403": "raises PermissionDeniedError 403",
        "404": "raises NotFoundError 404",
        "quota": "raises RateLimitError 429",
        "filter_400": "content_filter by SELF",
        "reset": "would retry APIConnectionError",
        "cut": "would retry APIConnectionError",
        "bad_json": "raises JSONDecodeError",
    }
)
COMPATIBLE = INSPECT_OPENAI | {
    "403": "raises ModelGenerateError 403",
    "quota": "would retry RateLimitError 429",
    "html": "would retry NoStreamDataError",
    "empty": "no choices",
}
COMPATIBLE_STREAM = COMPATIBLE | {"early_end": "unknown by SELF", "error_event": "would retry APIError"}
INSPECT_GOOGLE = (
    ENDLESS
    | INSPECTED
    | {
        **{status: f"raises ClientError {status}" for status in ("401", "403", "404")},
        **{status: f"would retry ServerError {status}" for status in ("500", "529")},
        "429": "would retry ClientError 429",
        "quota": "would retry ClientError 429",
        "filter_400": UNSHOWN,
        "reset": "does not end",
        "cut": "would retry ClientPayloadError",
        "bad_json": "raises JSONDecodeError",
        "html": "raises JSONDecodeError",
        "empty": "stop by SELF",
    }
)
OUR_PICTURES = dict.fromkeys(("bad_json", "html", "empty"), "raises NoImage")
OUR_GOOGLE = (
    INSPECT_GOOGLE
    | WHOLE
    | OUR_PICTURES
    | {"length": UNSHOWN, "quota": "raises ClientError 429", "reset": "would retry ClientOSError"}
)

INSPECT: Mapping[str, Row] = {
    "chat": COMPATIBLE | WHOLE | {"html": "would retry OpenAIResponseError"},
    "chat stream": COMPATIBLE_STREAM,
    "responses": INSPECT_OPENAI | WHOLE | {"html": "raises AssertionError", "empty": "stop by SELF"},
    "responses stream": INSPECT_OPENAI
    | dict.fromkeys(("early_end", "error_event", "html"), "would retry OpenAIResponseError")
    | {"empty": "stop by SELF"},
    "anthropic": INSPECT_OPENAI
    | dict.fromkeys(("early_end", "bad_json", "empty"), "unknown by SELF")
    | {
        "529": "would retry OverloadedError 529",
        "quota": "raises ModelGenerateError 400",
        "cut": "would retry RemoteProtocolError",
        "error_event": "would retry APIStatusError 529",
        "html": "raises AssertionError",
    },
    "google": INSPECT_GOOGLE | WHOLE,
    "google stream": INSPECT_GOOGLE
    | dict.fromkeys(("bad_json", "html"), "raises UnknownApiResponseError")
    | {"early_end": "stop by SELF", "error_event": "would retry ServerError 503"},
    "hf": COMPATIBLE_STREAM | {"quota": "raises APIStatusError 402"},
    "openai-images": INSPECT_OPENAI | WHOLE | OUR_PICTURES | pictures_only("stop by SELF"),
    "hf-images": ENDLESS
    | WHOLE
    | OUR_PICTURES
    | pictures_only("stop by SELF")
    | {s: f"would retry HfHubHTTPError {s}" for s in ("429", "500", "529")}
    | {s: f"raises HfHubHTTPError {s}" for s in ("401", "403", "404")}
    | {
        "quota": "raises HfHubHTTPError 402",
        "filter_400": UNSHOWN,
        "reset": "would retry ReadError",
        "cut": "would retry RemoteProtocolError",
    },
    "gemini-images": OUR_GOOGLE,
    "imagen": OUR_GOOGLE | {"filter_400": "content_filter by SELF", "other_model": UNSHOWN},
}


@pytest.mark.parametrize("fault", NAMES)
@pytest.mark.parametrize("way", SDK)
def test_what_an_sdk_makes_of_a_fault(observatory: Observatory, way: str, fault: str) -> None:
    assert observatory.of_sdk(way)[fault] == SDK[way][fault]


@pytest.mark.parametrize("fault", NAMES)
@pytest.mark.parametrize("protocol", INSPECT)
def test_what_inspect_makes_of_a_fault(observatory: Observatory, protocol: str, fault: str) -> None:
    assert observatory.of_inspect(protocol)[fault] == INSPECT[protocol][fault]
