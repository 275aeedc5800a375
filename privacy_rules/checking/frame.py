"""The frame that a condition is evaluated in: a flow, system, party or contract, with the judged datum and purpose."""

from __future__ import annotations

from itertools import count

from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.values import Item, Transform

_SERIALS = count(1)


class Frame:
    """One subject and one judged pair of it. `flow` and `system` are -1 if the frame has none.

    `subject` and `pair` are serial numbers that change with the subject and with the judged pair. Caches use them as keys.
    `collected`: the flow is a collection that a test asks about; the judged datum and purpose are those of the subject.
    `item` is the judged item of a system's `stores`, `uses` or `transforms`; `within` is that list; `joined` a joining's pair, or what a transform
    takes and one that it makes. `may_be_nothing`: the system does not say what it stores (joins, uses, makes), so the judged
    item may not exist.
    """

    __slots__ = (
        "collected",
        "contract",
        "data",
        "flow",
        "item",
        "joined",
        "may_be_nothing",
        "pair",
        "party",
        "purpose",
        "subject",
        "system",
        "within",
    )

    def __init__(
        self,
        *,
        flow: int = -1,
        system: int = -1,
        party: str | None = None,
        contract: Record | None = None,
        data: str | None = None,
        purpose: str | None = None,
        collected: bool = False,
    ) -> None:
        self.flow, self.system, self.party, self.contract = flow, system, party, contract
        self.data, self.purpose = data, purpose
        self.collected = collected
        self.item: Item | Transform | None = None
        self.joined: tuple[str, str] | None = None
        self.within = "stores"
        self.may_be_nothing = False
        self.subject = self.pair = next(_SERIALS)

    def judge(self, data: str | None, purpose: str | None) -> None:
        """Move to another judged pair of the same subject."""
        self.data, self.purpose = data, purpose
        self.pair = next(_SERIALS)

    def store(self, item: Item | None) -> None:
        """Move to an item of a system's `stores`; None if the system does not declare what it stores."""
        self.item, self.may_be_nothing = item, item is None
        self.judge(None if item is None else item.term, None)

    def use(self, item: Item | None, purpose: str | None) -> None:
        """Move to an item of a system's `uses` and a purpose of it; None if the system does not declare what it uses."""
        self.within = "uses"
        self.store(item)
        self.judge(self.data, purpose)

    def derive(self, transform: Transform | None, made: str) -> None:
        """Move to a declared transform and one category that it makes; None if the system does not declare transforms."""
        self.item, self.within = transform, "transforms"
        self.join(None if transform is None else (transform.takes, made))

    def join(self, joined: tuple[str, str] | None) -> None:
        """Move to a declared pair of a system's `joins`; None if the system does not declare them."""
        self.joined, self.may_be_nothing = joined, joined is None
        self.judge(None, None)
