"""The values every room speaks of. Frozen, no I/O, standard library only.

Units: money in USD as Decimal, time in seconds, tokens as counts, scores in [0, 1].
None means unknown everywhere, never zero.
"""

from whichmodel.domain.dataset import Derived, HubDataset
from whichmodel.domain.decision import Route, RouteStatus, RoutingTable, Share, Standing, WhyNot
from whichmodel.domain.identity import Json, content_hash
from whichmodel.domain.judges import JUDGE, NOBODY, Judges, judged_by, kinship
from whichmodel.domain.limits import Limits
from whichmodel.domain.load import Load, LoadCalls, LoadStep
from whichmodel.domain.model import (
    Model,
    Price,
    Priced,
    Settings,
    Specialist,
    Usage,
    new_models,
    served_otherwise,
)
from whichmodel.domain.organisation import (
    AgreementPolicy,
    DecisionRule,
    JudgeRule,
    Organisation,
    Policy,
    SloRule,
    SwitchRule,
    Workload,
    policy_reason,
)
from whichmodel.domain.outcome import Cell, Outcome, Status
from whichmodel.domain.task import CATEGORIES, Answer, Bank, Item, TaskCard, Verdict
from whichmodel.domain.timing import Ended, FirstKind, Timing

__all__ = [
    "CATEGORIES",
    "JUDGE",
    "NOBODY",
    "AgreementPolicy",
    "Answer",
    "Bank",
    "Cell",
    "DecisionRule",
    "Derived",
    "Ended",
    "FirstKind",
    "HubDataset",
    "Item",
    "Json",
    "JudgeRule",
    "Judges",
    "Limits",
    "Load",
    "LoadCalls",
    "LoadStep",
    "Model",
    "Organisation",
    "Outcome",
    "Policy",
    "Price",
    "Priced",
    "Route",
    "RouteStatus",
    "RoutingTable",
    "Settings",
    "Share",
    "SloRule",
    "Specialist",
    "Standing",
    "Status",
    "SwitchRule",
    "TaskCard",
    "Timing",
    "Usage",
    "Verdict",
    "WhyNot",
    "Workload",
    "content_hash",
    "judged_by",
    "kinship",
    "new_models",
    "policy_reason",
    "served_otherwise",
]
