"""The only SQL: outcomes in DuckDB, one owner at a time, and the snapshots that readers open."""

from whichmodel.store.database import Store
from whichmodel.store.reader import Reader, read

__all__ = ["Reader", "Store", "read"]
