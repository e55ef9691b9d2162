"""A table of questions and answers -> a task of one's own, without code."""

from whichmodel.registry.own import infer
from whichmodel.registry.own.columns import Columns, choose
from whichmodel.registry.own.draft import Draft, drafted
from whichmodel.registry.own.files import FILES, write
from whichmodel.registry.own.source import Source, opened

__all__ = ["FILES", "Columns", "Draft", "Source", "choose", "drafted", "infer", "opened", "write"]
