"""A run on a Ray cluster: the same jobs, the same outcomes, the same folder of results.

`connect` finds the cluster and asks its nodes what they have; `Cluster.start` makes the workers of one run.
The only room that imports Ray, and nothing outside imports it before `--cluster` is given.
"""

from whichmodel.run.cluster.carried import Baggage
from whichmodel.run.cluster.connection import Cluster, connect

__all__ = ["Baggage", "Cluster", "connect"]
