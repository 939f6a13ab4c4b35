"""Back-tests: forecasts from an earlier origin beside what happened and beside simpler methods."""
