"""Data classes that are cheap to define: each method is generated when it is first called.

`dataclass` behaves like that of the standard library, for the options that it supports. The standard one compiles up to
eight methods for each class, whether they are used or not, which took a quarter of a first check.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 -- exported
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """Make a class a data class. The options are `frozen`, `slots`, `eq`, `repr` and `order`."""
        return _made(cls, **options) if cls is not None else lambda each: _made(each, **options)


_NOTHING: Any = dataclasses.MISSING
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
_Method = Callable[..., Any]


class _Recipe:
    """Generates the methods of a data class. It is also its `__dataclass_fields__`, which the standard library reads."""

    def __init__(self, own: dict[str, Any], bases: tuple[type, ...], options: dict[str, bool]) -> None:
        self.options, self.cls = options, object
        found = [base.__dict__.get("__dataclass_fields__") for one in reversed(bases) for base in reversed(one.__mro__)]
        inherited = [each.fields for each in found if isinstance(each, _Recipe)]
        self.fields: dict[str, Any] = {name: each for fields in (*inherited, own) for name, each in fields.items()}
        self._standard: type | None = None

    def __get__(self, _: object, __: type) -> dict[str, dataclasses.Field[Any]]:
        found: dict[str, dataclasses.Field[Any]] = self.standard().__dict__["__dataclass_fields__"]
        return found

    def standard(self) -> type:
        """The data class that the standard library makes from the same fields."""
        if self._standard is None:
            written = {name: each for name, each in self.fields.items() if each is not _NOTHING}
            types = {name: kind for one in reversed(self.cls.__mro__[:-1]) for name, kind in _annotations(one).items()}
            members = {"__annotations__": {name: types[name] for name in self.fields}, **written}
            bare = type(self.cls.__name__, (), {"__module__": self.cls.__module__, **members})
            self._standard = dataclasses.dataclass(**self.options)(bare)
        return self._standard

    def method(self, name: str) -> _Method:
        """Generate a method."""
        if name == "__init__":
            return self._init()
        if name in ("__eq__", "__hash__"):
            compared = [field for field, each in self.fields.items() if getattr(each, "compare", True)]
            mine, other = (f"({''.join(f'{of}.{each}, ' for each in compared)})" for of in ("self", "other"))
            body = f"return hash({mine})"
            if name == "__eq__":
                body = f"return {mine} == {other} if other.__class__ is self.__class__ else NotImplemented"
            return self._compiled(name, ["self"] if name == "__hash__" else ["self", "other"], [body], {})
        made: _Method = self.standard().__dict__[name]
        return made

    def _init(self) -> _Method:
        known: dict[str, Any] = {"_set": object.__setattr__}
        parameters, body = ["self"], []
        for name, each in self.fields.items():
            value, default, factory = name, each, _NOTHING
            if isinstance(each, dataclasses.Field):
                default, factory = each.default, each.default_factory
            if factory is not _NOTHING:
                known[f"_make_{name}"] = factory
                value = f"_make_{name}() if {name} is _made else {name}"
                default = known["_made"] = _Recipe
            known[f"_default_{name}"] = default
            if not getattr(each, "init", True):
                if default is _NOTHING:
                    continue
                value = f"_default_{name}" if factory is _NOTHING else f"_make_{name}()"
            elif default is _NOTHING:
                parameters.append(name)
            else:
                parameters.append(f"{name}=_default_{name}")
            body.append(f"_set(self, '{name}', {value})" if self.options["frozen"] else f"self.{name} = {value}")
        if hasattr(self.cls, "__post_init__"):
            body.append("self.__post_init__()")
        return self._compiled("__init__", parameters, body or ["pass"], known)

    def _compiled(self, name: str, parameters: list[str], body: list[str], known: dict[str, Any]) -> _Method:
        lines = "\n  ".join(body)
        exec(f"def {name}({', '.join(parameters)}):\n  {lines}", known)  # noqa: S102 -- only names of fields, as in the standard library
        made: _Method = known[name]
        made.__qualname__ = f"{self.cls.__qualname__}.{name}"
        return made


def _made(cls: type, *, slots: bool = False, **chosen: bool) -> Any:
    members = dict(cls.__dict__)
    if members.get("__hash__", "") is None:  # Python's own doing, if the class defines `__eq__`
        del members["__hash__"]
    own = [name for name, kind in _annotations(cls).items() if not str(kind).startswith("ClassVar")]
    options = {"frozen": False, "eq": True, "repr": True, "order": False, **chosen}
    recipe = _Recipe({name: members.get(name, _NOTHING) for name in own}, cls.__bases__, options)
    added: dict[str, Any] = {name: _stub(name, recipe) for name in _generated(**options) if name not in members}
    if options["eq"] and not options["frozen"] and "__hash__" not in members:
        added["__hash__"] = None
    if options["frozen"]:
        added |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    if options["frozen"] and slots:
        added |= {"__getstate__": _state, "__setstate__": _set_state}
    added |= {"__dataclass_fields__": recipe, "__dataclass_params__": SimpleNamespace(**options)}
    added["__match_args__"] = tuple(recipe.fields)
    if slots:
        for name in (*own, "__dict__", "__weakref__"):
            members.pop(name, None)
        inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
        added["__slots__"] = tuple(name for name in own if name not in inherited)
        made: Any = type(cls)(cls.__name__, cls.__bases__, {**members, **added})
        made.__qualname__ = cls.__qualname__
    else:
        made = cls
        for name, each in added.items():
            setattr(made, name, each)
    recipe.cls = made
    return made


def _annotations(cls: type) -> dict[str, Any]:
    found: dict[str, Any] = getattr(cls, "__annotations__", {})  # of the class alone, not of its bases
    return found


def _generated(*, frozen: bool, eq: bool, order: bool, **others: bool) -> list[str]:
    wanted = {"__init__": True, "__repr__": others["repr"], "__eq__": eq, "__hash__": eq and frozen}
    return [name for name, is_wanted in {**wanted, **dict.fromkeys(_ORDER, order)}.items() if is_wanted]


def _stub(name: str, recipe: _Recipe) -> _Method:
    def first(self: object, *values: Any, **named: Any) -> Any:
        made = recipe.method(name)
        type.__setattr__(recipe.cls, name, made)
        return made(self, *values, **named)

    return first


def _refuse_to_set(_: object, name: str, __: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__match_args__]


def _set_state(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)
