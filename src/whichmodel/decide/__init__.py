"""From standings to routes: who may be used, who is shown good enough, which of those costs least.

Pure: the time is passed in, and what is random is seeded.
"""
