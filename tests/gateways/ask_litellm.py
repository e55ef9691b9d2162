"""Runs in LiteLLM's environment: loads a configuration as the proxy does and sends requests through it.

Standard input: {"config": path, "requests": [{"model": ..., "prompt": ..., "image": bool}], "providers":
[...]}. Standard output: {"answers": [{"text" or "error", "cost"}], "unknown_providers": [...]}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import litellm  # type: ignore[import-not-found]
import yaml


def answer(router: Any, request: dict[str, Any]) -> dict[str, Any]:
    """One request's text and LiteLLM's own count of its cost, or its error."""
    try:
        if request["image"]:
            reply = router.image_generation(model=request["model"], prompt=request["prompt"])
            text = reply.data[0].b64_json
        else:
            messages = [{"role": "user", "content": request["prompt"]}]
            reply = router.completion(model=request["model"], messages=messages)
            text = reply.choices[0].message.content
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"text": text, "cost": reply._hidden_params.get("response_cost")}


def unknown(provider: str) -> bool:
    """Whether LiteLLM has no provider of this name."""
    try:
        return bool(litellm.get_llm_provider(f"{provider}/m")[1] != provider)
    except litellm.BadRequestError:
        return True


def main() -> None:
    """Answers on standard output, LiteLLM's own words on standard error."""
    job = json.load(sys.stdin)
    with open(job["config"], encoding="utf-8") as file:
        config = yaml.safe_load(file)
    router = litellm.Router(model_list=config["model_list"], **config["router_settings"])
    result = {
        "answers": [answer(router, request) for request in job["requests"]],
        "unknown_providers": [name for name in job["providers"] if unknown(name)],
    }
    sys.stdout.write(f"\n{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
