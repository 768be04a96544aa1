"""What is made of the application here, so that it can run elsewhere.

artifact.py  the servers as one archive
bundle.py    the zip that Lambda runs
wheel.py     the one compiled library in it, for Lambda's platform
archive.py   zip archives whose bytes depend on nothing but their content
"""
