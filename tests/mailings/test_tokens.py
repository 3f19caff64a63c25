"""Keys of deliveries and tokens of links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.errors import NotFound
from crm_app.mailings.tokens import delivery_key, read_unsubscribe_token, unsubscribe_token

SECRET = "a secret of this installation"


def test_a_delivery_has_one_key_for_ever():
    assert delivery_key("kartoteka-1", 17) == delivery_key("kartoteka-1", 17)


def test_keys_differ_between_deliveries_and_installations():
    keys = {delivery_key(installation, number) for installation in ("a", "b") for number in range(1000)}
    assert len(keys) == 2000


@given(st.integers(min_value=1, max_value=2**63 - 1))
def test_a_token_names_its_delivery_and_fits_into_an_address(delivery_id):
    token = unsubscribe_token(SECRET, delivery_id)
    assert read_unsubscribe_token(SECRET, token) == delivery_id
    assert token.isascii() and not set(token) & set("/?#&=% <>")


@pytest.mark.parametrize(
    "token", ["", "17", "MTc.", unsubscribe_token("another secret", 17), unsubscribe_token(SECRET, 17)[:-1], "я"]
)
def test_a_token_that_we_did_not_sign_names_nothing(token):
    with pytest.raises(NotFound):
        read_unsubscribe_token(SECRET, token)


def test_a_signed_token_cannot_be_turned_to_another_delivery():
    mine, theirs = unsubscribe_token(SECRET, 17), unsubscribe_token(SECRET, 18)
    with pytest.raises(NotFound):
        read_unsubscribe_token(SECRET, theirs.split(".")[0] + "." + mine.split(".")[1])
