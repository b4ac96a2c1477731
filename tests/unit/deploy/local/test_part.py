"""The order of parts can be worked out, or is refused."""

import pytest

from deploy.local.part import Part, refuse_impossible_order


def part(name: str, *, needs: tuple[str, ...] = (), uses: tuple[str, ...] = ()) -> Part:
    """A part that is never started."""
    return Part(name=name, command=lambda: ["true"], needs=needs, uses=uses)


def test_an_order_that_can_be_worked_out_is_accepted() -> None:
    refuse_impossible_order([part("c", needs=("b",)), part("a"), part("b", uses=("a",))])


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([part("a"), part("a")], "two parts have the same name"),
        ([part("a", needs=("b",))], "a relies on b, which is not a part"),
        ([part("a", needs=("b",)), part("b", uses=("a",)), part("c")], "these parts wait for each other: a, b"),
    ],
)
def test_an_impossible_order_is_refused(parts: list[Part], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        refuse_impossible_order(parts)
