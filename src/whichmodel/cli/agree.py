"""`bench agree`: several models asked, an answer taken where enough agree; replayed from what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import click

from whichmodel.analyse.agreement.replay import Terms
from whichmodel.analyse.answers import Answers
from whichmodel.cli import agree_report
from whichmodel.cli.output import answer, document, note
from whichmodel.cli.project import Project, project_options, split
from whichmodel.decide.error_target import family
from whichmodel.decide.study import Study, study, terms_of
from whichmodel.domain import AgreementPolicy, Organisation
from whichmodel.errors import UnknownName, UsageError
from whichmodel.views.answers import same_answers, stored_answers

WHERE = "bench agree"
EXAMPLE = "agreements: [{name: two, task: tickets, models: [a/small, b/small], otherwise: c/large}]"


@click.command(help="Take what several models agree on: coverage, errors, cost, from stored answers alone.")
@click.option("--task", help="Task; with --org alone, of all its policies those of this task.")
@click.option("--models", callback=split, help="Models that are always asked: a,b[,c].")
@click.option("--quorum", type=click.IntRange(2), help="How many have to agree; default: all, then fewer.")
@click.option("--otherwise", help="Model asked where they do not agree; default: a person.")
@click.option("--org", help="Organisation; without --models its named policies are replayed.")
@click.option("--max-error", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Error to test.")
@click.option(
    "--right",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    help="Score from which an answer counts as right.",
)
@click.option("--review-cost", type=click.FloatRange(0), help="USD for a person's answer.")
@click.option("--reviewer-error", type=click.FloatRange(0, 1), help="Share of those that are wrong.")
@click.option("--error-cost", type=click.FloatRange(0), help="USD for an error that nobody notices.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project,
    task: str | None,
    models: tuple[str, ...],
    quorum: int | None,
    otherwise: str | None,
    org: str | None,
    max_error: float | None,
    right: float,
    review_cost: float | None,
    reviewer_error: float | None,
    error_cost: float | None,
    as_json: bool,
) -> None:
    """Replay policies; those of an organisation, or one that is given here."""
    organisation = project.config.organisation(org)
    policies = _given(task, models, quorum, otherwise) if models else _named(organisation, task)
    if not policies:
        _nothing(organisation, task, as_json)
        return
    given = {
        "review_usd": review_cost,
        "reviewer_error": reviewer_error,
        "error_usd": error_cost,
        "right": right,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    found = _studies(project, organisation, policies, changes, max_error)
    if as_json:
        document({"organisation": organisation.name, "tasks": [_document(s, same) for s, same in found]})
        return
    for number, (one, same) in enumerate(found):
        if number:
            answer()
        agree_report.show(one, same, organisation.rule)


def _given(
    task: str | None, models: tuple[str, ...], quorum: int | None, otherwise: str | None
) -> tuple[AgreementPolicy, ...]:
    """The policies of the command line: one quorum, or all from all models down to the majority."""
    if task is None:
        raise UsageError("Which task?", where=f"{WHERE} --models", remedy="Add --task NAME.")
    if len(set(models)) < len(models):
        raise UsageError(
            "A model stands twice. Whether it agrees with itself would need several answers to one item, and "
            "only the first epoch is compared.",
            where="--models",
            remedy="Name two or more different models.",
        )
    if len(models) < 2:
        raise UsageError("One model agrees with nobody.", where="--models", remedy="Name two or more: a,b.")
    if quorum is None:
        return family(task, models, otherwise)
    if quorum > len(models):
        raise UsageError(
            f"{quorum} of {len(models)} models cannot agree.", where="--quorum", remedy="Name more models."
        )
    return (AgreementPolicy(f"{quorum} of {len(models)}", task, models, quorum, otherwise),)


def _named(organisation: Organisation, task: str | None) -> tuple[AgreementPolicy, ...]:
    named = organisation.agreements
    if task is None or not named:
        return named
    if task not in {policy.task for policy in named}:
        raise UnknownName.of("task with an agreement policy", task, {p.task for p in named}, where="--task")
    return tuple(policy for policy in named if policy.task == task)


def _nothing(organisation: Organisation, task: str | None, as_json: bool) -> None:
    if as_json:
        document({"organisation": organisation.name, "tasks": []})
        return
    answer(f"{organisation.name} names no agreement policies. Replay one:")
    answer(f"  bench agree --task {task or 'tickets'} --models a/small,b/small --otherwise c/large")
    answer("or name up to five a task in bench.yaml, under the organisation:")
    answer(f"  {EXAMPLE}")


def _studies(
    project: Project,
    organisation: Organisation,
    policies: Sequence[AgreementPolicy],
    changes: Mapping[str, float],
    max_error: float | None,
) -> list[tuple[Study, str]]:
    """The policies' studies by task, and what agreement means there. A task that cannot be replayed is said
    and left out, where another one can."""
    reader = project.reader()
    panel = project.stored_panel(reader)
    tasks = dict.fromkeys(policy.task for policy in policies)
    source = project.source()
    same, stored = same_answers(source, tasks), stored_answers(source, organisation, panel, tasks)
    known, found, faults = project.known_models(panel), [], []
    for task in tasks:
        mine = [policy for policy in policies if policy.task == task]
        if fault := _fault(task, stored, same, mine):
            faults.append(fault)
            continue
        there = stored[task]
        terms: Terms = replace(terms_of(organisation, task, there.evidence.category), **changes)
        one = study(there, mine, terms, known, organisation, max_error=max_error)
        found.append((one, same[task]))
    if faults and not found:
        raise faults[0]
    for fault in faults:
        note(f"bench: {fault}")
    return found


def _fault(
    task: str, stored: Mapping[str, Answers], same: Mapping[str, str], policies: Sequence[AgreementPolicy]
) -> UsageError | None:
    """Why policies cannot be replayed on a task; None = they can."""
    if task not in same:
        return UsageError(
            f"The scorer of {task} keeps findings, not answers: nothing there can agree.",
            where=WHERE,
            remedy="Take a task with labels, numbers, fields, short answers or programs.",
        )
    if task not in stored:
        return UsageError(
            f"The task '{task}' was not measured.", where=WHERE, remedy="`bench status` lists what was."
        )
    measured = stored[task].evidence.models
    for policy in policies:
        for name in (*policy.models, policy.otherwise):
            if name is not None and name not in measured:
                return UnknownName.of(f"model measured on {task}", name, measured, where=WHERE)
    return None


def _document(found: Study, same: str) -> dict[str, object]:
    whole = {**asdict(found), "same": same}
    for row, pair in zip(whole["together"], found.together, strict=True):
        row["correlated"] = pair.correlated
    return whole
