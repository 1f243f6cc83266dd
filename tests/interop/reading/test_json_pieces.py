"""A feed is read a service at a time, and a broken one costs itself, not the file."""

import io
import json
from itertools import islice
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asset_hub.interop.reading import json_pieces
from asset_hub.interop.reading.json_pieces import Broken


def read(text: str) -> list[Any]:
    return list(islice(json_pieces.items(io.StringIO(text)), 20))


A, B = {"name": "A"}, {"name": "B"}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([A, B]),
        json.dumps({"totalElements": 2, "content": [A, B], "last": True}),
        json.dumps({"contents": [A, B], "total_items": 2}),
        json.dumps({"a": {"contents": 5}, "services": [A, B]}),
        json.dumps({"contents": [A]}) + json.dumps({"contents": [B]}),
        json.dumps(A) + "\n" + json.dumps(B),
        "\ufeff  " + json.dumps([A, B], indent=3) + "\n\n",
        '[{"name": "A"} {"name": "B"}]',
        '[{"name": "A"},,{"name": "B"},]',
    ],
)
def test_every_envelope_is_opened(text: str) -> None:
    assert read(text) == [A, B]


def test_a_page_without_services_is_empty() -> None:
    assert read('{"contents": []}') == []
    assert read("") == []
    assert read("[]") == []


@pytest.mark.parametrize("wrong", ["{}", "null", "5", '"x"'])
def test_a_list_that_is_none_is_refused(wrong: str) -> None:
    assert read(f'{{"contents": {wrong}}}') == [Broken("“contents” must be a list of services")]


@pytest.mark.parametrize(
    "broken",
    ['{"name": "x", }', '{"name": nonsense}', '{"a": ' + "9" * 5000 + "}",
     "[" * 99_000 + "]" * 99_000,
     '{"a": ' * 50_000 + "1" + "}" * 50_000, "oops"],
)  # fmt: skip
def test_a_broken_service_costs_only_itself(broken: str) -> None:
    first, second, third = read(f'{{"contents": [{{"name": "A"}}, {broken}, {{"name": "B"}}]}}')
    assert (first, third) == (A, B)
    assert isinstance(second, Broken)
    assert not second.last


@pytest.mark.parametrize(
    "cut",
    ['[{"name": "A"}, {"name": "B', '{"contents": [{"name": "A"}', '[{"name": "A"},',
     '{"content": [{"name": "A"}], "x', '[{"name": "A"}] then words'],
)  # fmt: skip
def test_a_file_that_ends_in_the_middle_says_so_after_what_was_whole(cut: str) -> None:
    first, *rest = read(cut)
    assert first == A
    assert isinstance(rest[-1], Broken)
    assert rest[-1].last


def test_a_service_larger_than_a_read_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "CHUNK", 7)
    services = [{"name": "x" * n, "n": [n, {"m": 1.5}]} for n in range(12)]
    assert read(json.dumps({"size": 12345, "contents": services})) == services


def test_a_service_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "CHUNK", 1000)
    monkeypatch.setattr(json_pieces, "LONGEST", 5000)
    [found] = read('[{"name": "' + "x" * 50_000)
    assert found.last


def test_lines_are_read_one_by_one() -> None:
    text = '\ufeff{"name": "A"}\n\n  \n{broken\n' + "[" * 99_000 + '\n{"name": "B"}\n'
    first, broken, deep, last = json_pieces.lines(io.StringIO(text))
    assert (first, last) == (A, B)
    assert "not JSON" in broken.reason
    assert deep.reason == json_pieces.TOO_DEEP


@given(st.text(alphabet='[]{}",:\\ an1\n\ufeff', max_size=60))
@settings(deadline=None, max_examples=150)
def test_no_text_makes_the_reader_fall_over_or_go_round_for_ever(text: str) -> None:
    assert len(list(json_pieces.items(io.StringIO(text)))) <= len(text) + 1


@pytest.mark.parametrize("chunk", [5, 7, 64, 1 << 18])
def test_a_broken_service_ends_where_its_brackets_do(
    monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Also when a string with brackets and quotes in it lies across two reads."""
    monkeypatch.setattr(json_pieces, "CHUNK", chunk)
    torn = '{"name": "a ] } \\" [ b", "deep": [[[{"x": "]]"}]]], oops}'
    found = read(f'[{torn}, {{"name": "Choir"}}]')
    assert isinstance(found[0], Broken)
    assert found[1:] == [{"name": "Choir"}]


def test_what_only_opens_is_given_up_in_no_time() -> None:
    began = process_time()
    [found] = read("[" + '{"a":[' * 400_000)
    assert found.last
    [deep, good] = read('[{"a":' + "[" * 500_000 + "]" * 500_000 + '}, {"name": "Choir"}]')
    assert deep.reason == json_pieces.TOO_DEEP
    assert good == {"name": "Choir"}
    assert process_time() - began < 5
