"""What is told of the store, one file a view: pages, reports and the command line compute nothing.

Each view is a frozen value made from a `Source`; words and charts turn such values into text and pictures.
"""
