"""One probe per correction of ministack: it holds with the correction and fails without it."""
