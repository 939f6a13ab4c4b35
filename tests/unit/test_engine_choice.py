"""The choice of an engine changes the time, never the result."""

from __future__ import annotations

import pytest

from model.engines import choice, compiled_engine, simpy_engine
from model.errors import InputError


@pytest.fixture(autouse=True)
def fresh():
    choice.engine_named.cache_clear()
    yield
    choice.engine_named.cache_clear()


def test_auto_is_the_compiled_engine_where_it_can_run(monkeypatch):
    monkeypatch.setattr(compiled_engine, "available", lambda: True)
    assert choice.engine_named("auto") is compiled_engine.run
    assert not choice.slow_for_lack_of_numba("auto")


def test_auto_is_simpy_without_numba_and_says_so(monkeypatch):
    monkeypatch.setattr(compiled_engine, "available", lambda: False)
    assert choice.engine_named("auto") is simpy_engine.run
    assert choice.slow_for_lack_of_numba("auto")
    assert not choice.slow_for_lack_of_numba("simpy")


def test_simpy_can_always_be_asked_for(monkeypatch):
    monkeypatch.setattr(compiled_engine, "available", lambda: True)
    assert choice.engine_named("simpy") is simpy_engine.run


def test_the_compiled_engine_is_refused_without_numba(monkeypatch):
    monkeypatch.setattr(compiled_engine, "available", lambda: False)
    with pytest.raises(InputError, match="Numba is not installed"):
        choice.engine_named("compiled")


def test_an_unknown_engine_is_refused():
    with pytest.raises(InputError, match="auto, simpy"):
        choice.engine_named("salabim")
