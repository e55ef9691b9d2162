"""`python -m whichmodel.cli`: the same as `bench`."""

from whichmodel.cli import main

main()
