"""Random walks: whatever comes in whatever order, the books of a year end whole, approved and archived, once."""

import os

import pytest

from defterhane.house import House
from support.walking import Walk

pytestmark = pytest.mark.postgres

SEEDS = int(os.environ.get("DEFTERHANE_TEST_WALKS", "1"))
STEPS = int(os.environ.get("DEFTERHANE_TEST_WALK_STEPS", "150"))
FIRST = int(os.environ.get("DEFTERHANE_TEST_WALK_FIRST", "0"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
async def test_a_random_walk_ends_with_whole_months(house: House, seed: int) -> None:
    changes = {"gates": ("convert",)} if seed % 4 == 3 else {}
    walk = await Walk.begin(house, seed, **changes)
    try:
        for _ in range(STEPS):
            await walk.step()
            await walk.check()
        await walk.settle_down()
        await walk.check_end()
    except BaseException:
        print("\n".join(walk.log[-int(os.environ.get("DEFTERHANE_TEST_WALK_LOG", "60")) :]))
        raise
