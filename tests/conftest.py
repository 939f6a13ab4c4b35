"""Settings for every test: Hypothesis repeats the same examples, however slow the machine.

``python run.py test --hypothesis-profile=explore`` looks for new examples instead. Results are
kept in a folder of the tests' own.
"""

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("steady")


@pytest.fixture(autouse=True, scope="session")
def own_store(tmp_path_factory):
    """No test reads or writes the results that a user keeps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAMILY_PATHWAYS_STORE", str(tmp_path_factory.mktemp("store")))
        yield
