"""A class that keeps stock: batches, reservations that lapse, backorders."""

from __future__ import annotations

from random import Random

from .problem import Case, Family, Problem, program, prose, script

_STOCK_RULES = """
Write a class `@name@` that keeps the stock of one article in batches. Times are whole numbers and are given
by the caller.

- `@name@(limit)`: the most pieces that may be in stock, an int of at least 1.
- `receive(batch, count, best_before)` takes in `count` pieces of a batch and returns the pieces in stock. A
  batch name that was used before, a count below 1, or more pieces in stock than `limit` raises
  `ValueError`.
- `reserve(order, count, time)` sets pieces aside for an order. Pieces come from the batches with
  `best_before` above `time`@margin@, @picking@, from each as many as are free, until there are enough. It
  returns the list of `[batch, pieces]` taken, in the order of taking. If there are not enough free pieces,
  @short@. A count below 1, or an order that holds a reservation at `time`, raises `ValueError`.
- A reservation made at time t lapses at t + @hold@: from that time on its pieces are free again, unless it
  was shipped or cancelled before.
- `ship(order, time)` takes the reserved pieces of an order out of the stock and returns their number.
  `cancel(order, time)` frees them and returns their number@fee@. Both raise `ValueError` if the order holds
  no reservation at `time`.
- `free(time)` returns the number of pieces that `reserve` could take at `time`.
- `clear(time)` removes from every batch with `best_before` at or below `time` all pieces that are not
  reserved at `time`, and returns how many these were.
- Pieces in stock are all that were received and not yet shipped or removed, reserved or not.
- A `time` below the largest one given before, in any method, raises `ValueError`. Whatever raises changes
  nothing, not even the largest time.
"""

_STOCK = """
class @name@:
    def __init__(self, limit):
        self.limit, self.now = limit, None
        self.batches, self.pieces, self.orders = {}, {}, {}

    def advance(self, time):
        if self.now is not None and time < self.now:
            raise ValueError("time runs backwards")

    def held(self, time):
        found = {}
        for made, taken in self.orders.values():
            if time < made + @hold@:
                for batch, count in taken:
                    found[batch] = found.get(batch, 0) + count
        return found

    def available(self, time):
        held = self.held(time)
        fresh = [b for b, best in self.batches.items() if best > time + @early@]
        order = list(self.batches)
        fresh.sort(key=lambda b: @rank@)
        return [(b, self.pieces[b] - held.get(b, 0)) for b in fresh if self.pieces[b] > held.get(b, 0)]

    def receive(self, batch, count, best_before):
        if batch in self.batches or count < 1 or sum(self.pieces.values()) + count > self.limit:
            raise ValueError("cannot be received")
        self.batches[batch], self.pieces[batch] = best_before, count
        return sum(self.pieces.values())

    def reserve(self, order, count, time):
        self.advance(time)
        if count < 1 or (order in self.orders and time < self.orders[order][0] + @hold@):
            raise ValueError("cannot be reserved")
        taken, left = [], count
        for batch, free in self.available(time):
            if left:
                taken.append([batch, min(free, left)])
                left -= min(free, left)
        if left @and_strict@:
            @refuse@
        self.now = time
        if taken:
            self.orders[order] = (time, taken)
        return [list(pair) for pair in taken]

    def take(self, order, time):
        self.advance(time)
        if order not in self.orders or time >= self.orders[order][0] + @hold@:
            raise ValueError("no reservation")
        self.now = time
        return self.orders.pop(order)

    def ship(self, order, time):
        made, taken = self.take(order, time)
        for batch, count in taken:
            self.pieces[batch] -= count
        return sum(count for _, count in taken)

    def cancel(self, order, time):
        made, taken = self.take(order, time)
        total = sum(count for _, count in taken)
        return total@cancelled@

    def free(self, time):
        self.advance(time)
        self.now = time
        return sum(free for _, free in self.available(time))

    def clear(self, time):
        self.advance(time)
        self.now = time
        removed, held = 0, self.held(time)
        for batch, best in self.batches.items():
            if best <= time:
                removed += self.pieces[batch] - held.get(batch, 0)
                self.pieces[batch] = held.get(batch, 0)
        return removed
"""

_PICKING = [
    ("the earliest `best_before` first, equal ones in the order received", "self.batches[b]"),
    ("the latest `best_before` first, equal ones in the order received", "-self.batches[b]"),
    ("the batch received last first", "-order.index(b)"),
    (
        "the batch with the most free pieces first, equal ones in the order received",
        "held.get(b, 0) - self.pieces[b]",
    ),
    (
        "the batch with the fewest free pieces first, equal ones in the order received",
        "self.pieces[b] - held.get(b, 0)",
    ),
]
_SHORT = [
    ("`ValueError` is raised", "", 'raise ValueError("not enough")'),
    (
        "all that are free are reserved, and if there is none, `[]` is returned and no reservation made",
        "and False",
        "pass",
    ),
    ("`[]` is returned and no reservation made", "", "self.now = time\n            return []"),
]


