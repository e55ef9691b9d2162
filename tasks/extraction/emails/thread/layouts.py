"""Layouts of a thread."""

from __future__ import annotations

from .mails import SHOP, Mail
from .order import Order


def _newest_first(order: Order, mails: list[Mail]) -> str:
    """Whole mails below each other, as one mail program forwards them."""
    word = order.word
    names = word["headers"]
    blocks = []
    for mail in reversed(mails):
        to = SHOP if mail.address != SHOP else order.contact
        subject = word["subject"].format(order=order.number)
        values = (
            f"{mail.sender} <{mail.address}>",
            f"{mail.sent:%Y-%m-%d %H:%M}",
            to,
            f"{word['re']}{subject}",
        )
        head = "\n".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
        blocks.append(f"{head}\n\n{mail.body}")
    return f"\n\n{word['original']}\n".join(blocks)


def _quoted(order: Order, mails: list[Mail]) -> str:
    """The newest mail on top, all earlier ones quoted below it, one level deeper each."""
    text = ""
    for mail in mails:
        stamp = f"{mail.sent:%Y-%m-%d %H:%M}"
        history = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
        text = f"{mail.body}\n\n{history}".rstrip() + "\n"
        text = f"{order.word['wrote'].format(date=stamp, name=mail.sender)}\n{text}"
    return text.rstrip()


def _ticket(order: Order, mails: list[Mail]) -> str:
    """A help desk's export, oldest first."""
    return "\n\n".join(
        f"[#{number} | {mail.sent:%Y-%m-%d %H:%M} | {mail.sender} <{mail.address}>]\n{mail.body}"
        for number, mail in enumerate(mails, 1)
    )


LAYOUTS = (_newest_first, _quoted, _ticket)
