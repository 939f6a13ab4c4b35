"""Uploads: returns into a report and a calibrated area, without a word about a child leaving.

Each upload has a process of its own (`process`), which reads, counts and fits, and sends back
aggregates; ending it is what clears the returns. `desk` is the server's end of it, `area_zip`
takes and gives area folders. Nothing here draws.
"""

from model.uploads.area_zip import adopt, kept_areas, remove, texts_of_zip, zip_of
from model.uploads.desk import Desk, Task, open_desk
from model.uploads.tasks import (
    BackTest,
    CalibratePublished,
    CalibrateReturns,
    Calibration,
    ReadReturns,
    ReadStatistics,
    Tested,
)

__all__ = [
    "BackTest",
    "CalibratePublished",
    "CalibrateReturns",
    "Calibration",
    "Desk",
    "ReadReturns",
    "ReadStatistics",
    "Task",
    "Tested",
    "adopt",
    "kept_areas",
    "open_desk",
    "remove",
    "texts_of_zip",
    "zip_of",
]