def inventory(rng: Random) -> Problem:
    """Batches of stock with reservations that lapse."""
    picking, rank = rng.choice(_PICKING)
    short, strict, refuse = rng.choice(_SHORT)
    hold, early, negative = rng.randint(3, 20), rng.choice([0, 0, 1, 2, 5]), rng.random() < 0.5
    named = rng.choice(["Stock", "Depot", "Store", "Shelf"]) + rng.choice(["", "Keeper", "Book", "Room"])
    shown = (
        f"receive b1 {rng.randint(3, 9)} 50; receive b2 5 40; reserve o1 7 {rng.randint(1, 9)}; "
        "free 10; ship o1 10; free 10"
    )
    return Problem(
        name=named,
        rules=prose(
            _STOCK_RULES,
            name=named,
            margin=f" + {early}" if early else "",
            picking=picking,
            short=short,
            hold=hold,
            fee=", as a negative number" if negative else "",
        ),
        reference=program(
            _STOCK,
            name=named,
            hold=hold,
            early=early,
            rank=rank,
            and_strict=strict,
            refuse=refuse,
            cancelled=" * -1" if negative else "",
        ),
        examples=[Case([20], script(shown))],
        cases=[Case([limit], script(text)) for limit, text in _stock_scripts(rng, hold, early)],
    )


def _stock_scripts(rng: Random, h: int, e: int) -> list[tuple[int, str]]:
    a, two = "receive a 4 90", "receive a 4 90; receive b 3 80"
    scripts = [
        (9, "free 0; clear 0; ship x 0; cancel x 0; reserve x 1 0"), (4, f"{a}; receive b 1 9"),
        (9, f"{a}; {a}; receive b 0 5"), (9, f"{a}; reserve x 0 1; reserve x -1 1; reserve x 4 1; free 1"),
        (9, f"{a}; reserve x 5 1; free 1; reserve x 4 0; free 1"),
        (9, f"{two}; reserve x 5 1; reserve y 2 1; free 1; reserve z 1 1"),
        (9, f"{a}; reserve x 3 5; reserve x 1 {4 + h}; free {4 + h}"),
        (9, f"{a}; reserve x 3 5; free {4 + h}; free {5 + h}; ship x {5 + h}"),
        (9, f"{a}; reserve x 3 5; ship x {4 + h}; free {5 + h}"),
        (9, f"{a}; reserve x 3 5; reserve x 2 {5 + h}; ship x {5 + h}; cancel x {5 + h}; free 50"),
        (9, f"{a}; reserve x 3 5; cancel x 6; free 6; cancel x 6"),
        (9, f"{a}; reserve x 3 5; ship x 4; ship x 5; receive b 8 70; receive b 9 70"),
        (9, f"receive a 4 10; free {9 - e}; free {10 - e}; clear 9; clear 10; free 10; receive b 9 99"),
        (9, "receive a 4 10; reserve x 2 3; clear 10; free 10; receive b 7 99; receive b 8 99"),
        (9, f"receive a 4 {4 + h}; reserve x 2 3; clear {3 + h}; clear {4 + h}; clear {4 + h}"),
        (9, "receive a 1 50; receive b 3 50; receive c 2 50; reserve x 4 1"),
        (9, "receive a 2 50; receive b 2 50; receive c 2 50; reserve x 3 1; reserve y 2 1; ship x 2; free 2"),
        (9, "receive a 1 60; receive b 3 50; receive c 2 70; reserve x 1 1; reserve y 1 1; reserve z 1 1"),
        (9, "free 5; receive a 1 3; free 4; clear 5; free 5"),
        (9, f"{two}; reserve x 2 1; cancel x 0; ship x 0; free 0; cancel x 1"),
        (9, f"{a}; reserve x 3 5; reserve y 4 7; free 6; reserve z 1 6; free 7"),
        (9, f"{a}; reserve x 0 9; ship q 9; cancel q 9; free 3"),
        (9, f"{a}; reserve x 2 5; reserve x 1 6; cancel x 3; clear 4; free 5"),
    ]  # fmt: skip
    return [*scripts, *(_stock_script(rng, h) for _ in range(12))]


def _stock_script(rng: Random, h: int) -> tuple[int, str]:
    steps, now = [], 0
    for number in range(rng.randint(8, 20)):
        now += rng.choice([0, 0, 1, 2, h // 2, h, -1])
        order = rng.choice("xyz")
        steps.append(
            rng.choice(
                [
                    f"receive b{number} {rng.randint(1, 6)} {now + rng.randint(1, 3 * h)}",
                    f"receive b{number} {rng.randint(1, 9)} {now + rng.randint(1, 3 * h)}",
                    f"reserve {order} {rng.randint(1, 6)} {now}",
                    f"reserve {order} {rng.randint(1, 4)} {now}",
                    f"{rng.choice(['ship', 'cancel'])} {order} {now}",
                    f"{rng.choice(['free', 'clear'])} {now}",
                ]
            )
        )
    return rng.randint(8, 20), "; ".join([*steps, f"free {now + 1}"])


FAMILIES: tuple[Family, ...] = (inventory,)
