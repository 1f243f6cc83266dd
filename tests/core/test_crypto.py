import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from asset_hub.core.crypto import Vault
from tests.cast import Cast

VAULT = Vault(bytes(range(32)))


@given(st.text(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(text: str, place: str) -> None:
    assert VAULT.open(VAULT.seal(text, place), place) == text


@given(st.integers(min_value=0), st.integers(1, 255))
def test_one_changed_byte_and_it_does_not_open(where: int, by: int) -> None:
    sealed = bytearray(VAULT.seal("Rose", "person:1:name"))
    sealed[where % (len(sealed) - 1) + 1] ^= by
    with pytest.raises(InvalidTag):
        VAULT.open(bytes(sealed), "person:1:name")


def test_the_same_words_are_never_sealed_alike() -> None:
    assert VAULT.seal("Rose", "a") != VAULT.seal("Rose", "a")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(InvalidTag):
        Vault(bytes(32)).open(VAULT.seal("Rose", "a"), "a")


def test_a_fingerprint_finds_but_does_not_show() -> None:
    mark = VAULT.fingerprint("01632960777")
    assert mark == VAULT.fingerprint("01632960777") != Vault(bytes(32)).fingerprint("01632960777")
    assert len(mark) == 64
    assert "960777" not in mark


def test_a_name_copied_to_another_person_does_not_open(cast: Cast) -> None:
    rose, iris = cast.person("Rose"), cast.person("Iris")
    iris.name_sealed = rose.name_sealed
    with pytest.raises(InvalidTag):
        _ = iris.name
    cast.session.rollback()


def test_a_name_copied_to_another_column_does_not_open(cast: Cast) -> None:
    rose = cast.person("Rose")
    rose.matters_sealed = rose.name_sealed
    with pytest.raises(InvalidTag):
        _ = rose.matters
    cast.session.rollback()


def test_nothing_is_kept_as_nothing(cast: Cast, session: Session) -> None:
    rose = cast.person("Rose")
    rose.email = ""
    session.commit()
    assert rose.email_sealed is None
    assert rose.email == ""


def test_no_name_stands_readable_in_the_row(cast: Cast) -> None:
    rose = cast.person("Zuleika")
    assert "Zuleika" not in repr(rose.model_dump())
    assert rose.name == "Zuleika"
