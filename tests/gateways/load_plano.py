"""Run in Plano's own environment: what its loader makes of a configuration.

Standard input: the file and a folder to work in. Standard output, last line: the rendered configuration.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import planoai  # type: ignore[import-not-found]
import yaml
from planoai.config_generator import validate_and_render_schema  # type: ignore[import-not-found]

DATA = Path(planoai.__file__).parent / "data"


def main() -> None:
    """Exits with 1 where the loader refuses the file."""
    job = json.load(sys.stdin)
    folder = Path(job["folder"])
    rendered = folder / "rendered.yaml"
    os.environ |= {
        "TEMPLATE_ROOT": str(DATA),
        "PLANO_CONFIG_SCHEMA_FILE": str(DATA / "plano_config_schema.yaml"),
        "PLANO_CONFIG_FILE": job["config"],
        "PLANO_CONFIG_FILE_RENDERED": str(rendered),
        "ENVOY_CONFIG_FILE_RENDERED": str(folder / "envoy.yaml"),
    }
    validate_and_render_schema()
    sys.stdout.write(f"\n{json.dumps(yaml.safe_load(os.path.expandvars(rendered.read_text())))}\n")


if __name__ == "__main__":
    main()
