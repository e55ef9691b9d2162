"""Mails, and the courses that a thread of them takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .order import Order, language_of, phone
from .requests import (
    add,
    call,
    cancel,
    corrections,
    lines,
    move,
    other_number,
    relative,
    remarks,
    reschedule,
    reset,
    wishes,
)

SHOP = "orders@northlight-supplies.example"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a thread."""

    sender: str
    address: str
    sent: datetime
    body: str


def _customer(order: Order, said: Sequence[str], after: float, opening: str = "open", by: str = "") -> Mail:
    """A mail of the customer with some requests, as a list or as running text."""
    rng, word = order.rng, order.word
    name = by or order.contact
    sentences = [text[0].upper() + text[1:] for text in said]
    bullet = rng.choice(("- ", "* ", ""))
    text = "\n".join(f"{bullet}{s}" for s in sentences) if rng.random() < 0.5 else " ".join(sentences)
    office = phone(rng, language_of(word))
    firm = Random(f"{order.number} {name}").choice(word["firms"])
    sign = rng.choice(word["sign"]).format(name=name, firm=firm, office=office)
    colleague = f"{word['colleague'].format(name=order.contact, order=order.number)}\n" if by else ""
    bye = f"{rng.choice(word['bye'])}\n{sign}"
    body = f"{rng.choice(word['hello'])}\n\n{colleague}{order.say(opening)}\n{text}\n\n{bye}"
    user = "".join(c for c in name.lower() if c.isascii() and c.isalpha())
    return Mail(name, f"{user}@mail.example", _when(order, after), body)


def _shop(order: Order, said: str, after: float) -> Mail:
    rng, word = order.rng, order.word
    clerk = rng.choice(word["clerks"])
    body = f"{rng.choice(word['hello'])}\n\n{said[0].upper()}{said[1:]}\n\n{rng.choice(word['bye'])}\n{clerk}"
    return Mail(clerk, SHOP, _when(order, after), body)


def _when(order: Order, after: float) -> datetime:
    """Hours after the confirmation, which goes out twelve days before delivery."""
    start = datetime.combine(order.day - timedelta(days=12), datetime.min.time()).replace(hour=9)
    return start + timedelta(hours=after, minutes=order.rng.randint(0, 59))


def _booked(order: Order) -> list[str]:
    return [f"{n:>3} x {order.goods[code]} ({code})" for code, n in order.confirmed.items()]


def _confirmation(order: Order) -> Mail:
    word = order.word
    placed = order.long_day(order.placed)
    parts = [
        word["confirm"].format(order=order.number, placed=placed),
        *_booked(order),
        word["deliver_to"].format(address=order.home),
        word["deliver_on"].format(date=order.long_day(order.day)),
    ]
    return _shop(order, "\n".join(parts), 0)


def _single(order: Order) -> list[Mail]:
    """One mail with many requests."""
    return [_confirmation(order), _customer(order, wishes(order, order.rng.randint(3, 4), 3), 25)]


def _superseded(order: Order) -> list[Mail]:
    """Corrections to what was asked for, once or twice."""
    mails = [_confirmation(order), _customer(order, wishes(order, 3, 2), 25)]
    if order.rng.random() < 0.7:
        mails.append(_shop(order, order.say("agree"), 28))
    mails.append(_customer(order, corrections(order), 31, "correct"))
    if order.rng.random() < 0.5:
        mails.append(_customer(order, corrections(order), 49, "correct"))
    if order.rng.random() < 0.5:
        mails.append(_shop(order, order.say("agree"), 53))
    return mails


