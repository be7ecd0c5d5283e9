"""Speed and memory, each as a ratio to a named baseline measured in the same run. No timed asserts: figures are read."""
