"""bench.yaml: what is accepted, and what each mistake says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT

from whichmodel.config import load_config, schema
from whichmodel.errors import ConfigError, UnknownName

SMALL = """\
default_organisation: acme
models:
  - {id: openai/gpt-6-luna}
organisations:
  acme: {title: ACME}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "bench.yaml"
    path.write_text(text)
    return path


def test_the_bundled_configuration_is_valid_and_names_each_vendor() -> None:
    config = load_config(ROOT / "bench.yaml")
    vendors = {model.vendor for model in config.models}
    assert {"openai", "anthropic", "google", "xai", "huggingface", "ollama", "vllm"} <= vendors
    assert {model.id for model in config.models if model.answers == "image"} == {
        "huggingface/black-forest-labs/FLUX.1-schnell",
        "huggingface/Qwen/Qwen-Image",
    }
    assert len(config.organisations) == 2


def test_the_committed_schema_is_the_one_the_code_emits() -> None:
    committed = (ROOT / "docs/reference/bench.schema.json").read_text()
    assert committed == schema()
    assert json.loads(committed)["additionalProperties"] is False


def test_the_provider_s_own_key_variable_is_the_default(tmp_path: Path) -> None:
    [model] = load_config(written(tmp_path, SMALL)).models
    assert (model.key_env, model.vendor, model.inspect_name) == (
        "OPENAI_API_KEY",
        "openai",
        "openai/gpt-6-luna",
    )


def test_money_is_kept_exactly_as_it_was_written(tmp_path: Path) -> None:
    price = "price: {source: contract, dated: 2026-01-01, input_per_mtok: 0.1, output_per_mtok: 0.3}"
    text = SMALL.replace("{id: openai/gpt-6-luna}", "{id: openai/gpt-6-luna, " + price + "}")
    [model] = load_config(written(tmp_path, text)).models
    assert model.price is not None
    assert model.price.input_per_mtok == Decimal("0.1")


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ("per_gpu_hour: 2", "goes with"),
        ("per_image: 1, requests_per_hour: 5", "goes with"),
        ("batch_factor: 0.5", "at least one amount"),
        ("per_gpu_hour: 2, concurrency: 0", "greater than 0"),
        ("input_per_mtok: -1", "not negative"),
    ],
)
def test_a_price_that_could_not_be_computed_is_refused(tmp_path: Path, amounts: str, said: str) -> None:
    price = "price: {source: contract, dated: 2026-01-01, " + amounts + "}"
    file = tmp_path / "bench.yaml"
    file.write_text(SMALL.replace("{id: openai/gpt-6-luna}", "{id: openai/gpt-6-luna, " + price + "}"))
    with pytest.raises(ConfigError, match=said):
        load_config(file)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("{id: openai/gpt-6-luna}", "{id: a/b, max_conections: 3}", 3, "Nearest: max_connections"),
        ("{title: ACME}", "{titel: ACME}", 5, "Nearest: title"),
        ("{title: ACME}", "{title: no}", 5, 'quote it: "no"'),
        ("{title: ACME}", "{title: 3.10}", 5, 'quote it: "3.10"'),
        ("{title: ACME}", "{title: 12:30}", 5, 'quote it: "12:30"'),
        ("  acme:", "  no:", 5, 'Quote it: "no"'),
        ("{title: ACME}", "{title: ACME, floor: 1.5}", 5, "organisations.acme.floor"),
        ("models:", "default_organisation: b\nmodels:", 2, "stands twice; the first is in line 1"),
        ("{title: ACME}", "{title: ACME", 6, "not valid YAML"),
        ("{title: ACME}", "{}", 5, "`organisations.acme.title` is missing"),
        ("{id: openai/gpt-6-luna}", "{id: a/b, base_url: 'http://u:secret@h/v1'}", 3, "credentials"),
    ],
)
def test_a_mistake_names_file_line_and_what_would_work(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    path = written(tmp_path, SMALL.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(caught.value).startswith(f"{path}:{line}")
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_an_unknown_default_organisation_lists_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL.replace("default_organisation: acme", "default_organisation: acne"))
    with pytest.raises(UnknownName, match="Nearest: acme"):
        load_config(path)


def test_two_models_of_one_id_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL.replace("models:", "models:\n  - {id: openai/gpt-6-luna}"))
    with pytest.raises(ConfigError, match="stands twice"):
        load_config(path)


def test_a_missing_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="bench init"):
        load_config(tmp_path / "bench.yaml")


def test_another_temperature_or_address_is_another_identity(tmp_path: Path) -> None:
    plain = load_config(written(tmp_path, SMALL)).models[0]
    warm = load_config(
        written(tmp_path, SMALL.replace("gpt-6-luna}", "gpt-6-luna, temperature: 0.7}"))
    ).models[0]
    moved = load_config(
        written(tmp_path, SMALL.replace("gpt-6-luna}", "gpt-6-luna, base_url: 'http://127.0.0.1:9/v1'}"))
    ).models[0]
    assert len({plain.settings_hash, warm.settings_hash, moved.settings_hash}) == 3
