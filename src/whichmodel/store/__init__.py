"""The only SQL: outcomes in DuckDB, one owner at a time, and the snapshots that readers open."""

from whichmodel.store.banks import StoredBank
from whichmodel.store.canaries import MARK, Row
from whichmodel.store.costs import Change
from whichmodel.store.database import Store, set_aside
from whichmodel.store.failing import Failing
from whichmodel.store.history import Again, Brought
from whichmodel.store.races import Race
from whichmodel.store.reader import Panel, Reader, frame, read
from whichmodel.store.runs import Run
from whichmodel.store.sight import Sight
from whichmodel.store.spending import Counts, Measured, Spent, Unpriced, Used

__all__ = [
    "MARK",
    "Again",
    "Brought",
    "Change",
    "Counts",
    "Failing",
    "Measured",
    "Panel",
    "Race",
    "Reader",
    "Row",
    "Run",
    "Sight",
    "Spent",
    "Store",
    "StoredBank",
    "Unpriced",
    "Used",
    "frame",
    "read",
    "set_aside",
]
