"""What a parameter does from sweep to sweep: trends, their stiffness, jumps and outliers."""
