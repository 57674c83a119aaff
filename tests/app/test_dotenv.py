"""The .env file: read like a shell would, and never in silence."""

import pytest

from app.dotenv import parse


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("  export A = 1  ", "1"),
        ("A=a b c", "a b c"),
        ("A=a#b", "a#b"),
        ("A=a # b", "a"),
        ("A=#b", ""),
        ("A=", ""),
        ("A='a # b' # c", "a # b"),
        ("A='a\\nb'", "a\\nb"),
        ('A="a\\nb\\t\\"c\\" \\\\"', 'a\nb\t"c" \\'),
        ('A={"k": "v # w"}', '{"k": "v'),
        ("A='{\n \"k\": 1\n}'", '{\n "k": 1\n}'),
        ("A=postgresql://u:p@h/d?x=y#z", "postgresql://u:p@h/d?x=y#z"),
        ("A=1\r\n", "1"),
        ("\ufeffA=1", "1"),
        ("A=1\nA=2", "2"),
        ("# note\n\nA=1\n# end", "1"),
    ],
)
def test_a_line_of_the_file_says(line, value):
    assert parse(line) == ({"A": value}, [])


@pytest.mark.parametrize("line", ["no equals", "=1", "1A=2", "A='open", 'A="open', 'A="a" b'])
def test_a_line_that_says_nothing_is_named_by_number_and_the_rest_is_read(line):
    values, complaints = parse(f"X=1\n{line}\nY=2")

    assert (values, len(complaints)) == ({"X": "1", "Y": "2"}, 1)
    assert complaints[0].startswith(".env line 2")
