"""What is to be shown and in which words, digits and units: plain values, without Qt."""
