"""Who may look and who may upload, with sign-on and without."""

from __future__ import annotations

import doctest
from types import SimpleNamespace

import pytest

from pages.parts import people


class User(SimpleNamespace):
    """Somebody who signed on."""

    def to_dict(self):
        """What the sign-on vouches for."""
        return {"email": self.email, "email_verified": self.email_verified}


@pytest.fixture
def signed_on(monkeypatch):
    """Sign-on is set up, and somebody signed on."""

    def sign_on(email, verified=True):
        user = User(is_logged_in=True, email=email, email_verified=verified)
        monkeypatch.setattr(people.st, "secrets", {"auth": {}})
        monkeypatch.setattr(people.st, "user", user)

    return sign_on


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(people).failed == 0


def test_at_this_computer_whoever_is_there_may_upload(monkeypatch):
    monkeypatch.delenv(people.UPLOADERS, raising=False)
    assert people.may_upload()


def test_a_list_without_sign_on_lets_nobody_upload(monkeypatch):
    monkeypatch.setenv(people.UPLOADERS, "*")
    assert not people.may_upload()


def test_with_sign_on_only_those_listed_may_upload(signed_on, monkeypatch):
    signed_on("analyst@sefton.gov.uk")
    monkeypatch.delenv(people.UPLOADERS, raising=False)
    assert not people.may_upload()
    monkeypatch.setenv(people.UPLOADERS, "analyst@sefton.gov.uk")
    assert people.may_upload()
    signed_on("somebody@sefton.gov.uk")
    assert not people.may_upload()


def test_an_address_that_the_sign_on_does_not_vouch_for_counts_for_nothing(signed_on, monkeypatch):
    signed_on("analyst@sefton.gov.uk", verified=False)
    monkeypatch.setenv(people.UPLOADERS, "analyst@sefton.gov.uk")
    assert not people.may_upload()
