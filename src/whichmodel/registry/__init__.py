"""Names -> tasks, and tasks -> banks of items. Finding a task imports none of its code."""

from whichmodel.registry.banks import bank
from whichmodel.registry.cards import all_cards, bundled_folder, find, names_it, task_names

__all__ = ["all_cards", "bank", "bundled_folder", "find", "names_it", "task_names"]
