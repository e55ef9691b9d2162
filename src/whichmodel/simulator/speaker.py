"""Which reply a request gets when nothing goes wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from whichmodel.simulator import behaviour, judging, luck
from whichmodel.simulator.answers import Answers
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.conduct import Conduct
from whichmodel.simulator.dialects.dialect import Asked, Dialect
from whichmodel.simulator.panel import PANEL, SimulatedModel

IMAGE_TOKENS = 85
"""Input tokens of a picture that is shown to the vision model."""


class Refused(Exception):
    """The request gets an error document with this HTTP status, never an invented answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Speaker:
    """The models of the panel with what they know."""

    def __init__(self, answers: Answers, seed: int, conduct: Conduct) -> None:
        self._answers = answers
        self._seed = seed
        self._conduct = conduct
        self._models = {model.wire: model for model in PANEL}

    async def reply(self, asked: Asked, dialect: Dialect) -> Reply:
        """The good reply, and how long it takes. Raises Refused."""
        model = self._model(asked.wire, dialect)
        if model.answers == "image" or model.vision:
            # In a thread, so that pictures do not delay the replies of others.
            reply = await asyncio.to_thread(self._reply, model, asked)
        else:
            reply = self._reply(model, asked)
        return self._conducted(model, reply)

    def _model(self, wire: str, dialect: Dialect) -> SimulatedModel:
        model = self._models.get(self._conduct.aliases.get(wire, wire))
        if model is None:
            known = ", ".join(sorted(self._models))
            raise Refused(404, f"The demo panel has no model '{wire}'. Known: {known}.")
        if model.answers not in dialect.answers:
            raise Refused(400, f"{model.id} answers with {model.answers}, which this protocol cannot carry.")
        return model

    def _conducted(self, model: SimulatedModel, reply: Reply) -> Reply:
        """With the cache and the latency that the panel was told to show."""
        cache, latency = self._conduct.cache(model.wire), self._conduct.latency_s
        if cache is not None:
            read, write = cache.tokens(reply.input_tokens)
            reply = replace(reply, cached_tokens=read, cache_write_tokens=write)
        return reply if latency is None else replace(reply, latency_s=latency)

    def _reply(self, model: SimulatedModel, asked: Asked) -> Reply:
        if model.answers == "text" and self._conduct.canned is not None:
            return self._canned(model, asked, self._conduct.canned)
        if model.vision and not asked.images and judging.is_judging(asked.prompt):
            return self._judged(model, asked)
        if model.vision:
            return self._seen(model, asked)
        question = self._answers.find(asked.prompt)
        if question is None:
            raise Refused(404, "No item of the banks this demo panel was started with has this prompt.")
        try:
            return behaviour.reply(
                model, question, seed=self._seed, characters=asked.characters, max_tokens=asked.max_tokens
            )
        except behaviour.Unanswerable as error:
            raise Refused(404, str(error)) from error

    def _canned(self, model: SimulatedModel, asked: Asked, text: str) -> Reply:
        latency = model.median_s if self._conduct.latency_s is None else self._conduct.latency_s
        output = behaviour.tokens(len(text))
        return Reply(text, "stop", behaviour.tokens(asked.characters), output, 0, latency)

    def _judged(self, model: SimulatedModel, asked: Asked) -> Reply:
        """The judge's verdict on a text."""
        text = judging.answer(asked.prompt, self._answers, seed=self._seed, model=model.id)
        return Reply(
            text=text,
            stop="stop",
            input_tokens=behaviour.tokens(asked.characters),
            output_tokens=behaviour.tokens(len(text)),
            reasoning_tokens=0,
            latency_s=luck.lognormal(
                model.median_s, model.sigma, self._seed, "latency", model.id, asked.prompt
            ),
        )

    def _seen(self, model: SimulatedModel, asked: Asked) -> Reply:
        """The vision model's reply to a question about one image."""
        from whichmodel.simulator import seeing

        if len(asked.images) != 1:
            raise Refused(
                400, f"{model.id} answers questions about one image; this request has {len(asked.images)}."
            )
        text = seeing.answer(asked.prompt, asked.images[0])
        return Reply(
            text=text,
            stop="stop",
            input_tokens=behaviour.tokens(asked.characters) + IMAGE_TOKENS,
            output_tokens=behaviour.tokens(len(text)),
            reasoning_tokens=0,
            latency_s=luck.lognormal(
                model.median_s, model.sigma, self._seed, "latency", model.id, asked.prompt
            ),
        )
