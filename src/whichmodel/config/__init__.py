"""bench.yaml: the one file a user edits -> `Config`."""

from whichmodel.config.file import DecisionFile, schema
from whichmodel.config.load import LARGEST_RECORD, Config, load_config

__all__ = ["LARGEST_RECORD", "Config", "DecisionFile", "load_config", "schema"]
