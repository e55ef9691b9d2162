"""The only SQL: outcomes in DuckDB, one owner at a time, and the snapshots that readers open."""

from whichmodel.store.costs import Change
from whichmodel.store.database import Store, set_aside
from whichmodel.store.reader import Panel, Reader, read
from whichmodel.store.runs import Run

__all__ = ["Change", "Panel", "Reader", "Run", "Store", "read", "set_aside"]
