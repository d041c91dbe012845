"""What to do about alarms and warnings, by the kind of their event; see docs/interlocks.md."""

UNKNOWN = "Look at the bench, then at the log below for what came before it."

REMEDIES = {
    "limit": "The run has ended in the safe state. Find out what crossed the limit before anything is "
    "started again; the message names the value.",
    "failed": "What was measured before is kept. Put right what the message names, then start a new run.",
    "interlock": "What this check watches is unguarded. Watch it yourself, or stop the run.",
    "taken over": "Look at the potentiostat: it has to show open circuit.",
    "not safe": "Disconnect the cell by hand and look at the potentiostat: a current may still flow.",
    "not stopped": "Look at the potentiostat: its program ends by itself at its own limits. If it still "
    "shows a current, disconnect the cell by hand.",
    "safe": "Look after what is NOT CONFIRMED; the rest was confirmed by the instruments.",
    "instrument": "Check its power and its cable. The run goes on without its readings, and ends by itself "
    "where that is dangerous.",
    "decision": "Look at the spectrum and the fits it was made from, under Decisions.",
    "no current": "The cell is shorted. Take it out, or skip what is left.",
    "press": "Look at the press: it may still move. Use its own emergency stop if it does.",
    "chamber": "Look at the chamber: door, power, its own messages.",
    "dryer": "Switch the dryer at the chamber, or dry its air by hand.",
    "interrupted": "Look at the potentiostat: without its host it goes on until its own limits. Then start "
    "a new run; what was measured is in the store.",
    "band left": "The run goes on. If it does not come back, look at the chamber or at the screw.",
    "stale": "Check the cable of the instrument; the run goes on without these readings.",
    "stuck": "Check that E is measured at the cell: leads, connectors.",
    "disk": "Make room on the drive of the store; with too little left the run ends in the safe state.",
    "dew point": "Keep the chamber closed; see that its dryer is on.",
    "do not open": "Keep the chamber closed until it says that it may be opened: water condenses on a cold "
    "cell.",
    "overload": "E or I was beyond its range; look whether the spectra are clipped.",
    "rows lost": "Charge and spectra may have gaps there. Close what else uses this computer.",
    "pressure": "Look at the gauge and at the screw.",
    "answered": "Nobody answered in time. Say what was asked for in the next run, or stay near.",
    "sweep cut short": "The spectrum has fewer frequencies; nothing is concluded from what is missing.",
    "no result": "The log says why nothing could be concluded.",
    "not soaked": "The cell may not have followed the chamber yet.",
}
"""One or two sentences for each kind that needs somebody."""

TITLES = {
    "limit": "Safety limit crossed",
    "failed": "The run has failed",
    "interlock": "An interlock does not work",
    "taken over": "Current taken off past the run",
    "not safe": "Open circuit not confirmed",
    "not stopped": "The potentiostat did not stop",
    "safe": "Safe state not wholly confirmed",
    "instrument": "Instrument does not answer",
    "decision": "Concluded by a rule",
    "no current": "No current was begun",
    "press": "The press was not halted",
    "chamber": "Chamber",
    "dryer": "Dryer",
    "interrupted": "The run is interrupted",
    "band left": "Outside its band",
    "stale": "No readings",
    "stuck": "Does not move",
    "disk": "Disk space",
    "dew point": "Below the dew point",
    "do not open": "Do not open the chamber",
    "overload": "Overload",
    "rows lost": "Rows lost",
    "pressure": "Pressure",
    "answered": "Nobody answered",
    "sweep cut short": "Sweep cut short",
    "no result": "No result",
    "not soaked": "Not soaked",
}
"""What a card of a kind is called."""


def title_of(kind: str) -> str:
    """Return what a card of this kind of event is called."""
    return TITLES.get(kind, kind[:1].upper() + kind[1:])


def remedy_for(kind: str) -> str:
    """Return what to do about an event of this kind."""
    return REMEDIES.get(kind, UNKNOWN)
