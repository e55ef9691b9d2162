"""Shortest ways, orderings and fair shares."""

from __future__ import annotations

from random import Random

from .problem import A_TO_Z, Family, Problem, call, name, program, prose

_ORTHOGONAL = [(-1, 0), (1, 0), (0, -1), (0, 1)]
_DIAGONAL = [(-1, -1), (-1, 1), (1, -1), (1, 1)]
_KNIGHT = [(-2, -1), (-2, 1), (-1, -2), (-1, 2), (1, -2), (1, 2), (2, -1), (2, 1)]

_MOVES = [
    (_ORTHOGONAL, "to one of the four cells above, below, left or right"),
    (_ORTHOGONAL + _DIAGONAL, "to one of the eight cells around it, diagonally also between two walls"),
    (_KNIGHT, "as a knight in chess moves, over whatever stands between"),
    (_DIAGONAL, "to one of the four cells diagonally next to it, also between two walls"),
]

_GRID_RULES = """
Write `@name@(grid)`, which finds the cheapest way through a grid and returns its cost as an int. `grid` is
a list of strings of equal length.

- The way starts on the cell `@start@` and ends on the cell `@goal@`. A step goes @moves@.
- `@wall@` cannot be entered. Entering `@mud@` costs @toll@, entering any other cell costs 1. The start
  itself costs nothing.
- @edge@
- If the goal cannot be reached, the result is `-1`. If the grid does not have exactly one `@start@` and
  exactly one `@goal@` (the empty grid among them), `ValueError` is raised.
"""

_GRID = """
import heapq


def @name@(grid):
    cells = {(r, c): char for r, row in enumerate(grid) for c, char in enumerate(row)}
    starts = [at for at, char in cells.items() if char == "@start@"]
    goals = [at for at, char in cells.items() if char == "@goal@"]
    if len(starts) != 1 or len(goals) != 1:
        raise ValueError("one start and one goal are needed")
    best, queue = {starts[0]: 0}, [(0, starts[0])]
    while queue:
        cost, at = heapq.heappop(queue)
        if at == goals[0]:
            return cost
        for down, right in @steps@:
            r, c = at[0] + down, at[1] + right
            if @wraps@:
                r, c = r % len(grid), c % len(grid[0])
            char = cells.get((r, c), "@wall@")
            if char == "@wall@":
                continue
            total = cost + (@toll@ if char == "@mud@" else 1)
            if total < best.get((r, c), total + 1):
                best[r, c] = total
                heapq.heappush(queue, (total, (r, c)))
    return -1
"""


def grid_way(rng: Random) -> Problem:
    """The cheapest way through a grid."""
    start, goal = rng.choice([("S", "G"), ("A", "B"), ("O", "X"), ("a", "b"), ("<", ">")])
    wall, mud, free = rng.choice("#%|"), rng.choice("~w*"), rng.choice(". _")
    wraps = rng.random() < 0.4
    steps, moves = rng.choice(_MOVES)
    values = {
        "name": name(rng, "cheapest shortest find", "way path route walk"),
        "start": start,
        "goal": goal,
        "wall": wall,
        "mud": mud,
        "toll": rng.randint(2, 6),
    }
    s, g, w, m, f = start, goal, wall, mud, free
    return Problem(
        name=str(values["name"]),
        rules=prose(
            _GRID_RULES,
            **values,
            moves=moves,
            edge="The grid has no edges: whoever leaves it on one side enters it on the opposite one."
            if wraps
            else "The way cannot leave the grid.",
        ),
        reference=program(_GRID, **values, steps=steps, wraps=wraps),
        examples=[call(_grid(rng, s, g, w, m, f)), call([s + f * 3, f + w + m + f, f * 3 + g, f * 4])],
        cases=[
            call(grid)
            for grid in [*_grid_edges(s, g, w, m, f), *(_grid(rng, s, g, w, m, f) for _ in range(14))]
        ],
    )


def _grid(rng: Random, s: str, g: str, w: str, m: str, f: str) -> list[str]:
    height, width = rng.randint(3, 7), rng.randint(3, 8)
    chars = [rng.choice([f, f, f, m, w]) for _ in range(height * width)]
    start, goal = rng.sample(range(height * width), 2)
    chars[start], chars[goal] = s, g
    return ["".join(chars[r * width : (r + 1) * width]) for r in range(height)]


def _grid_edges(s: str, g: str, w: str, m: str, f: str) -> list[list[str]]:
    return [
        [], [""], [s], [g], [s + g], [s + s + g], [s + g + g], [s + f + g], [s + w + g], [s + m + g], [s, g],
        [s + f, f + g], [s + w, w + g], [s + w + f + g], [f * 4, f + s + f + f, f + f + g + f, f * 4],
        [s + f * 3 + g], [s + m + f, f + m + f, f + m + g], [s + w + f, w + w + f, f + f + g],
        [f * 3, s + w + g, f * 3], [s + f * 4, w * 4 + f, g + f * 4],
    ]  # fmt: skip


