"""The counting dictionary and the hiding of small numbers."""

from services.reporting.domain.figures import FIGURES, Count, suppress_small

BY_CODE = {figure.code: figure for figure in FIGURES}


def counts(**values: int) -> tuple[Count, ...]:
    return tuple(Count(figure, values.get(figure.code, 0)) for figure in FIGURES)


def shown(**values: int) -> dict[str, int | None]:
    return {count.figure.code: None if count.suppressed else count.value for count in suppress_small(counts(**values))}


def test_every_figure_has_its_rule_in_words_and_as_data() -> None:
    assert set(BY_CODE) == {"K1", "K10", "K15", "K16", "K27_satisfied", "K27_answered", "K28_answered", "K28_asked"}
    for figure in FIGURES:
        assert figure.label
        assert figure.counting_rule.endswith(".")
        assert figure.rules
        assert figure.part_of == "" or figure.part_of in BY_CODE


def test_one_to_four_are_hidden_nought_and_five_are_not() -> None:
    assert [shown(K1=value)["K1"] for value in range(7)] == [0, None, None, None, None, 5, 6]


def test_a_suppressed_cell_carries_no_number() -> None:
    assert all(count.value == 0 for count in suppress_small(counts(K1=3, K15=4)) if count.suppressed)


def test_a_share_whose_rest_is_small_is_hidden_too() -> None:
    hidden = shown(K27_satisfied=18, K27_answered=20, K28_answered=30, K28_asked=40)
    assert hidden["K27_satisfied"] is None
    assert hidden["K27_answered"] == 20
    assert shown(K27_satisfied=20, K27_answered=20, K28_answered=20, K28_asked=30)["K27_satisfied"] == 20
