# ruff: noqa: E501  (texts as they were written)
"""Summaries of reports as models write them: good ones, and a single error in each."""

from __future__ import annotations

GOOD: dict[str, tuple[str, ...]] = {
    "reports-s0-0000": (
        "**On-time delivery** fell 9.8% to 79.6% because the warehouse software was changed. **Energy cost** dropped by "
        "5.8% to €719,000 thanks to the new heat pump. The **return rate** rose 25% to 4.5% due to incorrect size charts.\n\n"
        "The board decided to buy a second laser cutter (Freya Zanetti, by 22 November). Key risk: a possible aluminium "
        "shortage after the summer.",
        "| Metric | Q3 | Change vs. Q2 | Cause |\n|---|---|---|---|\n| On-time delivery | 79.6 % | -9.8 % | Warehouse software "
        "change |\n| Energy cost | 719k euros | −5.8 % | New heat pump |\n| Return rate | 4.5 % | +25.0 % | Wrong sizing "
        "charts |\n\n**Decision:** Second laser cutter - Freya Zanetti - Nov 22\n**Risk:** Aluminum shortage",
        "In the third quarter, punctual deliveries slipped to 79.6 per cent (down 9.8 per cent from 88.2), as the warehouse "
        "software was replaced mid-quarter. Energy came to 719 thousand euros, a decrease of 5.8 per cent, owing to the heat "
        "pump. Returns climbed 25.0 per cent to 4.5 per cent, since size charts in the catalogue were wrong. Zanetti is to "
        "buy a second laser cutter by the 22nd of November. The board should watch aluminium supplies.",
    ),
    "reports-s0-0003": (
        "- **Headcount:** 640, up 3.6% (takeover of a workshop)\n- **On-time delivery:** 80.9%, up 6.6% (dispatch now runs two "
        "shifts)\n- **Revenue:** €87.0m (corrected), down 7.6% (late spring)\n- **Decision:** purchase of a second laser cutter; "
        "Milan Lund, 27 May\n- **Risk:** aluminium may become scarce",
        "Revenue fell to 87 million euros, a decline of 7.6 percent, as spring came late. Headcount grew by 3.6 percent to 640 "
        "employees through the acquisition of a workshop. On-time delivery improved and increased by 6.6 percent to 80.9 "
        "percent, because dispatch works in two shifts. Milan Lund will buy a second laser cutter by May 27th. Aluminium could "
        "run short.",
        "## Q2 2026\n### Headcount\n640 employees (+3.6 %). Cause: workshop takeover\n### On-time delivery\n80.9 % (+6.6 %). "
        "Cause: second dispatch shift\n### Revenue\n87.0 million euros (-7.6 %). Cause: late spring season\n### Decision\nBuy "
        "a second laser cutter - Owner: Milan Lund - Due: 2026-05-27\n### Risk\nAluminium shortage",
    ),
    "reports-s0-0004": (
        "Incident INC-76337: the telephone system was down for 2 h 26 min, and 4,120 customers were affected. €22,550 in "
        "credits was paid. A wrong time server invalidated all tokens; a node-by-node restart of the cluster ended the "
        "outage.\n\nFollow-up:\n- Lower alert thresholds: Karim Lund, 27 February\n- Automatic feed of the status page: Bernd "
        "Vesely, 2 April",
        "1. **Incident:** INC 76337\n2. **Service:** telephony\n3. **Duration:** 146 minutes\n4. **Customers affected:** 4120\n"
        "5. **Credits:** 22.55k euros\n6. **Root cause:** incorrect clock on the time server\n7. **Resolution:** rolling restart "
        "of the cluster\n8. **Measures:**\n   - Alerts: lower thresholds (Lund, Feb 27)\n   - Status page: automate the feed "
        "(Vesely, Apr 2)",
        "The phone outage (INC-76337) lasted two hours and 26 minutes, not 2 hours 54 as first noted. It hit 4,120 customers, "
        "who were paid credits of 22,550 euros. The cause was a time server that ran wrong, not the full disk suspected at "
        "first. Restarting the cluster one node at a time solved it. Karim Lund lowers the alert thresholds by February 27; "
        "Bernd Vesely has the status page fed automatically by April 2.",
    ),
    "reports-s0-0005": (
        "The new training centre is 91% complete. Of an approved budget of €655,500, €505,500 has been spent; the forecast is "
        "now €622,500. Launch is expected on 25 April (originally 11 April), delayed by the missing building permit. Next "
        "milestone: dress rehearsal on 16 March. The committee postponed the second phase. Risk: vendor bankruptcy, watched by "
        "Wilma Marchetti.",
        "* Progress: 91 per cent\n* Approved budget: EUR 655.5k\n* Spent to date: EUR 505.5k\n* Forecast at completion: EUR "
        "622.5k\n* Launch: April 25 (building permit outstanding)\n* Next milestone: dress rehearsal, March 16\n* Decision: "
        "phase two is postponed\n* Risk: vendor insolvency (Wilma Marchetti)",
        "| Item | Status |\n|---|---|\n| Work packages done | 91 % |\n| Budget | 655,500 euros |\n| Spent | 505,500 euros |\n"
        "| Forecast | 622,500 euros, corrected from 631,500 |\n| Go-live | 2026-04-25 |\n| Delay | Building permit missing |\n"
        "| Milestone | Dress rehearsal 2026-03-16 |\n| Decision | Second phase postponed |\n| Risk | Vendor may go bankrupt; "
        "Marchetti |",
    ),
}
"""By item: summaries that hold every fact, each in another style."""

ERRORS: tuple[tuple[str, int, str, str], ...] = (
    ("reports-s0-0000", 0, "fell 9.8%", "rose 9.8%"),
    ("reports-s0-0000", 0, "€719,000", "€763,000"),
    ("reports-s0-0000", 0, "22 November", "8 November"),
    ("reports-s0-0000", 1, "+25.0 %", "-25.0 %"),
    ("reports-s0-0000", 1, "New heat pump", "Solar roof"),
    ("reports-s0-0000", 2, "79.6 per cent", "76.9 per cent"),
    ("reports-s0-0003", 0, "€87.0m (corrected), down 7.6%", "€91.1m, down 3.3%"),
    ("reports-s0-0003", 0, "640", "604"),
    ("reports-s0-0003", 1, "87 million", "87 thousand"),
    ("reports-s0-0003", 1, "Milan Lund", "Jana Nemeth"),
    ("reports-s0-0003", 2, "(+6.6 %)", "(-6.6 %)"),
    ("reports-s0-0004", 0, "2 h 26 min", "2 h 54 min"),
    ("reports-s0-0004", 0, "4,120 customers", "4,210 customers"),
    ("reports-s0-0004", 1, "INC 76337", "INC 76373"),
    ("reports-s0-0004", 1, "(Vesely, Apr 2)", "(Lund, Apr 2)"),
    (
        "reports-s0-0004",
        2,
        "a time server that ran wrong, not the full disk suspected at",
        "a full disk, not the time server looked at",
    ),
    ("reports-s0-0005", 0, "the forecast is now €622,500", "the forecast is now €631,500"),
    ("reports-s0-0005", 0, "25 April (originally 11 April)", "11 April (originally 25 April)"),
    ("reports-s0-0005", 1, "EUR 505.5k", "EUR 550.5k"),
    ("reports-s0-0005", 2, "622,500 euros, corrected from 631,500", "631,500 euros, corrected from 622,500"),
    ("reports-s0-0005", 2, "Marchetti", "Ivanova"),
)
"""Item, which of its summaries, what stands there, and the error in its place."""
