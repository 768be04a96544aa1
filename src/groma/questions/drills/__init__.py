"""Fire drills: what the alarms of a design make of a fault, before the night does.

fault.py     a fault as a value: its effects, and who is to be told when
faults.yaml  the faults that Groma knows; reading.py: such a file, built in or one's own
stage.py     a design that is drilled, and which faults can happen to it
drilling.py  a fault in a simulated evening
redrawn.py   times of minutes that were left out of a simulation
sight.py     what a component is seen doing in a simulated minute; models.py: what its metrics read then
published.py the samples of every metric that alarms read; samples.py: of one
asking.py    which drills are asked for; which faults there are
exported.py  these as a file, for `groma simulate --metrics`
watching.py  the alarms on these, on a simulated clock; courses.py: one of them through many minutes
felt.py      what users feel of it, by the minute
answer.py    what came of one drill; many.py: of many; mutants.py: of them with alarms that are changed
matrix.py    which fault set off which alarm, as the last drills have left it
"""
