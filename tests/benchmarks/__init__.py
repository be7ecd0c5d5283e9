"""Speed and memory, each as a ratio to a named baseline of the same run. No timed asserts: figures are read."""
