"""Campaigns: files of many steps, read and checked, expanded into a plan, and walked through."""