_ORDER_RULES = """
Write `@name@(needs)`, which puts tasks into batches. `needs` is a dict from each task to the list of tasks
that must be done in an earlier batch. The result is a list of batches, each a list of tasks.

- A task is ready when all that it needs stands in earlier batches. Each batch takes the first @most@ ready
  tasks (all of them if there are fewer); the others wait for the next batch, together with those that
  become ready then.
- Ready tasks, and so the tasks of a batch, are ordered: @urgent@@order@.
- A task that is needed but is no key of `needs` @unknown@.
- A task that stands twice in a list counts once. If tasks can never become ready, @cycle@.
"""

_ORDER = """
def @name@(needs):
    open_tasks = {task: set(before) for task, before in needs.items()}
    done, batches = set(), []
    for before in needs.values():
        for task in before:
            if task not in needs:
                @unknown@
    while open_tasks:
        ready = [task for task, before in open_tasks.items() if before <= done]
        if not ready:
            @cycle@
        ready.sort(key=lambda task: @key@)
        batch = ready[:@most@]
        batches.append(batch)
        done.update(batch)
        for task in batch:
            del open_tasks[task]
    return batches
"""


def batches(rng: Random) -> Problem:
    """Tasks in batches, each after what it needs."""
    mark, urgent, stop = rng.choice("!*+^~"), rng.random() < 0.5, rng.random() < 0.5
    key, order = rng.choice(_ORDERS)
    unknown, treated = rng.choice(_UNKNOWN)
    values = {
        "name": name(rng, "plan order batch arrange", "tasks jobs steps work"),
        "most": rng.randint(2, 4),
    }
    pack = {"pack": ["build"], "build": [], "lint": [], f"{mark}go": ["lint"], "doc": []}
    return Problem(
        name=str(values["name"]),
        rules=prose(
            _ORDER_RULES,
            **values,
            urgent=f"those whose name starts with `{mark}` first; among each kind, " if urgent else "",
            order=order,
            unknown=treated,
            cycle="`ValueError` is raised" if stop else "they are left out",
        ),
        reference=program(
            _ORDER,
            **values,
            unknown=unknown,
            cycle='raise ValueError("tasks wait for each other")' if stop else "break",
            key=f'(not task.startswith("{mark}"), {key})' if urgent else key,
        ),
        examples=[call(_needs(rng, mark)), call(pack)],
        cases=[call(n) for n in [*_needs_edges(mark), *(_needs(rng, mark) for _ in range(12))]],
    )


_ORDERS = [
    ("task", A_TO_Z),
    ("(len(task), task)", f"the shortest name first, equal lengths {A_TO_Z}"),
    ("(-len(task), task)", f"the longest name first, equal lengths {A_TO_Z}"),
    ("(-len(needs.get(task, [])), task)", f"the longest list of needs first, equal ones {A_TO_Z}"),
]
_UNKNOWN = [
    ("raise ValueError(task)", "raises `ValueError`"),
    ("done.add(task)", "counts as done before the first batch"),
    ("open_tasks.setdefault(task, set())", "is a task as well, one that needs nothing"),
]


def _needs(rng: Random, mark: str) -> dict[str, list[str]]:
    tasks = [
        "build",
        "test",
        "lint",
        f"{mark}deploy",
        "docs",
        f"{mark}tag",
        "pack",
        "sign",
        "upload",
        "Notify",
    ]
    chosen = rng.sample(tasks, rng.randint(3, 9))
    made = {task: rng.sample(chosen[:i], min(i, rng.randint(0, 3))) for i, task in enumerate(chosen)}
    if rng.random() < 0.2:
        made[chosen[0]] = [chosen[-1]]
    if rng.random() < 0.2:
        made[chosen[-1]] = ["fetch"]
    return {task: made[task] for task in rng.sample(chosen, len(chosen))}


