"""Who computes: here, threads, processes of this computer, or a Dask cluster.

All are `concurrent.futures` executors. The results hang on none of them: tasks are independent,
their results come in the order of the tasks, a task whose worker is lost is done again, and a
worker of another version is refused. This package does not know what the tasks are.
"""

from model.executors.choice import PROCESSES, THREADS, executor_for, processors, threads
from model.executors.cluster import dask
from model.executors.losses import WORKER_DIED, LostWorkerError
from model.executors.order import in_order
from model.executors.pool import Processes, processes
from model.executors.stamped import stamp

__all__ = [
    "PROCESSES",
    "THREADS",
    "WORKER_DIED",
    "LostWorkerError",
    "Processes",
    "dask",
    "executor_for",
    "in_order",
    "processes",
    "processors",
    "stamp",
    "threads",
]
