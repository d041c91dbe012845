"""The lines of the table of runs in order, with headings of campaigns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.window.shown.run_columns import COLUMNS, NAMES
from app.window.shown.run_rows import RunRow
from storage import CampaignSummary


@dataclass(frozen=True)
class Line:
    """A line of the table: a run, or the heading of a campaign.

    Attributes
    ----------
    row : RunRow or None
    campaign : CampaignSummary or None
        Of a heading.
    found, folded
        Of a heading: how many of its runs are found, and whether they are folded away.
    inside : bool
        Whether a run stands below the heading of its campaign.
    """

    row: RunRow | None = None
    campaign: CampaignSummary | None = None
    found: int = 0
    folded: bool = False
    inside: bool = False

    @property
    def identity(self) -> tuple[str, int]:
        """What the line is about, for finding it again."""
        if self.row is not None:
            return "run", self.row.run
        assert self.campaign is not None
        return "campaign", self.campaign.campaign


@dataclass(frozen=True)
class Order:
    """By what the lines are sorted, and whether campaigns have headings.

    Attributes
    ----------
    column : str
        Name of a column.
    falling : bool
    grouped : bool
    folded : frozenset of int
        Campaigns whose runs are folded away.
    """

    column: str = "run"
    falling: bool = True
    grouped: bool = True
    folded: frozenset[int] = field(default_factory=frozenset)


def arrange(
    rows: Iterable[RunRow],
    matches: Callable[[RunRow], bool],
    order: Order,
    campaigns: Sequence[CampaignSummary] = (),
) -> list[Line]:
    """Return the lines of the table.

    A campaign stands where the first of its runs would, with the others below it.

    Parameters
    ----------
    rows : iterable of RunRow
    matches : callable
        Whether a row is wanted.
    order : Order
    campaigns : sequence of CampaignSummary
        Runs of a campaign that is not among them stand by themselves.
    """
    ordered = _sorted([row for row in rows if matches(row)], order)
    if not order.grouped:
        return [Line(row) for row in ordered]
    known = {each.campaign: each for each in campaigns}
    members: dict[int, list[RunRow]] = {}
    for row in ordered:
        number = row.overview.summary.campaign
        if number in known:
            members.setdefault(number, []).append(row)
    lines: list[Line] = []
    for row in ordered:
        number = row.overview.summary.campaign
        if number not in known:
            lines.append(Line(row))
        elif number in members:
            mine, folded = members.pop(number), number in order.folded
            lines.append(Line(campaign=known[number], found=len(mine), folded=folded))
            lines.extend(Line(each, inside=True) for each in mine if not folded)
    return lines


def _sorted(rows: list[RunRow], order: Order) -> list[RunRow]:
    """Sort by a column; what is unknown comes last, and equals stand newest first."""
    column = COLUMNS[NAMES.index(order.column)]
    keyed = [(column.key(row), row) for row in sorted(rows, key=lambda row: row.run, reverse=True)]
    known = [(key, row) for key, row in keyed if key is not None]
    known.sort(key=lambda each: each[0], reverse=order.falling)
    return [row for _, row in known] + [row for key, row in keyed if key is None]


def campaign_text(line: Line) -> str:
    """Return the heading of a campaign: what it is called, its state and how far it is."""
    campaign = line.campaign
    assert campaign is not None
    name = campaign.title or campaign.name or f"campaign {campaign.campaign}"
    parts = [f"Campaign {campaign.campaign}  {name}", campaign.state.value]
    # The listing may be older than the summary by a look.
    parts.append(f"{campaign.runs_ended} of {campaign.runs} runs ended")
    if line.found != campaign.runs:
        parts.append(f"{line.found} shown")
    if campaign.end_reason:
        parts.append(campaign.end_reason)
    return "   ·   ".join(parts)


def total(rows: Sequence[RunRow], lines: Sequence[Line]) -> str:
    """Say how many runs there are and how many are found."""
    found = sum(1 if line.row is not None else line.found * line.folded for line in lines)
    every = f"{len(rows):,}".replace(",", " ")
    return f"{every} run{'s' * (len(rows) != 1)}" if found == len(rows) else f"{found} of {every} runs"
