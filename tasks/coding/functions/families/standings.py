"""Rankings: the table of a league with its tie-breaks."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose

Game = list[Any]

_TABLE_RULES = """
Write `@name@(games)`, which ranks the teams of a league. `games` is a list of `[home, away, home goals,
away goals]`; the result is a list of `[rank, team, played, points, goal difference]`, best team first.

- A game that has not been played has `None` for both goals; its teams take part in the table all the same.
  Only one of the two being `None`, a negative number of goals, or a team that plays itself raises
  `ValueError`.
- When the same home and away team (in these roles) appear again, @again@
- A win is worth @win@ points, a draw @draw@, a defeat 0. @bonus@
- Teams are ordered by points, most first. Teams with equal points are ordered by these criteria in turn,
  each applied to teams that are still equal: @criteria@.
- The points and goals "among each other" come from the games between the teams with equal total points
  alone (bonuses included)@scope@.
- Teams that are equal in all of that (the name apart) share a rank; the next team's rank @next@.
- @penalty@
"""

_TABLE = """
def @name@(games):
    found = {}
    for home, away, scored, conceded in games:
        if home == away or (scored is None) != (conceded is None):
            raise ValueError("no such game")
        if scored is not None and min(scored, conceded) < 0:
            raise ValueError("negative goals")
        @repeat@
        found[home, away] = (scored, conceded)
    teams = {team for pair in found for team in pair}

    def count(group):
        rows = {team: [0, 0, 0, 0] for team in group}
        for (home, away), (scored, conceded) in found.items():
            if scored is None or home not in rows or away not in rows:
                continue
            for team, mine, theirs in ((home, scored, conceded), (away, conceded, scored)):
                row = rows[team]
                row[0] += 1
                row[1] += @win@ if mine > theirs else @draw@ if mine == theirs else 0
                if @bonus@:
                    row[1] += 1
                row[2] += mine - theirs
                row[3] += mine
        return rows

    total = count(teams)
    for team, row in total.items():
        @penalty@
    keys = {}
    for team, row in total.items():
        among = count([other for other in teams if total[other][1] == row[1]])[team]
        keys[team] = (-row[1], @key@)
    table, previous = [], None
    for team in sorted(teams, key=lambda team: (keys[team], team)):
        if keys[team] != previous:
            previous, rank = keys[team], @rank@
        played, points, difference, _ = total[team]
        table.append([rank, team, played, points, difference])
    return table
"""

_AGAIN = [
    ("the later game replaces the earlier one.", "found.pop((home, away), None)"),
    ("`ValueError` is raised.", 'if (home, away) in found:\n            raise ValueError("played twice")'),
    (
        "only the first one counts (but must be valid all the same).",
        "if (home, away) in found:\n            continue",
    ),
]
_BONUSES = [
    ("There are no other points.", "False"),
    ("A team that scores {n} goals or more in a game gets one point more, win or not.", "mine >= {n}"),
    ("A team that loses by exactly one goal gets one point.", "theirs - mine == 1"),
    ("A team that wins by {n} goals or more gets one point more.", "mine - theirs >= {n}"),
    ("The away team gets one point more when it wins.", "team == away and mine > theirs"),
]
_CRITERIA = [
    ("points among each other", "-among[1]"),
    ("goal difference among each other", "-among[2]"),
    ("goal difference", "-row[2]"),
    ("goals scored", "-row[3]"),
    ("fewer games played", "row[0]"),
]


def standings(rng: Random) -> Problem:
    """A league's table."""
    again, repeat = rng.choice(_AGAIN)
    goals = rng.randint(2, 4)
    bonus, condition = (text.format(n=goals) for text in rng.choice(_BONUSES))
    criteria = [_CRITERIA[0], *rng.sample(_CRITERIA[1:], rng.randint(2, 3))]
    if rng.random() < 0.4:
        rng.shuffle(criteria)
    dense, punished = rng.random() < 0.5, rng.random() < 0.4
    games, loss = rng.randint(3, 4), rng.randint(1, 3)
    values: dict[str, Any] = {
        "name": name(rng, "rank order build", "league table standings teams"),
        "win": rng.choice([2, 3, 4]),
        "draw": 1,
    }
    penalty = (
        f"A team that has played fewer than {games} games has {loss} point(s) taken off its total, before "
        "anything is ordered."
    )
    return Problem(
        name=values["name"],
        rules=prose(
            _TABLE_RULES,
            **values,
            again=again,
            bonus=bonus,
            criteria=", ".join(text for text, _ in criteria) + f", the team's name {A_TO_Z}",
            scope=": all of them, also when a criterion before has told some apart",
            next="is one greater" if dense else "is greater by the number of teams that share the one before",
            penalty=penalty if punished else "Without any games the result is `[]`.",
        ),
        reference=program(
            _TABLE,
            **values,
            repeat=repeat,
            bonus=condition,
            key=", ".join(key for _, key in criteria),
            penalty=f"row[1] -= {loss} if row[0] < {games} else 0" if punished else "row[1] += 0",
            rank="(table[-1][0] if table else 0) + 1" if dense else "len(table) + 1",
        ),
        examples=[
            call(
                [
                    ["Ox", "Elk", 2, rng.randint(0, 1)],
                    ["Elk", "Yak", rng.randint(3, 9), 0],
                    ["Yak", "Ox", None, None],
                ]
            )
        ],
        cases=[call(games) for games in [*_game_edges(), *(_season(rng) for _ in range(20))]],
    )


