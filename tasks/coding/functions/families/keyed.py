"""Records of the same thing: found by any of their keys and merged by precedence."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose

Record = dict[str, Any]

_MERGE_RULES = """
Write `@name@(records)`, which merges the dicts of a list that describe the same person and returns a new
list of dicts.

- Two records describe the same person when they have the same e-mail or the same phone; and so do all that
  are linked by such pairs, however many steps it takes. Missing and `None` values, and those of which the
  next two rules leave nothing, never link.
- E-mails, `"email"`, are compared after blanks at their ends are removed and letters made lower-case;
  @plus@.
- Phones, `"phone"`, are compared by their digits (0-9) alone@phone@. A phone without digits is like none.
- Within a group, records are ranked: first by `"source"`, in the order @sources@, then any other source or
  none; then by `"updated"` (an int), @newest@ first, records without it (or with `None`) last; then by
  their place in the list, @place@ first.
- The merged record has, of the fields `"email"`, `"phone"`, @fields@, those that have a value in the group:
  each the value, unchanged, of the highest ranked record where it is not missing, `None` or `""`.
  @exception@
- `"tags"` (lists of strings) are united: all different tags of the group, @tags@; the field is left out if
  there are none. Missing or `None` tags are none. All other fields are dropped.
- `"@count@"` is the number of records merged.
- Merged records are ordered by the place in the list of @anchor@.
"""

_MERGE = """
SOURCES = @sources@


def keys(record):
    found = []
    email = (record.get("email") or "").strip(" ").lower()
    local, at, domain = email.rpartition("@")
    if at and @plus@:
        email = local.partition("+")[0] + at + domain
    if email:
        found.append(("email", email))
    phone = "".join(char for char in record.get("phone") or "" if char in "0123456789")
    if phone:
        found.append(("phone", phone@tail@))
    return found


def rank(index, record):
    source, updated = record.get("source"), record.get("updated")
    place = SOURCES.index(source) if source in SOURCES else len(SOURCES)
    return (place, updated is None, @sign@(updated or 0), @order@)


def @name@(records):
    group, owner = list(range(len(records))), {}
    for index, record in enumerate(records):
        for key in keys(record):
            if key in owner:
                old, new = group[index], group[owner[key]]
                group = [new if number == old else number for number in group]
            else:
                owner[key] = index
    members = {}
    for index, number in enumerate(group):
        members.setdefault(number, []).append(index)
    merged = []
    for indexes in members.values():
        ranked = sorted(indexes, key=lambda index: rank(index, records[index]))
        made = {}
        for field in @fields@:
            values = [records[index].get(field) for index in ranked]
            values = [value for value in values if value is not None and value != ""]
            if values:
                made[field] = @chosen@
        tags = [tag for index in ranked for tag in records[index].get("tags") or []]
        if tags:
            made["tags"] = @tags@
        made["@count@"] = len(indexes)
        merged.append((@anchor@, made))
    return [made for _, made in sorted(merged, key=lambda pair: pair[0])]
