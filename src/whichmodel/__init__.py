"""whichmodel: which model for which task, for this organisation?"""

__version__ = "0.1.0"
