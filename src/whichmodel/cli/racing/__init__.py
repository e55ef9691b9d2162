"""`bench run --until-decided`: all chosen tasks race at the same time for one organisation."""
