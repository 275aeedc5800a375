"""`fast_dataclasses.dataclass` means what `dataclasses.dataclass` means."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from privacy_rules.source import fast_dataclasses

BOTH = pytest.mark.parametrize("make", [dataclasses.dataclass, fast_dataclasses.dataclass], ids=["standard", "ours"])
OPTIONS = pytest.mark.parametrize(
    "options", [{"frozen": frozen, "slots": slots} for frozen in (False, True) for slots in (False, True)], ids=str
)
Make = Callable[..., Any]
Held = TypeVar("Held")


def example(make: Make, options: dict[str, bool]) -> Any:
    @make(**options)
    class Base:
        first: int

    @make(**options)
    class Example(Base):
        """An example."""

        common: ClassVar[int] = 3
        second: str = "b"
        seen: list[int] = dataclasses.field(default_factory=list)
        note: str = dataclasses.field(default="n", compare=False, repr=False)

        def doubled(self) -> int:
            return 2 * self.first

    return Example


@BOTH
@OPTIONS
def test_values_and_defaults(make: Make, options: dict[str, bool]) -> None:
    kind = example(make, options)
    made = kind(1)
    assert (made.first, made.second, made.seen, made.note, made.common) == (1, "b", [], "n", 3)
    assert made.doubled() == 2
    assert kind(1).seen is not made.seen
    assert kind(1, "c", [4], note="m").note == "m"
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'first'"):
        kind()
    with pytest.raises(TypeError, match="unexpected keyword argument 'third'"):
        kind(1, third=1)


@BOTH
@OPTIONS
def test_equality_hash_and_text(make: Make, options: dict[str, bool]) -> None:
    kind = example(make, options)
    assert kind(1, note="x") == kind(1, note="y")
    assert kind(1) != kind(2)
    assert kind(1) != 1
    assert repr(kind(1)).endswith("Example(first=1, second='b', seen=[])")
    if options["frozen"]:
        assert hash(kind(1, seen=(), note="x")) == hash(kind(1, seen=(), note="y")) == hash((1, "b", ()))
    else:
        with pytest.raises(TypeError, match="unhashable"):
            hash(kind(1))


@BOTH
@OPTIONS
def test_what_the_standard_library_finds(make: Make, options: dict[str, bool]) -> None:
    kind = example(make, options)
    assert dataclasses.is_dataclass(kind)
    assert [each.name for each in dataclasses.fields(kind)] == ["first", "second", "seen", "note"]
    assert dataclasses.replace(kind(1), second="z") == kind(1, "z")
    assert dataclasses.asdict(kind(1)) == {"first": 1, "second": "b", "seen": [], "note": "n"}
    assert copy.deepcopy(kind(1)) == kind(1)
    match kind(1, "z"):
        case kind(first, second):
            assert (first, second) == (1, "z")
    assert kind.__doc__ == "An example."


@BOTH
@pytest.mark.parametrize("slots", [False, True])
def test_slots(make: Make, slots: bool) -> None:
    @make(slots=slots)
    class Point:
        x: int = 0

    assert hasattr(Point(), "__dict__") is not slots


@BOTH
@OPTIONS
def test_frozen(make: Make, options: dict[str, bool]) -> None:
    made = example(make, options)(1)
    if not options["frozen"]:
        made.first = 2
        assert made.first == 2
        return
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'first'"):
        made.first = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'first'"):
        del made.first


@BOTH
def test_order(make: Make) -> None:
    @make(frozen=True, slots=True, order=True)
    class Pair:
        left: int
        right: int

    assert sorted([Pair(2, 1), Pair(1, 3), Pair(1, 2)]) == [Pair(1, 2), Pair(1, 3), Pair(2, 1)]
    assert Pair(1, 2) <= Pair(1, 2) < Pair(1, 3)


@BOTH
def test_methods_that_the_class_writes_itself_are_kept(make: Make) -> None:
    @make(frozen=True)
    class Named:  # noqa: PLW1641 -- generated
        name: str
        length: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(self.name))

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self)) and self.name.lower() == other.name.lower()

        def __repr__(self) -> str:
            return f"<{self.name}>"

    assert Named("a").length == 1
    assert Named("a") == Named("A")
    assert repr(Named("a")) == "<a>"
    assert hash(Named("a")) == hash(("a", 1))


@BOTH
def test_generic(make: Make) -> None:
    @make(frozen=True)
    class Box(Generic[Held]):
        held: Held

    assert dataclasses.replace(Box[int](1), held=2) == Box(2)


@BOTH
def test_identity_counts_without_equality(make: Make) -> None:
    @make(frozen=True, eq=False, repr=False)
    class Thing:
        name: str

    assert Thing("a") != Thing("a")
    assert len({Thing("a"), Thing("a")}) == 2


@fast_dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A class that pickle can find."""

    name: str


def test_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept("a"))) == Kept("a")


@BOTH
@OPTIONS
def test_a_field_that_is_not_given_is_made_anew(make: Make, options: dict[str, bool]) -> None:
    @make(**options)
    class Keeper:
        first: int
        kept: list[int] = dataclasses.field(default_factory=list, init=False)

    assert Keeper(1).kept == []
    assert Keeper(1).kept is not Keeper(1).kept
