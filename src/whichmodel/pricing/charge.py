"""One price x one usage -> money, exactly, or the reason why it is unknown: the only arithmetic of costs."""

from __future__ import annotations

from decimal import Decimal

from whichmodel.domain import Price, Usage

NO_PRICE, NO_USAGE = "no price", "no usage reported"
CONTRADICTION = "the counts contradict each other"
NO_THROUGHPUT = "a GPU hour needs `requests_per_hour`, or `concurrency` and a measured duration"
NO_BATCH = "no rate for batch"
ZERO = Decimal(0)
HOUR = Decimal(3600)

Cost = Decimal | str
"""USD, or why it is unknown."""


def charge(price: Price, usage: Usage, *, seconds: float | None = None) -> Cost:
    """The cost of a usage in USD by one price; a text says why it is unknown.

    seconds: duration of the one call, for prices by time; of several calls it is not known.
    """
    total, charged = ZERO, False
    for part in (_tokens(price, usage), _drawn(price, usage), _time(price, usage, seconds)):
        if isinstance(part, str):
            return part
        if part is not None:
            total, charged = total + part, True
    if not charged:
        return NO_PRICE
    if usage.batch:
        return NO_BATCH if price.batch_factor is None else total * price.batch_factor
    return total


def by_tokens(price: Price) -> bool:
    """Whether a price goes by tokens at all."""
    return price.input_per_mtok is not None or price.output_per_mtok is not None


def _tokens(price: Price, usage: Usage) -> Cost | None:
    """Cost of tokens; None where the price is not by token."""
    if not by_tokens(price):
        return None
    if usage.input is None or usage.output is None:
        return NO_USAGE
    into = _input(price, usage, usage.input)
    if isinstance(into, str):
        return into
    out = _output(price, usage, usage.output)
    return out if isinstance(out, str) else (into + out).scaleb(-6)


def _input(price: Price, usage: Usage, total: int) -> Cost:
    """Cost of the prompt in millionths of a dollar."""
    cached, write, hour = usage.cached or 0, usage.cache_write or 0, usage.cache_write_1h or 0
    image = _apart(usage.image_input, total, price.image_input_per_mtok, price.input_per_mtok)
    if image is None:
        return "no count of the prompt's image tokens"
    plain = total - cached - write - image
    if plain < 0 or hour > write:
        return CONTRADICTION
    return _sum(
        ("input", plain, price.input_per_mtok),
        ("cached tokens", cached, first(price.cached_per_mtok, price.input_per_mtok)),
        ("cache writes", write - hour, first(price.cache_write_per_mtok, price.input_per_mtok)),
        ("cache writes kept for an hour", hour, hourly(price)),
        ("image input", image, price.image_input_per_mtok),
    )


def _output(price: Price, usage: Usage, total: int) -> Cost:
    """Cost of the answer in millionths of a dollar."""
    image = _apart(usage.image_output, total, price.image_output_per_mtok, price.output_per_mtok)
    if image is None:
        return "no count of the drawn image's tokens"
    reasoning = _apart(usage.reasoning, total, price.reasoning_per_mtok, price.output_per_mtok)
    if reasoning is None:
        return "no count of reasoning tokens"
    plain = total - image - reasoning
    if plain < 0:
        return CONTRADICTION
    return _sum(
        ("output", plain, price.output_per_mtok),
        ("image output", image, price.image_output_per_mtok),
        ("reasoning", reasoning, price.reasoning_per_mtok),
    )


def _apart(count: int | None, total: int, rate: Decimal | None, plain: Decimal | None) -> int | None:
    """Tokens that are charged at a rate of their own; None where that matters and they were not counted."""
    if rate is None or total == 0:
        return 0
    return 0 if count is None and rate == plain else count


def hourly(price: Price) -> Decimal | None:
    """The rate of cache writes kept for an hour; where only shorter ones have a rate it is not known."""
    if price.cache_write_1h_per_mtok is None and price.cache_write_per_mtok is None:
        return price.input_per_mtok
    return price.cache_write_1h_per_mtok


def first(rate: Decimal | None, otherwise: Decimal | None) -> Decimal | None:
    """A rate, or else that of the kind of tokens that it is part of."""
    return otherwise if rate is None else rate


def _sum(*units: tuple[str, int, Decimal | None]) -> Cost:
    total = ZERO
    for name, count, rate in units:
        if count:
            if rate is None:
                return f"no rate for {name}"
            total += count * rate
    return total


def _drawn(price: Price, usage: Usage) -> Cost | None:
    """Cost of images by their number and their size; None where the price does not go by them."""
    if price.per_image is None and price.per_megapixel is None:
        return None
    total = ZERO
    if price.per_image is not None:
        if usage.images is None:
            return "no count of images"
        total += price.per_image * usage.images
    if price.per_megapixel is not None:
        if usage.megapixels is None:
            return "no size of the images"
        total += price.per_megapixel * Decimal(str(usage.megapixels))
    return total


def _time(price: Price, usage: Usage, seconds: float | None) -> Cost | None:
    """Cost of the endpoint's own time and of a share of its GPUs; None where neither is charged."""
    known = Decimal(str(seconds)) if seconds is not None and usage.calls == 1 else None
    total, charged = ZERO, False
    if price.per_second is not None:
        if known is None:
            return "no measured duration"
        total, charged = price.per_second * known, True
    if price.per_gpu_hour is None:
        return total if charged else None
    if price.requests_per_hour is not None:
        return total + price.per_gpu_hour * usage.calls / price.requests_per_hour
    if price.concurrency is None or known is None:
        return NO_THROUGHPUT
    return total + price.per_gpu_hour * known / HOUR / price.concurrency
