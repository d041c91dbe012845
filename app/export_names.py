"""The formats of exports by name, for whoever offers them without writing them."""

SUMMARIES = {
    "csv": "tidy CSV tables and a JSON file with what is known of the run",
    "bdf-csv": "Battery Data Format, one table as CSV with a JSON sidecar",
    "bdf-parquet": "Battery Data Format, one table as Parquet with a JSON sidecar",
    "mpt": "EC-Lab-style text, a file for each technique with all its spectra",
    "z": "ZView, a file for each spectrum",
    "netcdf": "NetCDF with spectra, fits, readings, events and decisions in groups, for xarray",
    "eln": "run package for electronic notebooks (RO-Crate): all of these, a report, and the runs themselves",
}
"""What each format is, in one line."""

SUFFIXES = {"eln": ".eln"}
"""How the name of the file ends, of formats that are one file; the others are a new folder."""
