"""The part of bench.yaml about clusters."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichmodel.config import ClusterSettings, load_config
from whichmodel.errors import ConfigError

SMALL = """\
default_organisation: acme
models:
  - {id: openai/gpt-6-luna}
organisations:
  acme: {title: ACME}
"""


def read(folder: Path, more: str) -> ClusterSettings:
    file = folder / "bench.yaml"
    file.write_text(SMALL + more)
    return load_config(file).cluster


def test_without_the_part_a_cluster_is_looked_for_here(tmp_path: Path) -> None:
    assert read(tmp_path, "") == ClusterSettings("auto", None, None)


def test_all_of_it(tmp_path: Path) -> None:
    text = "cluster: {address: 'ray://head:10001', secret_file: ~/keys.env, workers_per_node: 4}\n"
    assert read(tmp_path, text) == ClusterSettings("ray://head:10001", "~/keys.env", 4)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("{address: 'head:6379'}", "write `ray://host:10001` or `auto`"),
        ("{address: 'ray://user:secret@head:10001'}", "credentials"),
        ("{secret_file: keys.env}", "secret_file"),
        ("{workers_per_node: 0}", "workers_per_node"),
        ("{adress: auto}", "adress"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, part: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("{", r"\{")):
        read(tmp_path, f"cluster: {part}\n")
