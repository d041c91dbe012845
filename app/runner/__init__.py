"""The process that owns the instruments and executes a job."""
