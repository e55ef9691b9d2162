"""Standings and routes as two CSV files, safe to open in a spreadsheet (`views.sheet`)."""

from __future__ import annotations

from whichmodel.report.content import Report
from whichmodel.views import sheet


def files(made: Report) -> dict[str, bytes]:
    """`<organisation>-standings.csv` and `<organisation>-routes.csv`, as RFC 4180 has them, in UTF-8."""
    return {
        f"{made.organisation}-standings.csv": sheet.render(made.view).encode(),
        f"{made.organisation}-routes.csv": sheet.routes(made.view).encode(),
    }
