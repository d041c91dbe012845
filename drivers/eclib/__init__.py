"""The VMP-300 family through BioLogic's EClib."""
