"""Small rooms: past these sizes, look for the second idea that hides inside (craft guide)."""

from tests.policy.house import functions, modules, named

LONGEST_MODULE = 300
LONGEST_FUNCTION = 25


def test_no_module_is_longer_than_a_reader_holds_in_mind() -> None:
    long = {
        named(path): lines
        for path in modules()
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE
    }
    assert not long, "name each of the things that it holds, and give each a module"


def test_no_function_is_longer_than_a_screen_of_a_phone() -> None:
    long = [
        f"{named(path)} {one.name}: {lines} lines"
        for path in modules()
        for one in functions(path)
        if (lines := (one.end_lineno or one.lineno) - one.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, "name its steps, and make each a function"
