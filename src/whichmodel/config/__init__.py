"""bench.yaml: the one file a user edits -> `Config`."""

from whichmodel.config.file import DecisionFile, schema
from whichmodel.config.leaderboard import Leaderboard, Oidc, TrustedHeader, may_view
from whichmodel.config.load import LARGEST_RECORD, Config, load_config

__all__ = [
    "LARGEST_RECORD",
    "Config",
    "DecisionFile",
    "Leaderboard",
    "Oidc",
    "TrustedHeader",
    "load_config",
    "may_view",
    "schema",
]
