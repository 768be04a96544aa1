"""Questions asked of a design or a workload, a file each: a function, and an answer with its own words."""
