"""What runs come to: depletion, diffusion, activation energies, contact, cycling and the alloy's model.

`conclude` gives all of it, `as_json` writes it with the units in the names. No part looks at the truth
of a simulated cell for its answer; where it is known it stands beside.
"""

from app.conclusions.concluding import Conclusions, conclude
from app.conclusions.in_json import as_json
from app.conclusions.refused import Refused

__all__ = ["Conclusions", "Refused", "as_json", "conclude"]