def _game_edges() -> list[list[Game]]:
    return [
        [], [["a", "b", None, None]], [["a", "b", 1, None]], [["a", "a", 1, 0]], [["a", "b", -1, 0]],
        [["a", "b", 0, 0]], [["a", "b", 1, 0]], [["b", "a", 0, 1]], [["a", "b", 1, 0], ["a", "b", 0, 3]],
        [["a", "b", 1, 0], ["b", "a", 1, 0]], [["a", "b", 1, 0], ["a", "b", None, None]],
        [["a", "b", None, None], ["a", "b", 1, 0]], [["a", "b", 1, 0], ["a", "b", -1, 0]],
        [["a", "b", 1, 0], ["b", "c", 1, 0], ["c", "a", 1, 0]],
        [["a", "b", 2, 0], ["b", "c", 1, 0], ["c", "a", 1, 0]], [["a", "b", 3, 2], ["c", "d", 1, 0]],
        [[*pair, 1, 0] for pair in ("bx", "ay", "cz", "wd")],
        [[*"ab", 0, 4], [*"bc", 0, 1], [*"ac", 1, 0], [*"cd", 2, 2], [*"da", 3, 3], [*"bd", 1, 1]],
        [[*"ab", 5, 0], [*"ca", 1, 0], [*"cb", 0, 1], [*"bd", 0, 1], [*"da", 0, 1], [*"dc", 0, 1]],
        [["a", "b", 1, 1], ["b", "a", 0, 0], ["a", "c", 2, 1], ["b", "c", 3, 2]],
        [["Z", "a", 0, 0], ["m", "B", 0, 0]],
        [[*"ab", 0, 1], [*"ba", 0, 3], [*"ac", 3, 0], [*"bc", 2, 3], [*"cb", 1, 3], [*"ca", 9, 0]],
        [["a", "b", 4, 4]], [["a", "b", 3, 0], ["c", "d", 2, 0], ["e", "f", 3, 2]], [["a", "b", None, 0]],
    ]  # fmt: skip


def _season(rng: Random) -> list[Game]:
    teams = rng.sample(["Ox", "Elk", "Yak", "ant", "Bee", "cat", "Dog"], rng.randint(3, 5))
    pairs = [(home, away) for home in teams for away in teams if home != away]
    played = []
    for home, away in rng.sample(pairs, rng.randint(len(pairs) // 2, len(pairs))):
        goals = [rng.choice([0, 0, 1, 1, 2, 3]), rng.choice([0, 1, 1, 2, 4])]
        played.append([home, away, *(goals if rng.random() < 0.93 else [None, None])])
    if rng.random() < 0.25:
        played.append([*played[0][:2], 1, 1])
    return played


FAMILIES: tuple[Family, ...] = (standings,)
