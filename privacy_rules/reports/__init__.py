"""Reports: the views of what a check found. Only they speak; none of them decides."""
