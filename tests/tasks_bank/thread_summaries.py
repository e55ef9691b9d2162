# ruff: noqa: E501  (texts as they were written)
"""Summaries of support threads as models write them: good ones, and a single error in each."""

from __future__ import annotations

GOOD: dict[str, tuple[str, ...]] = {
    "support_threads-s0-0000": (
        "Katya Ilves reported that her Brera C13 coffee machine (order KG-976704) leaks every day. Descaling and "
        "re-seating the water tank changed nothing. The workshop found a cracked hose. She receives the spare part "
        "by courier by June 2nd at the latest and a €54 credit on her account. Still open: the invoice is missing "
        "the VAT number.",
        "**Customer:** Katya Ilves\n**Product:** Brera C13\n**Order #:** KG976704\n**Issue:** Water leakage\n"
        "**Steps Tried:** Descaled; took the tank out and reinserted it\n**Root Cause:** A crack in an internal "
        "hose\n**Resolution:** Spare part sent via courier\n**Compensation:** EUR 54 credit\n**Promised Date:** "
        "2 Jun\n**Open Point:** Corrected invoice with VAT number",
        "| Field | Value |\n|---|---|\n| Customer | Ilves, Katya |\n| Product | Coffee machine, Brera C13 |\n"
        "| Order | 976704 |\n| Problem | Machine is leaking |\n| Tried | Descaling, tank re-seated |\n"
        "| Cause | Hose cracked (not the pump seal, as first guessed) |\n| Solution | Courier delivery of the part |\n"
        "| Amount | 54 euros account credit |\n| Due | 2026-06-02 |\n| Open | VAT number on the invoice |",
    ),
    "support_threads-s0-0001": (
        "# Summary\n\n- **Who:** Henrik Janssen (Marta Zeman answered for him while he was travelling)\n"
        "- **What:** Halden X202 router, order TN-742001 (first given as TN-740201)\n- **Problem:** loses the WiFi "
        "several times a day\n- **Tried:** rebooted twice, factory reset - no effect\n- **Cause:** firmware bug; the "
        "power supply was ruled out\n- **Agreed:** spare part by courier instead of a repair in the workshop, by "
        "18 May rather than 25 May, and a credit of 29 euros (was 47)\n- **Open:** Henrik still has to send the "
        "serial number",
        "Henrik Janssen's X202 router (order TN-742001) keeps dropping the wireless connection; a restart and a "
        "factory reset did not help. Root cause is a bug in the firmware. It was agreed to courier him a spare part "
        "no later than May 18, plus twenty-nine euros in credit. The serial number is outstanding.",
        "1. Customer - Henrik Janssen\n2. Product - Halden X202\n3. Order no. - TN 742001\n4. Problem - Wi-Fi "
        "disconnects\n5. Tried - power cycling, reset to factory defaults\n6. Cause - firmware defect\n7. Solution - "
        "replacement part via courier\n8. Credit - 29 EUR\n9. Promised by - 18/05/2026\n10. To do - serial no. to "
        "come from the customer",
    ),
    "support_threads-s0-0004": (
        "**Case 1: Katya Tamm**\n- Kestrel D52 dehumidifier, order RG-806130\n- Freezes up; cause: it lost coolant\n"
        "- Spare part by courier by 12 July, voucher of 38 euros\n\n**Case 2: Bruno Eriksen**\n- Lindo M160 standing "
        "desk, order BD-714306\n- Wobbles when fully raised; the cross brace was missing\n- Collected for repair by "
        "17 July, refund of 49 euros",
        "Katya Tamm (order RG-806130) has a Kestrel D52 that ices up because it has lost refrigerant. She gets the "
        "spare part by courier by the 12th of July and a €38 voucher.\n\nBruno Eriksen (order BD-714306) has a Lindo "
        "M160 that is unstable at full height: a cross brace was missing. His desk is picked up and repaired by "
        "17 July, and 49 euros are refunded.",
        "| | Case A | \n|---|---|\n| Tamm, Katya | Kestrel D52, RG-806130: icing; coolant loss; part by courier, "
        "12 July; 38 EUR voucher |\n| Eriksen, Bruno | Lindo M160, BD-714306: wobbly at full height; cross brace "
        "missing; collect and repair in the workshop, 17 July; 49 EUR refund |",
    ),
    "support_threads-s0-0005": (
        "Vera Pavlov: her Kestrel D25 dehumidifier (BG-235447) turns off by itself after ten minutes. The float was "
        "stuck. It will be collected and repaired by 29 May, with a 51-euro credit.\nPiet Hofmann: his Brera C13 "
        "coffee machine (BG-582031) leaks. The pump's seal was worn. It will be collected and repaired by 10 June, "
        "with a credit of 53 euros.",
        "- Vera Pavlov, D25 dehumidifier, order no. BG-235447\n  - Problem: switches itself off\n  - Cause: stuck "
        "float switch\n  - Solution: pickup and repair\n  - Credit: €51\n  - Date: May 29\n- Piet Hofmann, Brera C13, "
        "order no. BG-582031\n  - Problem: water leak\n  - Cause: worn seal in the pump\n  - Solution: pickup and "
        "repair\n  - Credit: €53\n  - Date: June 10",
        "Two customers are waiting. The first, Vera Pavlov, owns a Kestrel D25 (order BG-235447) which shuts down "
        "after a few minutes owing to a stuck float. We repair it in our workshop by 29 May and credit 51 euros. The "
        "second, Piet Hofmann, owns a Brera C13 (order BG-582031) which leaks owing to a worn seal. We repair it in "
        "our workshop by 10 June and credit 53 euros.",
    ),
}
"""By item: summaries that hold every fact, each in another style."""

ERRORS: tuple[tuple[str, int, str, str], ...] = (
    ("support_threads-s0-0000", 0, "Katya Ilves", "Anna Varga"),
    ("support_threads-s0-0000", 0, "€54", "€45"),
    ("support_threads-s0-0000", 0, "June 2nd", "June 12th"),
    ("support_threads-s0-0000", 0, "cracked hose", "worn pump seal"),
    ("support_threads-s0-0000", 1, "KG976704", "KG976740"),
    ("support_threads-s0-0000", 1, "Descaled; took", "Took"),
    ("support_threads-s0-0000", 2, "Brera C13", "Brera C31"),
    ("support_threads-s0-0001", 0, "by 18 May rather than 25 May", "by 25 May rather than 18 May"),
    ("support_threads-s0-0001", 0, "29 euros (was 47)", "47 euros (was 29)"),
    ("support_threads-s0-0001", 1, "a bug in the firmware", "the power supply"),
    ("support_threads-s0-0001", 1, "courier him a spare part", "collect it for repair"),
    ("support_threads-s0-0001", 2, "TN 742001", "TN 740201"),
    ("support_threads-s0-0001", 2, "Halden X202", "Halden X220"),
    ("support_threads-s0-0004", 0, "12 July", "15 July"),
    ("support_threads-s0-0004", 0, "refund of 49", "refund of 38"),
    ("support_threads-s0-0004", 1, "BD-714306", "BD-174306"),
    ("support_threads-s0-0004", 1, "a cross brace was missing", "the legs come from different batches"),
    ("support_threads-s0-0005", 0, "51-euro", "53-euro"),
    ("support_threads-s0-0005", 1, "Date: June 10", "Date: May 29"),
    ("support_threads-s0-0005", 2, "Piet Hofmann", "Tilda Nowak"),
)
"""Item, which of its summaries, what stands there, and the error in its place."""
