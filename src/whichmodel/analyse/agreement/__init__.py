"""Agreement policies replayed from stored outcomes: several models asked, an answer taken where enough agree.

DECISION section 7. Nothing here is selected or tested; that is `decide.agreement`.
"""
