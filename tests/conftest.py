"""Settings for every test: Hypothesis repeats the same examples, however slow the machine.

``python run.py test --hypothesis-profile=explore`` looks for new examples instead.
"""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("steady")
