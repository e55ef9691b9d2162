"""Requests: each changes the order and gives the words for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from .order import Order, language_of, phone, place


def reset(order: Order, code: str) -> str:
    """Another number of a line."""
    old = order.now[code]
    new = order.rng.choice([n for n in range(1, 31) if n not in (old, order.confirmed.get(code))])
    order.now[code] = new
    return order.say("set", code, new=new, old=old)


def relative(order: Order, code: str) -> str:
    """More, fewer, twice as many, or as many as of another article; by what was first confirmed."""
    rng, first = order.rng, order.confirmed[code]
    other = rng.choice([c for c in order.confirmed if c != code])
    kind = rng.choice(("more", "less", "double", "same"))
    delta = rng.randint(1, 6) if kind == "more" else rng.randint(1, first - 1)
    changed = {
        "more": first + delta,
        "less": first - delta,
        "double": 2 * first,
        "same": order.confirmed[other],
    }
    order.now[code] = changed[kind]
    return order.say(kind, code, delta=delta, other=order.goods[other], othercode=other)


def cancel(order: Order, code: str) -> str:
    """A line less."""
    order.now[code] = 0
    return order.say("cancel", code)


def restore(order: Order, code: str) -> str:
    """A line as first confirmed."""
    order.now[code] = order.confirmed[code]
    return order.say("restore", code)


def add(order: Order) -> str:
    """An article that was not ordered."""
    code = order.rng.choice([c for c in order.goods if c not in order.now])
    order.now[code] = order.rng.randint(1, 12)
    return order.say("add", code, new=order.now[code])


def move(order: Order) -> str:
    """Another address; goods that are fetched have none."""
    if order.shipping == "pickup":
        return add(order)
    order.address = place(order.rng, order.word, order.address or order.home)
    return order.say("address", address=order.address)


def reschedule(order: Order) -> str:
    """Another day, by name or by its distance from the confirmed one."""
    if order.shipping == "pickup":
        return add(order)
    days = order.rng.choice((2, 3, 5, 6, 9, 12))
    order.new_day = order.day + timedelta(days=days)
    if order.rng.random() < 0.4:
        return order.say("shift", days=days)
    return order.say("date", date=order.long_day(order.new_day))


def call(order: Order) -> str:
    """A number for the driver."""
    order.phone = phone(order.rng, language_of(order.word))
    return order.say("phone", phone=order.phone)


def ship(order: Order) -> str:
    """Express, or fetched where neither day nor address changes."""
    order.shipping = "express" if order.address or order.new_day else order.rng.choice(("express", "pickup"))
    return order.say(order.shipping)


def lines(order: Order, number: int, kinds: Sequence[Callable[[Order, str], str]]) -> list[str]:
    """Requests about lines that no request was about yet."""
    free = [code for code in order.confirmed if code not in order.touched]
    said = []
    for code in order.rng.sample(free, min(number, len(free))):
        order.touched.add(code)
        said.append(order.rng.choice(kinds)(order, code))
    return said


def wishes(order: Order, number: int, others: int) -> list[str]:
    """A first mail's requests: some lines, some other matters, one or two remarks that change nothing."""
    said = lines(order, number, (reset, reset, relative, cancel))
    said += [wish(order) for wish in order.rng.sample((add, move, reschedule, call, ship), others)]
    order.rng.shuffle(said)
    return said + remarks(order, order.rng.randint(0, 2))


def remarks(order: Order, number: int) -> list[str]:
    """Sentences that change nothing."""
    rng = order.rng
    untouched = [code for code in order.confirmed if code not in order.touched]
    kept = order.rng.choice(untouched or list(order.confirmed))
    order.touched.add(kept)
    fillings = {
        "otherorder": other_number(order),
        "delta": rng.randint(2, 19),
        "otheraddress": place(rng, order.word, order.home),
        "otherdate": order.long_day(order.day - timedelta(days=rng.randint(300, 400))),
        "otherphone": phone(rng, language_of(order.word)),
    }
    texts = rng.sample(order.word["noise"], number) if untouched else []
    return [text.format(good=order.goods[kept], code=kept, **fillings) for text in texts]


def other_number(order: Order) -> str:
    """The number of another order, which looks like this one's."""
    prefix, _, digits = order.number.partition("-")
    return f"{prefix}-{(int(digits) + order.rng.choice((9, 90, 900, -9, -90))) % 100_000:05d}"


def corrections(order: Order) -> list[str]:
    """A later mail's requests: some of the earlier ones change again, or are taken back."""
    changed = [c for c in order.confirmed if order.now[c] != order.confirmed[c]]
    said = []
    for code in order.rng.sample(changed, min(2, len(changed))):
        said.append(order.rng.choice((reset, restore, cancel if order.now[code] else reset))(order, code))
    if order.new_day and order.rng.random() < 0.7:
        order.new_day = None
        said.append(order.say("date_back"))
    elif order.address and order.rng.random() < 0.7:
        order.address = None
        said.append(order.say("address_back"))
    else:
        said.append(order.rng.choice((move, reschedule))(order))
    return said + lines(order, 1, (reset,))
