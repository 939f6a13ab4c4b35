"""What is said when workers are lost for good."""

TRIES = 3  # of one task, each on another worker
WORKER_DIED = (
    "A worker process ended before its time, most likely because the computer ran out of memory. "
    "Ask for fewer years or fewer futures, or close other programs, and run it again."
)
SCHEDULER_LOST = (
    "The connection to the Dask scheduler was lost. See that it runs, and run it again."
)


class LostWorkerError(RuntimeError):
    """The workers of a task were lost again and again; the text says what to do."""