def _needs_edges(mark: str) -> list[dict[str, list[str]]]:
    return [
        {}, {"a": []}, {"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"a": ["x"]}, {"a": ["x", "x"], "b": ["x"]},
        {"b": [], "a": []}, {t: [] for t in "hfbdaceg"}, {"a": [], "b": ["a"], "c": ["b"]},
        {"c": ["b"], "b": ["a"], "a": []}, {"a": ["b", "b"], "b": []},
        {"aa": [], "b": [], "ccc": [], "dd": []}, {f"{mark}z": [], "a": [], "m": []},
        {"a": [], f"{mark}z": ["a"], "m": []}, {"a": [], "b": ["c"], "c": ["b"]}, {"x1": ["y"], "y": ["z"]},
        {"d": ["a", "b"], "e": ["a"], "a": [], "b": [], "f": ["d", "e", "a"]},
        {"B": [], "a": [], "C": ["a"]},
    ]  # fmt: skip


_SHARE_RULES = """
Write `@name@(total, weights)`, which shares `total` items (an int, 0 or more) among names. `weights` is a
dict from name to a whole-number weight. The result is a dict from every name to its number of items, and
`"@rest@"` to the items that nobody gets.

- Items come in packs of @pack@; only whole packs are shared. What does not fill a pack is part of
  `"@rest@"`.
- Every name first gets @floor@ pack(s), whatever its weight.
- The packs that remain, R, are shared in proportion to the weights: with W the sum of the weights, a name
  of weight w gets R * w // W packs, and the packs still left go, one each, to the names with the largest
  remainder R * w % W. Equal remainders: @tie@.
- If W is 0, the R packs are part of `"@rest@"`. Without names, everything is.
- A negative weight, or too few packs for the first round, raises `ValueError`.
- Finally, nobody keeps more than @cap@ packs; what is above that is part of `"@rest@"`.
"""

_SHARE = """
def @name@(total, weights):
    packs = total // @pack@
    spare = packs - @floor@ * len(weights)
    if spare < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("cannot be shared")
    shares = {name: @floor@ for name in weights}
    whole = sum(weights.values())
    if whole:
        order = sorted(weights, key=lambda name: (-(spare * weights[name] % whole), @tie@))
        for name in weights:
            shares[name] += spare * weights[name] // whole
        left = packs - sum(shares.values())
        for name in order[:left]:
            shares[name] += 1
    items = {name: min(share, @cap@) * @pack@ for name, share in shares.items()}
    return items | {"@rest@": total - sum(items.values())}
"""


def shares(rng: Random) -> Problem:
    """Packs shared in proportion, by the largest remainder."""
    pack, floor, cap = rng.randint(1, 12), rng.randint(0, 3), rng.randint(12, 60)
    tie, words = rng.choice(_TIES)
    values = {
        "name": name(rng, "share split allot distribute", "items packs stock seats"),
        "rest": rng.choice(["rest", "left", "unassigned", "stock"]),
        "pack": pack,
        "floor": floor,
        "cap": cap,
    }
    return Problem(
        name=str(values["name"]),
        rules=prose(_SHARE_RULES, **values, tie=words),
        reference=program(_SHARE, **values, tie=tie),
        examples=[call(pack * 26 + pack // 2, {"ann": 3, "bo": 2, "cy": 2})],
        cases=[call(total, weights) for total, weights in _weighted(rng, pack, floor, cap)],
    )


_TIES = [
    ("name", f"the name that comes first {A_TO_Z}"),
    ("(-weights[name], name)", f"the greater weight, then the name that comes first {A_TO_Z}"),
    ("(weights[name], name)", f"the smaller weight, then the name that comes first {A_TO_Z}"),
    ("(len(name), name)", f"the shorter name, then the one that comes first {A_TO_Z}"),
]


def _weighted(rng: Random, p: int, floor: int, cap: int) -> list[tuple[int, dict[str, int]]]:
    edges: list[tuple[int, dict[str, int]]] = [
        (0, {}), (17, {}), (0, {"a": 1}), (p * floor, {"a": 1}), (p * floor * 2, {"a": 1, "b": 0}),
        (p * 20, {"a": 0, "b": 0}), (p * 20, {"a": -1, "b": 5}), (p * 2 * floor - 1, {"a": 1, "b": 1}),
        (p * 20 + p - 1, {"a": 3, "b": 1}), (p * 19, {"b": 1, "a": 1}), (p * 19, {"a": 1, "b": 1}),
        (p * 20, {"a": 1, "bb": 1, "c": 1}), (p * 20, {"c": 2, "a": 1, "b": 1, "d": 2}),
        (p * 11, {"dd": 3, "a": 3, "c": 3, "b": 3}), (p * (cap + 9), {"a": 1}),
        (p * 4 * cap, {"a": 1, "b": 2}), (p * 23, {"z": 10, "y": 1, "x": 1}),
        (p * 31 + 1, {"a": 1000000, "b": 1}),
    ]  # fmt: skip
    for _ in range(12):
        names = rng.sample(["ann", "Bo", "carla", "dev", "Eve", "f", "gustav"], rng.randint(2, 6))
        edges.append((rng.randint(0, p * 90), {name: rng.randint(0, 12) for name in names}))
    return edges


FAMILIES: tuple[Family, ...] = (grid_way, batches, shares)
