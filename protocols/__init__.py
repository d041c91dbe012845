"""What is done to a cell: one class a file, reading like an Experimental section."""
