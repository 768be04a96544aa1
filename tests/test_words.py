"""Tables in narrow places: what is broken, what is not, and when rows stand one below the other."""

from __future__ import annotations

from groma.words import GAP, Table, stacked, widths

LINK = "https://" + "a-long-name." * 9 + "example.com"
CHECKS = Table("", ("", "element", "found"), (("ok", "us-east-1: Aurora cluster", f"as designed at {LINK}"),))
SIZES = Table("", ("", "size", "$"), (("web", "2 × t4g.small", "1,234.56"),), right=("$",))


def test_a_table_that_fits_is_as_wide_as_its_words() -> None:
    assert widths(SIZES, 80) == [3, 13, 8]


def test_a_count_and_what_is_counted_are_never_parted_nor_a_number_cut() -> None:
    found = widths(SIZES, 28)
    assert found is not None
    assert found[1] >= len("2 × t4g.small")
    assert found[2] == len("1,234.56")
    assert widths(SIZES, 20) is None


def test_one_long_link_does_not_take_a_list_of_findings_apart() -> None:
    found = widths(CHECKS, 120)
    assert found is not None
    assert found[:2] == [2, len("us-east-1: Aurora cluster")]
    assert sum(found) + GAP * 2 <= 120


def test_rows_stand_one_below_the_other_where_nothing_else_is_left() -> None:
    lines = stacked(SIZES, 20)
    assert lines[0] == "web"
    assert any("2 × t4g.small" in line for line in lines)
    assert all(len(line) <= 20 for line in lines)


def test_two_long_texts_share_the_room_where_that_takes_fewer_lines() -> None:
    names, because = "NumberOfMessagesPublished, " * 3, "nobody is told of it by this topic " * 3
    found = widths(Table("", ("", ""), ((names, because),)), 80)
    assert found is not None
    assert sum(found) + GAP == 80
    assert min(found) > 35, found
    assert widths(Table("", ("a", ""), (("x" * 40, because),)), 80) == [40, 38]


def test_a_column_without_a_word_takes_no_room() -> None:
    assert widths(Table("", ("name", ""), ()), 80) == [4, 0]
