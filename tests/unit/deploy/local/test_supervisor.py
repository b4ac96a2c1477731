"""How long a part that keeps dying waits before it starts again."""

from deploy.local.supervisor import Patience


def test_each_pause_is_twice_the_last_up_to_the_longest() -> None:
    patience = Patience()
    assert [patience.pause_seconds(deaths) for deaths in range(1, 8)] == [0.5, 1, 2, 4, 8, 15, 15]
