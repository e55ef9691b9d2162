"""`bench init`: a commented bench.yaml to start from."""

from __future__ import annotations

from pathlib import Path

import click

from whichmodel.cli.output import answer
from whichmodel.errors import ConfigError, UsageError


def template() -> Path:
    """The bench.yaml that comes with the program: beside the source, else inside the wheel."""
    package = Path(__file__).resolve().parents[1]
    for path in (package.parents[1] / "bench.yaml", package / "bundled" / "bench.yaml"):
        if path.is_file():
            return path
    raise ConfigError("The example configuration is missing from this installation.", where=str(package))


@click.command(help="Write a commented bench.yaml.")
@click.option("--config", "path", type=click.Path(path_type=Path), default="bench.yaml", show_default=True)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(path: Path, force: bool) -> None:
    """Write the example; never over a file that is there, unless forced."""
    if path.exists() and not force:
        raise UsageError("The file is there already.", where=str(path), remedy="Add --force to replace it.")
    text = template().read_text(encoding="utf-8")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The file cannot be written: {error.strerror}.", where=str(path)) from error
    answer(f"Wrote {path}. Next: set a key (such as OPENAI_API_KEY), then")
    answer("  bench run --tasks coding,extraction")