def _declined(order: Order) -> list[Mail]:
    """The shop declines a request or offers a part of it; the customer may answer."""
    rng = order.rng
    code = rng.choice(list(order.confirmed))
    order.touched.add(code)
    first, asked = order.confirmed[code], order.confirmed[code] + rng.randint(5, 12)
    order.now[code] = asked
    asked_for = [order.say("set", code, new=asked, old=first), *lines(order, 2, (reset, relative, cancel))]
    asked_for += [move(order), reschedule(order), *remarks(order, 1)]
    rng.shuffle(asked_for)
    mails = [_confirmation(order), _customer(order, asked_for, 25)]
    kind = rng.choice(("decline_more", "decline_date", "decline_address", "partial", "partial"))
    part = rng.randint(first + 1, asked - 1)
    reply = order.say(kind, code, part=part, date=order.long_day(order.new_day or order.day))
    mails.append(_shop(order, reply, 28))
    if kind == "decline_date":
        order.new_day = None
    elif kind == "decline_address":
        order.address = None
    else:
        order.now[code] = first
    if kind == "partial" and rng.random() < 0.75:
        agreed = rng.random() < 0.6
        order.now[code] = part if agreed else first
        said = [
            order.say("accept" if agreed else "refuse", code, part=part),
            *lines(order, 1, (reset, cancel)),
        ]
        mails.append(_customer(order, said, 31))
    elif kind != "partial":
        mails.append(_customer(order, lines(order, 1, (reset, cancel)) + remarks(order, 1), 31))
    return mails


def _inline(order: Order) -> list[Mail]:
    """The customer answers between the quoted quoted of the confirmation."""
    rng, word = order.rng, order.word
    quoted = [f"> {word['confirm'].format(order=order.number, placed=order.long_day(order.placed))}"]
    changing = set(rng.sample(list(order.confirmed), 3))
    for code, booked in zip(order.confirmed, _booked(order), strict=True):
        quoted.append(f"> {booked}")
        if code in changing:
            order.touched.add(code)
            gone = rng.random() < 0.35
            order.now[code] = 0 if gone else order.confirmed[code] + rng.randint(1, 9)
            quoted.append(order.say("inline_cancel") if gone else order.say("inline", new=order.now[code]))
        elif rng.random() < 0.3:
            quoted.append(order.say("keep"))
    quoted.append(f"> {word['deliver_to'].format(address=order.home)}")
    quoted += [move(order)] if rng.random() < 0.5 else []
    quoted.append(f"> {word['deliver_on'].format(date=order.long_day(order.day))}")
    quoted += [reschedule(order)] if rng.random() < 0.5 else []
    answer = _customer(order, [call(order) if rng.random() < 0.4 else add(order)], 25)
    body = f"{rng.choice(word['hello'])}\n\n" + "\n".join(quoted) + "\n\n" + answer.body.partition("\n\n")[2]
    mails = [_confirmation(order), Mail(answer.sender, answer.address, answer.sent, body)]
    if rng.random() < 0.6:
        mails.append(_shop(order, order.say("agree"), 28))
        mails.append(_customer(order, corrections(order), 32, "correct"))
    return mails


def _two_orders(order: Order) -> list[Mail]:
    """A colleague writes, and another order of the same goods stands in the same thread."""
    rng, word = order.rng, order.word
    other, goods = other_number(order), rng.sample(list(order.goods), 4)
    rows = "\n".join(f"{rng.randint(2, 24):>3} x {order.goods[code]} ({code})" for code in goods)
    placed = order.long_day(order.day - timedelta(days=40))
    earlier = _shop(order, f"{word['confirm'].format(order=other, placed=placed)}\n{rows}", -400)
    colleague = rng.choice([name for name in word["customers"] if name != order.contact])
    said = wishes(order, 3, 2) + remarks(order, 2)
    mails = [earlier, _confirmation(order), _customer(order, said, 25, by=colleague)]
    if rng.random() < 0.6:
        mails.append(_customer(order, corrections(order), 48, "correct", by=colleague))
    return mails


def _foreign(order: Order) -> list[Mail]:
    return order.rng.choice((_superseded, _declined, _inline))(order)


STRATA: Mapping[str, Callable[[Order], list[Mail]]] = {
    "single": _single,
    "superseded": _superseded,
    "declined": _declined,
    "inline": _inline,
    "two-orders": _two_orders,
    "foreign": _foreign,
}
