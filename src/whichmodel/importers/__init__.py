"""Outcomes that other tools measured: one file a format, each file -> samples; then bank, journal, store.

`files` opens what is named, within limits; a format reads it into samples; `intake` names tasks and models
and turns away what cannot be told apart; `bank` gives each task its hash; `outcomes` and `take_in` store it.
"""
