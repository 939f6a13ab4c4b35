"""Settings for every test: Hypothesis repeats the same examples, however slow the machine.

``python run.py test --hypothesis-profile=explore`` looks for new examples instead. Results are
kept in a folder of the tests' own.
"""

from pathlib import Path

import pytest
from hypothesis import settings

# Files that take long go first, the longest in front, so that no processor waits for one of them
# at the end. Their order decides nothing else.
LONGEST_FIRST = (
    "property/test_engines_agree.py",
    "functional/test_notebooks.py",
    "app/test_build_in_browser.py",
    "app/test_browser.py",
    "app/test_your_data.py",
    "functional/test_scenarios_run.py",
    "known_answers/test_stationary_start.py",
    "calibrate/test_recovery.py",
    "calibrate/test_routes.py",
    "property/test_draws.py",
    "app/test_build.py",
    "functional/test_executors.py",
    "functional/test_resume.py",
    "functional/test_benchmark_pathway.py",
    "property/test_conservation.py",
    "property/test_costs_partition.py",
    "app/test_reading_in_browser.py",
    "app/test_your_data_in_browser.py",
    "calibrate/test_fit_on_known_truth.py",
    "calibrate/test_fit_of_the_model.py",
    "app/test_leadership_in_browser.py",
    "app/test_money_pages.py",
    "property/test_order.py",
    "backtest/test_hidden_years.py",
    "app/test_analyses.py",
    "app/test_same_figures.py",
    "app/test_jobs.py",
    "functional/test_command_line.py",
)
TESTS = Path(__file__).parent

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Put the files that take long in front; the tests of a file stay in their order."""
    place = {TESTS / name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(autouse=True, scope="session")
def own_store(tmp_path_factory):
    """No test reads or writes the results that a user keeps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAMILY_PATHWAYS_STORE", str(tmp_path_factory.mktemp("store")))
        yield
