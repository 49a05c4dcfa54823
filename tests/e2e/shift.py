"""The workers of the site that is served: they take what was rung for, in this process."""

from dataclasses import dataclass
from importlib import import_module

from flask import Flask

import workers
from tests.fakes import KeptQueue


@dataclass
class Shift:
    """Does the jobs that wait, when it is told to."""

    worker: Flask
    queue: KeptQueue

    def work(self) -> list[str]:
        """Do every job that was rung for, and those which that rings for; their names."""
        workers.use(self.worker)
        done = []
        while self.queue.rings:
            ring = self.queue.rings.pop(0)
            module, _, job = ring.job.rpartition(".")
            getattr(import_module(module), job)(*ring.arguments)
            done.append(job)
        return done
