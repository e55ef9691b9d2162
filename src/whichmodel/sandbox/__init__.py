"""Running code that a model wrote: the judge outside, the candidate inside, one way in.

async with session(code) as inside:
    value = await inside.call("solve", 1, key="x")

There is no way to run such code without the sandbox. `available()` says whether it can be had here.
"""

from whichmodel.sandbox.availability import Availability, available
from whichmodel.sandbox.outcome import CandidateError, Limits, Ran
from whichmodel.sandbox.referee import Checks, Held, Match, match
from whichmodel.sandbox.session import Session, session

__all__ = [
    "Availability",
    "CandidateError",
    "Checks",
    "Held",
    "Limits",
    "Match",
    "Ran",
    "Session",
    "available",
    "match",
    "session",
]
