"""The kernel: what every capability stands on. It imports no capability."""
