"""bench.yaml: what is accepted, and what each mistake says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT

from whichmodel.config import load_config, schema
from whichmodel.domain import Limits, Model
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


def test_the_commented_examples_can_be_used_as_they_stand(tmp_path: Path) -> None:
    text = (ROOT / "bench.yaml").read_text()
    used = text.replace("  # - {id:", "  - {id:")
    models = load_config(written(tmp_path, used)).models
    assert len(models) == len(load_config(ROOT / "bench.yaml").models) + text.count("  # - {id:")
    assert {"mistral", "together", "groq", "openrouter", "azureai", "bedrock"} <= {m.vendor for m in models}


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
        ("per_image: 1, requests_per_hour: 5", "go with"),
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
        ("{id: openai/gpt-6-luna}", "{id: opnai/gpt-6-luna}", 3, "no known provider (nearest: openai, xai)"),
        ("{id: openai/gpt-6-luna}", "{id: vllm/m}", 3, "give the model a `base_url`"),
        ("{id: openai/gpt-6-luna}", "{id: a/b, output_mode: tools}", 3, "models[0].output_mode"),
        *(
            (
                "{id: openai/gpt-6-luna}",
                f"{{id: {model}, output_mode: {mode}}}",
                3,
                f"Modes that work: {works}.",
            )
            for model, mode, works in (
                ("anthropic/claude-haiku-5-5", "json", "plain, schema, tool"),
                ("anthropic/claude-opus-5-5", "tool", "plain, schema"),
                ("openai/gpt-5-pro", "json", "plain, schema, tool"),
                ("mistral/mistral-large", "json", "plain, schema, tool"),
                ("azureai/phi", "schema", "plain, tool"),
                ("bedrock/amazon.nova-2", "schema", "plain, tool"),
                ("fireworks/m", "json", "plain"),
            )
        ),
        (
            "{id: openai/gpt-6-luna}",
            "{id: huggingface/o/m, answers: image, output_mode: json}",
            3,
            "a model that draws images has no output mode",
        ),
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
    with pytest.raises(ConfigError, match="stands twice, in output modes plain and plain"):
        load_config(path)


def test_two_modes_of_a_model_are_two_rows_with_ids_of_their_own(tmp_path: Path) -> None:
    row = "models:\n  - {id: openai/gpt-6-luna, output_mode: schema}"
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, SMALL.replace("models:", row)))
    assert "stands twice, in output modes schema and plain" in str(caught.value)
    assert "`openai/gpt-6-luna@schema`" in str(caught.value)
    named = row.replace("luna", "luna@schema")
    schema_row, plain = load_config(written(tmp_path, SMALL.replace("models:", named))).models
    assert (schema_row.inspect_name, schema_row.settings.output_mode) == (plain.inspect_name, "schema")
    assert schema_row.settings_hash != plain.settings_hash


def test_the_identity_of_the_bundled_models_stays() -> None:
    hashes = {model.id: model.settings_hash for model in load_config(ROOT / "bench.yaml").models}
    assert hashes["openai/gpt-6-luna"] == "4ae63d25ab9d6445"
    assert hashes["google/gemini-4-argon"] == "1b4b64c702dc066d"
    assert hashes["xai/grok-4.7"] == "95728423592a339e"
    assert hashes["huggingface/openai/gpt-oss-20b"] == "40bbb48c9741398a"


def test_short_entries_are_the_same_as_long_ones(tmp_path: Path) -> None:
    short = "models:\n  - {id: xai/grok-4.7}\n  - {id: huggingface/openai/gpt-oss-20b}"
    models = load_config(written(tmp_path, SMALL.replace("models:", short))).models
    assert [m.settings_hash for m in models[:2]] == ["95728423592a339e", "40bbb48c9741398a"]
    assert [m.key_env for m in models[:2]] == ["XAI_API_KEY", "HF_TOKEN"]


def test_switched_off_models_are_kept_apart(tmp_path: Path) -> None:
    off = SMALL.replace("models:", "models:\n  - {id: openai/gpt-5, enabled: false}")
    config = load_config(written(tmp_path, off))
    assert [m.id for m in config.models] == ["openai/gpt-6-luna"]
    assert [m.id for m in config.switched_off] == ["openai/gpt-5"]


def test_recorded_answers_are_identified_by_their_content(tmp_path: Path) -> None:
    text = SMALL.replace("{id: openai/gpt-6-luna}", "{id: lab/gpt-4, inspect_name: replay/a.jsonl}")

    def loaded(folder: str, answer: str) -> Model:
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        (place / "a.jsonl").write_text(answer)
        return load_config(written(place, text)).models[0]

    here, there, other = loaded("here", "a"), loaded("there", "a"), loaded("here", "b")
    assert (here.base_url, here.key_env) == ((tmp_path / "here").as_uri(), None)
    assert here.settings_hash == there.settings_hash != other.settings_hash


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


def test_the_patience_of_a_run_is_configured(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, SMALL)).limits == Limits()
    changed = SMALL + "defaults: {attempt_s: 5, call_s: 20.5, sample_s: 30, retries: 0}\n"
    assert load_config(written(tmp_path, changed)).limits == Limits(5, 20.5, 30, 0)
    with pytest.raises(ConfigError, match="`attempt_s` is at most `call_s`"):
        load_config(written(tmp_path, SMALL + "defaults: {attempt_s: 700}\n"))


def test_a_specialist_has_its_training_and_is_the_same_model(tmp_path: Path) -> None:
    trained = (
        "{id: openai/gpt-6-luna, specialist: {training_usd: 900, refresh_usd: 120.5, refreshes_per_year: 4}}"
    )
    [model] = load_config(written(tmp_path, SMALL.replace("{id: openai/gpt-6-luna}", trained))).models
    [general] = load_config(written(tmp_path, SMALL)).models
    assert model.specialist is not None
    assert model.specialist.first_year_usd() == Decimal(1382)
    assert (general.specialist, general.settings_hash) == (None, model.settings_hash)


def test_a_gpu_hour_may_wait_for_its_measured_throughput(tmp_path: Path) -> None:
    price = "{id: openai/gpt-6-luna, price: {source: rent, dated: 2026-01-01, per_gpu_hour: 2.5}}"
    [model] = load_config(written(tmp_path, SMALL.replace("{id: openai/gpt-6-luna}", price))).models
    assert model.price is not None
    assert (model.price.per_gpu_hour, model.price.requests_per_hour) == (Decimal("2.5"), None)


def test_a_shared_store_is_an_address_or_a_folder_beside_the_file(tmp_path: Path) -> None:
    text = (ROOT / "bench.yaml").read_text()
    assert load_config(written(tmp_path, text)).store is None
    for given, meant in (
        ("s3://bucket/prefix/", "s3://bucket/prefix"),
        ("../shared", str(tmp_path.parent / "shared")),
        ("file:///mnt/team%20a", "/mnt/team a"),
    ):
        store = load_config(written(tmp_path, f"store: {given}\n{text}")).store
        assert store is not None
        assert store.address == meant
    used = f"store: s3://bucket\nstore_options: {{region: eu-central-1, allow_http: true}}\n{text}"
    store = load_config(written(tmp_path, used)).store
    assert store is not None
    assert store.options == {"region": "eu-central-1", "allow_http": True}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("store: ftp://host/x", "no kind of store"),
        ("store: s3://key:secret@bucket/x", "credentials come from the environment"),
        ("store: s3://", "a bucket and a prefix"),
        ("store: s3://b\nstore_options: {secret_access_key: hidden}", "secret_access_key"),
        ("store: s3://b\nstore_options: {endpoint: 'https://key:secret@host'}", "from the environment"),
    ],
)
def test_a_store_that_could_not_be_used_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    text = (ROOT / "bench.yaml").read_text()
    with pytest.raises(ConfigError, match=said) as caught:
        load_config(written(tmp_path, f"{lines}\n{text}"))
    assert "key:secret" not in str(caught.value)
    assert "hidden" not in str(caught.value)
