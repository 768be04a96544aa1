"""Puts this folder on the path, for `functions_cloud` and `functions_emulated` serve several rooms."""
