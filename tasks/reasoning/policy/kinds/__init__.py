"""Kinds of policies: each a module with `limits`, `draw`, `APPLIES` and `tell`, and its words beside it."""

from . import access, expenses, insurance, leave, purchases, refunds, warranty
from .blueprint import Blueprint
from .numbered import FEATURES, Policy, numbered

KINDS = {
    "refunds": refunds,
    "expenses": expenses,
    "leave": leave,
    "access": access,
    "purchases": purchases,
    "warranty": warranty,
    "insurance": insurance,
}

__all__ = ["FEATURES", "KINDS", "Blueprint", "Policy", "numbered"]
