"""Starting what takes long in processes of their own, from a window that must never wait for it.

Nothing here imports protocols, drivers, simulators or the runner.

`launch` starts a run or a campaign that outlives whoever started it; `Launched.look` says what has
become of it. `Rehearsal` and `Work` are children with progress, an outcome and a way to cancel them.
"""

from app.launching.child import Child, Progress
from app.launching.launch import Launched, Look, launch
from app.launching.works import Rehearsal, Work

__all__ = ["Child", "Launched", "Look", "Progress", "Rehearsal", "Work", "launch"]
