"""From outcomes to standings: intervals, paired differences, latency and cost, with no I/O at all.

Everything is a function of the outcomes it is given: order of rows, items and models changes nothing, and
what is random is seeded. Money is float here: these are estimates, the ledger is elsewhere.
"""
