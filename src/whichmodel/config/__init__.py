"""bench.yaml: the one file a user edits -> `Config`."""

from whichmodel.config.cluster import ClusterSettings, trouble_with_address
from whichmodel.config.file import DecisionFile, schema
from whichmodel.config.leaderboard import Leaderboard, Oidc, TrustedHeader, may_view
from whichmodel.config.load import LARGEST_RECORD, Config, load_config
from whichmodel.config.store import SharedStore

__all__ = [
    "LARGEST_RECORD",
    "ClusterSettings",
    "Config",
    "DecisionFile",
    "Leaderboard",
    "Oidc",
    "SharedStore",
    "TrustedHeader",
    "load_config",
    "may_view",
    "schema",
    "trouble_with_address",
]
