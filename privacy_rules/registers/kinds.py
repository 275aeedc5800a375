"""The kinds of registers, and what each is made from. A new kind is a function that returns a `Register`, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from privacy_rules.registers.board import Moment, board
from privacy_rules.registers.criteria import Criteria
from privacy_rules.registers.data_map import data_map
from privacy_rules.registers.material import Material
from privacy_rules.registers.model import Register
from privacy_rules.registers.processing import controller, processor
from privacy_rules.registers.transfers import transfers
from privacy_rules.registers.vendors import vendors
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """What registers are made from. `criteria` is asked for only if a register needs it.

    `moments` are the commits to compare with, beginning with the one that `since` names. `recipients` are those outside that got
    data at that commit; None if there is nothing to compare with. `notes` are sentences about the comparison.
    """

    material: Material
    criteria: Callable[[], Criteria]
    since: str = ""
    moments: tuple[Moment, ...] = ()
    recipients: frozenset[str] | None = None
    notes: tuple[str, ...] = ()


KINDS: Mapping[str, Callable[[Ground], Register]] = MappingProxyType(
    {
        "processing": lambda ground: controller(ground.material),
        "processor": lambda ground: processor(ground.material),
        "vendors": lambda ground: vendors(ground.material),
        "transfers": lambda ground: transfers(
            ground.material, ground.criteria(), ground.recipients, ground.since, ground.notes
        ),
        "data-map": lambda ground: data_map(ground.material),
        "board": lambda ground: board(ground.material, ground.moments, ground.since, ground.notes),
    }
)
"""Each kind of register, by its name on the command line."""