"""

_ANCHORS = [
    ("the first record of their group", "indexes[0]"),
    ("the highest ranked record of their group", "ranked[0]"),
    ("the last record of their group", "indexes[-1]"),
]


def dedupe(rng: Random) -> Problem:
    """Records of one person, found by e-mail or phone and merged."""
    sources = rng.sample(["crm", "shop", "web", "import", "support"], 3)
    fields = rng.sample(["name", "city", "company", "title", "language"], 3)
    plus, newest, first, ordered = (rng.random() < 0.5 for _ in range(4))
    longest, digits = rng.random() < 0.5, rng.choice([0, 7, 8, 9])
    anchor, index = rng.choice(_ANCHORS)
    named, count = (
        name(rng, "merge dedupe unite", "people contacts records customers"),
        rng.choice(["merged", "n", "records"]),
    )
    exception = (
        f'Of `"{fields[0]}"` it is the longest value, of equally long ones the highest ranked one.'
        if longest
        else ""
    )
    return Problem(
        name=named,
        rules=prose(
            _MERGE_RULES,
            name=named,
            plus="a `+` before the last `@` and everything from the first such `+` up to that `@` does "
            "not count"
            if plus
            else "a `+` and what follows it counts like everything else",
            phone=f", of more than {digits} digits the last {digits}" if digits else "",
            sources=", ".join(f'`"{source}"`' for source in sources),
            newest="largest" if newest else "smallest",
            place="first" if first else "last",
            fields=", ".join(f'`"{field}"`' for field in fields),
            exception=exception,
            tags=A_TO_Z
            if ordered
            else "in the order in which they first occur, going through the records by rank",
            count=count,
            anchor=anchor,
        ),
        reference=program(
            _MERGE,
            name=named,
            sources=sources,
            plus=plus,
            tail=f"[-{digits}:]" if digits else "",
            sign="-" if newest else "",
            order="index" if first else "-index",
            fields=["email", "phone", *fields],
            chosen=f'max(values, key=len) if field == "{fields[0]}" else values[0]'
            if longest
            else "values[0]",
            tags="sorted(set(tags))" if ordered else "list(dict.fromkeys(tags))",
            count=count,
            anchor=index,
        ),
        examples=[
            call(
                [
                    {"email": "Ann@x.org", fields[0]: "Ann", "updated": rng.randint(100, 999)},
                    {"phone": "555-0199", "source": sources[0], "tags": ["vip"]},
                    {"email": "ann@x.org ", "phone": "555 01 99", fields[0]: "Ann Lee"},
                ]
            )
        ],
        cases=[
            call(rows)
            for rows in [*_people(sources, fields), *(_contacts(rng, sources, fields) for _ in range(14))]
        ],
    )


def _people(sources: list[str], fields: list[str]) -> list[list[Record]]:
    f, g, _ = fields
    a, b, c = {"email": "a@x.org"}, {"email": "b@x.org"}, {"phone": "030 1234567"}
    s, t, u = ({"source": source} for source in sources)
    return [
        [], [{}], [{}, {}], [a], [a, a], [a, {"email": " A@X.org"}], [a, b], [a, {**a, **c}, c],
        [a, c, b, {**b, **c}, {**a, **c}], [{"email": ""}, {"email": None}, {"email": " "}],
        [{"phone": "n/a", f: "q"}, {"phone": "--", f: "r"}], [a, {"email": "a+news@x.org"}],
        [{"email": "a+b+c@x.org"}, {"email": "a+c@x.org"}, {"email": "a@y.org"}],
        [{"email": "+a@x.org"}, {"email": "+b@x.org"}],
        [c, {"phone": "(030) 123-4567"}, {"phone": "0301234568"}],
        [c, {"phone": "+49 30 1234567"}, {"phone": "1234567"}],
        [{**a, **u, f: "p"}, {**a, **s, f: "q"}, {**a, **t, f: "r"}],
        [{**a, "source": "fax", f: "p"}, {**a, f: "q"}, {**a, **u, g: "r"}],
        [{**a, **s, f: ""}, {**a, **t, f: None}, {**a, f: "z"}],
        [{**a, f: "p", "updated": 3}, {**a, f: "q", "updated": 9}, {**a, f: "r", "updated": 5}],
        [{**a, f: "p"}, {**a, f: "q", "updated": 1}],
        [{**a, f: "p", "updated": None}, {**a, f: "q", "updated": -4}],
        [{**a, f: "p", "updated": 5}, {**a, f: "q", "updated": 5}],
        [{**a, f: "p", "updated": 0}, {**a, f: "qq"}],
        [{**a, **s, f: "long name"}, {**a, **t, f: "longest name"}, {**a, g: "x"}, {**a, g: "xyz"}],
        [{**a, f: "ab", **t}, {**a, f: "cd", **s}], [{**a, "tags": []}], [{**a, "tags": None}],
        [{**a, **u, "tags": ["z", "m"]}, {**a, **s, "tags": ["m", "B", "a"]}],
        [{"tags": ["k", "k"], "other": 1}], [{**a, **t}, b, {**a, **s}],
        [b, {**a, **u}, {**b, **u}, {**a, **s}], [{"email": "A@x.org", **t}, {**a, **u}],
    ]  # fmt: skip


def _contacts(rng: Random, sources: list[str], fields: list[str]) -> list[Record]:
    emails = ["a@x.org", "A@x.org ", "a+1@x.org", "b@x.org", "c@y.net", None, ""]
    phones = ["030-1234567", "+49 30 1234567", "555 0101", "5550101", "555 0102", None]
    made = []
    for _ in range(rng.randint(3, 9)):
        record: Record = {
            "source": rng.choice([*sources, "fax", None]),
            "updated": rng.choice([None, 1, 2, 3, 10]),
        }
        if rng.random() < 0.7:
            record["email"] = rng.choice(emails)
        if rng.random() < 0.6:
            record["phone"] = rng.choice(phones)
        record.update({f: rng.choice(["", None, "Ann", "A. Lee", "Bo"]) for f in rng.sample(fields, 2)})
        if rng.random() < 0.4:
            record["tags"] = rng.choices(["vip", "new", "Old", "eu"], k=rng.randint(0, 3))
        made.append(record)
    return made


FAMILIES: tuple[Family, ...] = (dedupe,)
