"""The report: what runs came to, with everything it rests on, as one file of HTML or PDF."""

from app.report.write import write_report

__all__ = ["write_report"]
