"""What is shown of a design on paper and screen.

documents.py       everything that `groma build` writes
brief.py           the plan on one screen
doubts.py          what to doubt of a plan, asked on all processors at once
plan.py            the plan in words; plan_document.py: the same as plain values
page.py            the page in one file, from `report.html.j2`, `report.css` and `report.js`
runbook.py         what to do when an alarm mails, as a file
plots.py           pictures of alternatives, growth and comparisons; tornado.py: of what hangs on ranges,
                   bars.py: the same on the page; simulated.py: of a simulated day; drilled.py: of fire
                   drills
figures.py         how all of these look
"""
