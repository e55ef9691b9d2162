# ruff: noqa: E501  (texts as they were written)
"""Summaries of meetings as models write them: good ones, and a single error in each."""

from __future__ import annotations

GOOD: dict[str, tuple[str, ...]] = {
    "meetings-s0-0001": (
        "**Packaging:** switch to bamboo. Owner: Viktor Petrova. Deadline: June 19. Target: 22% savings.\n\n"
        "**Office lease:** renew in Tallinn. Owner: Greta Rossi. Deadline: May 10. First batch: 460 units.\n\n"
        "**Support desk:** extend to Ghent. Owner: Mateo Raman. Deadline: July 2. First batch: 450 units.",
        "The team will switch the packaging to bamboo (Viktor Petrova, by 19 June, saving 22 per cent). The office "
        "lease in Tallinn is renewed by Greta Rossi until 10 May, with a first batch of 460 units. The helpdesk is "
        "extended to Ghent by Mateo Raman until 2 July, with a first batch of 450 units.",
        "| Decision | Owner | Deadline | Figure |\n| --- | --- | --- | --- |\n| Packaging to bamboo | V. Petrova | 19 Jun | "
        "22 % saving |\n| Lease in Tallinn renewed | Greta | 10 May | 460 units |\n| Help desk extended to Ghent | Mateo | "
        "2 Jul | 450 units |",
        "1. Packaging\n   - Decision: switch to bamboo\n   - Owner: Viktor Petrova\n   - Deadline: 2026-06-19\n   - Figure: "
        "twenty-two percent saving\n2. Office lease\n   - Decision: renew in Tallinn\n   - Owner: Greta Rossi\n   - "
        "Deadline: 2026-05-10 (moved from 3 May)\n   - Figure: 460 units (up from 440)\n3. Support desk\n   - Decision: "
        "extend to Ghent\n   - Owner: Mateo Raman\n   - Deadline: 2026-07-02\n   - Figure: 450 units",
    ),
    "meetings-s0-0003": (
        "- Billing DB moves to Turin: Tomas Bergstrom, 10 April, 42% saving\n- Vans are replaced by trams: Nadia Ibarra, "
        "8 May, 740 units\n- App release in Lyon: Yuki Raman, 9 April; the mobile app has a first batch of 600 units\n"
        "- Safety audit of the foundry: Tomas Bergstrom, 19 March, 31% saving",
        "Tomas Bergstrom moves the billing database to Turin by 10 April, aiming at a 42 percent saving. Nadia Ibarra "
        "replaces the delivery vans with trams by 8 May, first batch 740 units. Yuki Raman releases the mobile app in Lyon "
        "by 9 April, first batch 600 units. Tomas Bergstrom orders a safety audit of the foundry by 19 March, saving "
        "target 31 percent.",
        "### Decisions\n\n#### Billing database\nMove to Turin. Bergstrom, April 10th, 42%.\n\n#### Delivery vans\nTrams "
        "instead. Ibarra, May 8th, 740 units.\n\n#### Mobile app\nRelease in Lyon. Raman, April 9th, 600 units.\n\n#### "
        "Safety audit\nFoundry. Bergstrom, March 19th, 31%.",
    ),
}
"""By item: summaries that hold every fact, each in another style."""

ERRORS: tuple[tuple[str, int, str, str], ...] = (
    ("meetings-s0-0001", 0, "Greta Rossi", "Viktor Petrova"),
    ("meetings-s0-0001", 1, "460 units", "440 units"),
    ("meetings-s0-0001", 2, "10 May", "3 May"),
    ("meetings-s0-0001", 3, "extend to Ghent", "extend to Turin"),
    ("meetings-s0-0003", 0, "42% saving", "24% saving"),
    ("meetings-s0-0003", 1, "9 April", "10 April"),
    ("meetings-s0-0003", 2, "740 units", "600 units"),
)
"""Item, which of its summaries, what stands there, and the error in its place."""
