from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.properties.desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("PRIVACY_RULES_DEBUG", "1")
        folder = tmp_path_factory.mktemp("any")
        changed.chdir(folder)
        yield Desk(folder / "shop")
