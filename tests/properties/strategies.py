"""Hypothesis strategies: random policies with manifests for them, valid by construction, over the whole language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.long_run import EXAMPLES
from tests.properties.dice import Dice
from tests.properties.manifests import write_manifest
from tests.properties.policy_texts import write_policy
from tests.properties.world import Options, draw_world

BYTES = 2000


@dataclass(frozen=True)
class Sample:
    """A policy's blocks, whose order means nothing, and a manifest as plain data."""

    blocks: tuple[str, ...]
    manifest: dict[str, Any]

    @property
    def policy(self) -> str:
        return "\n\n".join(self.blocks) + "\n"

    def __str__(self) -> str:
        return f"{self.policy}\n---\n{json.dumps(self.manifest, indent=1)}"


def sample_of(data: bytes, options: Options = Options()) -> Sample:  # noqa: B008 (frozen)
    dice = Dice(data)
    world = draw_world(dice.part(150), options)
    world.parties = [f"p{number}" for number in range(dice.between(2, options.parties))]
    world.systems = [f"s{number}" for number in range(dice.between(2, options.systems))]
    blocks = write_policy(dice.part(450), world)
    return Sample(blocks, write_manifest(dice, world))


@lru_cache
def samples(options: Options = Options()) -> st.SearchStrategy[Sample]:  # noqa: B008 (frozen)
    return st.binary(min_size=BYTES, max_size=BYTES).map(lambda data: sample_of(data, options))


many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
"""The settings of every property: so many examples, none timed."""

some = settings(many, max_examples=max(1, EXAMPLES // 5))
"""Those of properties of which one example takes many checks."""
