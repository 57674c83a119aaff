"""ARQ behind one module: it carries ids of runs to free hands, and may lose them.

arq 0.28 is in maintenance; what it gets wrong is kept out: no pickle (msgpack by msgspec), no
results kept (the ledger has them), no retries and no cron of its own, ids that never repeat
(`run:<id>:<fence>`), a read limit beyond the slots, and a worker that is started again when Redis
went away. It waits for a message instead of polling; runs are claimed together, with what they
carry, and finished together.
"""

from infrastructure.arq.queue import Queue, WrongPolicy
from infrastructure.arq.worker import Execute, work

__all__ = ["Execute", "Queue", "WrongPolicy", "work"]
